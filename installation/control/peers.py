"""OSC peers: the far end of a datagram or of a TCP connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from installation.core.errors import Rejected
from installation.core.messages import Origin

Transport = Literal["udp", "tcp"]
KIND = "osc"  # of the control surface
_PREFIX: dict[Transport, str] = {"udp": "", "tcp": "tcp:"}


@dataclass(frozen=True)
class Peer:
    """A far end. `host` is a numeric address."""

    host: str
    port: int
    transport: Transport = "udp"

    @property
    def origin(self) -> Origin:
        """The origin of its messages: `osc:127.0.0.1:54321`, or `osc:tcp:…` for a TCP connection."""
        return Origin(KIND, f"{_PREFIX[self.transport]}{self.host}:{self.port}")


def from_origin(origin: Origin) -> Peer | None:
    """The peer behind an origin; None if the origin is not OSC."""
    transport: Transport = "tcp" if origin.peer.startswith(_PREFIX["tcp"]) else "udp"
    host, _, port = origin.peer.removeprefix(_PREFIX[transport]).rpartition(":")
    if origin.source != KIND or not host or not port.isdecimal():
        return None
    return Peer(host, int(port), transport)


def host_and_port(text: str) -> tuple[str, int]:
    """Parse `host:port` of a fixed subscriber in a show file. Raises Rejected."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise Rejected(f"osc.subscribers needs 'host:port', not '{text}'.")
    return host.strip("[]"), int(port)
