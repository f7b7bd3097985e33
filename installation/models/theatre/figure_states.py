"""How words say that a figure is: what its paper looks like, and which shape it has; `figure_airs` has the rest.

Only an audience sees it (`Scene.staged`). A state is a mark (`marks.STATES`), of the first figure or of the second.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.figure_atlas import PaperLayer
from installation.models.theatre.marks import AIRS, SHAPES, STATES, SURFACES, THIRD
from installation.models.theatre.raster import cached_constant, colour_tensor
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import rgb

States = Mapping[str, Tensor]  # state -> how far it acts, [batch, 1, 1, 1] in 0..1
ICE, FROST, RUST, DEEP_RUST, MIST, WARM = "bfe0f4", "fbfeff", "b3581f", "6b3317", "e4eef2", "ffdf8a"
SHAPED = {  # how wide and how tall a figure gets
    "tall": (0.96, 1.42),
    "long": (1.45, 0.97),
    "thin": (0.62, 1.06),
    "fat": (1.32, 1.1),
    "sleeping": (1.06, 0.88),
    "melting": (1.14, 0.68),
}
FREE = 0.035  # at the edges of the picture, at least, beside a stretched figure
SPOT, SPOTS = 0.022, 0.082  # radius, and from one to the next, in sides of the figure's square
STRIPES, CHECKERS = 13.0, 0.075  # a stripe is so many times narrower than the square; side of a field
OF_CLOTHES = ("spotted", "striped", "checkered", "woollen", "patched", "floral", "rainbow")  # that skin has not
EDGE = 240.0  # steepness of the edges of patterns, in sides
CLEFT, TEETH = 0.20, 0.022  # how far a break opens with the height; how deep its teeth are
EYE_AREA = (8, 260)  # least and most pixels of a hole that is an eye
EYE_COLOURS = ("2a2228", "f6efe0", "f4c850")  # tints of a painted one: dark, with white or gold
LARGEST_PAINTED_EYE = 800  # pixels
EYE_OF_PEOPLE = "2c2426"  # the tint of one that is a dark spot, without white or gold


def states_of(scene: Scene, prefix: str) -> dict[str, Tensor]:
    """The states that words name of the figure whose marks begin with a prefix: "", SECOND or THIRD."""
    if not scene.staged:
        return {}
    if prefix == THIRD:
        return {name: share for name, share in scene.third_marks.items() if name in STATES}
    return {name: scene.mark(prefix + name) for name in (*SURFACES, *AIRS, *SHAPES) if prefix + name in scene.marks}


class Stretch(NamedTuple):
    """How much wider and taller a figure is than drawn, each [batch, 1, 1, 1]."""

    wide: Tensor
    tall: Tensor


def stretch_of(scene: Scene, states: States, x: Tensor, room: Tensor, half: Tensor, height: Tensor) -> Stretch | None:
    """The stretch of a figure that stays in the picture; None for none.

    Args:
        scene: The scene.
        states: Of the figure.
        x: Of its middle, [batch, 1, 1, 1] like all the others.
        room: From its feet to the upper edge of the picture.
        half: Half its width.
        height: Its height.
    """
    if states.keys().isdisjoint(SHAPED):
        return None
    wide = tall = torch.ones_like(half)
    for name, (wider, taller) in SHAPED.items():
        if name in states:
            wide, tall = wide * (1 + (wider - 1) * states[name]), tall * (1 + (taller - 1) * states[name])
    beside = torch.minimum(x - scene.grid.left, scene.grid.right - x) - FREE
    most_wide, most_tall = (beside / half).clamp(min=1), ((room - FREE) / height).clamp(min=1)
    return Stretch(torch.minimum(wide, most_wide), torch.minimum(tall, most_tall))


def broken_at(states: States, x: Tensor, y: Tensor, floor: float) -> tuple[Tensor, Tensor | None]:
    """Where a broken figure is to be sampled for a position in its square, and the distance from the break."""
    if "broken" not in states:
        return x, None
    line = 0.5 + TEETH * (((y * 11) % 2 - 1).abs() * 2 - 1) + 0.05 * (y - 0.5)
    opens = CLEFT * states["broken"] * (floor - y).clamp(min=0)
    beyond = x - line
    apart = torch.maximum(-beyond, beyond - opens)
    return torch.where(beyond > 0.5 * opens, x - opens, x), apart


def on_paper(
    states: States, scene: Scene, colour: Tensor, x: Tensor, y: Tensor, slopes: tuple[Tensor, Tensor], light: Tensor
) -> Tensor:
    """The colour of a figure's paper with what its states do to it, [batch, 3, rows, columns].

    Args:
        states: Of the figure.
        scene: The scene.
        colour: Of the lit paper.
        x: Position in the figure's square, like y.
        y: From above.
        slopes: Of its facets: down, and towards the light.
        light: The colour of white paper in the light of the scene.
    """
    down, lit = slopes
    for name in states.keys() & _PATTERNS.keys():
        luma = colour.mean(1, keepdim=True)
        other = torch.lerp(light * (0.82 + 0.3 * lit), colour * 0.36, torch.sigmoid((luma - 0.52) * 26))
        colour = torch.lerp(colour, other, _PATTERNS[name](x, y) * states[name])
    if "rusty" in states:
        noise = torch.sin(19 * x + 7 * y) + torch.sin(23 * y - 13 * x + 1.3) + 0.7 * torch.sin(41 * x + 37 * y)
        shade = 0.55 + 0.6 * light.mean(1, keepdim=True)
        for level, rust in ((-0.35, RUST), (0.75, DEEP_RUST)):
            patch = torch.sigmoid((noise - level) * 9) * (0.86 * states["rusty"])
            colour = torch.lerp(colour, colour_tensor(rust, scene.device) * (shade + 0.3 * lit), patch)
    if "icy" in states:
        ice = colour_tensor(ICE, scene.device) * (0.55 + 0.5 * light + 0.35 * lit)
        colour = torch.lerp(colour, ice, 0.78 * states["icy"])
        frost = (-2.2 * down).clamp(0, 0.85) * states["icy"]
        colour = torch.lerp(colour, (colour_tensor(FROST, scene.device) * light * 1.05).expand_as(colour), frost)
    if "ghostly" in states:
        colour = torch.lerp(colour, colour_tensor(MIST, scene.device) * (0.5 + 0.6 * light), 0.55 * states["ghostly"])
    if "wet" in states:
        colour = colour * (1 - 0.16 * states["wet"]) + 0.35 * states["wet"] * lit.clamp(min=0) * light
    if "glowing" in states:
        warm = colour_tensor(WARM, scene.device)
        colour = torch.lerp(colour, (colour * 0.75 + warm * 0.6).clamp(max=1), 0.7 * states["glowing"])
    if "shining" in states:
        along = 0.8 * x + 0.6 * y
        moving = 1 - ((along + 0.5 - math.fmod(0.16 * scene.phase, 2.4)) / 0.075) ** 2
        resting = torch.maximum(1 - ((along - 0.52) / 0.035) ** 2, 1 - ((along - 0.63) / 0.014) ** 2)
        gloss = 0.62 * moving.clamp(min=0) + 0.42 * resting.clamp(min=0) + 0.55 * lit.clamp(min=0)
        bright = (colour * 1.12 + 0.05).clamp(max=1)
        bright = torch.lerp(bright, torch.ones_like(bright), gloss.clamp(max=0.85))
        colour = torch.lerp(colour, bright, states["shining"])
    return colour


def _spots(x: Tensor, y: Tensor) -> Tensor:
    row = torch.floor(y / (0.87 * SPOTS))
    across = x / SPOTS + 0.5 * torch.remainder(row, 2)
    distance = torch.hypot((across - torch.floor(across) - 0.5) * SPOTS, y - (row + 0.5) * 0.87 * SPOTS)
    return torch.sigmoid((SPOT - distance) * EDGE)


def _stripes(x: Tensor, y: Tensor) -> Tensor:
    return torch.sigmoid(torch.sin(math.pi * STRIPES * (x + 0.22 * y)) * (EDGE / (math.pi * STRIPES)))


def _checkers(x: Tensor, y: Tensor) -> Tensor:
    wave = torch.sin(math.pi * x / CHECKERS) * torch.sin(math.pi * y / CHECKERS)
    return torch.sigmoid(wave * (EDGE * CHECKERS / math.pi))


_PATTERNS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "spotted": _spots,
    "striped": _stripes,
    "checkered": _checkers,
}


class Eye(NamedTuple):
    """An eye of a figure: the number of its sheet, and its middle and radius in sides of the figure's square."""

    sheet: int
    x: float
    y: float
    radius: float


