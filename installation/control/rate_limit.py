"""How often somebody may be answered: a bucket of tokens for each, and one for all together."""

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
    """`each` tokens a second for every sender, `total` for all; of the senders, the latest 256 are remembered."""

    def __init__(self, each: float, total: float, now: float = 0.0) -> None:
        self._each = each
        self._total = _Bucket(total, now)
        self._senders: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def take(self, sender: Hashable, now: float) -> bool:
        """Whether this sender may have one more now; if so, it is counted."""
        bucket = self._senders.pop(sender, None) or _Bucket(self._each, now)
        self._senders[sender] = bucket
        if len(self._senders) > MAX_SENDERS:
            self._senders.popitem(last=False)
        if not bucket.fill(now) or not self._total.fill(now):
            return False
        bucket.tokens -= 1.0
        self._total.tokens -= 1.0
        return True
