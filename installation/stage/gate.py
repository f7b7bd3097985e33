"""The last gate before the painter: nothing that would flash too often goes through it unslowed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from installation.stage.crossfade import STEP_LIMIT, CrossfadeView
from installation.stage.flash_guard import FlashGuard
from installation.stage.picture import DecodedPicture


@dataclass(frozen=True, eq=False)
class GatedFrame:
    """What may be presented; whether the guard slowed it; its mean difference (0..255) from the frame before."""

    view: CrossfadeView | None
    held: bool = False
    difference: float = 0.0


class FlashGate:
    """Keeps what was presented last, so that a change can be presented in part."""

    def __init__(self) -> None:
        self._guard = FlashGuard()
        self._last: CrossfadeView | None = None
        self._light = 1.0
        self._held = False  # the last frame was not what was asked for

    def through(self, view: CrossfadeView | None, light: float, now: float) -> GatedFrame:
        """The picture under that light (0..1), as far as the flash guard lets it change at `now`."""
        if view is None:
            return GatedFrame(None)
        last, wanted = self._last, view.lit(light)
        by_hand = light != self._light
        behind = last is not None and self._held and not by_hand and _apart(wanted, last) > STEP_LIMIT
        if behind and last is not None:  # what was held is caught up with gently, not in one jump
            wanted = _part_way(last, wanted, STEP_LIMIT / _apart(wanted, last))
        share = self._guard.allow(wanted.samples(), now, by_hand=by_hand)
        if share < 1.0 and last is not None:
            wanted = _part_way(last, wanted, share)
        difference = 0.0 if last is None else _apart(wanted, last)
        self._last, self._light, self._held = wanted, light, share < 1.0 or behind
        return GatedFrame(wanted, self._held, difference)


def _apart(one: CrossfadeView, other: CrossfadeView) -> float:
    return float(np.abs(one.samples() - other.samples()).mean())


def _part_way(last: CrossfadeView, wanted: CrossfadeView, share: float) -> CrossfadeView:
    target = DecodedPicture.of(wanted.pixels())
    return CrossfadeView(DecodedPicture.of(last.pixels()).resized(*target.pixels.shape[:2]), target, share)
