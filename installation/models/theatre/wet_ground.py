"""Water and ice at feet and mouths, for an audience: where animals drink, the ice of skaters, spray, poured water.

They follow the figures, so that the mouth of who drinks is at the water, and a puddle is below who splashes in it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.contact import leant, mouth_of
from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import SUNK, Figure
from installation.models.theatre.raster import Box, colour_tensor
from installation.models.theatre.scene import Scene

DRINKING, SPLASHING, SKATING = "drinking", "splashing", "skating"  # states
SKATER = "skater"  # a kind
WATER, WATER_LIGHT, WET_EDGE = "5f9fc2", "dff1f8", "2f4a3c"
ICE, SCRATCHES, ICE_EDGE = "b4d8ea", "f7fcff", "7fa9c4"
POOL_HALF, POOL_TALL = 0.62, 0.13  # of water at a mouth: half its width and half its height, in sides of who drinks
AHEAD, DIPS = 0.30, 0.035  # how far ahead of the mouth its middle is; how far the mouth is in it, in sides
HIGHEST_BANK = 0.07  # how far above feet the water is at most, in sides
BROOK_FALL, BROOK_WIDENS = 0.26, 0.16  # how steeply the water goes on to the edge of the picture, and widens
RINGS, RING_RATE = 3, 0.35  # around a mouth, and how many a second
PUDDLE_HALF, PUDDLE_TALL, IN_PUDDLE = 0.36, 0.055, 0.02  # of a puddle, in sides; how far below feet its middle is
RINK_HALF, RINK_TALL, BEHIND_BLADES = 0.95, 0.12, 0.006  # of ice beside the outermost skaters, and behind, in units
FROZEN = "frozen canal"  # the mark of a place whose ground is ice
DROPS, SPRAY_HIGH, SPRAY_WIDE, DROP = 26, 0.36, 0.40, 0.019  # of spray, in sides of who splashes; radius of a drop
STREAMS, STREAM_DROPS, GRAVITY = 4, 8, 1.15  # of water from a spout; how it falls
SPOUTS = {"watering can": (0.09, 0.42)}  # where water leaves, in its square


class Acting(NamedTuple):
    """One figure, and what words say that it does."""

    figure: Figure
    states: frozenset[str]


def paint_wet_ground(context: DrawContext, atlas: Atlas, acting: Sequence[Acting]) -> None:
    """Paint the water or the ice on the ground, before the shadows of figures fall on it."""
    scene = context.scene
    if not scene.staged:
        return
    drinkers = [one for each in acting if DRINKING in each.states for one in each.figure.each()]
    if drinkers:
        _paint_pool(context, atlas, drinkers)
    for each in acting:
        if SPLASHING in each.states:
            for one in each.figure.each():
                _paint_puddle(context, one)
    skaters = [one for each in acting if _skates(each.figure) for one in each.figure.each()]
    if skaters and scene.has("weather", "snow"):
        _paint_rink(context, skaters)


def paint_spray(context: DrawContext, acting: Sequence[Acting]) -> None:
    """Paint drops around who splashes, and water that falls from a spout, before all figures."""
    if not context.scene.staged:
        return
    for each in acting:
        if SPLASHING in each.states:
            for number, one in enumerate(each.figure.each()):
                _paint_drops(context, one, number)
        if each.figure.floats and each.figure.turn and LABELS[each.figure.present()[0]] in SPOUTS:
            _paint_stream(context, each.figure)


def _skates(figure: Figure) -> bool:
    return figure.pose == SKATING or LABELS[figure.present()[0]] == SKATER


def _light(scene: Scene, colour: str) -> Tensor:
    """A colour as bright as the scene is, with some of the sky in it."""
    plain = colour_tensor(colour, scene.device) * (0.30 + 0.70 * scene.brightness)
    return torch.lerp(plain, scene.palette.horizon, 0.22)


def _paint_pool(context: DrawContext, atlas: Atlas, drinkers: Sequence[Figure]) -> None:
    scene = context.scene
    mouths = [_at_water(one, *mouth_of(one, atlas)) for one in drinkers]
    depth = None
    tops = [y + DIPS * one.side - 0.02 for one, (_, y) in zip(drinkers, mouths, strict=True)]
    box = scene.grid.box(top=min(map(batch_min, tops)))
    if box.empty:
        return
    for one, (x, y) in zip(drinkers, mouths, strict=True):
        forwards = -one.facing
        half, tall = POOL_HALF * one.side + 0.05, POOL_TALL * one.side + 0.015
        middle_x, middle_y = x + forwards * AHEAD * one.side, y + DIPS * one.side + tall
        ellipse = _ellipse(box, (middle_x, middle_y), half, tall)
        along = ((box.x - middle_x) * forwards).clamp(min=0)
        brook = tall * 0.8 + BROOK_WIDENS * along - (box.y - middle_y - BROOK_FALL * along).abs()
        brook = torch.where((box.x - middle_x) * forwards > 0, brook, brook - 9.0)
        own = torch.maximum(ellipse, brook)
        depth = own if depth is None else torch.maximum(depth, own)
    assert depth is not None
    _lay_water(context, box, depth, _light(scene, WET_EDGE))
    for one, (x, y) in zip(drinkers, mouths, strict=True):
        _paint_rings(context, box, (x, y + (DIPS + 0.02) * one.side), one.side, depth)


def _at_water(one: Figure, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Where the water is that somebody drinks whose mouth is at x and y: no higher than his feet allow."""
    return x, torch.maximum(y, one.foot - (SUNK + HIGHEST_BANK) * one.side)


