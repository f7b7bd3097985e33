"""Bundles with a time tag in the future: kept on a heap until they are due."""

from __future__ import annotations

import heapq
import math
from itertools import count

from installation.core.errors import Rejected
from installation.core.messages import Bundle

HORIZON_SECONDS = 10.0
MAX_MESSAGES = 4096  # in all scheduled bundles


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

    def wait(self, now: float) -> float:
        """Seconds until the next bundle is due; infinity if none is scheduled."""
        return max(0.0, self._heap[0][0] - now) if self._heap else math.inf
