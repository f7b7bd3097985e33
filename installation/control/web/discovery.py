"""Announces the show in the local network (DNS-SD), so that OSC and OSCQuery programs find it by its name."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Sequence

from installation.control.osc_sockets import resolve

NAME_CHARACTERS = 60  # a DNS label has 63 bytes
SECONDS = 5.0  # to announce, and to say goodbye


class Announcement:
    """`_oscjson._tcp` for OSCQuery and `_osc._udp` for OSC."""

    def __init__(self, title: str, web_port: int, osc_port: int, address: str) -> None:
        """`osc_port` 0: no OSC. `address`: the numeric address that both listen on."""
        self._name = _label(f"Laterna {title}")
        self._services = [("_oscjson._tcp.local.", web_port)]
        self._services += [("_osc._udp.local.", osc_port)] if osc_port else []
        self._address = address

    async def run(self, stopped: asyncio.Event, notice: Callable[[str], None], interfaces: Sequence[str] = ()) -> None:
        """Announce until `stopped`. Whatever prevents it is one sentence: the show plays without.

        `interfaces`: addresses of the network interfaces; none: all.
        """
        try:
            from zeroconf import Error, InterfaceChoice, ServiceInfo
            from zeroconf.asyncio import AsyncZeroconf
        except ImportError:
            notice("The show is not announced in the network: the package zeroconf is missing (pip install zeroconf).")
            return
        host = f"{socket.gethostname().partition('.')[0]}.local."
        infos = [
            ServiceInfo(kind, f"{self._name}.{kind}", port, addresses=[_packed(self._address)], server=host)
            for kind, port in self._services
        ]
        try:
            async with AsyncZeroconf(interfaces=list(interfaces) or InterfaceChoice.All) as zeroconf:
                async with asyncio.timeout(SECONDS):
                    for info in infos:
                        await zeroconf.async_register_service(info, allow_name_change=True)
                await stopped.wait()
                async with asyncio.timeout(SECONDS):
                    await zeroconf.async_unregister_all_services()
        except (OSError, Error, TimeoutError) as error:
            notice(f"The show is not announced in the network ({error or 'no answer'}); programs need its address.")


def own_address(host: str) -> str:
    """The numeric address under which others reach this machine, if it listens on `host`."""
    _, address = resolve(host)
    if not ipaddress.ip_address(address).is_unspecified:
        return address
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it only chooses the interface
        except OSError:  # no network
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _packed(address: str) -> bytes:
    return ipaddress.ip_address(address).packed


def _label(text: str) -> str:
    """A name for DNS-SD: no dots, at most 60 bytes."""
    return text.replace(".", " ").encode()[:NAME_CHARACTERS].decode(errors="ignore").strip()
