"""RTP packets of H.264 (RFC 6184) and their description (SDP, RFC 8866). Pure."""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Iterator

PAYLOAD_TYPE = 96
MAX_PAYLOAD = 1400  # bytes, below the usual limit of a network packet
FU_A = 28  # the type of a fragment
_START = re.compile(rb"\x00\x00\x00?\x01")
_HEADER = struct.Struct(">BBHII")


def nal_units(data: bytes) -> list[bytes]:
    """The units of a frame with start codes (Annex B)."""
    return [unit for unit in _START.split(data) if unit]


def rtp_packets(units: list[bytes], time: int, sequence: int, source: int) -> Iterator[bytes]:
    """The packets of one frame; the last one has the marker.

    Args:
        units: of the frame.
        time: in units of 1/90000 s.
        sequence: of the first packet.
        source: the number that identifies the stream (SSRC).
    """
    payloads = [payload for unit in units for payload in _payloads(unit)]
    for number, payload in enumerate(payloads, 1):
        marker = 0x80 if number == len(payloads) else 0
        header = _HEADER.pack(0x80, marker | PAYLOAD_TYPE, (sequence + number - 1) & 0xFFFF, time & 0xFFFFFFFF, source)
        yield header + payload


def _payloads(unit: bytes) -> Iterator[bytes]:
    """A unit as it is, or in fragments if it is too large."""
    if len(unit) <= MAX_PAYLOAD:
        yield unit
        return
    indicator, kind = (unit[0] & 0xE0) | FU_A, unit[0] & 0x1F
    for at in range(1, len(unit), MAX_PAYLOAD - 2):
        first, last = at == 1, at + MAX_PAYLOAD - 2 >= len(unit)
        yield bytes((indicator, (first << 7) | (last << 6) | kind)) + unit[at : at + MAX_PAYLOAD - 2]


def describe(title: str, host: str, parameter_sets: list[bytes]) -> str:
    """The session description of the stream. `parameter_sets`: SPS and PPS; empty: the stream brings them."""
    family = "IP6" if ":" in host else "IP4"
    format_parameters = "packetization-mode=1"
    if parameter_sets:
        sets = ",".join(base64.b64encode(each).decode() for each in parameter_sets)
        format_parameters += f";profile-level-id={parameter_sets[0][1:4].hex()};sprop-parameter-sets={sets}"
    lines = (
        "v=0",
        f"o=- 0 0 IN {family} {host}",
        f"s={title}",
        f"c=IN {family} {'::' if family == 'IP6' else '0.0.0.0'}",
        "t=0 0",
        "a=control:*",
        "a=range:npt=now-",
        f"m=video 0 RTP/AVP {PAYLOAD_TYPE}",
        f"a=rtpmap:{PAYLOAD_TYPE} H264/90000",
        f"a=fmtp:{PAYLOAD_TYPE} {format_parameters}",
        "a=control:picture",
    )
    return "".join(f"{line}\r\n" for line in lines)
