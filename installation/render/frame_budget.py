"""How the renderer spends its time: frames at an even spacing first, optimisation with what is left, a floor for both.

Pure: costs are told, time is an argument. One piece of dream work fits between two frames if cutouts can be lowered
so far; else frames are spaced wider, down to a floor; else pieces are granted by credit, so that both floors hold.
"""

from __future__ import annotations

from collections import deque
from statistics import median

FLOOR_FRAMES = 12.8  # a second: below 12 pictures stutter, whatever the stage blends
FLOOR_STEPS = 4.4  # a second: below it a dream does not come forward while its words are shown
FLOOR_CHOICES = 7.0  # a second: some twenty are made before the first step, while the picture is on its way anyhow
SHARE = 0.8  # of the time that the floor of frames leaves, where no piece fits between two: the rest evens them out
MOST_STEPS = 60.0  # a second: beyond it nobody sees a difference, and the machine gets hot
FEWEST_CUTOUTS = 2
SLACK = 0.1  # of the period: how late a frame may come for a piece that nearly fits
PATIENCE_LESS = 4  # frames in a row without room, before a cutout is given up
PATIENCE_MORE = 20  # frames in a row with room for one more, before it is taken back
BREATH = 0.001  # seconds after each frame in which work is granted at all, however slow frames are
WINDOW_SECONDS = 2.0  # over which rates are told


class MedianCost:
    """The usual duration of something, in seconds: the median of the last few, so that one stall does not count."""

    def __init__(self, guess: float) -> None:
        self._last: deque[float] = deque(maxlen=9)
        self._guess = guess

    def took(self, seconds: float) -> None:
        """Once more."""
        self._last.append(seconds)

    @property
    def seconds(self) -> float:
        """The median, or the guess while nothing is known."""
        return median(self._last) if self._last else self._guess

    def forget(self, guess: float) -> None:
        """Circumstances have changed: only the guess is known."""
        self._last.clear()
        self._guess = guess


class EventRate:
    """How often something happens a second, over the last two."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=512)

    def happened(self, now: float) -> None:
        """Once more."""
        self._times.append(now)

    def per_second(self, now: float) -> float:
        """0 while nothing has happened lately."""
        while self._times and self._times[0] < now - WINDOW_SECONDS:
            self._times.popleft()
        if len(self._times) < 2:
            return 0.0
        return (len(self._times) - 1) / max(now - self._times[0], 1e-3)


class FrameBudget:
    """Decides when the next frame is due, whether dream work comes before it, and with how many cutouts."""

    def __init__(self, rate: float, cutouts: int, steps_per_second: float = 0.0) -> None:
        """`rate` and `steps_per_second` at most (0: up to MOST_STEPS); `cutouts` a step at most."""
        self.rate = rate
        self.most_cutouts = cutouts
        self.cutouts = cutouts
        self.most_steps = steps_per_second or MOST_STEPS
        self.frame = MedianCost(0.02)
        self.step = MedianCost(0.04)
        self.choice = MedianCost(0.04)
        self.frames = EventRate()
        self.steps = EventRate()
        self.due = 0.0
        self._latest = 0.0  # when the next frame may come, for a piece that nearly fits before it is due
        self._choosing = True
        self._credit = 0.0
        self._allowance = 1.0
        self._earned = 0.0
        self._short = 0
        self._ample = 0

    @property
    def piece_seconds(self) -> float:
        """What the next piece of dream work is expected to take."""
        return (self.choice if self._choosing else self.step).seconds

    @property
    def _floor(self) -> float:
        """Pieces a second that are done even if frames suffer; more where the floor of frames leaves room for more."""
        least = FLOOR_CHOICES if self._choosing else FLOOR_STEPS
        if self.frame.seconds + self.piece_seconds <= 1.0 / FLOOR_FRAMES:
            return least  # a piece fits between two frames anyhow
        return max(least, SHARE * (1.0 - FLOOR_FRAMES * self.frame.seconds) / self.piece_seconds)

    def period(self, dreaming: bool) -> float:
        """Seconds from frame to frame that can be kept evenly."""
        wanted = 1.0 / self.rate
        if not dreaming:
            return max(wanted, self.frame.seconds * (1.0 + SLACK))
        both = self.frame.seconds + self.piece_seconds
        if both <= 1.0 / FLOOR_FRAMES:
            return max(wanted, both)
        # pieces come by credit, so frames without one are spaced as wide as the floor of frames allows
        without = (1.0 - self._floor * both) / (FLOOR_FRAMES - self._floor)
        return max(self.frame.seconds, without)

    def drew(self, began: float, ended: float, dreaming: bool) -> None:
        """A frame was drawn. Says when the next is due; a stall is not made up for."""
        self.frame.took(ended - began)
        self.frames.happened(began)
        self._earn(ended)
        if dreaming and not self._choosing:
            self._balance()
        self.due = max(began + self.period(dreaming), ended + BREATH)
        self._latest = max(self.due, min(self.due + SLACK / self.rate, began + 1.0 / FLOOR_FRAMES))

    def worked(self, began: float, ended: float, optimised: bool) -> None:
        """A piece of dream work was done; `optimised` if it was a step, not a choice among classes."""
        (self.step if optimised else self.choice).took(ended - began)
        self._choosing = not optimised
        self._credit -= 1.0
        self._allowance -= 1.0
        if optimised:
            self.steps.happened(ended)

    def limit(self, cutouts: int) -> None:
        """So many cutouts a step at most from now on: memory has run out."""
        if cutouts < self.most_cutouts:
            self.most_cutouts = cutouts
            if cutouts < self.cutouts:
                self._spend(cutouts)

    def begins(self) -> None:
        """A new dream begins: classes are chosen first."""
        self._choosing = True

    def grants(self, now: float) -> bool:
        """Whether a piece of dream work is to be done now, before the next frame."""
        self._earn(now)
        if self._allowance < 0.0:
            return False
        fits = now + self.piece_seconds <= self._latest
        return fits or (self._credit >= 1.0 and now < self.due)

    def _earn(self, now: float) -> None:
        passed = min(max(now - self._earned, 0.0), 0.5)
        self._earned = now
        self._credit = min(max(self._credit, -1.0) + passed * self._floor, 2.0)
        self._allowance = min(self._allowance + passed * self.most_steps, 1.0)

    def _balance(self) -> None:
        """Fewer cutouts when a step does not fit between two frames, more when one more would; not at every whim."""
        room = max(1.0 / self.rate - self.frame.seconds, 0.0) * (1.0 + SLACK)
        now_takes = self.step.seconds
        one_more = now_takes * (self.cutouts + 1) / self.cutouts
        self._short = self._short + 1 if now_takes > room else 0
        self._ample = self._ample + 1 if one_more < 0.9 * room else 0
        if self._short >= PATIENCE_LESS and self.cutouts > FEWEST_CUTOUTS:
            self._spend(max(FEWEST_CUTOUTS, self.cutouts - max(1, self.cutouts // 4)))
        elif self._ample >= PATIENCE_MORE and self.cutouts < self.most_cutouts:
            self._spend(self.cutouts + 1)

    def _spend(self, cutouts: int) -> None:
        self.step.forget(self.step.seconds * (1.0 + cutouts / self.cutouts) / 2.0)
        self.cutouts = cutouts
        self._short = self._ample = 0
