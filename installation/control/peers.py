"""OSC peers: the far end of a datagram or of a TCP connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from installation.core.errors import Rejected

Transport = Literal["udp", "tcp"]
_PREFIX: dict[Transport, str] = {"udp": "osc:", "tcp": "osc-tcp:"}


@dataclass(frozen=True)
class Peer:
    """A far end. `host` is a numeric address."""

    host: str
    port: int
    transport: Transport = "udp"

    @property
    def source(self) -> str:
        """The source of its messages: `osc:127.0.0.1:54321`, or `osc-tcp:…` for a TCP connection."""
        return f"{_PREFIX[self.transport]}{self.host}:{self.port}"


def from_source(source: str) -> Peer | None:
    """The peer behind a source; None if the source is not OSC."""
    for transport, prefix in _PREFIX.items():
        if source.startswith(prefix):
            host, _, port = source.removeprefix(prefix).rpartition(":")
            return Peer(host, int(port), transport) if host and port.isdecimal() else None
    return None


def host_and_port(text: str) -> tuple[str, int]:
    """Parse `host:port` of a fixed subscriber in a show file. Raises Rejected."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise Rejected(f"osc.subscribers needs 'host:port', not '{text}'.")
    return host.strip("[]"), int(port)
