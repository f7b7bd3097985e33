"""Pacing as a pure function of state and time; the clock that processes share."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import pairwise

import pytest

from installation.core.clock import Metronome, ease_out, now


def test_ticks_that_are_met_are_counted_and_none_is_missed() -> None:
    metronome = Metronome(30, start=5.0)
    for tick in range(3000):
        assert metronome.presented(5.0 + tick / 30 + 0.002)
    assert (metronome.ticks, metronome.missed) == (3000, 0)
    assert metronome.due == pytest.approx(105.0)


def test_waiting_lasts_until_the_tick_and_never_backwards() -> None:
    metronome = Metronome(10, start=5.0)
    assert metronome.wait(4.75) == pytest.approx(0.25)
    assert metronome.wait(5.0) == 0.0
    assert metronome.wait(9.0) == 0.0


def test_a_frame_later_than_half_a_period_is_missed_and_one_that_is_not_is_not() -> None:
    metronome = Metronome(10, start=0.0)
    assert metronome.presented(0.049)
    assert not metronome.presented(0.151)
    assert (metronome.ticks, metronome.missed) == (2, 1)
    assert metronome.presented(0.2)
    assert metronome.missed == 1


def test_after_a_stall_the_ticks_between_are_missed_and_none_is_made_up_for() -> None:
    metronome = Metronome(10, start=0.0)
    metronome.presented(0.0)
    assert not metronome.presented(1.02)
    assert (metronome.ticks, metronome.missed) == (11, 10)
    assert 0.0 < metronome.wait(1.02) <= 0.1


def test_every_tick_of_a_rough_evening_is_either_met_or_missed() -> None:
    dice = random.Random(4)
    metronome = Metronome(30, start=0.0)
    at, met = 0.0, 0
    for _ in range(5000):
        at = max(at, metronome.due) + dice.choice([0.0, 0.001, 0.01, 0.02, 0.1, 1.0])
        met += metronome.presented(at)
        assert metronome.due > at - metronome.period / 2
    assert metronome.ticks == met + metronome.missed
    assert metronome.due == pytest.approx(metronome.ticks / 30)


def test_easing_begins_at_once_rests_at_the_end_and_never_goes_back() -> None:
    steps = [ease_out(number / 100) for number in range(101)]
    assert (steps[0], steps[-1]) == (0.0, 1.0)
    assert all(later > earlier for earlier, later in pairwise(steps))
    assert steps[10] > 0.25
    assert steps[100] - steps[99] < 1e-5
    assert (ease_out(-1.0), ease_out(2.0)) == (0.0, 1.0)


def test_another_process_reads_the_same_clock() -> None:
    before = now()
    code = "from installation.core.clock import now; print(now())"
    there = float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout)
    assert before < there < now()


def test_a_display_with_a_beat_of_its_own_leads() -> None:
    made = Metronome(60.0, 0.0)
    beat = 1 / 59.94  # not quite what it said
    shown = [made.presented(n * beat, waited=0.006) for n in range(1, 2000)]
    assert all(shown)
    assert made.missed == 0
    assert 0.5 / 60 < made.wait(1999 * beat) < 0.7 / 60


def test_a_beat_that_was_not_met_is_missed() -> None:
    made = Metronome(60.0, 0.0)
    made.presented(1 / 60, waited=0.006)
    assert not made.presented(3 / 60, waited=0.006)
    assert (made.missed, made.ticks) == (1, 3)
