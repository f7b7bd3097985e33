"""Invariants of a week of faults, for a few seeds; `python -m tests.bench.weeks` plays a thousand."""

from __future__ import annotations

import pytest

from tests.runtime.simulated_week import Week


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_week_of_faults_keeps_every_invariant(seed: int) -> None:
    week = Week(seed)
    assert week.play() == []
    assert len(week.accepted - week.excused) > 50  # the week has had something to lose
    assert week.renderer.restarts > 10


@pytest.mark.slow
def test_the_same_seed_is_the_same_week() -> None:
    first, second = Week(7), Week(7)
    first.play()
    second.play()
    assert (first.now, first.shown, first.recycles) == (second.now, second.shown, second.recycles)


@pytest.mark.slow
def test_a_word_that_is_lost_breaks_the_week(monkeypatch: pytest.MonkeyPatch) -> None:
    week = Week(1)
    monkeypatch.setattr(week, "_black_out", lambda: week.conductor._intake.clear())  # without telling anybody
    assert any("shown 0 times" in sentence for sentence in week.play())
