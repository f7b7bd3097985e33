"""The flash guard: the stage never flashes more than three times in any second, whatever asks for it.

WCAG 2.3.1 and the Harding test define a flash as a pair of opposing changes of relative luminance of 10 % or more over
at least a quarter of the picture. The guard is stricter than the rule where that is simpler: it also counts changes
between two bright pictures, and it counts changes in different places as one.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from installation.stage.crossfade import MAX_STEP, CrossfadeView
from installation.stage.picture import GRID_HEIGHT, GRID_WIDTH, DecodedPicture, Floats

CELLS = (9, 16)  # rows and columns in which luminance is measured
LUMINANCE_CHANGE = 0.09  # just below 10 %: a margin for upscaling and dithering
AREA = 0.22  # of the picture; just below a quarter
WINDOW_SECONDS = 1.05
SIMULTANEOUS_SECONDS = 0.25  # changes in different places within this time count as one
MAX_CHANGES = 6  # single changes in a window: three pairs
MAX_PICTURE_CHANGES = 4  # of these, what pictures may use; the rest is reserved for the operator's blackout and fades
_SHARES = (1.0, 0.5, 0.25, 0.12, 0.06, 0.03)
_LUMINANCE_WEIGHTS = np.array([0.2126, 0.7152, 0.0722], np.float32)


def _srgb_to_linear() -> Floats:
    value = np.arange(256) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


_LINEAR = _srgb_to_linear()


def luminance(samples: Floats) -> Floats:
    """Mean relative luminance (0..1) of sRGB samples of 0..255 in each cell. [36, 64, 3] -> [9, 16]."""
    linear = _LINEAR[np.clip(np.rint(samples), 0, 255).astype(np.uint8)] @ _LUMINANCE_WEIGHTS
    rows, columns = CELLS
    cells = linear.reshape(rows, GRID_HEIGHT // rows, columns, GRID_WIDTH // columns)
    return np.asarray(cells.mean(axis=(1, 3)), np.float32)


class FlashCounter:
    """Counts the changes of luminance of what is presented, and limits the next one."""

    def __init__(self) -> None:
        self._shown: Floats | None = None
        self._low = self._high = np.zeros(CELLS, np.float32)  # extremes since the last change of a cell
        self._direction = np.zeros(CELLS, np.int8)  # of the last change of a cell: 1 up, -1 down, 0 none
        self._rose = self._fell = np.full(CELLS, -np.inf)  # the time of a cell's change until it is counted
        self._changes: deque[float] = deque()  # the times of the counted changes

    def limit(self, samples: Floats, now: float, by_operator: bool = False) -> float:
        """The share (0..1) of the change to `samples` [36, 64, 3] that may be presented at `now`.

        The caller presents `shown + share * (samples - shown)`.

        Args:
            samples: The samples of the picture that should be presented.
            now: The time in seconds.
            by_operator: Whether the operator changes the brightness; some changes are reserved for that.
        """
        if self._shown is None:
            self._shown = samples
            self._low = self._high = luminance(samples)
            return 1.0
        while self._changes and self._changes[0] <= now - WINDOW_SECONDS:
            self._changes.popleft()
        share = self._allowed_share(self._shown, samples, now, MAX_CHANGES if by_operator else MAX_PICTURE_CHANGES)
        self._shown = self._shown + (samples - self._shown) * np.float32(share)
        self._count(luminance(self._shown), now)
        return share

    def _allowed_share(self, shown: Floats, samples: Floats, now: float, budget: int) -> float:
        if len(self._changes) < budget:
            return 1.0
        for share in _SHARES:
            rose, fell = self._detect(luminance(shown + (samples - shown) * np.float32(share)), now)
            if not _is_large(rose, now) and not _is_large(fell, now):
                return share
        return 0.0

    def _detect(self, cells: Floats, now: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """When each cell rose and fell, if the next frame has these luminances."""
        up = (cells - self._low >= LUMINANCE_CHANGE) & (self._direction <= 0)
        down = (self._high - cells >= LUMINANCE_CHANGE) & (self._direction >= 0)
        return np.where(up, now, self._rose), np.where(down, now, self._fell)

    def _count(self, cells: Floats, now: float) -> None:
        rose, fell = self._detect(cells, now)
        up, down = rose > self._rose, fell > self._fell
        self._high = np.where(up, cells, np.maximum(self._high, cells))
        self._low = np.where(down, cells, np.minimum(self._low, cells))
        self._direction = np.where(up, 1, np.where(down, -1, self._direction)).astype(np.int8)
        large_rise, large_fall = _is_large(rose, now), _is_large(fell, now)
        if large_rise or large_fall:
            self._changes.append(now)
        self._rose = np.full(CELLS, -np.inf) if large_rise else rose
        self._fell = np.full(CELLS, -np.inf) if large_fall else fell


def _is_large(times: NDArray[np.float64], now: float) -> bool:
    """Whether the cells that changed together cover enough of the picture."""
    return bool((times > now - SIMULTANEOUS_SECONDS).mean() >= AREA)


@dataclass(frozen=True, eq=False)
class GuardedFrame:
    """What the flash guard lets through.

    Attributes:
        view: What may be presented; None before the first picture.
        limited: Whether it is less than what was asked for.
        difference: The mean difference (0..255) from the frame before.
    """

    view: CrossfadeView | None
    limited: bool = False
    difference: float = 0.0


class FlashGuard:
    """The last step before the compositor: presents a change in part where all of it would flash too often."""

    def __init__(self) -> None:
        self._counter = FlashCounter()
        self._last: CrossfadeView | None = None
        self._brightness = 1.0
        self._limited = False  # whether the last frame was less than what was asked for

    def apply(self, view: CrossfadeView | None, brightness: float, now: float) -> GuardedFrame:
        """Limits the change to `view` at `brightness` (0..1)."""
        if view is None:
            return GuardedFrame(None)
        wanted = view.with_brightness(brightness)
        if self._last is None:
            self._counter.limit(wanted.samples(), now)
            guarded = GuardedFrame(wanted)
        else:
            guarded = self._limit_change(self._last, wanted, brightness != self._brightness, now)
        self._last, self._brightness, self._limited = guarded.view, brightness, guarded.limited
        return guarded

    def _limit_change(self, last: CrossfadeView, wanted: CrossfadeView, by_operator: bool, now: float) -> GuardedFrame:
        catching_up = self._limited and not by_operator and _difference(wanted, last) > MAX_STEP
        if catching_up:  # gently, not in one jump
            wanted = _part_way(last, wanted, MAX_STEP / _difference(wanted, last))
        share = self._counter.limit(wanted.samples(), now, by_operator=by_operator)
        if share < 1.0:
            wanted = _part_way(last, wanted, share)
        return GuardedFrame(wanted, share < 1.0 or catching_up, _difference(wanted, last))


def _difference(one: CrossfadeView, other: CrossfadeView) -> float:
    return float(np.abs(one.samples() - other.samples()).mean())


def _part_way(last: CrossfadeView, wanted: CrossfadeView, share: float) -> CrossfadeView:
    target = DecodedPicture.from_pixels(wanted.pixels())
    origin = DecodedPicture.from_pixels(last.pixels()).resized(*target.pixels.shape[:2])
    return CrossfadeView(origin, target, share)
