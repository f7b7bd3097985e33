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
from installation.models.theatre.marks import AIRS, SECOND, SHAPES, SURFACES
from installation.models.theatre.raster import cached_constant, colour_tensor
from installation.models.theatre.scene import Scene

States = Mapping[str, Tensor]  # state -> how far it acts, [batch, 1, 1, 1] in 0..1
ICE, FROST, RUST, DEEP_RUST, MIST, WARM = "bfe0f4", "fbfeff", "b3581f", "6b3317", "e4eef2", "ffdf8a"
SHAPED = {  # how wide and how tall a figure gets
    "tall": (0.96, 1.42),
    "long": (1.45, 0.97),
    "thin": (0.62, 1.06),
    "fat": (1.32, 1.1),
    "sleeping": (1.06, 0.88),
}
FREE = 0.035  # at the edges of the picture, at least, beside a stretched figure
SPOT, SPOTS = 0.022, 0.082  # radius, and from one to the next, in sides of the figure's square
STRIPES, CHECKERS = 13.0, 0.075  # a stripe is so many times narrower than the square; side of a field
EDGE = 240.0  # steepness of the edges of patterns, in sides
CLEFT, TEETH = 0.20, 0.022  # how far a break opens with the height; how deep its teeth are
EYE_AREA = (8, 260)  # least and most pixels of a hole that is an eye


def states_of(scene: Scene, second: bool) -> dict[str, Tensor]:
    """The states of the first or the second figure that words name."""
    if not scene.staged:
        return {}
    prefix = SECOND if second else ""
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


@cached_constant
def eye_of(sheets: tuple[PaperLayer, ...]) -> tuple[int, float, float, float] | None:
    """The hole of a figure that is its eye: the sheet, x, y and radius in the figure's square; None without one."""
    best = None
    for number, sheet in enumerate(sheets):
        for area, x, y, radius in _holes(sheet) if not sheet.lit else ():
            covered = any(
                float(other.outline_only().sample(torch.full((1, 1, 1, 1), x), torch.full((1, 1, 1, 1), y), 0.0)) > 0
                for other in sheets[number + 1 :]
                if not other.lit
            )
            if not covered and (best is None or area > best[0]):
                best = (area, number, x, y, radius)
    return best[1:] if best else None


def _holes(sheet: PaperLayer) -> list[tuple[int, float, float, float]]:
    """The small holes of a sheet: pixels, x, y and radius in sides."""
    empty = (sheet.channels[0] < 0).tolist()
    rows, columns = len(empty), len(empty[0])
    seen = [[False] * columns for _ in range(rows)]
    found = []
    for start in ((row, column) for row in range(rows) for column in range(columns)):
        if seen[start[0]][start[1]] or not empty[start[0]][start[1]]:
            continue
        stack, part, inside = [start], [], True
        seen[start[0]][start[1]] = True
        while stack:
            row, column = stack.pop()
            part.append((row, column))
            for r, c in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
                if not (0 <= r < rows and 0 <= c < columns):
                    inside = False
                elif empty[r][c] and not seen[r][c]:
                    seen[r][c] = True
                    stack.append((r, c))
        if inside and EYE_AREA[0] <= len(part) <= EYE_AREA[1]:
            y, x = (sum(each) / len(part) + 0.5 for each in zip(*part, strict=True))
            radius = math.sqrt(len(part) / math.pi) / columns * sheet.width
            found.append(
                (len(part), sheet.left + x / columns * sheet.width, sheet.top + y / rows * sheet.height, radius)
            )
    return found


def closed_eye(
    eye: tuple[int, float, float, float], states: States, depth: Tensor, x: Tensor, y: Tensor
) -> tuple[Tensor, Tensor]:
    """The depth of a sheet whose eye is shut, and where the lid's line is (0..1)."""
    _, eye_x, eye_y, radius = eye
    across, down = x - eye_x, y - eye_y
    lid = (1.35 * radius - torch.hypot(across, down)) * states["sleeping"]
    line = 0.22 * radius - (down - 0.35 * radius + 0.5 * across**2 / radius).abs()
    inside = (1.05 * radius - across.abs()).clamp(min=0) / radius
    return torch.maximum(depth, lid), torch.sigmoid(line * EDGE * 2) * (inside * 6).clamp(max=1) * states["sleeping"]