@cached_constant
def eyes_of(sheets: tuple[PaperLayer, ...]) -> tuple[Eye, ...]:
    """The eyes of a figure: spots of the colours of eyes, or else the largest of its small holes."""
    painted: list[tuple[int, Eye]] = []
    holes: list[tuple[int, Eye]] = []
    for number, sheet in enumerate(sheets):
        found = [] if sheet.lit else [(painted, _painted_eyes(sheet)), (holes, _holes(sheet))]
        for eyes, spots in found:
            eyes += [(area, Eye(number, *place)) for area, *place in spots if not _is_covered(sheets, number, *place)]
    if painted:
        return tuple(eye for _, eye in painted)
    return tuple(eye for _, eye in sorted(holes)[-1:])


def _is_covered(sheets: tuple[PaperLayer, ...], number: int, x: float, y: float, _: float) -> bool:
    """Whether a place of a sheet lies behind another one."""
    place = torch.full((1, 1, 1, 1), x), torch.full((1, 1, 1, 1), y)
    above = (sheet for sheet in sheets[number + 1 :] if not sheet.lit)
    return any(float(sheet.outline_only().sample(*place, 0.0)) > 0 for sheet in above)


def _holes(sheet: PaperLayer) -> list[tuple[int, float, float, float]]:
    """The small holes of a sheet: pixels, x, y and radius in sides."""
    parts = [part for part in _parts(sheet.channels[0] < 0) if not _touches_edge(part, sheet)]
    return [_place(part, sheet) for part in parts if EYE_AREA[0] <= len(part) <= EYE_AREA[1]]


