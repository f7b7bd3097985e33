"""How the renderer divides its time between frames and dream work: even frames first, with a minimum rate for both.

A piece of dream work fits between two frames if the cutouts can be lowered enough; otherwise frames are spaced wider,
down to a minimum rate; otherwise pieces are granted by credit, so that both minimum rates hold. Where dreams have a
process of their own, frames leave no time for them, and cutouts depend on how many steps there are. Pure: durations are
reported to it, and time is an argument.
"""

from __future__ import annotations

from collections import deque
from statistics import median

MIN_FRAME_RATE = 12.8  # frames per second; below 12 the motion stutters even though the stage interpolates
MIN_STEP_RATE = 4.4  # optimisation steps per second; with fewer a dream hardly progresses while it is shown
MIN_SEARCH_RATE = 7.0  # pieces of class search per second; about twenty precede the first step
WORK_SHARE = 0.8  # of the time left by the minimum frame rate, where no piece fits between two frames
MAX_STEP_RATE = 60.0  # per second; more makes no visible difference
MIN_CUTOUTS = 2
LONGEST_STEP = 1.0 / 15.0  # seconds of a step beside frames, before cutouts are given up
LONGER_STEP = 1.0 / 22.0  # of a step with one more cutout beside frames, before it is taken
SLACK = 0.1  # of the frame period: how late a frame may be for a piece that almost fits
FRAMES_BEFORE_FEWER = 4  # consecutive frames without room for a step, before cutouts are given up
FRAMES_BEFORE_MORE = 20  # consecutive frames with room for one more cutout, before it is taken back
MIN_GAP_SECONDS = 0.001  # after each frame in which work may be granted, however slow frames are
RATE_WINDOW_SECONDS = 2.0
MEASURED = 5  # durations
MAX_CREDIT_SECONDS = 0.5  # time that one call can earn


def min_work_rate(frame_seconds: float, piece_seconds: float, least: float) -> float:
    """Return how many pieces per second are done even if frames come later.

    That is `least`, or more if the minimum frame rate leaves more time and no piece fits between two frames.
    """
    if frame_seconds + piece_seconds <= 1.0 / MIN_FRAME_RATE:
        return least
    return max(least, WORK_SHARE * (1.0 - MIN_FRAME_RATE * frame_seconds) / piece_seconds)


def frame_period(frame_seconds: float, piece_seconds: float, wanted: float, work_rate: float) -> float:
    """Return the shortest even spacing of frames, in seconds, that leaves time for `work_rate` pieces per second.

    Args:
        frame_seconds: Duration of one frame.
        piece_seconds: Duration of one piece of dream work.
        wanted: The spacing that the show asks for.
        work_rate: See `min_work_rate`.
    """
    both = frame_seconds + piece_seconds
    if both <= 1.0 / MIN_FRAME_RATE:
        return max(wanted, both)
    # in one second `work_rate` frames are followed by a piece; the others share the rest of the time
    return max(frame_seconds, (1.0 - work_rate * both) / (MIN_FRAME_RATE - work_rate))


class MedianCost:
    """The usual duration of something, in seconds: a median of the last nine, so that one stall does not count."""

    def __init__(self, guess: float) -> None:
        self._last: deque[float] = deque(maxlen=9)
        self._guess = guess

    def add(self, seconds: float) -> None:
        """Add a measured duration."""
        self._last.append(seconds)

    @property
    def seconds(self) -> float:
        """The median, or the guess before the first duration."""
        return median(self._last) if self._last else self._guess

    @property
    def measured(self) -> bool:
        """Whether there are enough durations to speak of a usual one."""
        return len(self._last) >= MEASURED

    def reset(self, guess: float) -> None:
        """Forget all durations, because the work has changed."""
        self._last.clear()
        self._guess = guess


