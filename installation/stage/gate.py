"""The last gate before the painter: nothing that would flash too often goes through it unslowed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from installation.stage.easing import View
from installation.stage.flash import FlashGuard
from installation.stage.plate import Plate


@dataclass(frozen=True, eq=False)
class Passed:
    """What may be presented; whether the guard slowed it; its mean difference (0..255) from the frame before."""

    view: View | None
    held: bool = False
    difference: float = 0.0


class Gate:
    """Keeps what was presented last, so that a change can be presented in part."""

    def __init__(self) -> None:
        self._guard = FlashGuard()
        self._last: View | None = None
        self._light = 1.0

    def through(self, view: View | None, light: float, now: float) -> Passed:
        """The picture under that light (0..1), as far as the flash guard lets it change at `now`."""
        if view is None:
            return Passed(None)
        last, wanted = self._last, view.lit(light)
        share = self._guard.allow(wanted.samples(), now, by_hand=light != self._light)
        if share < 1.0 and last is not None:
            target = Plate.of(wanted.pixels())
            wanted = View(Plate.of(last.pixels()).resized(*target.pixels.shape[:2]), target, share)
        difference = 0.0 if last is None else float(np.abs(wanted.samples() - last.samples()).mean())
        self._last, self._light = wanted, light
        return Passed(wanted, share < 1.0, difference)
