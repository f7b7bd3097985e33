"""The pacing of frames, and the clock that processes share."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import pairwise

import pytest

from installation.core.clock import Metronome, ease_out, now


def test_frames_in_time_miss_no_tick() -> None:
    metronome = Metronome(30, start=5.0)
    for tick in range(3000):
        assert metronome.presented(5.0 + tick / 30 + 0.002)
    assert (metronome.ticks, metronome.missed) == (3000, 0)
    assert metronome.due == pytest.approx(105.0)


def test_the_wait_lasts_until_the_next_tick_and_is_never_negative() -> None:
    metronome = Metronome(10, start=5.0)
    assert metronome.wait(4.75) == pytest.approx(0.25)
    assert metronome.wait(5.0) == 0.0
    assert metronome.wait(9.0) == 0.0


def test_frames_that_take_long_to_draw_are_begun_early_enough_for_their_tick() -> None:
    metronome = Metronome(30, start=0.0)
    at, late = 0.0, 0.0
    for _ in range(200):
        at += metronome.wait(at) + 0.016
        late = at - metronome.due
        metronome.presented(at, drawing=0.016)
    assert abs(late) < 1e-3
    assert metronome.missed == 0


def test_a_display_that_synchronises_decides_when_frames_are_begun() -> None:
    metronome = Metronome(30, start=0.0)
    for tick in range(100):
        metronome.presented(tick / 30, drawing=0.016)
    metronome.presented(100 / 30, waited=0.01, drawing=0.016)
    assert metronome.wait(metronome.due - 0.005) == pytest.approx(0.005)


def test_a_frame_more_than_half_a_period_late_counts_as_missed() -> None:
    metronome = Metronome(10, start=0.0)
    assert metronome.presented(0.049)
    assert not metronome.presented(0.151)
    assert (metronome.ticks, metronome.missed) == (2, 1)
    assert metronome.presented(0.2)
    assert metronome.missed == 1


def test_the_ticks_of_a_stall_are_missed_and_not_made_up_for() -> None:
    metronome = Metronome(10, start=0.0)
    metronome.presented(0.0)
    assert not metronome.presented(1.02)
    assert (metronome.ticks, metronome.missed) == (11, 10)
    assert 0.0 < metronome.wait(1.02) <= 0.1


def test_with_random_delays_every_tick_is_either_met_or_missed() -> None:
    dice = random.Random(4)
    metronome = Metronome(30, start=0.0)
    at, met = 0.0, 0
    for _ in range(5000):
        at = max(at, metronome.due) + dice.choice([0.0, 0.001, 0.01, 0.02, 0.1, 1.0])
        met += metronome.presented(at)
        assert metronome.due > at - metronome.period / 2
    assert metronome.ticks == met + metronome.missed
    assert metronome.due == pytest.approx(metronome.ticks / 30)


def test_easing_starts_fast_ends_gently_and_is_monotonic() -> None:
    steps = [ease_out(number / 100) for number in range(101)]
    assert (steps[0], steps[-1]) == (0.0, 1.0)
    assert all(later > earlier for earlier, later in pairwise(steps))
    assert steps[10] > 0.25
    assert steps[100] - steps[99] < 1e-5
    assert (ease_out(-1.0), ease_out(2.0)) == (0.0, 1.0)


def test_the_clock_is_the_same_in_another_process() -> None:
    before = now()
    code = "from installation.core.clock import now; print(now())"
    there = float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout)
    assert before < there < now()


def test_ticks_follow_the_vertical_synchronisation_of_the_display() -> None:
    metronome = Metronome(60.0, 0.0)
    period = 1 / 59.94  # not quite the rate that the display reports
    assert all(metronome.presented(n * period, waited=0.006) for n in range(1, 2000))
    assert metronome.missed == 0
    assert metronome.wait(1999 * period) == pytest.approx(0.6 / 60)


def test_a_skipped_synchronisation_counts_as_missed() -> None:
    metronome = Metronome(60.0, 0.0)
    metronome.presented(1 / 60, waited=0.006)
    assert not metronome.presented(3 / 60, waited=0.006)
    assert (metronome.missed, metronome.ticks) == (1, 3)