def _painted_eyes(sheet: PaperLayer) -> list[tuple[int, float, float, float]]:
    """The dark spots of a sheet that have a white or a golden part, and people's: pixels, x, y and radius in sides."""
    if not sheet.tinted:
        return []
    dark, white, golden, people = (_tinted(sheet, colour) for colour in (*EYE_COLOURS, EYE_OF_PEOPLE))
    both = [part for part in _parts(dark | white | golden) if len({bool(dark[pixel]) for pixel in part}) == 2]
    eyes = [part for part in both if EYE_AREA[0] <= len(part) <= LARGEST_PAINTED_EYE]
    eyes += [part for part in _parts(people) if EYE_AREA[0] <= len(part) <= EYE_AREA[1]]
    return [_place(part, sheet) for part in eyes]


def _tinted(sheet: PaperLayer, colour: str) -> Tensor:
    """Where a sheet has a tint, [height, width]."""
    code = torch.tensor([round(255 * part) for part in rgb(colour)]) * (127 / 255)
    return (sheet.channels[4:7] == code.round().view(3, 1, 1)).all(0)


def _parts(mask: Tensor) -> list[list[tuple[int, int]]]:
    """The connected parts of a mask, [height, width]: row and column of each pixel."""
    left = {(row, column) for row, column in mask.nonzero().tolist()}
    parts = []
    while left:
        stack = [left.pop()]
        part = []
        while stack:
            row, column = stack.pop()
            part.append((row, column))
            around = {(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)} & left
            left -= around
            stack += around
        parts.append(part)
    return parts


def _touches_edge(part: list[tuple[int, int]], sheet: PaperLayer) -> bool:
    _, rows, columns = sheet.channels.shape
    return any(row in (0, rows - 1) or column in (0, columns - 1) for row, column in part)


def _place(part: list[tuple[int, int]], sheet: PaperLayer) -> tuple[int, float, float, float]:
    """Pixels, x, y and radius in sides."""
    _, rows, columns = sheet.channels.shape
    y, x = (sum(each) / len(part) + 0.5 for each in zip(*part, strict=True))
    radius = math.sqrt(len(part) / math.pi) / columns * sheet.width
    return len(part), sheet.left + x / columns * sheet.width, sheet.top + y / rows * sheet.height, radius


class Lids(NamedTuple):
    """Closed eyes of a sheet: the sheet's depth with them, where lids are, and where their lines are (0..1)."""

    depth: Tensor
    lid: Tensor
    line: Tensor


def closed_eyes(eyes: list[Eye], states: States, depth: Tensor, x: Tensor, y: Tensor) -> Lids:
    """The lids of the eyes of a sheet, at positions in the figure's square."""
    lid, lines = torch.zeros_like(depth), torch.zeros_like(depth)
    for eye in eyes:
        across, down = x - eye.x, y - eye.y
        reach = 1.35 * eye.radius - torch.hypot(across, down)
        depth = torch.maximum(depth, reach * states["sleeping"])
        lid = torch.maximum(lid, torch.sigmoid(reach * EDGE * 4))
        line = 0.22 * eye.radius - (down - 0.35 * eye.radius + 0.5 * across**2 / eye.radius).abs()
        inside = (1.05 * eye.radius - across.abs()).clamp(min=0) / eye.radius
        lines = torch.maximum(lines, torch.sigmoid(line * EDGE * 2) * (inside * 6).clamp(max=1))
    return Lids(depth, lid * states["sleeping"], lines * states["sleeping"])
