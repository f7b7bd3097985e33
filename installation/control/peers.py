"""Who speaks: the far end of a datagram or of a TCP connection, and how it is named in a source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from installation.core.errors import Rejected

Transport = Literal["udp", "tcp"]
_PREFIX: dict[Transport, str] = {"udp": "osc:", "tcp": "osc-tcp:"}


@dataclass(frozen=True)
class Peer:
    """A far end. `host` is a numeric address, as the socket tells it."""

    host: str
    port: int
    transport: Transport = "udp"

    @property
    def source(self) -> str:
        """As messages carry it: `osc:127.0.0.1:54321`, or `osc-tcp:…` for a TCP connection."""
        return f"{_PREFIX[self.transport]}{self.host}:{self.port}"


def from_source(source: str) -> Peer | None:
    """The peer behind a source; None if it is no OSC source (a keyboard, a cue)."""
    for transport, prefix in _PREFIX.items():
        if source.startswith(prefix):
            host, _, port = source.removeprefix(prefix).rpartition(":")
            return Peer(host, int(port), transport) if host and port.isdecimal() else None
    return None


def host_and_port(text: str) -> tuple[str, int]:
    """`host:port` of a fixed subscriber in a show file. Raises Refusal."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise Rejected(f"osc.subscribers takes 'host:port', not '{text}'.")
    return host.strip("[]"), int(port)
