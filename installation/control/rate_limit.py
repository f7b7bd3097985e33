"""Token-bucket rate limits: one bucket per sender, and one for all senders together."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

MAX_SENDERS = 256


class _Bucket:
    def __init__(self, rate: float, now: float) -> None:
        self.rate, self.tokens, self.since = rate, max(1.0, rate), now

    def fill(self, now: float) -> bool:
        self.tokens = min(max(1.0, self.rate), self.tokens + (now - self.since) * self.rate)
        self.since = now
        return self.tokens >= 1.0


class RateLimit:
    """Allow `each` events per second for every sender and `total` for all; the latest 256 senders are remembered."""

    def __init__(self, each: float, total: float, now: float = 0.0) -> None:
        self._each = each
        self._total = _Bucket(total, now)
        self._senders: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def take(self, sender: Hashable, now: float) -> bool:
        """Return whether this sender may have one more event now, and count it if so."""
        bucket = self._senders.pop(sender, None) or _Bucket(self._each, now)
        self._senders[sender] = bucket
        if len(self._senders) > MAX_SENDERS:
            self._senders.popitem(last=False)
        if not bucket.fill(now) or not self._total.fill(now):
            return False
        bucket.tokens -= 1.0
        self._total.tokens -= 1.0
        return True
