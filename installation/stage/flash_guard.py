"""The flash guard: no more than three flashes in any second, whatever asks for them.

WCAG 2.3.1 and the Harding test: a flash is a pair of opposing changes of relative luminance of a tenth or more over at
least a quarter of the picture. The guard is stricter than the rule where that is simpler: it counts changes in the
bright range too, and changes of different places as one.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from installation.stage.picture import GRID_HEIGHT, GRID_WIDTH, Floats

CELLS = (9, 16)
CHANGE = 0.09  # of relative luminance: a little under the tenth, for what upscaling and dithering add
AREA = 0.22  # of the picture, a little under the quarter
WINDOW = 1.05  # seconds
TOGETHER = 0.25  # seconds within which changes at different places count as one
CHANGES = 6  # single changes in a window: three pairs
OF_THE_PICTURE = 4  # of these, what the picture alone may spend; the rest is kept for the operator's hand
_SHARES = (1.0, 0.5, 0.25, 0.12, 0.06, 0.03)
_WEIGHTS = np.array([0.2126, 0.7152, 0.0722], np.float32)


def _linearised() -> Floats:
    value = np.arange(256) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


_LINEAR = _linearised()


def luminance(samples: Floats) -> Floats:
    """Relative luminance (0..1) of sRGB samples [36, 64, 3] of 0..255, as the mean of each of 9 x 16 cells."""
    light = _LINEAR[np.clip(np.rint(samples), 0, 255).astype(np.uint8)] @ _WEIGHTS
    rows, columns = CELLS
    cells = light.reshape(rows, GRID_HEIGHT // rows, columns, GRID_WIDTH // columns)
    return np.asarray(cells.mean(axis=(1, 3)), np.float32)


class FlashGuard:
    """Follows what is presented and says how far the next change may go."""

    def __init__(self) -> None:
        self._shown: Floats | None = None
        self._low = self._high = np.zeros(CELLS, np.float32)  # extremes since a cell's last change
        self._heading = np.zeros(CELLS, np.int8)  # 1 after a change upwards, -1 downwards
        self._rose = self._fell = np.full(CELLS, -np.inf)  # when, where not yet counted
        self._counted: deque[float] = deque()

    def allow(self, samples: Floats, now: float, by_hand: bool = False) -> float:
        """How much (0..1) of the change from what was presented to `samples` [36, 64, 3] may be presented at `now`.

        `by_hand`: the light was changed by the operator, whose share of the changes is kept free. The caller presents
        `shown + share * (samples - shown)`.
        """
        if self._shown is None:
            self._begin(samples)
            return 1.0
        while self._counted and self._counted[0] <= now - WINDOW:
            self._counted.popleft()
        share = self._share(samples, now, CHANGES if by_hand else OF_THE_PICTURE)
        shown = self._shown + (samples - self._shown) * np.float32(share)
        self._follow(luminance(shown), now)
        self._shown = shown
        return share

    def _begin(self, samples: Floats) -> None:
        self._shown = samples
        self._low = self._high = luminance(samples)

    def _share(self, samples: Floats, now: float, budget: int) -> float:
        assert self._shown is not None
        if len(self._counted) < budget:
            return 1.0
        for share in _SHARES:
            cells = luminance(self._shown + (samples - self._shown) * np.float32(share))
            rose, fell = self._changes(cells, now)
            if not _large(rose, now) and not _large(fell, now):
                return share
        return 0.0

    def _changes(self, cells: Floats, now: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        up = (cells - self._low >= CHANGE) & (self._heading <= 0)
        down = (self._high - cells >= CHANGE) & (self._heading >= 0)
        return np.where(up, now, self._rose), np.where(down, now, self._fell)

    def _follow(self, cells: Floats, now: float) -> None:
        rose, fell = self._changes(cells, now)
        up, down = rose > self._rose, fell > self._fell
        self._high = np.where(up, cells, np.maximum(self._high, cells))
        self._low = np.where(down, cells, np.minimum(self._low, cells))
        self._heading = np.where(up, 1, np.where(down, -1, self._heading)).astype(np.int8)
        large_rise, large_fall = _large(rose, now), _large(fell, now)
        if large_rise or large_fall:
            self._counted.append(now)
        self._rose = np.full(CELLS, -np.inf) if large_rise else rose
        self._fell = np.full(CELLS, -np.inf) if large_fall else fell


def _large(times: NDArray[np.float64], now: float) -> bool:
    return bool((times > now - TOGETHER).mean() >= AREA)
