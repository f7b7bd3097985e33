"""Bundles with a time tag in the future."""

from __future__ import annotations

import math

import pytest

from installation.control.bundle_scheduler import BundleScheduler
from installation.core.errors import Rejected
from installation.core.messages import Bundle, Trigger


def bundle(*texts: str) -> Bundle:
    return Bundle(tuple(Trigger("prompt", (text,)) for text in texts))


def test_bundles_leave_at_their_time_and_in_order() -> None:
    scheduler = BundleScheduler()
    late, early, next_early = bundle("late"), bundle("early"), bundle("next early")
    scheduler.add(late, 3.0)
    scheduler.add(early, 2.0)
    scheduler.add(next_early, 2.0)
    assert scheduler.wait(0.5) == 1.5
    assert [scheduler.due(now) for now in (1.99, 2.0, 10.0)] == [[], [early, next_early], [late]]
    assert scheduler.wait(10.0) == math.inf


def test_the_number_of_scheduled_messages_is_bounded() -> None:
    scheduler = BundleScheduler(limit=3)
    scheduler.add(bundle("a", "b"), 1.0)
    with pytest.raises(Rejected, match="3 messages"):
        scheduler.add(bundle("c", "d"), 1.0)
    scheduler.due(1.0)
    scheduler.add(bundle("c", "d"), 2.0)
    assert scheduler.wait(0.0) == 2.0
