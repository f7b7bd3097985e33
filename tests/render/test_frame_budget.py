"""The governor keeps frames evenly spaced, and spends less on optimisation where time is short."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from installation.render.frame_budget import FEWEST_CUTOUTS, FrameBudget


@dataclass
class Run:
    """What a machine of given costs makes of a governor's word in some seconds."""

    governor: FrameBudget
    frame: float  # seconds
    step: float  # seconds, without cutouts
    cutout: float  # seconds more for each
    optimised: bool = True  # False: choices among classes
    now: float = 50.0
    frames: list[float] = field(default_factory=list)
    steps: int = 0

    def go(self, seconds: float, dreaming: bool = True) -> Run:
        end = self.now + seconds
        self.frames, self.steps = [], 0
        while self.now < end:
            began = self.now
            if began >= self.governor.due:
                self.now += self.frame
                self.governor.drew(began, self.now, dreaming)
                self.frames.append(began)
            elif dreaming and self.governor.grants(began):
                self.now += self.step + self.cutout * self.governor.cutouts
                self.governor.worked(began, self.now, self.optimised)
                self.steps += 1
            else:
                self.now = min(self.governor.due, self.now + 0.01)
        return self


def test_a_quick_machine_keeps_the_asked_rate_and_dreams_in_the_rest() -> None:
    run = Run(FrameBudget(30.0, 6), frame=0.004, step=0.004, cutout=0.001).go(4.0)
    assert len(run.frames) == pytest.approx(120, abs=2)
    assert run.steps >= 200
    assert run.governor.cutouts == 6


@pytest.mark.parametrize(("frame", "step", "cutout"), [(0.04, 0.02, 0.004), (0.03, 0.03, 0.005)])
def test_two_slow_cores_hold_both_floors_at_an_even_spacing(frame: float, step: float, cutout: float) -> None:
    run = Run(FrameBudget(15.0, 6), frame, step, cutout)
    run.go(4.0)
    run.go(10.0)
    assert len(run.frames) >= 120
    assert run.steps >= 40
    assert np.ptp(np.diff(run.frames)) < 0.005


@pytest.mark.parametrize(("frame", "step"), [(0.04, 0.05), (0.05, 0.07), (0.03, 0.08)])
def test_a_step_longer_than_any_gap_still_comes_several_times_a_second(frame: float, step: float) -> None:
    run = Run(FrameBudget(15.0, 4), frame, step, cutout=0.0)
    run.go(2.0)
    run.go(10.0)
    assert run.steps >= 40
    assert len(run.frames) >= 120


def test_time_is_not_idled_away_where_a_step_fits_no_gap() -> None:
    run = Run(FrameBudget(15.0, 4), frame=0.026, step=0.079, cutout=0.0)
    run.go(2.0)
    run.go(10.0)
    assert run.steps >= 60
    assert len(run.frames) >= 120


def test_frames_that_take_all_the_time_leave_a_floor_for_the_dream() -> None:
    run = Run(FrameBudget(15.0, 4), frame=0.15, step=0.05, cutout=0.0).go(10.0)
    assert run.steps >= 38
    assert len(run.frames) >= 45


def test_the_choice_of_classes_goes_before_the_rate_of_frames() -> None:
    run = Run(FrameBudget(15.0, 4), frame=0.04, step=0.1, cutout=0.0, optimised=False).go(3.0)
    assert run.steps >= 19
    assert len(run.frames) >= 18


def test_cutouts_fall_when_time_is_short_and_rise_again_when_there_is_room() -> None:
    run = Run(FrameBudget(15.0, 8), frame=0.03, step=0.015, cutout=0.005).go(5.0)
    fewer = run.governor.cutouts
    assert FEWEST_CUTOUTS <= fewer < 6
    run.frame = 0.005
    assert run.go(20.0).governor.cutouts == 8


def test_cutouts_do_not_flutter_around_a_cost_that_just_fits() -> None:
    run = Run(FrameBudget(15.0, 8), frame=0.03, step=0.01, cutout=0.005).go(5.0)
    seen = set()
    for _ in range(20):
        seen.add(run.go(0.5).governor.cutouts)
    assert len(seen) <= 2


def test_one_stall_changes_nothing() -> None:
    run = Run(FrameBudget(15.0, 6), frame=0.02, step=0.01, cutout=0.003).go(3.0)
    run.governor.worked(run.now, run.now + 2.0, optimised=True)
    run.now += 2.0
    after = run.go(2.0)
    assert after.governor.cutouts == 6
    assert len(after.frames) == pytest.approx(30, abs=2)


def test_a_limit_of_steps_is_kept() -> None:
    run = Run(FrameBudget(15.0, 6, steps_per_second=5.0), frame=0.005, step=0.005, cutout=0.0).go(10.0)
    assert run.steps == pytest.approx(50, abs=3)


def test_the_rates_say_what_was_spent() -> None:
    run = Run(FrameBudget(20.0, 6), frame=0.005, step=0.02, cutout=0.001).go(5.0)
    governor = run.governor
    assert governor.frames.per_second(run.now) == pytest.approx(20.0, rel=0.1)
    assert governor.steps.per_second(run.now) == pytest.approx(run.steps / 5.0, rel=0.15)
    assert governor.steps.per_second(run.now + 60.0) == 0.0


def test_no_more_cutouts_are_taken_than_memory_has_allowed() -> None:
    run = Run(FrameBudget(20.0, 12), frame=0.002, step=0.002, cutout=0.0005).go(2.0)
    run.governor.limit(5)
    assert run.governor.cutouts == 5
    assert run.go(10.0).governor.cutouts == 5
    run.governor.limit(8)
    assert run.go(2.0).governor.cutouts == 5
