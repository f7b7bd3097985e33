"""Rate limits."""

from __future__ import annotations

from installation.control.rate_limit import RateLimit


def test_each_sender_and_all_together_are_limited_and_recover_with_time() -> None:
    limit = RateLimit(each=10.0, total=15.0)
    assert sum(limit.take("a", 0.0) for _ in range(100)) == 10
    assert sum(limit.take(sender, 0.0) for sender in range(100)) == 5
    assert sum(limit.take("a", 0.5) for _ in range(100)) == 5
    assert sum(limit.take("a", 100.0) for _ in range(100)) == 10
