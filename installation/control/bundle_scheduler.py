"""Bundles with a time tag in the future: kept on a heap until they are due; and senders whose clock is ahead."""

from __future__ import annotations

import heapq
import math
from collections import OrderedDict, deque
from itertools import count

from installation.core.errors import Rejected
from installation.core.messages import Bundle

HORIZON_SECONDS = 10.0
MAX_MESSAGES = 4096  # in all scheduled bundles
AHEAD_SECONDS = 0.25  # a sender whose tags are all further ahead has another clock, rather than a plan
AHEAD_BUNDLES = 20  # in a row, before that is said
REMIND_SECONDS = 60.0
MAX_SENDERS = 256


class BundleScheduler:
    """A heap of bundles by due time, in seconds of `clock.now`."""

    def __init__(self, limit: int = MAX_MESSAGES) -> None:
        self._heap: list[tuple[float, int, Bundle]] = []
        self._limit = limit
        self._waiting = 0
        self._order = count()

    def add(self, bundle: Bundle, due: float) -> None:
        """Schedule a bundle; equal due times keep their order. Raises Rejected if too many are scheduled."""
        if self._waiting + len(bundle.messages) > self._limit:
            raise Rejected(f"more than {self._limit} messages are scheduled already.")
        self._waiting += len(bundle.messages)
        heapq.heappush(self._heap, (due, next(self._order), bundle))

    def due(self, now: float) -> list[Bundle]:
        """Take out the bundles that are due."""
        ready: list[Bundle] = []
        while self._heap and self._heap[0][0] <= now:
            ready.append(heapq.heappop(self._heap)[2])
            self._waiting -= len(ready[-1].messages)
        return ready

    def clear(self) -> int:
        """Drop everything that is scheduled; return the number of messages."""
        dropped, self._waiting = self._waiting, 0
        self._heap.clear()
        return dropped

    def wait(self, now: float) -> float:
        """Seconds until the next bundle is due; infinity if none is scheduled."""
        return max(0.0, self._heap[0][0] - now) if self._heap else math.inf


class ClockOffsets:
    """How far ahead the time tags of each host are: constantly, if its clock is wrong."""

    def __init__(self) -> None:
        self._ahead: OrderedDict[str, deque[float]] = OrderedDict()
        self._said: dict[str, float] = {}

    def offset(self, host: str) -> float:
        """The least that the host's latest tags were ahead, in seconds; 0 if unknown."""
        return min(self._ahead.get(host, ()), default=0.0)

    def note(self, host: str, ahead: float, now: float) -> float | None:
        """Note a time tag. Return the offset of the host's clock if it has to be told, at most once a minute."""
        latest = self._ahead.setdefault(host, deque(maxlen=AHEAD_BUNDLES))
        self._ahead.move_to_end(host)
        if len(self._ahead) > MAX_SENDERS:
            self._said.pop(self._ahead.popitem(last=False)[0], None)
        latest.append(ahead)
        offset = min(latest)
        wrong = len(latest) == AHEAD_BUNDLES and offset > AHEAD_SECONDS
        if not wrong or now < self._said.get(host, -math.inf) + REMIND_SECONDS:
            return None
        self._said[host] = now
        return offset
