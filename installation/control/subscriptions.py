"""Feedback subscriptions: leased, rate-limited, with the latest value per address and frame."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from installation.control.osc_dispatch import ROOT, address_of
from installation.control.osc_patterns import compiled
from installation.control.peers import Peer
from installation.core.errors import Rejected
from installation.core.messages import Origin, Value

MAX_HZ = 30.0
MIN_HZ = 0.1
LEASE_SECONDS = 60.0
MAX_SUBSCRIBERS = 64


@dataclass(frozen=True)
class Lease:
    """A subscription."""

    peer: Peer  # where feedback is sent
    origin: Origin  # the origin of the subscriber's own messages, as far as known
    names: frozenset[str]  # the values subscribed to
    until: float = math.inf  # when it expires, seconds of clock.now
    period: float = 1.0 / MAX_HZ  # seconds between two frames of feedback


@dataclass
class _Subscriber:
    lease: Lease
    pending: dict[str, Value]
    due: float = -math.inf


class Subscriptions:
    """All subscribers, by the address where they listen: a second `/subscribe` replaces the first."""

    def __init__(self) -> None:
        self._subscribers: dict[Peer, _Subscriber] = {}
        self._fixed: set[Peer] = set()

    def __len__(self) -> int:
        return len(self._subscribers)

    @property
    def leases(self) -> tuple[Lease, ...]:
        """The subscriptions that outlive this process: those by UDP."""
        return tuple(each.lease for each in self._subscribers.values() if each.lease.peer.transport == "udp")

    def restore(self, leases: Iterable[Lease], values: Mapping[str, Value]) -> None:
        """Continue the subscriptions of the previous process; each gets all its values once more."""
        for lease in leases:
            self._subscribers[lease.peer] = _Subscriber(lease, {name: values[name] for name in lease.names})

    def add_fixed(self, peer: Peer, values: Mapping[str, Value]) -> None:
        """Add a subscriber named in the show file: it gets every value and never expires."""
        self._fixed.add(peer)
        known = self._subscribers.get(peer)
        origin = known.lease.origin if known else peer.origin
        self._subscribers[peer] = _Subscriber(Lease(peer, origin, frozenset(values)), dict(values))

    def subscribe(
        self, peer: Peer, origin: Origin, hz: float, pattern: str, values: Mapping[str, Value], now: float
    ) -> None:
        """Send `peer` the values that match `pattern` now, and their changes for 60 s.

        Args:
            peer: where to send.
            origin: the origin of the subscriber's own messages.
            hz: frames per second, clipped to 0.1..30.
            pattern: an OSC pattern that matches an address or any address below it; a relative one starts at the
                root; empty: everything.
            values: the current values, by name.
            now: seconds of `clock.now`.

        Raises:
            Rejected: for a rate of 0 or less, too many subscribers, or a pattern that matches nothing.
        """
        if hz <= 0.0:
            raise Rejected(f"the rate must be {MIN_HZ:g} to {MAX_HZ:g} Hz, not {hz:g}.")
        self.expire(now)
        if peer not in self._subscribers and len(self._subscribers) >= MAX_SUBSCRIBERS:
            raise Rejected(f"there are already {MAX_SUBSCRIBERS} subscribers.")
        wanted = {name: values[name] for name in _matching(pattern, values)}
        if not wanted:
            raise Rejected(f"the pattern '{pattern}' matches no value.")
        until = math.inf if peer in self._fixed else now + LEASE_SECONDS
        period = 1.0 / min(max(hz, MIN_HZ), MAX_HZ)
        self._subscribers[peer] = _Subscriber(Lease(peer, origin, frozenset(wanted), until, period), wanted)

    def unsubscribe(self, origin: Origin, port: int | None = None) -> None:
        """End the subscriptions of an origin: all, or the one to `port`. Raises Rejected if there is none."""
        mine = self._of(origin, port)
        if not mine:
            raise Rejected("you have no subscription.")
        for subscriber in mine:
            self.forget(subscriber.lease.peer)

    def forget(self, peer: Peer) -> None:
        """Remove a subscriber, if it is there."""
        self._subscribers.pop(peer, None)
        self._fixed.discard(peer)

    def renew(self, origin: Origin, now: float) -> None:
        """Extend the leases of an origin by 60 s. Raises Rejected if there is none."""
        self.expire(now)
        mine = self._of(origin, None)
        if not mine:
            raise Rejected("you have no subscription to renew; send /laterna/subscribe.")
        for subscriber in mine:
            lease = subscriber.lease
            subscriber.lease = replace(lease, until=max(lease.until, now + LEASE_SECONDS))

    def endpoints(self, origin: Origin) -> list[Peer]:
        """Where the subscriptions of `origin` listen."""
        return [subscriber.lease.peer for subscriber in self._of(origin, None)]

    def changed(self, name: str, value: Value, origin: Origin) -> None:
        """Put a changed value into the next frame of every subscriber except the one that set it."""
        for subscriber in self._subscribers.values():
            subscriber.pending.pop(name, None)  # also for the setter: a pending value is older than the one it set
            lease = subscriber.lease
            mine = origin in (lease.origin, lease.peer.origin)
            if not mine and name in lease.names:
                subscriber.pending[name] = value

    def expire(self, now: float) -> None:
        """Remove the subscribers whose lease is over."""
        for peer in [peer for peer, each in self._subscribers.items() if each.lease.until <= now]:
            self.forget(peer)

    def flush(self, now: float) -> list[tuple[Peer, str, Value]]:
        """Take out the feedback that is due: (peer, name, value), in order of change."""
        self.expire(now)
        frame: list[tuple[Peer, str, Value]] = []
        for subscriber in self._subscribers.values():
            if subscriber.pending and subscriber.due <= now:
                frame += [(subscriber.lease.peer, name, value) for name, value in subscriber.pending.items()]
                subscriber.pending = {}
                subscriber.due = now + subscriber.lease.period
        return frame

    def wait(self, now: float) -> float:
        """Seconds until feedback is due; infinity if nothing is pending."""
        return min((max(0.0, each.due - now) for each in self._subscribers.values() if each.pending), default=math.inf)

    def _of(self, origin: Origin, port: int | None) -> list[_Subscriber]:
        return [
            each
            for each in self._subscribers.values()
            if origin in (each.lease.origin, each.lease.peer.origin) and port in (None, each.lease.peer.port)
        ]


def _matching(pattern: str, names: Iterable[str]) -> list[str]:
    """The names whose address, or an address above it, matches the pattern; all for an empty one. Raises Rejected."""
    expression = compiled((pattern if pattern.startswith("/") else ROOT + pattern).rstrip("/"))
    return [name for name in names if any(map(expression.fullmatch, _branch(address_of(name))))]


def _branch(address: str) -> list[str]:
    """`/laterna/walk/speed` -> `/laterna`, `/laterna/walk`, `/laterna/walk/speed`."""
    parts = address.split("/")
    return ["/".join(parts[:length]) for length in range(2, len(parts) + 1)]
