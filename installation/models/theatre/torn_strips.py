"""A sky of torn paper: strips across it, each of one colour, that lie over each other from the top down (chigiri-e)."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from installation.models.theatre.scene import Scene
from installation.models.theatre.sky_rows import ALL, SkyRows
from installation.models.theatre.vocabulary import Z

FEWEST, MORE = 4.4, 2.2  # strips from the zenith to the horizon; how many more or fewer as z says
SWAY, SLOW, QUICK = (0.34, 0.20), (2.3, 6.1), 0.05  # of edges, in strips; radians per unit; how fast they drift
ROUGH = ((0.022, 43.0), (0.018, 89.0))  # of torn edges: in strips; radians per unit
ONE_COLOUR = 0.86  # how much of the sky's change of colour is from strip to strip alone
SHADOW, SHADOW_REACH = 0.11, 0.30  # what a strip takes from the light on the one below it; how far, in strips
EDGE, TORN = 2.0, 0.12  # width of an edge in pixels; opacity of the pale core of paper along it
LOWEST = 0.03  # above the horizon, in units, where strips end


def paint_strips(pixels: Tensor, scene: Scene, rows: SkyRows, amount: float) -> None:
    """Lay strips over the smooth sky.

    Args:
        pixels: Of the sky, [1, 3, rows, width].
        scene: As the plane of the sky is seen.
        rows: What is painted on.
        amount: How much of the sky is in strips, 0..1.
    """
    horizon = float(scene.horizon) - LOWEST
    span = rows.between(-math.inf, horizon)
    at_y = rows.y[:, :, span]
    if at_y.shape[2] < 2:
        return
    count = FEWEST + MORE * float(scene.bounded(Z.CLOUD_SIZE[1]))
    down = at_y * (count / horizon)  # in strips
    place = down + _edge(scene, rows.x, 0.0) + _tilt(scene, rows.x)
    number = place.floor()
    within = place.sub_(number)  # 0 at the edge of the strip above
    steep = horizon / (count * EDGE * rows.pixel)
    ramp = (within * steep + (1 - steep)).clamp_(min=0)  # over to the next one, in a pixel or two
    column = pixels[0, :, span, :1].flatten(1)  # the smooth sky has one colour in a row
    to_row = horizon / (2 * count * rows.pixel)
    sources = (number.add_(ramp) * (ONE_COLOUR * to_row)).add_(down * ((1 - ONE_COLOUR) * to_row))
    first = float(at_y[0, 0, 0, 0]) / (2 * rows.pixel) - 0.5 * ONE_COLOUR * to_row
    index = sources.sub_(first).clamp_(0, column.shape[1] - 1).long()
    shade = (1 - within * (1 / SHADOW_REACH)).clamp_(min=0).square_()
    shade = torch.maximum(shade, ramp).mul_(-SHADOW).add_(1)
    torn = (1 - (within * (0.55 * steep) + (1.1 - 0.55 * steep)).abs_()).clamp_(min=0).mul_(TORN * _lit(scene))
    strips = column.index_select(1, index.flatten()).view(1, 3, *index.shape[2:]).mul_(shade)  # sooner than indexing
    strips.lerp_(scene.palette.glow.expand_as(strips), torn)
    view = pixels[:, :, span, ALL]
    if amount >= 1:
        view.copy_(strips)
    else:
        view.lerp_(strips, amount)


def _lit(scene: Scene) -> float:
    """How bright the core of paper along torn edges is: hardly at night, or it would be a line of its own."""
    return 0.3 + 0.7 * min(float(scene.brightness), 1.0)


def _edge(scene: Scene, x: Tensor, turn: float) -> Tensor:
    """How far edges swing below their places at x, in strips."""
    swing = torch.zeros_like(x)
    for depth, rate, shift in zip(SWAY, SLOW, Z.CLOUD_X[:2], strict=True):
        swing = swing + depth * torch.sin(rate * x + 3 * float(scene.bounded(shift)) + turn + scene.angle(QUICK))
    for depth, rate in ROUGH:
        swing = swing + depth * torch.sin(rate * x + 1.3 * rate)
    return swing


def _tilt(scene: Scene, x: Tensor) -> Tensor:
    """How far all strips fall to one side at x, in strips."""
    return (x - 0.5) * (0.9 * float(scene.bounded(Z.CLOUD_X[2])))
