"""Feedback subscriptions: leased, rate-limited, with the latest value per address and frame."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from installation.control.osc_dispatch import ROOT, address_of
from installation.control.osc_patterns import compiled
from installation.control.peers import Peer
from installation.core.errors import Rejected
from installation.core.messages import Origin, Value
from installation.core.params import resolve

MAX_HZ = 30.0
MIN_HZ = 0.1
LEASE_SECONDS = 60.0
MAX_SUBSCRIBERS = 64
MAX_PATTERNS = 16  # of one subscriber
SNAPSHOT_SECONDS = 30.0  # between two full snapshots for a fixed subscriber, which may have been restarted
SILENCE_SECONDS = 5.0  # after which a message from its host means that it has been restarted
EVERYTHING = ("",)  # patterns


@dataclass(frozen=True)
class Lease:
    """A subscription."""

    peer: Peer  # where feedback is sent
    origin: Origin  # the origin of the subscriber's own messages, as far as known
    patterns: tuple[str, ...] = EVERYTHING
    until: float = math.inf  # when it expires, seconds of clock.now
    period: float = 1.0 / MAX_HZ  # seconds between two frames of feedback

    def wants(self, name: str) -> bool:
        """Whether the subscription includes this value."""
        return any(_matches(pattern, name) for pattern in self.patterns)

    def selected(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Those of the values that it includes."""
        return {name: value for name, value in values.items() if self.wants(name)}


@dataclass
class _Subscriber:
    lease: Lease
    pending: dict[str, Value]
    due: float = -math.inf


@dataclass
class _Fixed:
    """A subscriber named in the show file."""

    snapshot_at: float  # when it gets everything again
    heard: float = -math.inf  # when its host last sent anything


