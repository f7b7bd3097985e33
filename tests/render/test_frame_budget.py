from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from installation.render.frame_budget import (
    MIN_CUTOUTS,
    MIN_FRAME_RATE,
    EventRate,
    FrameBudget,
    MedianCost,
    frame_period,
    min_work_rate,
)


@dataclass
class Simulation:
    """Spends simulated time as a frame budget decides, on a machine with given durations."""

    budget: FrameBudget
    frame: float  # seconds
    step: float  # seconds, without cutouts
    cutout: float  # seconds for each cutout
    optimised: bool = True  # False: pieces of class search
    now: float = 50.0
    frames: list[float] = field(default_factory=list)
    pieces: int = 0

    def run(self, seconds: float, dreaming: bool = True) -> Simulation:
        end = self.now + seconds
        self.frames, self.pieces = [], 0
        while self.now < end:
            began = self.now
            if began >= self.budget.next_frame_at:
                self.now += self.frame
                self.budget.frame_done(began, self.now, dreaming)
                self.frames.append(began)
            elif dreaming and self.budget.allows_work(began):
                self.now += self.step + self.cutout * self.budget.cutouts
                self.budget.work_done(began, self.now, self.optimised)
                self.pieces += 1
            else:
                self.now = min(self.budget.next_frame_at, self.now + 0.01)
        return self


def test_a_fast_machine_keeps_the_frame_rate_and_uses_the_rest_for_steps() -> None:
    simulation = Simulation(FrameBudget(30.0, 6), frame=0.004, step=0.004, cutout=0.001).run(4.0)
    assert len(simulation.frames) == pytest.approx(120, abs=2)
    assert simulation.pieces >= 200
    assert simulation.budget.cutouts == 6


@pytest.mark.parametrize(("frame", "step", "cutout"), [(0.04, 0.02, 0.004), (0.03, 0.03, 0.005)])
def test_a_slow_machine_keeps_both_minimum_rates_and_an_even_spacing(frame: float, step: float, cutout: float) -> None:
    simulation = Simulation(FrameBudget(15.0, 6), frame, step, cutout)
    simulation.run(4.0)
    simulation.run(10.0)
    assert len(simulation.frames) >= 120
    assert simulation.pieces >= 40
    assert np.ptp(np.diff(simulation.frames)) < 0.005


@pytest.mark.parametrize(("frame", "step"), [(0.04, 0.05), (0.05, 0.07), (0.03, 0.08)])
def test_a_step_that_fits_between_no_frames_is_done_several_times_a_second(frame: float, step: float) -> None:
    simulation = Simulation(FrameBudget(15.0, 4), frame, step, cutout=0.0)
    simulation.run(2.0)
    simulation.run(10.0)
    assert simulation.pieces >= 40
    assert len(simulation.frames) >= 120


def test_time_that_the_minimum_frame_rate_leaves_is_used_for_steps() -> None:
    simulation = Simulation(FrameBudget(15.0, 4), frame=0.026, step=0.079, cutout=0.0)
    simulation.run(2.0)
    simulation.run(10.0)
    assert simulation.pieces >= 60
    assert len(simulation.frames) >= 120


def test_frames_that_would_take_all_the_time_leave_the_minimum_for_steps() -> None:
    simulation = Simulation(FrameBudget(15.0, 4), frame=0.15, step=0.05, cutout=0.0).run(10.0)
    assert simulation.pieces >= 38
    assert len(simulation.frames) >= 45


def test_class_search_has_a_higher_minimum_rate_than_steps() -> None:
    simulation = Simulation(FrameBudget(15.0, 4), frame=0.04, step=0.1, cutout=0.0, optimised=False).run(3.0)
    assert simulation.pieces >= 19
    assert len(simulation.frames) >= 18


def test_cutouts_are_lowered_when_time_is_short_and_raised_when_there_is_room() -> None:
    simulation = Simulation(FrameBudget(15.0, 8), frame=0.03, step=0.015, cutout=0.005).run(5.0)
    assert MIN_CUTOUTS <= simulation.budget.cutouts < 6
    simulation.frame = 0.005
    assert simulation.run(20.0).budget.cutouts == 8


def test_cutouts_do_not_alternate_when_they_just_fit() -> None:
    simulation = Simulation(FrameBudget(15.0, 8), frame=0.03, step=0.01, cutout=0.005).run(5.0)
    assert len({simulation.run(0.5).budget.cutouts for _ in range(20)}) <= 2


def test_one_stall_changes_nothing() -> None:
    simulation = Simulation(FrameBudget(15.0, 6), frame=0.02, step=0.01, cutout=0.003).run(3.0)
    simulation.budget.work_done(simulation.now, simulation.now + 2.0, optimised=True)
    simulation.now += 2.0
    simulation.run(2.0)
    assert simulation.budget.cutouts == 6
    assert len(simulation.frames) == pytest.approx(30, abs=2)


