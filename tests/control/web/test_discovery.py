"""The show is found in the network by its name."""

from __future__ import annotations

import asyncio
import builtins
import socket
from typing import Any

import pytest
from zeroconf import ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from installation.control.web.discovery import Announcement, own_address
from tests.conftest import require_system
from tests.workers import PATIENCE

LOOPBACK = ["127.0.0.1"]
KINDS = ["_oscjson._tcp.local.", "_osc._udp.local."]


@pytest.mark.slow
def test_both_services_are_found_with_their_ports_and_leave_at_the_end() -> None:
    async def find() -> tuple[dict[str, tuple[str, int | None, list[bytes]]], set[str]]:
        found: asyncio.Queue[tuple[str, str, bool]] = asyncio.Queue()

        def changed(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
            del zeroconf
            if name.startswith("Laterna Evening of"):
                found.put_nowait((service_type, name, state_change is not ServiceStateChange.Removed))

        notices: list[str] = []
        stopped = asyncio.Event()
        announced = Announcement("Evening of 12.5", 9412, 9410, "127.0.0.1").run(stopped, notices.append, LOOPBACK)
        async with AsyncZeroconf(interfaces=LOOPBACK) as zeroconf, asyncio.timeout(PATIENCE):
            browser = AsyncServiceBrowser(zeroconf.zeroconf, KINDS, handlers=[changed])
            running = asyncio.ensure_future(announced)
            services: dict[str, tuple[str, int | None, list[bytes]]] = {}
            while len(services) < len(KINDS):
                kind, name, _ = await found.get()
                info = AsyncServiceInfo(kind, name)
                assert await info.async_request(zeroconf.zeroconf, 1000 * PATIENCE)
                services[kind] = (name, info.port, info.addresses)
            stopped.set()
            await running
            left: set[str] = set()
            while left != set(KINDS):
                kind, _, there = await found.get()
                if not there:
                    left.add(kind)
            await browser.async_cancel()
        assert notices == []
        return services, left

    try:
        services, _ = asyncio.run(find())
    except OSError as error:
        require_system(False, f"there is no multicast on loopback: {error}")
        raise
    address = socket.inet_aton("127.0.0.1")
    assert services == {
        "_oscjson._tcp.local.": ("Laterna Evening of 12 5._oscjson._tcp.local.", 9412, [address]),
        "_osc._udp.local.": ("Laterna Evening of 12 5._osc._udp.local.", 9410, [address]),
    }


def announced(*interfaces: str) -> list[str]:
    """The notices of an announcement that cannot work."""
    notices: list[str] = []
    announcement = Announcement("Evening", 9412, 9410, "127.0.0.1")
    asyncio.run(announcement.run(asyncio.Event(), notices.append, interfaces))
    return notices


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # zeroconf leaves a socket open
def test_a_network_that_cannot_multicast_is_one_sentence() -> None:
    (notice,) = announced("203.0.113.9")
    assert notice.startswith("The show is not announced in the network (")


def test_a_missing_package_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    there = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("zeroconf"):
            raise ImportError(name)
        return there(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    (notice,) = announced()
    assert "pip install zeroconf" in notice


@pytest.mark.parametrize(("host", "address"), [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("::1", "::1")])
def test_the_own_address_is_the_one_that_it_listens_on(host: str, address: str) -> None:
    assert own_address(host) == address


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_of_all_addresses_it_is_the_one_that_others_reach(host: str) -> None:
    assert own_address(host) not in ("0.0.0.0", "::")
