"""Interpolation between generated frames: every new frame fades in over the picture on the stage.

A generator delivers about a dozen frames a second at uneven times; a display shows sixty evenly spaced ones. Each new
frame starts a crossfade from whatever is shown at that moment, over the time until the next frame is expected. The
caller passes the time in, in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from installation.core.clock import ease_out
from installation.stage.picture import DecodedPicture, Floats, Pixels

MAX_STEP = 9.0  # mean difference (0..255) between two presented frames, except in a hard cut
MIN_INTERVAL, MAX_INTERVAL = 1 / 120, 0.5  # seconds between generated frames that the running estimate accepts
INITIAL_INTERVAL = 1 / 15  # seconds
INTERVAL_SMOOTHING = 0.2  # the weight of a new interval in the running estimate
STALL_SECONDS = 1.0  # a longer interval is a stall and says nothing about the next ones
STRETCH = 1.15  # a crossfade lasts a little longer than the interval, so that it rarely has to wait for a late frame
FIRST_FADE_SECONDS = 0.6  # at least, for the first picture, which fades in from black


@dataclass(frozen=True, eq=False)
class GeneratedFrame:
    """A picture for the stage.

    Attributes:
        picture: [height, width, 3], sRGB.
        take: The take it belongs to; frames of an earlier take than the current one are dropped.
        prompt_id: The prompt it shows; 0 for none.
        change: How far that prompt has changed the picture so far: a mean difference, 0..255.
    """

    picture: NDArray[np.uint8]
    take: int = 0
    prompt_id: int = 0
    change: float = 0.0


@dataclass(frozen=True, eq=False)
class CrossfadeView:
    """A picture to be drawn: `origin` crossfaded to `target` by `mix`, times `brightness`; both 0..1."""

    origin: DecodedPicture
    target: DecodedPicture
    mix: float
    brightness: float = 1.0

    def samples(self) -> Floats:
        """The sample grid of the picture, [GRID_HEIGHT, GRID_WIDTH, 3] of 0..255."""
        return _blend(self.origin.samples, self.target.samples, self.mix, self.brightness)

    def pixels(self, part: tuple[slice, slice] = (slice(None), slice(None))) -> Floats:
        """The rows and columns in `part` of the picture, [h, w, 3] of 0..255."""
        return _blend(self.origin.pixels[part], self.target.pixels[part], self.mix, self.brightness)

    def with_brightness(self, brightness: float) -> CrossfadeView:
        """The same crossfade at another brightness, 0..1."""
        return replace(self, brightness=brightness)


def _blend(origin: Pixels, target: Pixels, mix: float, brightness: float) -> Floats:
    if mix >= 1.0:
        return target.astype(np.float32) * np.float32(brightness)
    blended = origin.astype(np.float32)
    blended *= np.float32((1.0 - mix) * brightness)
    blended += target.astype(np.float32) * np.float32(mix * brightness)
    return blended


class Crossfade:
    """Receives generated frames and gives the view of each presented frame.

    Attributes:
        take: The current take; -1 before the first frame.
        prompt_id: The prompt of the latest frame; 0 for none.
        interval: The running estimate of the seconds between two generated frames.
    """

    def __init__(self) -> None:
        self.take = -1
        self.prompt_id = 0
        self.interval = INITIAL_INTERVAL
        self._view: CrossfadeView | None = None
        self._received_at = 0.0
        self._shown_at = 0.0
        self._started_at = 0.0  # of the crossfade to the latest frame
        self._fade_started_at = 0.0  # of the fade into the current take
        self._fade_seconds = 0.0
        self._change_range = (0.0, 0.0)  # change by the current prompt, at origin and at target
        self._distance = 0.0  # mean difference (0..255) between origin and target

    def receive(self, frame: GeneratedFrame, fade_seconds: float, now: float) -> bool:
        """Starts a crossfade to a frame, whose picture is copied. Returns False if its take is over.

        The first frame of a take fades in over the last picture of the take before in `fade_seconds`, or cuts if that
        is 0. For all other frames `fade_seconds` has no meaning.
        """
        if frame.take < self.take:
            return False
        shown, new_take = self._view, frame.take > self.take
        target = DecodedPicture.from_pixels(frame.picture.copy())
        if new_take:
            self._fade_started_at = now
            self._fade_seconds = fade_seconds if shown else max(fade_seconds, FIRST_FADE_SECONDS)
        else:
            self._update_interval(now - self._received_at)
        self._change_range = (self.change if frame.prompt_id == self.prompt_id else 0.0, frame.change)
        self._started_at = now if new_take else max(self._shown_at, now - MAX_INTERVAL / 2)
        cut = new_take and shown is not None and fade_seconds <= 0
        self._view = CrossfadeView(target, target, 1.0) if cut else _start_crossfade(shown, target)
        self._distance = float(np.abs(self._view.target.samples - self._view.origin.samples).mean())
        self.take, self.prompt_id, self._received_at = frame.take, frame.prompt_id, now
        return True

    def advance(self, now: float) -> CrossfadeView | None:
        """The view to present at `now`; None before the first frame. To be called once for each presented frame."""
        view = self._view
        if view is None:
            return None
        step = max(0.0, self._desired_mix(now) - view.mix)
        if self._distance * step > MAX_STEP:
            step = MAX_STEP / self._distance
        self._view = replace(view, mix=min(1.0, view.mix + step))
        self._shown_at = now
        return self._view

    def blended(self) -> NDArray[np.uint8] | None:
        """The picture of the latest view, [height, width, 3]; None before the first frame."""
        return None if self._view is None else np.rint(self._view.pixels()).astype(np.uint8)

    @property
    def change(self) -> float:
        """How far the current prompt has visibly changed the picture: a mean difference, 0..255."""
        mix = self._view.mix if self._view else 0.0
        return self._change_range[0] + (self._change_range[1] - self._change_range[0]) * mix

    def _update_interval(self, interval: float) -> None:
        if interval < STALL_SECONDS:
            interval = min(max(interval, MIN_INTERVAL), MAX_INTERVAL)
            self.interval += INTERVAL_SMOOTHING * (interval - self.interval)

    def _desired_mix(self, now: float) -> float:
        """How far the crossfade should be.

        During the fade into a take, each crossfade covers its share of that fade: the weight of the old take's picture
        is 1 - ease_out(t) of the fade, however many frames are received meanwhile.
        """
        start, seconds = self._fade_started_at, self._fade_seconds
        done = ease_out((self._started_at - start) / seconds) if seconds > 0 else 1.0
        if done < 1.0:
            return (ease_out((now - start) / seconds) - done) / (1.0 - done)
        return min(1.0, (now - self._started_at) / (self.interval * STRETCH))


def _start_crossfade(shown: CrossfadeView | None, target: DecodedPicture) -> CrossfadeView:
    """A crossfade to `target` at its start, from the view that is shown or from black."""
    height, width = target.pixels.shape[:2]
    if shown is None:
        return CrossfadeView(DecodedPicture.black(height, width), target, 0.0)
    origin = DecodedPicture.from_pixels(shown.with_brightness(1.0).pixels())
    return CrossfadeView(origin.resized(height, width), target, 0.0)