def test_the_maximum_number_of_steps_per_second_is_kept() -> None:
    budget = FrameBudget(15.0, 6, steps_per_second=5.0)
    assert Simulation(budget, frame=0.005, step=0.005, cutout=0.0).run(10.0).pieces == pytest.approx(50, abs=3)


def test_the_measured_rates_are_those_of_the_last_seconds() -> None:
    simulation = Simulation(FrameBudget(20.0, 6), frame=0.005, step=0.02, cutout=0.001).run(5.0)
    budget = simulation.budget
    assert budget.frame_rate.per_second(simulation.now) == pytest.approx(20.0, rel=0.1)
    assert budget.step_rate.per_second(simulation.now) == pytest.approx(simulation.pieces / 5.0, rel=0.15)
    assert budget.step_rate.per_second(simulation.now + 60.0) == 0.0


def test_no_more_cutouts_are_taken_than_memory_allows() -> None:
    simulation = Simulation(FrameBudget(20.0, 12), frame=0.002, step=0.002, cutout=0.0005).run(2.0)
    simulation.budget.limit_cutouts(5)
    assert simulation.budget.cutouts == 5
    assert simulation.run(10.0).budget.cutouts == 5


def test_a_limit_above_the_present_one_is_ignored() -> None:
    budget = FrameBudget(20.0, 5)
    budget.limit_cutouts(8)
    assert budget.most_cutouts == 5


def test_frames_without_dream_work_are_spaced_by_the_asked_rate_or_their_own_duration() -> None:
    fast = Simulation(FrameBudget(20.0, 6), frame=0.002, step=0.0, cutout=0.0).run(5.0, dreaming=False)
    slow = Simulation(FrameBudget(20.0, 6), frame=0.1, step=0.0, cutout=0.0).run(5.0, dreaming=False)
    assert np.diff(fast.frames) == pytest.approx(0.05, abs=1e-6)
    assert np.diff(slow.frames)[-20:] == pytest.approx(0.11, abs=1e-6)


def test_a_piece_that_fits_between_two_frames_needs_no_more_than_the_least_work_rate() -> None:
    assert min_work_rate(0.02, 0.03, least=4.0) == 4.0


def test_a_piece_that_fits_between_no_frames_gets_most_of_the_remaining_time() -> None:
    rate = min_work_rate(0.026, 0.079, least=4.0)
    assert rate > 4.0
    assert rate * 0.079 + MIN_FRAME_RATE * 0.026 < 1.0


def test_the_frame_period_leaves_time_for_the_work_rate() -> None:
    period = frame_period(0.05, 0.07, wanted=1 / 15, work_rate=4.0)
    frames_without_work = MIN_FRAME_RATE - 4.0
    assert 4.0 * (0.05 + 0.07) + frames_without_work * period == pytest.approx(1.0)


def test_the_cost_is_a_median_and_a_guess_before_the_first_measurement() -> None:
    cost = MedianCost(0.5)
    assert cost.seconds == 0.5
    for seconds in (0.1, 0.2, 9.0):
        cost.add(seconds)
    assert cost.seconds == 0.2


def test_one_event_is_no_rate() -> None:
    rate = EventRate()
    rate.add(1.0)
    assert rate.per_second(1.5) == 0.0


def test_a_limit_of_steps_holds_up_no_other_work() -> None:
    budget = FrameBudget(20.0, 2, steps_per_second=1.0)
    budget.frame_done(0.0, 0.001, dreaming=True)
    for _ in range(50):
        budget.work_done(0.002, 0.002, optimised=False)
    assert budget.allows_work(0.002)
    for _ in range(2):
        budget.work_done(0.002, 0.002, optimised=True)
    assert not budget.allows_work(0.002)


def beside(budget: FrameBudget, seconds: float, steps: int) -> FrameBudget:
    """Report steps that another core has done, each of them with so many seconds for each cutout."""
    for number in range(steps):
        budget.piece_done_beside(seconds * budget.cutouts, 60.0 + number / 20.0, optimised=True)
    return budget


def test_steps_beside_frames_take_as_many_cutouts_as_leave_enough_steps() -> None:
    assert beside(FrameBudget(25.0, 6), 0.005, 60).cutouts == 6
    slow = beside(FrameBudget(25.0, 6), 0.02, 60)
    assert slow.cutouts == 3
    assert beside(slow, 0.004, 200).cutouts == 6
    assert beside(FrameBudget(25.0, 6), 0.2, 200).cutouts == MIN_CUTOUTS


def test_work_beside_frames_leaves_them_their_rate() -> None:
    budget = FrameBudget(25.0, 6)
    for number in range(20):
        budget.frame_done(number / 25.0, number / 25.0 + 0.03, dreaming=False)
        budget.piece_done_beside(0.09, number / 25.0 + 0.03, optimised=True)
    assert budget.next_frame_at == pytest.approx(20 / 25.0)
    assert budget.step_rate.per_second(0.8) == pytest.approx(25.0, abs=0.5)
