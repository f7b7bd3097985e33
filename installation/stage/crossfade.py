"""What is shown between generated frames: every picture grows out of the one that is on the wall.

A generator gives twelve uneven frames a second, a display shows sixty even ones. At each arrival the picture that is
shown becomes the origin of a crossfade to the new one, over the time that the next is expected in. The clock is the
caller's, and nothing here touches a screen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from installation.core.clock import ease_out
from installation.stage.picture import DecodedPicture, Floats, Pixels

STEP_LIMIT = 9.0  # mean difference (0..255) between successive presented frames that nobody asked for
INTERVALS = (1 / 120, 0.5)  # seconds between generated frames that the running estimate may believe
STALL = 1.0  # seconds
STRETCH = 1.15  # a crossfade lasts a little longer than expected, so that it seldom waits for a late frame
FIRST_RISE = 0.6  # seconds in which the first picture rises from black


@dataclass(frozen=True, eq=False)
class CrossfadeView:
    """What is to be shown: `origin` crossfaded to `target` by `mix` (0..1), under `light` (0..1)."""

    origin: DecodedPicture
    target: DecodedPicture
    mix: float
    light: float = 1.0

    def samples(self) -> Floats:
        """The sample points of the picture as lit, [GRID_HEIGHT, GRID_WIDTH, 3] of 0..255."""
        return _mixed(self.origin.samples, self.target.samples, self.mix, self.light)

    def pixels(self, part: tuple[slice, slice] = (slice(None), slice(None))) -> Floats:
        """The picture as lit, [h, w, 3] of 0..255; `part`: which rows and columns of it."""
        return _mixed(self.origin.pixels[part], self.target.pixels[part], self.mix, self.light)

    def lit(self, light: float) -> CrossfadeView:
        """The same picture under that light."""
        return replace(self, light=light)


def _mixed(origin: Pixels, target: Pixels, mix: float, light: float) -> Floats:
    if mix >= 1.0:
        return target.astype(np.float32) * np.float32(light)
    mixed = origin.astype(np.float32)
    mixed *= np.float32((1.0 - mix) * light)
    mixed += target.astype(np.float32) * np.float32(mix * light)
    return mixed


class Crossfade:
    """Takes generated frames as they come, gives the View for each presented frame."""

    def __init__(self, step_limit: float = STEP_LIMIT) -> None:
        self.step_limit = step_limit
        self.take = -1
        self.prompt_id = 0
        self.interval = 1 / 15
        self._view: CrossfadeView | None = None
        self._arrived = 0.0
        self._shown_at = 0.0
        self._anchor = 0.0  # when the present crossfade began
        self._fade = (0.0, 0.0)  # when the fade into this take began, and its seconds
        self._changes = (0.0, 0.0)  # of the newest words, at origin and target
        self._distance = 0.0
        self._cut = False

    def arrive(
        self,
        frame: NDArray[np.uint8],
        now: float,
        *,
        take: int = 0,
        prompt_id: int = 0,
        fade: float = 0.0,
        change: float = 0.0,
    ) -> bool:
        """A generated frame [h, w, 3] has come; it is copied. False if its take is over and it is dropped.

        The first frame of a new take cuts if `fade` is 0, else crossfades from the old take's last picture in `fade`
        seconds. `change` tells how far the frame's words have changed it (0..255).
        """
        if take < self.take:
            return False
        before, new = self._view, take > self.take
        target = DecodedPicture.of(frame.copy())
        if not new:
            self._learn(now - self._arrived)
        self._cut = new and before is not None and fade <= 0
        if new:
            self._fade = (now, fade if before is not None else max(fade, FIRST_RISE))
        self._changes = (self._shown_change() if prompt_id == self.prompt_id else 0.0, change)
        self._anchor = now if new else max(self._shown_at, now - INTERVALS[1] / 2)
        self._view = _cut_to(target) if self._cut else _away_from(before, target)
        self._distance = float(np.abs(self._view.target.samples - self._view.origin.samples).mean())
        self.take, self.prompt_id, self._arrived = take, prompt_id, now
        return True

    def at(self, now: float) -> CrossfadeView | None:
        """The View to present at `now`; None before the first picture. Call it once per presented frame."""
        view = self._view
        if view is None:
            return None
        step = max(0.0, self._wanted(now) - view.mix)
        if self._distance * step > self.step_limit:
            step = self.step_limit / self._distance
        self._view = replace(view, mix=min(1.0, view.mix + step))
        self._shown_at = now
        return self._view

    def blend(self) -> NDArray[np.uint8] | None:
        """The picture last given by `at`, [h, w, 3]; None before the first."""
        return None if self._view is None else np.rint(self._view.pixels()).astype(np.uint8)

    @property
    def change(self) -> float:
        """How far the newest words have visibly changed the picture, 0..255."""
        return self._shown_change()

    def _shown_change(self) -> float:
        mix = self._view.mix if self._view else 0.0
        return self._changes[0] + (self._changes[1] - self._changes[0]) * mix

    def _learn(self, gap: float) -> None:
        if gap < STALL:  # a stall says nothing about the next frames
            gap = min(max(gap, INTERVALS[0]), INTERVALS[1])
            self.interval += 0.2 * (gap - self.interval)

    def _wanted(self, now: float) -> float:
        """How far the crossfade should be. Within the fade of a take, each frame goes the share of the fade that
        falls to it, so that the old picture's weight is 1 - ease_out(t) however many frames come meanwhile.
        """
        start, seconds = self._fade
        gone = ease_out((self._anchor - start) / seconds) if seconds > 0 else 1.0
        if gone < 1.0:
            return (ease_out((now - start) / seconds) - gone) / (1.0 - gone)
        return min(1.0, (now - self._anchor) / (self.interval * STRETCH))


def _cut_to(target: DecodedPicture) -> CrossfadeView:
    return CrossfadeView(target, target, 1.0)


def _away_from(before: CrossfadeView | None, target: DecodedPicture) -> CrossfadeView:
    """The start of a crossfade to `target` from what is shown, or from black."""
    height, width = target.pixels.shape[:2]
    if before is None:
        return CrossfadeView(DecodedPicture.black(height, width), target, 0.0)
    return CrossfadeView(DecodedPicture.of(before.lit(1.0).pixels()).resized(height, width), target, 0.0)
