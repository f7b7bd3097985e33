"""How a renderer divides a card between frames and dream work, when the card works beside the host.

Frames are begun a few ahead of the time that they are shown, so that none waits for dream work; all other time of the
card goes to slices of steps. Where that is too little, a step takes fewer cutouts, down to `LEAST_CUTOUTS`; then frames
are spaced wider. Pure: durations are reported to it, and time is an argument. `frame_budget` does the same for a
processor, which does one thing at a time.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

from installation.render.frame_budget import (
    FRAMES_BEFORE_FEWER,
    FRAMES_BEFORE_MORE,
    MAX_CREDIT_SECONDS,
    MIN_FRAME_RATE,
    EventRate,
    MedianCost,
)

AHEAD = 3  # frames that are begun before their time: 50 ms at 60 a second
AHEAD_OF_SOUND = 2  # the same while sound moves the picture, which should follow at once
LEAST_CUTOUTS = 16  # fewer make a gradient that is mostly noise
CUTOUT_STEP = 16  # by which cutouts are lowered and raised
WANTED_STEP_RATE = 12.0  # steps per second, for which cutouts are given up
MIN_STEP_RATE = 4.4  # for which frames are spaced wider
BUSY = 0.92  # share of the card's time that frames and steps may take together


class DeviceBudget:
    """Decides when the next frame is begun and shown, and whether dream work may be queued.

    Attributes:
        most_cutouts: The most that memory allows.
        cutouts: Of the next step.
        frame_cost: Seconds of the card for a frame.
        step_cost: Seconds of the card for an optimisation step, the sum of its slices.
        frame_rate: Frames shown.
        step_rate: Optimisation steps done.
    """

    def __init__(self, rate: float, cutouts: int, steps_per_second: float) -> None:
        """Start with guessed durations.

        Args:
            rate: Frames per second, at most.
            cutouts: Of a step, at most.
            steps_per_second: At most.
        """
        self.most_cutouts = self.cutouts = cutouts
        self.frame_cost = MedianCost(0.005)
        self.step_cost = MedianCost(0.02)
        self.frame_rate, self.step_rate = EventRate(), EventRate()
        self._wanted_period = self._period = 1.0 / rate
        self._max_step_rate = steps_per_second
        self._show_at = -math.inf  # of the next frame
        self._shown_at = -math.inf  # for which the last one shown was drawn
        self._ahead = 1  # frames, grows to AHEAD
        self._allowance, self._earned_at = 1.0, 0.0  # steps that the maximum rate allows
        self._pieces: deque[bool] = deque()  # that are queued: whether each completes a step
        self._step_seconds = 0.0  # of the step that is being done
        self._frames_without_room = self._frames_with_room = 0

    @property
    def next_frame_at(self) -> float:
        """When the next frame is to be begun."""
        return self._show_at - self._ahead * self._period

    def begin_frame(self, now: float) -> float:
        """Return when a frame that is begun now is to be shown. A stall is not caught up with."""
        show_at = self._show_at if self._show_at >= now else now + self.frame_cost.seconds
        self._show_at = show_at + self._period
        return show_at

    def drop_frames(self, now: float, last_kept: float = -math.inf) -> None:
        """Show the next frame as early as it can be, but for those kept: what was begun since is not to be shown."""
        self._show_at = max(now + self.frame_cost.seconds, max(last_kept, self._shown_at) + self._period)
        self._ahead = 1

    def frame_shown(self, show_at: float, seconds: float, dreaming: bool, sound: bool = False) -> None:
        """Report a frame drawn for `show_at` that took the card so many seconds."""
        self._shown_at = show_at
        self.frame_cost.add(seconds)
        self.frame_rate.add(show_at)
        self._ahead = min(self._ahead + 1, AHEAD_OF_SOUND if sound else AHEAD)
        if dreaming:
            self._adjust_cutouts()
        self._period = self._next_period(dreaming)

    def hold(self, until: float) -> None:
        """Begin no frame before a time, because the picture stands still."""
        self._show_at, self._ahead = until, 0

    def work_queued(self, pieces: int, completes: bool) -> None:
        """Report pieces of work that were queued; `completes`: with the last of them, an optimisation step is done."""
        self._pieces.extend([False] * (pieces - 1) + [completes] * min(pieces, 1))
        self._allowance -= completes

    def work_finished(self, seconds: Sequence[float], now: float) -> None:
        """Report what the pieces took that the card has done since the last report."""
        for each in seconds:
            self._step_seconds += each
            if self._pieces.popleft():
                self.step_cost.add(self._step_seconds)
                self.step_rate.add(now)
                self._step_seconds = 0.0

    def dream_started(self) -> None:
        """Measure the next step anew: what came before it belongs to no step."""
        self._step_seconds = 0.0

    def limit_cutouts(self, cutouts: int) -> None:
        """Take no more than so many cutouts from now on, because memory has run out."""
        self.most_cutouts = min(self.most_cutouts, cutouts)
        self.cutouts = min(self.cutouts, cutouts)

    def allows_work(self, now: float) -> bool:
        """Whether the maximum rate of steps allows another piece."""
        passed = min(max(now - self._earned_at, 0.0), MAX_CREDIT_SECONDS)
        self._earned_at = now
        self._allowance = min(self._allowance + passed * self._max_step_rate, 1.0)
        return self._allowance >= 0.0

    @property
    def _expected_step(self) -> float:
        """Seconds of a step: what steps have taken, or the present one so far, which may be the first."""
        return max(self.step_cost.seconds, self._step_seconds)

    def _steps_per_second(self, step_seconds: float) -> float:
        return (BUSY - self.frame_cost.seconds / self._wanted_period) / step_seconds

    def _adjust_cutouts(self) -> None:
        """Lower the cutouts if steps have been too rare for a while, raise them if there is time for more."""
        seconds = self._expected_step
        per_cutout = seconds / self.cutouts  # the generator's part makes it an upper bound
        lower = self._steps_per_second(seconds) < WANTED_STEP_RATE and self.cutouts > LEAST_CUTOUTS
        more = min(self.cutouts + CUTOUT_STEP, self.most_cutouts)
        higher = more > self.cutouts and self._steps_per_second(per_cutout * more) > 1.2 * WANTED_STEP_RATE
        self._frames_without_room = self._frames_without_room + 1 if lower else 0
        self._frames_with_room = self._frames_with_room + 1 if higher and self.step_cost.measured else 0
        if self._frames_without_room >= FRAMES_BEFORE_FEWER:
            self._set_cutouts(max(LEAST_CUTOUTS, self.cutouts - CUTOUT_STEP))
        elif self._frames_with_room >= FRAMES_BEFORE_MORE:
            self._set_cutouts(more)

    def _set_cutouts(self, cutouts: int) -> None:
        self.step_cost.reset(self.step_cost.seconds * (1.0 + cutouts / self.cutouts) / 2.0)
        self.cutouts = cutouts
        self._frames_without_room = self._frames_with_room = 0

    def _next_period(self, dreaming: bool) -> float:
        """The shortest spacing that leaves time for the minimum of steps; only so wide that motion does not stutter."""
        steps = MIN_STEP_RATE * self._expected_step if dreaming and self.cutouts <= LEAST_CUTOUTS else 0.0
        widest = max(1.0 / MIN_FRAME_RATE, self.frame_cost.seconds / BUSY)
        needed = self.frame_cost.seconds / (BUSY - steps) if steps < BUSY else math.inf
        return min(max(self._wanted_period, needed), widest)