def _ellipse(box: Box, middle: tuple[Tensor, Tensor], half: Tensor, tall: Tensor) -> Tensor:
    """How deep each place is inside of an uneven ellipse, in units."""
    across, down = (box.x - middle[0]) / half, (box.y - middle[1]) / tall
    uneven = 1 + 0.05 * torch.sin(6 * across + 1) + 0.03 * torch.sin(15 * across)
    return (uneven - torch.sqrt(across * across + down * down + 1e-6)) * tall


def _lay_water(context: DrawContext, box: Box, depth: Tensor, edge: Tensor) -> None:
    """Lay a sheet of water with a wet edge and lines of light."""
    scene = context.scene
    canvas = context.canvas
    canvas.over(box, edge, box.coverage(depth + 0.008) * 0.7)
    water = _light(scene, WATER)
    lines = torch.sin(box.y * 210 + 2.2 * torch.sin(box.x * 9 + 0.6 * scene.angle(0.7)) - scene.angle(0.9))
    canvas.over(box, water * (0.98 + 0.06 * lines), box.coverage(depth))
    glints = box.coverage((lines - 0.86) * 0.01) * box.coverage(depth - 0.010)
    canvas.over(box, _light(scene, WATER_LIGHT), glints * 0.65)


def _paint_rings(context: DrawContext, box: Box, place: tuple[Tensor, Tensor], side: Tensor, depth: Tensor) -> None:
    """Rings that run out from where a mouth is in the water."""
    scene = context.scene
    distance = torch.sqrt((box.x - place[0]) ** 2 + (4.2 * (box.y - place[1])) ** 2 + 1e-8)
    for number in range(RINGS):
        way = math.fmod(scene.phase * RING_RATE + number / RINGS, 1.0)
        radius = (0.04 + 0.20 * way) * side
        ring = box.coverage(0.0035 - (distance - radius).abs() * 0.8) * box.coverage(depth)
        context.canvas.over(box, _light(scene, WATER_LIGHT), ring * (0.9 * (1 - way)))


def _paint_puddle(context: DrawContext, one: Figure) -> None:
    half, tall = PUDDLE_HALF * one.side, PUDDLE_TALL * one.side
    middle = one.x, one.foot - SUNK * one.side + IN_PUDDLE * one.side
    box = _box(context.scene, middle, 1.2 * half, 1.4 * tall)
    if not box.empty:
        _lay_water(context, box, _ellipse(box, middle, half, tall), context.colours.near * 0.5)


