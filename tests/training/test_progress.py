"""Time budgets and intervals."""

from __future__ import annotations

import time

import pytest

from installation.core.errors import ShowError
from installation.training.progress import Interval, TimeBudget, parse_duration


def test_durations_are_parsed_into_seconds() -> None:
    assert [parse_duration(text) for text in ("90s", "60m", "1.5h")] == [90.0, 3600.0, 5400.0]


@pytest.mark.parametrize("text", ["", "5", "0m", "m", "-3m", "2 days"])
def test_a_text_that_is_no_duration_is_an_error(text: str) -> None:
    with pytest.raises(ShowError, match="not a time budget"):
        parse_duration(text)


def test_a_budget_is_used_up_when_its_seconds_are_over(monkeypatch: pytest.MonkeyPatch) -> None:
    budget = TimeBudget(10.0, started=100.0)
    monkeypatch.setattr(time, "monotonic", lambda: 105.0)
    assert budget.used() == 0.5


def test_an_interval_is_due_once_when_it_is_over_and_can_be_restarted(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter((0.0, 9.0, 10.0, 10.0, 11.0, 20.0, 20.0, 25.0, 29.0))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    interval = Interval(10.0)
    due = [interval.due() for _ in range(4)]  # a due interval reads the clock twice, to restart
    interval.restart()
    assert [*due, interval.due()] == [False, True, False, True, False]
