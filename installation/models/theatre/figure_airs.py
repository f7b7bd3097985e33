"""What words put into the air around a figure: letters of sleep, steam, drops, tears, hearts, notes, light and sparks.

Only an audience sees it (see `figure_states`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.figure_states import States
from installation.models.theatre.raster import colour_tensor, falloff

SOUNDS = 3  # arcs at once
CREAM, WATER, HEART, NOTE, LIGHT, STEAM = "f6ecd6", "6fb4e8", "e0344a", "3d3a5c", "ffdf8a", "fdfbf4"


class Spot(NamedTuple):
    """Where what is in the air begins: x and y of the head and of the top, half the width, the height, the floor.

    Each is [batch, 1, 1, 1]; facing is 1 if the figure looks to the left.
    """

    head_x: Tensor
    head_y: Tensor
    x: Tensor
    top: Tensor
    half: Tensor
    height: Tensor
    facing: Tensor


def paint_glow(context: DrawContext, states: States, spot: Spot, opacity: Tensor) -> None:
    """The light behind a figure that glows."""
    if "glowing" not in states:
        return
    scene = context.scene
    reach_x, reach_y = spot.half * 1.2 + 0.16, 0.5 * spot.height + 0.18
    middle = spot.top + 0.5 * spot.height
    left, right = batch_min(spot.x - reach_x), batch_max(spot.x + reach_x)
    box = scene.grid.box(batch_min(middle - reach_y), batch_max(middle + reach_y), left, right)
    if box.empty:
        return
    distance = torch.sqrt(((box.x - spot.x) / reach_x) ** 2 + ((box.y - middle) / reach_y) ** 2 + 1e-6)
    pulse = 0.88 + 0.08 * math.sin(scene.angle(1.1))
    near = (1.12 * (1 - distance)).clamp(0, 1)
    amount = near * near.sqrt() * (pulse * states["glowing"] * opacity)
    context.canvas.glow(box, colour_tensor(LIGHT, scene.device), amount, burn=0.75)


def paint_airs(context: DrawContext, states: States, spot: Spot, opacity: Tensor, delay: float) -> None:
    """What is in the air around a figure: letters of sleep, steam, drops, hearts, notes, and sparks of what shines."""
    for name, paint in _AIRS.items():
        if name in states:
            paint(context, spot, states[name] * opacity, delay)


def _size(spot: Spot) -> Tensor:
    """The size of what floats beside a figure, in units."""
    return (0.16 * spot.height + 0.03).clamp(0.045, 0.095)


def _rising(
    context: DrawContext,
    spot: Spot,
    opacity: Tensor,
    delay: float,
    shape: Callable[[Tensor, Tensor], Tensor],
    colour: str,
    count: int = 3,
) -> None:
    """Pieces of paper that rise from the head to its front, grow and fade."""
    scene, size = context.scene, _size(spot)
    start = torch.maximum(spot.head_y - 0.35 * size, scene.grid.top + 3.4 * size)  # beside a head that is near the edge
    beside = (start - spot.head_y + 0.35 * size).clamp(min=0)
    for number in range(count):
        way = math.fmod(scene.phase / 6.0 + number / count + delay * 0.37, 1.0)
        out = size * (0.55 + 1.5 * way + 0.22 * math.sin(7 * way)) + beside
        grown = size * (0.55 + 0.55 * way)
        fade = min(1.0, way / 0.12, (1 - way) / 0.2)
        place = (spot.head_x - torch.sign(spot.facing) * out, start - 2.4 * size * way, grown)
        _stick(context, shape, place, colour, opacity * fade)


def _stick(
    context: DrawContext,
    shape: Callable[[Tensor, Tensor], Tensor],
    place: tuple[Tensor, Tensor, Tensor],
    colour: str,
    opacity: Tensor,
) -> None:
    """A piece of paper with a dark edge: `shape` gives the depth in sizes at positions in sizes, y down."""
    scene = context.scene
    x, y, size = place
    reach = 1.1 * size
    box = scene.grid.box(batch_min(y - reach), batch_max(y + reach), batch_min(x - reach), batch_max(x + reach))
    if box.empty:
        return
    depth = shape((box.x - x) / size, (box.y - y) / size) * size
    context.canvas.over(box, scene.palette.near * 0.6, box.coverage(depth + 0.0045) * (0.55 * opacity))
    light = 0.8 + 0.2 * scene.brightness.clamp(max=1)
    context.canvas.over(box, colour_tensor(colour, scene.device) * light, box.coverage(depth) * opacity)


def _segment(u: Tensor, v: Tensor, ends: tuple[float, float, float, float]) -> Tensor:
    """The distance from a line."""
    x0, y0, x1, y1 = ends
    dx, dy = x1 - x0, y1 - y0
    along = (((u - x0) * dx + (v - y0) * dy) / (dx * dx + dy * dy)).clamp(0, 1)
    return torch.hypot(u - x0 - along * dx, v - y0 - along * dy)


def _letter_z(u: Tensor, v: Tensor) -> Tensor:
    lines = ((-0.42, -0.45, 0.42, -0.45), (0.42, -0.45, -0.42, 0.45), (-0.42, 0.45, 0.42, 0.45))
    near = _segment(u, v, lines[0])
    for line in lines[1:]:
        near = torch.minimum(near, _segment(u, v, line))
    return 0.13 - near


def _heart(u: Tensor, v: Tensor) -> Tensor:
    across = u.abs()
    lobe = 0.40 - torch.hypot(across - 0.34, v + 0.22)
    wedge = torch.minimum((0.60 - across - 0.86 * (v - 0.04)) * 0.75, v + 0.34)
    return torch.maximum(lobe, wedge)


def _note(u: Tensor, v: Tensor) -> Tensor:
    head = (1 - torch.sqrt(((u + 0.18) / 0.30) ** 2 + ((v - 0.48) / 0.22) ** 2 + 1e-6)) * 0.22
    stem = 0.07 - _segment(u, v, (0.09, -0.62, 0.09, 0.45))
    flag = 0.10 - _segment(u, v, (0.09, -0.60, 0.44, -0.22))
    return torch.maximum(torch.maximum(head, stem), flag)


def _drop(u: Tensor, v: Tensor) -> Tensor:
    ball = 0.42 - torch.hypot(u, v - 0.25)
    cone = torch.minimum((0.36 * (v + 0.85) / 0.9 - u.abs()) * 0.9, 0.25 - v)
    return torch.maximum(ball, cone)


def _spark(u: Tensor, v: Tensor) -> Tensor:
    return 0.9 - (torch.sqrt(u.abs() + 1e-4) + torch.sqrt(v.abs() + 1e-4)) ** 2


def _paint_sleep(context: DrawContext, spot: Spot, opacity: Tensor, delay: float) -> None:
    _rising(context, spot, opacity, delay, _letter_z, CREAM)


def _paint_love(context: DrawContext, spot: Spot, opacity: Tensor, delay: float) -> None:
    _rising(context, spot, opacity, delay, _heart, HEART)


def _paint_song(context: DrawContext, spot: Spot, opacity: Tensor, delay: float) -> None:
    _rising(context, spot, opacity, delay, _note, NOTE)


def _paint_steam(context: DrawContext, spot: Spot, opacity: Tensor, delay: float) -> None:
    """Three curls of paper above the top, which wave and thin out as they rise."""
    scene = context.scene
    tall = (0.7 * spot.height).clamp(0.17, 0.30)
    spread = (0.40 * spot.half).clamp(0.035, 0.10)
    left, right = batch_min(spot.x - spread) - 0.06, batch_max(spot.x + spread) + 0.06
    box = scene.grid.box(batch_min(spot.top - tall), batch_max(spot.top + 0.03), left, right)
    if box.empty:
        return
    up = (spot.top + 0.02 - box.y) / tall
    for number, (place, high) in enumerate(((-1.0, 0.8), (0.0, 1.0), (1.0, 0.72))):
        wave = 0.030 * torch.sin(9 * up - scene.angle(1.6) + 2.1 * number + delay) * (0.25 + up.clamp(min=0))
        width = 0.017 * (1 - 0.55 * up / high).clamp(0, 1)
        depth = torch.minimum(width - (box.x - spot.x - spread * place - wave).abs(), up * tall)
        fade = (1.7 - 1.7 * up / high).clamp(0, 1) * opacity
        context.canvas.over(box, scene.palette.near * 0.8, box.coverage(depth + 0.005, 0.008) * (0.5 * fade))
        context.canvas.over(box, colour_tensor(STEAM, scene.device), box.coverage(depth, 0.004) * (0.95 * fade))


def _paint_drops(context: DrawContext, spot: Spot, opacity: Tensor, delay: float) -> None:
    """Drops that fall from the figure to the ground."""
    scene, size = context.scene, 0.42 * _size(spot)
    for number, place in enumerate((-0.72, 0.15, 0.66, -0.28, 0.92)):
        way = math.fmod(scene.phase / 1.9 + 0.29 * number + delay, 1.0)
        y = spot.top + spot.height * (0.42 + 0.12 * math.sin(3.7 * number) + 0.5 * way * way)
        _stick(context, _drop, (spot.x + 0.85 * place * spot.half, y, size), WATER, opacity * min(1.0, way / 0.1))


def _paint_tears(context: DrawContext, spot: Spot, opacity: Tensor, delay: float) -> None:
    """Large tears that fall from the face on both sides."""
    scene, size = context.scene, 0.85 * _size(spot)
    for number in range(4):
        side = -1 if number % 2 else 1
        way = math.fmod(scene.phase / 2.6 + 0.25 * number + delay, 1.0)
        x = spot.head_x + side * size * (0.8 + 1.3 * way)
        y = spot.head_y + 0.14 * spot.height + 0.5 * spot.height * way * way
        _stick(context, _drop, (x, y, size * (0.7 + 0.3 * way)), WATER, opacity * min(1.0, way / 0.1, (1 - way) / 0.1))


def _paint_call(context: DrawContext, spot: Spot, opacity: Tensor, delay: float) -> None:
    """Arcs of paper that go out from the mouth of who roars or barks."""
    _paint_sound(context, spot, opacity, delay, both=False)


def _paint_ringing(context: DrawContext, spot: Spot, opacity: Tensor, delay: float) -> None:
    """Arcs of paper that go out from a bell to both sides."""
    _paint_sound(context, spot, opacity, delay, both=True)


def _paint_sound(context: DrawContext, spot: Spot, opacity: Tensor, delay: float, both: bool) -> None:
    scene, size = context.scene, _size(spot)
    facing = torch.sign(spot.facing)
    x, y = spot.head_x - facing * 0.6 * size, spot.head_y + 0.9 * size
    if both:
        x, y = spot.x, spot.top + 0.5 * spot.height
    start = spot.half if both else 0.5 * size
    cream = colour_tensor(CREAM, scene.device) * (0.8 + 0.2 * scene.brightness.clamp(max=1))
    for number in range(SOUNDS):
        way = math.fmod(scene.phase / 2.4 + number / SOUNDS + 0.37 * delay, 1.0)
        radius = start + size * (0.55 + 2.1 * way)
        left = x - radius if both else torch.minimum(x, x - facing * radius)
        right = x + radius if both else torch.maximum(x, x - facing * radius)
        box = scene.grid.box(
            batch_min(y - 0.8 * radius), batch_max(y + 0.8 * radius), batch_min(left) - 0.02, batch_max(right) + 0.02
        )
        if box.empty:
            continue
        ahead, down = (x - box.x) * facing, (box.y - y).abs()
        ahead = ahead.abs() if both else ahead
        ring = 0.10 * size - (torch.hypot(ahead, down) - radius).abs()
        depth = torch.minimum(ring, 0.75 * (0.8 * ahead - down))
        fade = min(1.0, way / 0.12, (1 - way) / 0.35) * opacity
        context.canvas.over(box, scene.palette.near * 0.6, box.coverage(depth + 0.0045) * (0.55 * fade))
        context.canvas.over(box, cream, box.coverage(depth) * fade)


def _paint_sparks(context: DrawContext, spot: Spot, opacity: Tensor, delay: float) -> None:
    """Sparks of light that twinkle on what shines."""
    scene, size = context.scene, _size(spot)
    places = ((0.30, 0.14), (-0.62, 0.34), (0.66, 0.52), (-0.20, 0.72))
    for number, (across, down) in enumerate(places):
        twinkle = 0.5 + 0.5 * math.sin(scene.angle(1.7 + 0.3 * number) + 1.9 * number + delay)
        place = (spot.x + across * spot.half, spot.top + down * spot.height, size * (0.45 + 0.55 * twinkle))
        _flash(context, place, opacity * (0.35 + 0.65 * twinkle))


def _flash(context: DrawContext, place: tuple[Tensor, Tensor, Tensor], opacity: Tensor) -> None:
    x, y, size = place
    box = context.scene.grid.box(batch_min(y - size), batch_max(y + size), batch_min(x - size), batch_max(x + size))
    if box.empty:
        return
    depth = _spark((box.x - x) / size, (box.y - y) / size) * size
    near = falloff(torch.hypot(box.x - x, box.y - y) / size, 1.0)
    white = colour_tensor("fffdf2", context.scene.device)
    context.canvas.over(box, white, torch.maximum(box.coverage(depth, 0.008), 0.45 * near) * opacity)


_AIRS: dict[str, Callable[[DrawContext, Spot, Tensor, float], None]] = {
    "sleeping": _paint_sleep,
    "steaming": _paint_steam,
    "wet": _paint_drops,
    "crying": _paint_tears,
    "loving": _paint_love,
    "singing": _paint_song,
    "calling": _paint_call,
    "ringing": _paint_ringing,
    "shining": _paint_sparks,
    "icy": _paint_sparks,
}
