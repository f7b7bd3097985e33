"""Two ridges behind the farthest land, pale in the mist, that only an audience sees."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.draw_context import batch_max
from installation.models.theatre.paper import deckle
from installation.models.theatre.raster import cached_constant
from installation.models.theatre.scene import Scene
from installation.models.theatre.sprite_tables import rough_line, triangle_wave
from installation.models.theatre.vocabulary import Z

HEIGHTS = {  # of the farthest ridge above the horizon, in units: none hides the sun or the moon
    "field": 0.13,
    "hills": 0.19,
    "river": 0.22,
    "road": 0.13,
    "forest": 0.21,
    "desert": 0.15,
    "lake": 0.19,
    "mountains": 0.36,
    "village": 0.21,
    "graveyard": 0.18,
    "ruins": 0.16,
    "swamp": 0.16,
    "jungle": 0.21,
    "cave": 0.12,
    "volcano": 0.14,
    "island": 0.05,
}
HEADLAND, HEADLAND_BEGINS, HEADLAND_RISES = 0.15, 0.12, 0.30  # of a coast: height, x from the middle, units it rises
ROCKY = ("mountains", "lake", "ice", "volcano", "forest", "jungle")  # have peaks; the others have swells or both
FOOT = 0.01  # how far below the horizon both ridges have their feet, in units
FLOOR = 0.42  # share of the height that valleys have
LEFTMOST, KNOTS_PER_UNIT, KNOTS = -4.0, 128, 1152  # of the profiles: x of the first knot, in units


class FarRidge(NamedTuple):
    """A sheet of paper in the distance: y at each column, [batch, 1, 1, width], and what it looks like."""

    line: Tensor
    haze: float  # how much of the mist's colour it has, 0..1
    softness: float = 0.006  # width of its edge, in units
    mist_depth: float = 0.16  # below its edge, where it has turned to mist, in units


def far_ridges(scene: Scene) -> tuple[FarRidge, ...]:
    """Both ridges, the farther one first; none where the land is open or walled in."""
    height = _height(scene)
    if batch_max(height) <= 0.001:
        return ()
    farther, nearer = _lines(scene, height).unbind(0)
    return FarRidge(farther[None], 0.40), FarRidge(nearer[None], 0.18)


def _height(scene: Scene) -> Tensor:
    """Of the farther ridge, in units, [batch, 1, 1, 1 or width]; a huge moon stands before none."""
    zero = torch.zeros_like(scene.horizon)
    present = [terrain for terrain in scene.present("terrain") if terrain in HEIGHTS]
    tall = sum((scene.weight("terrain", terrain) * HEIGHTS[terrain] for terrain in present), zero)
    if "huge sky" in scene.marks:
        tall = tall * (1 - scene.mark("huge sky"))
    tall = tall * (0.78 + 0.36 * scene.bounded(Z.GROWTH[5]))
    return tall + _headland(scene) if scene.has("terrain", "sea") else tall


def _headland(scene: Scene) -> Tensor:
    """The height of a coast that runs out into the sea on one side, as z says, [1, 1, 1, width]."""
    side = torch.tanh(4 * scene.bounded(Z.GROWTH[4]) + 0.6)
    out = ((scene.grid.x - 0.5) * side - HEADLAND_BEGINS).clamp(min=0) * (1 / HEADLAND_RISES)
    return HEADLAND * scene.weight("terrain", "sea") * (1 - 1 / (1 + out * out))


def _lines(scene: Scene, height: Tensor) -> Tensor:
    """The y of both ridges at each column, [2, 1, 1, width]: peaks, swells, or something between, as z says."""
    always = scene.weight("terrain", *ROCKY)
    rocky = always + 0.5 * (1 + scene.bounded(Z.GROWTH[4])) * (1 - always - scene.weight("terrain", "desert"))
    place = ((scene.grid.x - (0.3 * scene.bounded(Z.SHIFT[5]) + LEFTMOST)) * KNOTS_PER_UNIT).clamp(0, KNOTS - 1.001)
    before = place.long()
    profiles = _profiles(scene.device)
    columns = before.view(1, -1).expand(4, -1)
    left, right = profiles.gather(1, columns), profiles.gather(1, columns + 1)
    peaks, swells = torch.lerp(left, right, (place - before).view(1, -1)).view(2, 2, 1, 1, -1)
    risen = torch.lerp(swells, peaks, rocky.clamp(0, 1))
    return scene.horizon + FOOT - height * risen + deckle(scene.grid.x, 0)


@cached_constant
def _profiles(device: torch.device) -> Tensor:
    """Peaks and swells of the farther and the nearer ridge, 0 to about 1, [4, knots]."""
    x = LEFTMOST + torch.arange(KNOTS, device=device) / KNOTS_PER_UNIT
    rows: tuple[list[Tensor], list[Tensor]] = ([], [])
    for shift, rate, share in ((3.1, 0.8, 1.0), (0.7, 1.15, 0.68)):
        at = (x + shift) * rate
        peaks = triangle_wave(0, 0.24 * at) * (0.55 + 0.45 * rough_line(0, 0.3 * at))
        peaks = peaks + 0.07 * triangle_wave(2, 0.55 * at)
        swells = 0.55 + 0.26 * torch.sin(2.9 * at + 1) + 0.19 * torch.sin(5.3 * at)
        for row, profile in zip(rows, (peaks, swells), strict=True):
            row.append(share * (FLOOR + (1 - FLOOR) * profile))
    return torch.stack([*rows[0], *rows[1]])
