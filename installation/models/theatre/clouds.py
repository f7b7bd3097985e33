"""What hangs in the air: drifting clouds, banks of fog, and lightning that comes and goes softly."""

from __future__ import annotations

import math
from functools import lru_cache

import torch
from torch import Tensor

from installation.models.theatre.raster import Frame, Raster, angle, falloff, ink, lasting
from installation.models.theatre.scene import Scene
from installation.models.theatre.sky_effects import spare_sun
from installation.models.theatre.sprite_tables import BOLTS, SCREEN, bolts, stranger

PUFFS = ((-0.13, 0.0, 0.055), (-0.05, -0.035, 0.07), (0.05, -0.02, 0.065), (0.13, 0.0, 0.05), (0.0, 0.01, 0.06))
ROWS = (  # x and y of a row's cloud number 0, how far apart its clouds stand, their speed in units a second
    (0.22, 0.24, 1.74, 0.0062),
    (0.72, 0.17, 1.92, 0.0043),
    (0.52, 0.38, 1.83, 0.0078),
    (0.05, 0.42, 2.11, 0.0095),
    (0.93, 0.36, 1.97, 0.0070),
    (1.37, 0.22, 1.74, 0.0055),  # the last three begin beside the square
    (1.42, 0.40, 1.79, 0.0085),
    (1.31, 0.10, 1.72, 0.0037),
)
SHADOW = 0.13  # how far a cloud's shadow reaches
WHITE = "ffffff"
BOLT_SECONDS = 7.0  # from one flash to the next: slow, for the sake of photosensitive eyes


def paint_clouds(canvas: Raster, scene: Scene) -> None:
    """Rows of paper clouds without end; those of rain and thunder are dark."""
    cover = (
        scene.weight("weather", "clouds")
        + 0.9 * scene.weight("weather", "rain")
        + 0.95 * scene.weight("weather", "lightning")
        + 0.55 * scene.weight("weather", "snow")
    )
    dark = 0.45 * scene.weight("weather", "rain") + 0.6 * scene.weight("weather", "lightning")
    colour = (scene.palette.horizon * 0.55 + scene.palette.glow * 0.45) * (1 - 0.62 * dark)
    for row in range(len(ROWS)):
        for x, y, size in in_view(scene.frame, row, scene.phase):
            _cloud(canvas, scene, row, x, y, size, colour, cover)


def in_view(frame: Frame, row: int, phase: float) -> list[tuple[float, float, float]]:
    """The clouds of a row that may be seen now: x, y, size."""
    start, height, period, speed = ROWS[row]
    start += speed * phase
    first = math.ceil((frame.left - 0.5 - start) / period)
    last = math.floor((frame.right + 0.5 - start) / period)
    found = []
    for number in range(first, last + 1):
        lift, size = cut(row, number)
        found.append((start + number * period, height + lift, size))
    return found


@lru_cache(maxsize=256)
def cut(row: int, number: int) -> tuple[float, float]:
    """How much lower than its row a cloud hangs, and its size; number 0 is as it should be, the others vary."""
    if number == 0:
        return 0.0, 1.0
    lift, size = stranger("cloud", row, number).random(2)
    return 0.06 * (lift - 0.5), 0.8 + 0.4 * size


def _cloud(canvas: Raster, scene: Scene, row: int, x: float, y: float, size: float, colour: Tensor,
           cover: Tensor) -> None:  # fmt: skip
    wide = 0.07 + 0.20 * 1.15 * 1.23 * size + SHADOW
    box = scene.frame.box(y - 0.12 * 1.42 * size - SHADOW, y + 0.05 * size + SHADOW, x - wide, x + wide)
    if box.empty:
        return
    middle = x + 0.07 * scene.bounded(7 + row % 3)
    scale = 1.15 * size * torch.exp(0.2 * scene.bounded(10 + row % 2))
    depth = None
    for dx, dy, radius in PUFFS:
        away = (box.x - middle - dx * scale) ** 2 + (box.y - y - dy * scale) ** 2
        puff = radius * scale - torch.sqrt(away + 1e-6)
        depth = puff if depth is None else torch.maximum(depth, puff)
    assert depth is not None
    depth = spare_sun(box, scene, torch.minimum(depth, y + 0.03 * scale - box.y))
    shape = box.inside(depth) * cover
    canvas.shade(box, falloff(-(depth + 0.012), SHADOW) * (cover * 0.22) * (1 - shape))
    light = 0.80 + 0.25 * ((y + 0.03 - box.y) / 0.13).clamp(0, 1)
    canvas.over(box, colour * light, shape * 0.88)


def paint_fog(canvas: Raster, scene: Scene, height: float, depth: float, thickness: float) -> None:
    """A bank of fog across the picture, `height` below the horizon, slowly heaving."""
    box = scene.frame.box()
    heave = 0.012 * torch.sin(box.x * 4.1 + angle(0.21, scene.phase) + height * 40)
    place = (box.y - scene.horizon - height - heave) / depth
    amount = torch.exp(-(place * place)) * (thickness * scene.weight("weather", "fog"))
    canvas.over(box, scene.mist, amount)


def flash(phase: float) -> list[tuple[int, float]]:
    """Which bolts stand in the sky, and how bright: as one dies away the next one swells, softly; so there is always
    one to be seen. At phase 0 the first is at its brightest.
    """
    bolts = []
    for late in (0.0, 0.5):
        turn = phase / BOLT_SECONDS + late
        number = math.floor(turn + 0.5)
        bolts.append(((2 * number + round(2 * late)) % BOLTS, (0.5 + 0.5 * math.cos(2 * math.pi * turn)) ** 2))
    return bolts


@lasting
def bolt_picture(frame: Frame, variant: int) -> Tensor:
    """A bolt of lightning, [1, 1, height, width]."""
    ax, ay, bx, by, width = (part.view(-1, 1, 1) for part in bolts(variant, frame.device).unbind(1))
    x, y = frame.x[0, 0], frame.y[0, 0]
    along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
    along = along.clamp(0, 1)
    distance = torch.sqrt((x - ax - along * (bx - ax)) ** 2 + (y - ay - along * (by - ay)) ** 2)
    cover = ((width / 2 / SCREEN - distance) / frame.pixel + 0.5).clamp(0, 1)
    return cover.amax(0)[None, None]


def paint_lightning(canvas: Raster, scene: Scene) -> None:
    """Bolts, and the light that they throw on the sky around them."""
    box = scene.frame.box()
    lit = torch.exp(-(((box.x - 0.6) / 0.25) ** 2)) * (1 - box.y).clamp(0, 1)
    for variant, brightness in flash(scene.phase):
        if brightness > 1e-3:
            amount = brightness * scene.weight("weather", "lightning")
            canvas.over(box, ink(WHITE, scene.device), bolt_picture(scene.frame, variant) * (0.98 * amount))
            canvas.light(box, ink(WHITE, scene.device), lit * (0.16 * amount), burn=0.0)