class Subscriptions:
    """All subscribers, by the address where they listen: a second `/subscribe` adds its patterns to the first."""

    def __init__(self) -> None:
        self._subscribers: dict[Peer, _Subscriber] = {}
        self._fixed: dict[Peer, _Fixed] = {}
        self._expired: list[Peer] = []

    def __len__(self) -> int:
        return len(self._subscribers)

    @property
    def leases(self) -> tuple[Lease, ...]:
        """The subscriptions that outlive this process: those by UDP."""
        return tuple(each.lease for each in self._subscribers.values() if each.lease.peer.transport == "udp")

    def restore(self, leases: Iterable[Lease], values: Mapping[str, Value]) -> None:
        """Continue the subscriptions of the previous process; each gets all its values once more."""
        for lease in leases:
            self._subscribers[lease.peer] = _Subscriber(lease, lease.selected(values))

    def add_fixed(self, peer: Peer, values: Mapping[str, Value], now: float) -> None:
        """Add a subscriber named in the show file: it gets every value, and all again every 30 s; it never expires."""
        self._fixed[peer] = _Fixed(now + SNAPSHOT_SECONDS)
        known = self._subscribers.get(peer)
        origin = known.lease.origin if known else peer.origin
        self._subscribers[peer] = _Subscriber(Lease(peer, origin), dict(values))

    def heard_from(self, host: str, now: float) -> None:
        """Note that a host has sent something: fixed subscribers there get everything if it had been silent."""
        for peer, fixed in self._fixed.items():
            if peer.host == host:
                if now >= fixed.heard + SILENCE_SECONDS:
                    fixed.snapshot_at = now
                fixed.heard = now

    def snapshot_due(self, now: float) -> bool:
        """Whether a fixed subscriber is to get everything again."""
        return any(now >= fixed.snapshot_at for fixed in self._fixed.values())

    def refresh_fixed(self, values: Mapping[str, Value], now: float) -> None:
        """Give fixed subscribers everything whose time for it has come."""
        for peer, fixed in self._fixed.items():
            if now >= fixed.snapshot_at:
                fixed.snapshot_at = now + SNAPSHOT_SECONDS
                self._subscribers[peer].pending = dict(values)

    def subscribe(
        self,
        peer: Peer,
        origin: Origin,
        hz: float,
        patterns: tuple[str, ...],
        values: Mapping[str, Value],
        now: float,
    ) -> None:
        """Send `peer` the values that match a pattern now, and their changes for 60 s.

        Args:
            peer: where to send.
            origin: the origin of the subscriber's own messages.
            hz: frames per second, clipped to 0.1..30.
            patterns: OSC patterns that match an address or any address below it; relative ones start at the root;
                none: everything. They are added to those that `peer` has already.
            values: the current values, by name.
            now: seconds of `clock.now`.

        Raises:
            Rejected: for a rate of 0 or less, too many subscribers or patterns, or a pattern that matches nothing.
        """
        if hz <= 0.0:
            raise Rejected(f"the rate must be {MIN_HZ:g} to {MAX_HZ:g} Hz, not {hz:g}.")
        self.expire(now)
        known = self._subscribers.get(peer)
        if known is None and len(self._subscribers) >= MAX_SUBSCRIBERS:
            raise Rejected(f"there are already {MAX_SUBSCRIBERS} subscribers.")
        asked = patterns or EVERYTHING
        for pattern in asked:
            if not any(_matches(pattern, name) for name in values) and resolve(pattern.removeprefix(ROOT)) is None:
                raise Rejected(f"the pattern '{pattern}' matches no value.")
        together = tuple(dict.fromkeys((*(known.lease.patterns if known else ()), *asked)))
        if len(together) > MAX_PATTERNS:
            raise Rejected(f"a port may have at most {MAX_PATTERNS} patterns; /laterna/unsubscribe ends them all.")
        until = math.inf if peer in self._fixed else now + LEASE_SECONDS
        lease = Lease(peer, origin, together, until, 1.0 / min(max(hz, MIN_HZ), MAX_HZ))
        pending = known.pending if known else {}
        self._subscribers[peer] = _Subscriber(lease, pending | Lease(peer, origin, asked).selected(values))

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
        self._fixed.pop(peer, None)

    def renew(self, origin: Origin, now: float) -> None:
        """Extend the leases of an origin by 60 s. Raises Rejected if there is none."""
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
            if not mine and lease.wants(name):
                subscriber.pending[name] = value

    def expire(self, now: float) -> None:
        """Remove the subscribers whose lease is over; `take_expired` names them."""
        for peer in [peer for peer, each in self._subscribers.items() if each.lease.until <= now]:
            self.forget(peer)
            self._expired.append(peer)

    def take_expired(self) -> list[Peer]:
        """The subscribers whose lease has ended since the last call."""
        expired, self._expired = self._expired, []
        return expired

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
        """Seconds until feedback, a snapshot or the end of a lease is due; infinity if nothing is."""
        due = [each.due for each in self._subscribers.values() if each.pending]
        due += [fixed.snapshot_at for fixed in self._fixed.values()]
        due += [each.lease.until for each in self._subscribers.values()]
        return max(0.0, min(due, default=math.inf) - now)

    def _of(self, origin: Origin, port: int | None) -> list[_Subscriber]:
        return [
            each
            for each in self._subscribers.values()
            if origin in (each.lease.origin, each.lease.peer.origin) and port in (None, each.lease.peer.port)
        ]


@lru_cache(maxsize=16_384)
def _matches(pattern: str, name: str) -> bool:
    """Whether the address of a value, or one above it, matches the pattern; an empty one matches. Raises Rejected."""
    expression = compiled((pattern if pattern.startswith("/") else ROOT + pattern).rstrip("/"))
    return any(map(expression.fullmatch, _branch(address_of(name))))


def _branch(address: str) -> list[str]:
    """`/laterna/walk/speed` -> `/laterna`, `/laterna/walk`, `/laterna/walk/speed`."""
    parts = address.split("/")
    return ["/".join(parts[:length]) for length in range(2, len(parts) + 1)]
