"""Timing of calls."""

from __future__ import annotations

from installation.bench.timing import MIN_CALLS, WARM_UP_CALLS, Timing, time_alternately


def test_works_are_timed_in_turns_after_a_warm_up() -> None:
    calls: list[str] = []
    timings = time_alternately({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, "cpu", 0.0)
    assert "".join(calls) == WARM_UP_CALLS * "a" + WARM_UP_CALLS * "b" + MIN_CALLS * "ab"
    assert {name: len(timing.seconds) for name, timing in timings.items()} == {"a": MIN_CALLS, "b": MIN_CALLS}


def test_a_timing_reports_median_and_95th_percentile_in_milliseconds() -> None:
    timing = Timing(tuple(0.001 * value for value in range(1, 102)))
    assert timing.row() == {"median_ms": 51.0, "p95_ms": 96.0, "per_second": 19.61, "calls": 101}
