"""Changes of scene as in a theatre: flats and figures leave whole, and only then come others.

While the weight goes from one terrain to another, the heavier one is on stage: the figures leave, the light dips, the
nearest flat sinks first and the farthest last, then the new ones rise in the opposite order, and the figures enter.
Sky and weather crossfade meanwhile. All follows from the class weights alone, so that a change can be stopped, turned
round or replaced by another at any moment without a jump.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.interfaces import Floats
from installation.models.theatre.camera import FAR, MIDDLE, NEAR, ROOM, STAGE
from installation.models.theatre.figure_layout import ENTRANCE, ON_STAGE
from installation.models.theatre.raster import kept_while_painting
from installation.models.theatre.vocabulary import CELESTIALS, GROUP_SLICES, GROUPS

CAST = ("subject", "companion")
NEUTRAL = {group.name: group.neutral for group in GROUPS}
AWAY = {FAR: (0.50, 0.74), MIDDLE: (0.53, 0.80), STAGE: (0.56, 0.84), NEAR: (0.58, 0.92), ROOM: (0.52, 0.90)}
# weights of the heavier terrain at which a plane is gone, and in place
CAST_AWAY = (0.76, 0.98)  # the same for figures
SUNK = 1.1  # how far a flat sinks, in units
PARTED = {NEAR: 2.5, ROOM: 4.0}  # how far what frames the view parts instead (see `Camera.see`), while it fades
DARKER, LIGHT_RANGE = 0.42, (0.56, 0.74)  # the dip of the light, and the weights between which it returns
DIP_RANGE = (0.50, 0.60)  # likewise, of a dip to black; z moves meanwhile
UNSEEN_LAND, UNSEEN_CAST = (0.4, 0.6), (0.2, 0.8)  # parts of a change in which z moves, unseen or nearly so
DRAWN = (0.54, 0.99)  # weights between which the curtain of an opening parts
NO_MOON = (0.58, 0.90)  # weights between which the celestial body fades in at its new place


class SceneChange(NamedTuple):
    """How far a change is: the share of the heaviest of two terrains, and that of the heaviest of figures, .5 to 1.

    Without `moves` nothing leaves: the picture dips to black, and the other is there.
    """

    flats: float
    cast: float
    moves: bool

    @property
    def complete(self) -> bool:
        """Whether nothing changes."""
        return min(self.flats, self.cast) > 0.9999

    @property
    def settled(self) -> bool:
        """Whether all is in place."""
        return min(self.flats, self.cast) >= CAST_AWAY[1]

    @property
    def light(self) -> float:
        """Brightness, 0..1."""
        weight = min(self.flats, self.cast)
        if not self.moves:
            return _smoothstep(weight, *DIP_RANGE)
        return 1 - DARKER * (1 - _smoothstep(weight, *LIGHT_RANGE))

    @property
    def drawn(self) -> float:
        """How far a curtain still is where it was, 0..1; it parts while the first set leaves, and z keeps its mark."""
        return _smoothstep(min(self.flats, self.cast), *DRAWN)

    @property
    def shining(self) -> float:
        """How much of the celestial body is visible, 0..1; it moves to its new place unseen."""
        return _smoothstep(min(self.flats, self.cast), *NO_MOON) if self.moves else 1.0

    def away(self, plane: str) -> float:
        """How far a plane has left, 0..1."""
        if not self.moves or plane not in AWAY:
            return 0.0
        return 1 - _smoothstep(self.flats, *AWAY[plane])


@kept_while_painting
def scene_change(weights: Tensor, moves: bool) -> SceneChange:
    """The change that class weights stand for, [1, NUM_CLASSES]."""
    terrain, *cast = (_lead(weights[0, GROUP_SLICES[group]]) for group in ("terrain", *CAST))
    return SceneChange(terrain, min(cast), moves)


def _lead(weights: Tensor) -> float:
    """The weight of the heaviest class as a share of the two heaviest, so that a third does not empty the stage."""
    first, second = weights.topk(2).values.tolist()
    return float(first / (first + second))


@kept_while_painting
def stage_weights(weights: Tensor, change: SceneChange) -> Tensor:
    """Class weights of what stands on stage: the heaviest terrain alone, and the heaviest figures as far as they are.

    The cast enters and leaves together, because it is composed together. [1, NUM_CLASSES] -> the same.
    """
    staged = weights.clone()
    _set_heaviest(staged, "terrain", 1.0)
    low, high = CAST_AWAY
    entered = min(max((change.cast - low) / (high - low), 0.0), 1.0) if change.moves else 1.0
    for group in CAST:
        _set_heaviest(staged, group, ENTRANCE - 0.05 + (ON_STAGE - ENTRANCE + 0.05) * entered if entered < 1 else 1.0)
    colours = staged[:, GROUP_SLICES["subject_colour"]]
    held = (1 - colours.amax(1, keepdim=True)).clamp(max=0.1) * 10 if change.cast < 0.9999 else 0.0
    heaviest = torch.zeros_like(colours).scatter_(1, colours.argmax(1, keepdim=True), 1.0)
    staged[:, GROUP_SLICES["subject_colour"]] = torch.lerp(colours, heaviest, held)
    return staged


@kept_while_painting
def sky_weights(weights: Tensor, change: SceneChange) -> Tensor:
    """Class weights of the sky and the air: all crossfade, and the celestial body fades. [1, NUM_CLASSES] -> same."""
    if change.shining >= 1.0:
        return weights
    faded = weights.clone()
    celestial = faded[:, GROUP_SLICES["celestial"]]
    celestial *= change.shining
    celestial[:, list(CELESTIALS).index("empty sky")] += 1 - change.shining
    return faded


def z_progress(before: Floats, after: Floats, progress: float, moves: bool) -> float:
    """How far z is on a way between two sets of class logits, each [1, NUM_CLASSES].

    z moves what is on stage, so it waits until that has left, or, if nothing moves, until it is dark.
    """
    for groups, (low, high) in ((("terrain",), UNSEEN_LAND), (CAST, UNSEEN_CAST if moves else UNSEEN_LAND)):
        for group in groups:
            columns = GROUP_SLICES[group]
            if before[0, columns].argmax() != after[0, columns].argmax():
                return _smoothstep(progress, low, high)
    return progress


def _set_heaviest(weights: Tensor, group: str, weight: float) -> None:
    """Leave only the heaviest class of a group, with this weight; nobody has nothing to lose."""
    part = weights[:, GROUP_SLICES[group]]
    heaviest = int(part.argmax())
    part.zero_()
    part[:, heaviest] = 1.0 if heaviest == NEUTRAL[group] else weight


def _smoothstep(value: float, low: float, high: float) -> float:
    t = min(max((value - low) / (high - low), 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)
