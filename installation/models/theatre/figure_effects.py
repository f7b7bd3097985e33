"""What happens to a figure that melts, dissolves, sinks or explodes: how its sheets are cut, and what is around it.

Only an audience sees it (see `figure_states`); a figure that sinks lies deeper in the water (`placed_figure`).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.figure_airs import Spot
from installation.models.theatre.figure_states import States
from installation.models.theatre.raster import colour_tensor

SINKS, DEEPER = 0.42, 0.26  # how far who sinks leans, in radians, and how much deeper it lies, in sides of its square
SPREADS = 0.44  # how much of its width at the floor a figure that melts spreads beyond it
MELTS_FROM = 0.30  # y in its square from which it spreads downwards
BURST = ((1.0, "b8200e"), (0.80, "ff6a14"), (0.58, "ffc83c"), (0.34, "fff6d8"))  # outer to inner: its size, its colour
SPIKES, NOTCH = 11, 0.40  # of a burst, and how deep they are cut, in its radius
SHARDS, FLAKES = 12, 22  # pieces that fly out of a burst; those that who dissolves loses
LOST = 0.57  # position across a figure beyond which it has dissolved, on the way from its front to its rear


def melted_at(states: States, x: Tensor, y: Tensor) -> Tensor:
    """The x at which a figure is to be sampled for a position in its square: what melts spreads at its floor."""
    if "melting" not in states:
        return x
    down = ((y - MELTS_FROM) / (1 - MELTS_FROM)).clamp(0, 1)
    wave = 0.012 * torch.sin(19 * y + 4) * states["melting"]
    return 0.5 + (x - 0.5) * (1 - SPREADS * states["melting"] * down * down) + wave


def left_of(states: States, depth: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """The depth of a sheet without what has dissolved, in sides."""
    if "dissolving" not in states:
        return depth
    noise = torch.sin(47 * x + 13 * y) + torch.sin(39 * y - 31 * x + 1.3) + 0.8 * torch.sin(83 * x + 71 * y)
    across = 0.9 * x + 0.12 * (1 - y)
    return torch.minimum(depth, torch.lerp(depth, 0.4 * (LOST - across + 0.075 * noise), states["dissolving"]))


def paint_beneath(context: DrawContext, states: States, spot: Spot, paper: Tensor, opacity: Tensor) -> None:
    """What is behind such a figure: the puddle of who melts, the burst of what explodes."""
    if "melting" in states:
        _paint_puddle(context, spot, paper, states["melting"] * opacity)
    if "exploding" in states:
        _paint_burst(context, spot, states["exploding"] * opacity)


def paint_before(context: DrawContext, states: States, spot: Spot, paper: Tensor, opacity: Tensor) -> None:
    """What is before it: shards of what explodes, flakes of what dissolves."""
    if "exploding" in states:
        _paint_shards(context, spot, paper, states["exploding"] * opacity)
    if "dissolving" in states:
        _paint_flakes(context, spot, paper, states["dissolving"] * opacity)


def _paint_puddle(context: DrawContext, spot: Spot, paper: Tensor, opacity: Tensor) -> None:
    wide = 1.7 * spot.half + 0.05
    tall, floor = 0.02 + 0.09 * wide, spot.top + spot.height
    box = context.scene.grid.box(
        batch_min(floor - 1.4 * tall), batch_max(floor + 1.4 * tall), *_sides(spot.x, 1.2 * wide)
    )
    if box.empty:
        return
    across, down = (box.x - spot.x) / wide, (box.y - floor) / tall
    edge = 1 + 0.10 * torch.sin(7 * across + 1) + 0.06 * torch.sin(17 * across)
    depth = (edge - torch.sqrt(across * across + down * down + 1e-6)) * tall
    context.canvas.over(box, paper * 0.55, box.coverage(depth + 0.006) * (0.6 * opacity))
    context.canvas.over(box, (paper * 1.2).clamp(max=1), box.coverage(depth) * opacity)
    gloss = 0.16 - torch.hypot(across + 0.35, 1.6 * (down + 0.3)) * 0.5
    context.canvas.over(box, (paper * 1.3 + 0.1).clamp(max=1), box.coverage(gloss * tall * 2) * (0.7 * opacity))


def _sides(x: Tensor, half: Tensor) -> tuple[float, float]:
    return batch_min(x - half), batch_max(x + half)


def _radius(spot: Spot) -> Tensor:
    """Of a burst, in units."""
    return (1.05 * torch.maximum(spot.half, 0.6 * spot.height) + 0.12).clamp(0.22, 0.58)


def _paint_burst(context: DrawContext, spot: Spot, opacity: Tensor) -> None:
    scene = context.scene
    radius, middle = _radius(spot) * (1 + 0.05 * math.sin(scene.angle(4.1))), spot.top + 0.5 * spot.height
    box = scene.grid.box(batch_min(middle - radius), batch_max(middle + radius), *_sides(spot.x, radius))
    if box.empty:
        return
    dx, dy = box.x - spot.x, box.y - middle
    turns = torch.atan2(dy, dx) / (2 * math.pi)
    spike = 2 * (torch.remainder(SPIKES * turns, 1) - 0.5).abs()
    uneven = 0.14 * torch.sin(3 * 2 * math.pi * turns + 1.1)
    reach = radius * (1 - NOTCH * (1 - spike) - 0.14 + uneven)
    distance = torch.hypot(dx, dy)
    for size, colour in BURST:
        cover = box.coverage(size * reach - distance) * opacity
        context.canvas.over(box, colour_tensor(colour, scene.device), cover)


def _paint_shards(context: DrawContext, spot: Spot, paper: Tensor, opacity: Tensor) -> None:
    scene, radius, middle = context.scene, _radius(spot), spot.top + 0.5 * spot.height
    for number in range(SHARDS):
        way = math.fmod(scene.phase / 2.6 + 0.38 * number, 1.0)
        angle = 2 * math.pi * (number + 0.3 * math.sin(5 * number)) / SHARDS
        out = radius * (0.35 + 0.95 * way)
        place = spot.x + math.cos(angle) * out, middle + math.sin(angle) * out + 0.12 * way * way
        fade = min(1.0, (1 - way) / 0.25)
        _paint_shard(context, place, (0.10 - 0.04 * way) * radius, 3 * angle + 2 * way, paper, opacity * fade)


def _paint_flakes(context: DrawContext, spot: Spot, paper: Tensor, opacity: Tensor) -> None:
    scene = context.scene
    for number in range(FLAKES):
        way = math.fmod(scene.phase / 5.0 + 0.7549 * number, 1.0)
        up = math.fmod(0.5698 * number, 1.0)
        out = spot.half * (0.1 + 0.5 * math.fmod(0.4301 * number, 1.0)) + (0.26 * way + 0.05) * (1 + 0.4 * up)
        place = spot.x + spot.facing * out, spot.top + spot.height * (0.1 + 0.8 * up) - 0.13 * way * way
        fade = min(1.0, way / 0.1, (1 - way) / 0.3)
        size = (0.022 * spot.height + 0.007) * (1 - 0.5 * way) * (0.7 + 0.6 * math.fmod(0.33 * number, 1.0))
        _paint_shard(context, place, size, 1.7 * number + 3 * way, paper, opacity * fade)


def _paint_shard(
    context: DrawContext, place: tuple[Tensor, Tensor], size: Tensor, turn: float, paper: Tensor, opacity: Tensor
) -> None:
    """A scrap of paper with a dark edge."""
    x, y = place
    box = context.scene.grid.box(batch_min(y - 1.2 * size), batch_max(y + 1.2 * size), *_sides(x, 1.2 * size))
    if box.empty:
        return
    u = (box.x - x) * math.cos(turn) + (box.y - y) * math.sin(turn)
    v = (box.y - y) * math.cos(turn) - (box.x - x) * math.sin(turn)
    depth = torch.minimum(0.62 * (size - v) - u.abs(), v + 0.5 * size)  # a triangle
    context.canvas.over(box, paper * 0.4, box.coverage(depth + 0.004) * (0.5 * opacity))
    context.canvas.over(box, (paper * (1.1 + 0.15 * math.sin(turn))).clamp(max=1), box.coverage(depth) * opacity)
