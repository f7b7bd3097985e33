"""Who is told what, and when: subscriptions with a lease, the latest value per address and frame."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from installation.control.osc_dispatch import ROOT, address_of
from installation.control.osc_patterns import compiled
from installation.control.peers import Peer
from installation.core.errors import Rejected
from installation.core.messages import Value

MAX_HZ = 30.0
MIN_HZ = 0.1
LEASE_SECONDS = 60.0
MAX_SUBSCRIBERS = 64


@dataclass(frozen=True)
class Lease:
    """A subscription, as a desk hands it to its successor."""

    peer: Peer  # where it listens
    source: str  # where it speaks from, as far as known
    names: frozenset[str]  # what it wants to hear of
    until: float = math.inf  # seconds of clock.now
    period: float = 1.0 / MAX_HZ


@dataclass
class _Subscriber:
    lease: Lease
    pending: dict[str, Value]
    due: float = -math.inf


class Subscriptions:
    """All subscribers. One is known by where it listens, so that a second `/subscribe` replaces the first."""

    def __init__(self) -> None:
        self._subscribers: dict[Peer, _Subscriber] = {}
        self._fixed: set[Peer] = set()

    def __len__(self) -> int:
        return len(self._subscribers)

    @property
    def leases(self) -> tuple[Lease, ...]:
        """The subscriptions that outlive this desk; a TCP connection ends with it."""
        return tuple(each.lease for each in self._subscribers.values() if each.lease.peer.transport == "udp")

    def take_over(self, leases: Iterable[Lease], values: Mapping[str, Value]) -> None:
        """Those of a desk that is gone go on: what they may have missed is told anew."""
        for lease in leases:
            self._subscribers[lease.peer] = _Subscriber(lease, {name: values[name] for name in lease.names})

    def fix(self, peer: Peer, values: Mapping[str, Value]) -> None:
        """A subscriber of the show file: told everything, for ever."""
        self._fixed.add(peer)
        known = self._subscribers.get(peer)
        source = known.lease.source if known else peer.source
        self._subscribers[peer] = _Subscriber(Lease(peer, source, frozenset(values)), dict(values))

    def subscribe(
        self, peer: Peer, source: str, hz: float, pattern: str, values: Mapping[str, Value], now: float
    ) -> None:
        """Everything that matches `pattern` (all if empty) is told to `peer` now, and its changes for 60 s.

        hz: frames a second, clipped to 0.1..30. A pattern matches an address or all below it; a relative one begins
        at the root. Raises Refusal for a rate that is none, for too many subscribers, and where the pattern is none.
        """
        if hz <= 0.0:
            raise Rejected(f"a rate of {hz:g} Hz is none; it takes {MIN_HZ:g} to {MAX_HZ:g}.")
        self.expire(now)
        if peer not in self._subscribers and len(self._subscribers) >= MAX_SUBSCRIBERS:
            raise Rejected(f"there are {MAX_SUBSCRIBERS} subscribers already.")
        wanted = {name: values[name] for name in _meant(pattern, values)}
        if not wanted:
            raise Rejected(f"the pattern '{pattern}' matches no value.")
        until = math.inf if peer in self._fixed else now + LEASE_SECONDS
        period = 1.0 / min(max(hz, MIN_HZ), MAX_HZ)
        self._subscribers[peer] = _Subscriber(Lease(peer, source, frozenset(wanted), until, period), wanted)

    def unsubscribe(self, source: str, port: int | None = None) -> None:
        """Ends the subscriptions that came from there (all, or the one to `port`). Raises Refusal if there is none."""
        mine = self._of(source, port)
        if not mine:
            raise Rejected("there is no subscription of yours.")
        for subscriber in mine:
            self.forget(subscriber.lease.peer)

    def forget(self, peer: Peer) -> None:
        """This one is gone, if it was here."""
        self._subscribers.pop(peer, None)
        self._fixed.discard(peer)

    def renew(self, source: str, now: float) -> None:
        """60 s more for the subscriptions that came from there. Raises Refusal if there is none."""
        self.expire(now)
        mine = self._of(source, None)
        if not mine:
            raise Rejected("there is no subscription of yours to renew; send /laterna/subscribe.")
        for subscriber in mine:
            lease = subscriber.lease
            subscriber.lease = replace(lease, until=max(lease.until, now + LEASE_SECONDS))

    def endpoints(self, source: str) -> list[Peer]:
        """Where the subscriptions that came from `source` listen."""
        return [subscriber.lease.peer for subscriber in self._of(source, None)]

    def changed(self, name: str, value: Value, source: str) -> None:
        """A value has changed: the next frame of everybody but the one who set it."""
        for subscriber in self._subscribers.values():
            subscriber.pending.pop(name, None)  # even the setter's: what waited for him is older than what he set
            lease = subscriber.lease
            mine = source in (lease.source, lease.peer.source)
            if not mine and name in lease.names:
                subscriber.pending[name] = value

    def expire(self, now: float) -> None:
        """Forgets those whose lease is over."""
        for peer in [peer for peer, each in self._subscribers.items() if each.lease.until <= now]:
            self.forget(peer)

    def flush(self, now: float) -> list[tuple[Peer, str, Value]]:
        """What is to be sent now, (peer, name, value), in the order in which it changed."""
        self.expire(now)
        frame: list[tuple[Peer, str, Value]] = []
        for subscriber in self._subscribers.values():
            if subscriber.pending and subscriber.due <= now:
                frame += [(subscriber.lease.peer, name, value) for name, value in subscriber.pending.items()]
                subscriber.pending = {}
                subscriber.due = now + subscriber.lease.period
        return frame

    def wait(self, now: float) -> float:
        """Seconds until there is something to send; infinity if nothing waits."""
        return min((max(0.0, each.due - now) for each in self._subscribers.values() if each.pending), default=math.inf)

    def _of(self, source: str, port: int | None) -> list[_Subscriber]:
        return [
            each
            for each in self._subscribers.values()
            if source in (each.lease.source, each.lease.peer.source) and port in (None, each.lease.peer.port)
        ]


def _meant(pattern: str, names: Iterable[str]) -> list[str]:
    """The names of which the address, or one above it, matches the pattern; all for an empty one. Raises Refusal."""
    expression = compiled((pattern if pattern.startswith("/") else ROOT + pattern).rstrip("/"))
    return [name for name in names if any(map(expression.fullmatch, _branch(address_of(name))))]


def _branch(address: str) -> list[str]:
    """`/laterna/walk/speed` -> `/laterna`, `/laterna/walk`, `/laterna/walk/speed`."""
    parts = address.split("/")
    return ["/".join(parts[:length]) for length in range(2, len(parts) + 1)]
