"""A village: two rows of houses with gables and chimneys, a church tower, and every window lit."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.polygon_mask import Outline, stroke
from installation.models.theatre.raster import Raster, angle, falloff, ink, lasting
from installation.models.theatre.scene import Scene
from installation.models.theatre.sliding_mask import laid
from installation.models.theatre.sprite_tables import stranger

TILES = (-2, -1, 0, 1, 2)
LAMPLIGHT = "ffd070"
VILLAGE = (0.70, 0.80)  # the ground on which the far and the near row of houses stand


House = tuple[float, float, float, float]  # middle, half width, height of the wall, height of the roof


def houses(row: int) -> list[House]:
    """The houses of a row of a village, their chimneys, and the church."""
    columns: list[House] = []
    for tile in TILES:
        random = stranger("temper", 502 + row, tile)
        for number in range(6):
            wide = 0.048 + 0.022 * random.random()
            x = tile + (number + 0.5 + 0.35 * (random.random() - 0.5)) / 6
            columns.append((x, wide, 0.055 + 0.03 * random.random(), 0.05 + 0.04 * random.random()))
            columns.append((x + 0.5 * wide, 0.008, columns[-1][2] + 0.8 * columns[-1][3], 0.0))
        if row == 1:
            columns.append((tile + 0.335, 0.026, 0.17, 0.13))
    return columns


@lasting
def _houses(device: torch.device, row: int) -> tuple[Tensor, ...]:
    """The measures of the houses, [houses, 1] each."""
    return tuple(torch.tensor(houses(row), dtype=torch.float32, device=device).T[..., None].unbind(0))


def aside_of(scene: Scene, row: int) -> Tensor:
    """How far a row of houses stands to the right of where it is cut, [batch, 1, 1, 1]."""
    return 0.14 * scene.bounded(21 + row)


def skyline(scene: Scene, row: int) -> Tensor:
    """How high the roofs of a row of houses stand above the ground, [batch, 1, 1, width]."""
    x, wide, wall, roof = _houses(scene.device, row)
    aside = (scene.frame.x[:, 0] - aside_of(scene, row)[:, 0] - x).abs()
    soft = ((wide - aside) / scene.frame.pixel + 0.5).clamp(0, 1)
    gable = (wall + roof * (1 - aside / wide)) * soft
    return gable.amax(1)[:, None, None]


def lit_panes(row: int, ground: float) -> list[Outline]:
    """The windows of a row of houses."""
    side, found = 0.017, []
    for at, half, high, gable in houses(row):
        if gable > 0.1:
            places = [(at, 0.10), (at, 0.155)]
        elif gable > 0:
            places = [(at - 0.42 * half, 0.55 * high), (at + 0.42 * half, 0.55 * high), (at, high + 0.2 * gable)]
        else:
            places = []
        found += [stroke(x, ground - y - side / 2, x, ground - y + side / 2, side, side) for x, y in places]
    return found


def panes() -> list[Outline]:
    return lit_panes(1, VILLAGE[1])


def paint_village_lights(canvas: Raster, scene: Scene, roofs: Tensor) -> None:
    """Every window of a village is lit; a glow lies around the houses."""
    weight = scene.weight("terrain", "village")
    box = scene.frame.box(0.48, 0.82)
    colour = ink(LAMPLIGHT, scene.device)
    dusk = 1 - (1.3 * scene.brightness - 0.3).clamp(0, 0.7)
    glow = falloff((box.y - 0.72).abs() - 0.02, 0.14) * box.inside(box.y - box.of(roofs) + 0.02)
    canvas.light(box, colour, glow * (0.24 * dusk * weight), burn=0.4)
    flicker = 0.94 + 0.06 * torch.sin(box.x * 37 + angle(1.3, scene.phase))
    canvas.over(box, colour, laid(box, panes, aside_of(scene, 1)) * flicker * weight)
