"""The settings of walls in step."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Literal

KIND = "walls"
GROUP = "239.255.76.84:9420"  # of the range that stays within one site (RFC 2365)


@dataclass(frozen=True)
class WallsSettings:
    """The keys of the `[[surface]]` table."""

    role: Literal["leader", "follower"]
    to: tuple[str, ...] = (GROUP,)  # host:port, of a multicast group or of each follower
    interface: str = "127.0.0.1"  # address of this machine in the network of the walls
    port: int = 9421  # of the leader, where it is asked for the time
    passcode: str = ""  # the same on all walls
    lead_seconds: float = 0.3  # between a frame of the leader and its moment on all walls

    def __post_init__(self) -> None:
        """Check the values. Raises ValueError."""
        if not 0.0 <= self.lead_seconds <= 2.0:
            raise ValueError("lead_seconds: 0 to 2")
        if not self.to:
            raise ValueError("to: at least one host:port")
        for place in self.to:
            address(place)
        try:
            local = ipaddress.ip_address(self.interface).is_loopback
        except ValueError:
            raise ValueError("interface: an address in numbers, such as 192.168.1.20") from None
        if not local and not self.passcode:
            raise ValueError("passcode: walls in a network need one, the same on all of them")


def address(place: str) -> tuple[str, int]:
    """Host and port of `host:port`. Raises ValueError."""
    host, _, port = place.rpartition(":")
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        raise ValueError(f"to: '{place}' is not an IPv4 address with a port, such as {GROUP}") from None
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"to: '{place}' has no port, as {GROUP} has")
    return host, int(port)


def is_group(host: str) -> bool:
    """Whether an address is that of a multicast group."""
    return ipaddress.IPv4Address(host).is_multicast