class EventRate:
    """How often something happens per second, over the last `RATE_WINDOW_SECONDS`."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=512)

    def add(self, now: float) -> None:
        """Add an event."""
        self._times.append(now)

    def per_second(self, now: float) -> float:
        """Return the rate; 0 if there were fewer than two events."""
        while self._times and self._times[0] < now - RATE_WINDOW_SECONDS:
            self._times.popleft()
        if len(self._times) < 2:
            return 0.0
        return (len(self._times) - 1) / max(now - self._times[0], 1e-3)


class FrameBudget:
    """Decides when the next frame is due, whether dream work comes before it, and with how many cutouts.

    Attributes:
        most_cutouts: The most that memory allows.
        cutouts: Of the next step.
        next_frame_at: When the next frame is due.
        frame_cost: Duration of a frame.
        step_cost: Duration of an optimisation step.
        search_cost: Duration of a piece of class search.
        frame_rate: Frames drawn.
        step_rate: Optimisation steps done.
    """

    def __init__(self, rate: float, cutouts: int, steps_per_second: float = 0.0) -> None:
        """Start with guessed durations.

        Args:
            rate: Frames per second, at most.
            cutouts: Of a step, at most.
            steps_per_second: At most; 0 means `MAX_STEP_RATE`.
        """
        self.most_cutouts = cutouts
        self.cutouts = cutouts
        self.next_frame_at = 0.0
        self.frame_cost = MedianCost(0.02)
        self.step_cost = MedianCost(0.04)
        self.search_cost = MedianCost(0.04)
        self.frame_rate = EventRate()
        self.step_rate = EventRate()
        self._period = 1.0 / rate
        self._max_step_rate = steps_per_second or MAX_STEP_RATE
        self._latest_frame_at = 0.0  # for a piece that almost fits before the frame is due
        self._searching = True
        self._credit = 0.0  # pieces that may be done even if the next frame comes later
        self._allowance = 1.0  # steps that the maximum rate allows
        self._earned_at = 0.0
        self._frames_without_room = 0
        self._frames_with_room = 0

    @property
    def piece_seconds(self) -> float:
        """The expected duration of the next piece of dream work."""
        return (self.search_cost if self._searching else self.step_cost).seconds

    def frame_done(self, began: float, ended: float, dreaming: bool) -> None:
        """Report a drawn frame; sets when the next one is due. A stall is not caught up with."""
        self.frame_cost.add(ended - began)
        self.frame_rate.add(began)
        self._earn(ended)
        if dreaming and not self._searching:
            room = max(self._period - self.frame_cost.seconds, 0.0) * (1.0 + SLACK)
            self._adjust_cutouts(longest=room, longer=0.9 * room)
        self.next_frame_at = max(began + self._next_period(dreaming), ended + MIN_GAP_SECONDS)
        late = min(self.next_frame_at + SLACK * self._period, began + 1.0 / MIN_FRAME_RATE)
        self._latest_frame_at = max(self.next_frame_at, late)

    def hold(self, until: float) -> None:
        """Draw no frame before a time, because the picture stands still."""
        self.next_frame_at = until

    def work_done(self, began: float, ended: float, optimised: bool) -> None:
        """Report a piece of dream work; `optimised` if it was an optimisation step."""
        (self.step_cost if optimised else self.search_cost).add(ended - began)
        self._searching = not optimised
        self._credit -= 1.0
        if optimised:
            self._allowance -= 1.0
            self.step_rate.add(ended)

    def piece_done_beside(self, seconds: float, now: float, optimised: bool) -> None:
        """Report a piece of dream work that was done beside the frames; `optimised` as in `work_done`."""
        if optimised:
            self.step_cost.add(seconds)
            self.step_rate.add(now)
            self._adjust_cutouts(LONGEST_STEP, LONGER_STEP)

    def limit_cutouts(self, cutouts: int) -> None:
        """Take no more than so many cutouts from now on, because memory has run out."""
        if cutouts < self.most_cutouts:
            self.most_cutouts = cutouts
            if cutouts < self.cutouts:
                self._set_cutouts(cutouts)

    def dream_started(self) -> None:
        """Expect class search, with which a new dream begins."""
        self._searching = True

    def allows_work(self, now: float) -> bool:
        """Whether a piece of dream work may be done now, before the next frame."""
        self._earn(now)
        if self._allowance < 0.0:
            return False
        fits = now + self.piece_seconds <= self._latest_frame_at
        return fits or (self._credit >= 1.0 and now < self.next_frame_at)

    @property
    def _work_rate(self) -> float:
        least = MIN_SEARCH_RATE if self._searching else MIN_STEP_RATE
        return min_work_rate(self.frame_cost.seconds, self.piece_seconds, least)

    def _next_period(self, dreaming: bool) -> float:
        if not dreaming:
            return max(self._period, self.frame_cost.seconds * (1.0 + SLACK))
        return frame_period(self.frame_cost.seconds, self.piece_seconds, self._period, self._work_rate)

    def _earn(self, now: float) -> None:
        passed = min(max(now - self._earned_at, 0.0), MAX_CREDIT_SECONDS)
        self._earned_at = now
        self._credit = min(max(self._credit, -1.0) + passed * self._work_rate, 2.0)
        self._allowance = min(self._allowance + passed * self._max_step_rate, 1.0)

    def _adjust_cutouts(self, longest: float, longer: float) -> None:
        """Lower the cutouts if steps have been too long for a while, raise them if one more cutout would not be.

        Args:
            longest: Seconds that a step may take.
            longer: Seconds that one with another cutout may take.
        """
        seconds = self.step_cost.seconds
        with_one_more = seconds * (self.cutouts + 1) / self.cutouts
        self._frames_without_room = self._frames_without_room + 1 if seconds > longest else 0
        self._frames_with_room = self._frames_with_room + 1 if with_one_more < longer else 0
        if self._frames_without_room >= FRAMES_BEFORE_FEWER and self.cutouts > MIN_CUTOUTS:
            self._set_cutouts(max(MIN_CUTOUTS, self.cutouts - max(1, self.cutouts // 4)))
        elif self._frames_with_room >= FRAMES_BEFORE_MORE and self.cutouts < self.most_cutouts:
            self._set_cutouts(self.cutouts + 1)

    def _set_cutouts(self, cutouts: int) -> None:
        self.step_cost.reset(self.step_cost.seconds * (1.0 + cutouts / self.cutouts) / 2.0)
        self.cutouts = cutouts
        self._frames_without_room = self._frames_with_room = 0