def _paint_rink(context: DrawContext, skaters: Sequence[Figure]) -> None:
    """Paint a sheet of ice below all skaters, with the scratches of their blades."""
    scene = context.scene
    xs = torch.stack([one.x for one in skaters])
    floors = torch.stack([one.foot - SUNK * one.side for one in skaters])
    half = RINK_HALF + (xs.amax(0) - xs.amin(0)) / 2
    tall = RINK_TALL + (floors.amax(0) - floors.amin(0)) / 2
    middle = (xs.amax(0) + xs.amin(0)) / 2, floors.amin(0) + tall - BEHIND_BLADES
    box = _box(scene, middle, 1.2 * half, 1.2 * tall)
    if box.empty:
        return
    depth = _ellipse(box, middle, half, tall)
    canvas = context.canvas
    canvas.over(box, _light(scene, ICE_EDGE), box.coverage(depth + 0.006) * 0.8)
    across, down = box.x - middle[0], (box.y - middle[1]) / tall
    shine = (0.5 + 0.5 * torch.sin(7 * across + 3.4 * down)).square()
    ice = torch.lerp(_light(scene, ICE), _light(scene, SCRATCHES), 0.30 * shine)
    canvas.over(box, ice, box.coverage(depth))
    away = [(down - 0.55 * math.sin(2.1 * number + 0.4) - bend).abs() for number, bend in enumerate(_bends(across))]
    lines = box.coverage(0.0016 - torch.stack(away).amin(0) * tall * 0.9) * box.coverage(depth - 0.02)
    canvas.over(box, _light(scene, SCRATCHES), lines * 0.85)


def _bends(across: Tensor) -> list[Tensor]:
    """How each scratch on the ice bends, for each column, in half heights of the ice."""
    return [0.25 * torch.sin(2.6 * across + 1.9 * number) for number in range(3)]


def _box(scene: Scene, middle: tuple[Tensor, Tensor], half: Tensor, tall: Tensor) -> Box:
    x, y = middle
    return scene.grid.box(batch_min(y - tall), batch_max(y + tall), batch_min(x - half), batch_max(x + half))


def _paint_drops(context: DrawContext, one: Figure, number: int) -> None:
    """Paint drops that fly up from both sides of the feet of who splashes, and fall."""
    scene = context.scene
    floor = one.foot - SUNK * one.side + IN_PUDDLE * one.side
    drops = []
    for place in range(DROPS):
        way = math.fmod(scene.phase * (0.55 + 0.02 * (place % 5)) + 0.618 * place + 0.37 * number, 1.0)
        away = (1 if place % 2 else -1) * (0.25 + 0.75 * math.fmod(0.7549 * place + 0.1, 1.0))
        high = 0.35 + 0.65 * math.fmod(0.5698 * place + 0.3, 1.0)
        x = one.x + away * (0.35 + 0.65 * way) * SPRAY_WIDE * one.side
        y = floor - high * 4 * way * (1 - way) * SPRAY_HIGH * one.side
        drops.append((x, y, (0.55 + 0.6 * math.fmod(0.43 * place, 1.0)) * DROP * one.side))
    _paint_all(context, drops)


def _paint_stream(context: DrawContext, can: Figure) -> None:
    """Paint water that falls from the spout of a can in arcs."""
    scene = context.scene
    begin_x, begin_y = leant(can, *SPOUTS[LABELS[can.present()[0]]])
    forwards = -can.facing
    drops = []
    for stream in range(STREAMS):
        for place in range(STREAM_DROPS):
            way = math.fmod(0.9 * scene.phase + place / STREAM_DROPS + 0.31 * stream, 1.0)
            x = begin_x + forwards * (0.10 + 0.10 * stream) * way * can.side
            y = begin_y + (0.05 * stream - 0.04) * can.side + (0.10 * way + GRAVITY * way * way) * can.side
            drops.append((x, y, 0.030 * can.side))
    _paint_all(context, drops)


def _paint_all(context: DrawContext, drops: Sequence[tuple[Tensor, Tensor, Tensor]]) -> None:
    """Paint drops, each at x and y with a radius, long by their fall."""
    scene = context.scene
    xs, ys = (torch.cat([drop[axis].flatten() for drop in drops]) for axis in (0, 1))
    most = 1.8 * max(batch_max(radius) for _, _, radius in drops)
    box = scene.grid.box(batch_min(ys) - most, batch_max(ys) + most, batch_min(xs) - most, batch_max(xs) + most)
    if box.empty:
        return
    depth = None
    for x, y, radius in drops:
        own = radius - torch.sqrt((box.x - x) ** 2 + (0.72 * (box.y - y)) ** 2 + 1e-9)
        depth = own if depth is None else torch.maximum(depth, own)
    assert depth is not None
    context.canvas.over(box, _light(scene, "3f7ea6"), box.coverage(depth + 0.0014) * 0.7)
    context.canvas.over(box, _light(scene, WATER_LIGHT), box.coverage(depth))
