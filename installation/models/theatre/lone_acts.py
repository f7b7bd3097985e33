"""What a figure does alone: gaze at the moon, leap over it, sit on it, fall, hang from above, stand on a peak."""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor

from installation.models.theatre.contact import leaning
from installation.models.theatre.cords import CORD, Cord, strokes
from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import SUNK, Figure, extent_of, height_at
from installation.models.theatre.magnitudes import has_head
from installation.models.theatre.place_acts import HEAD_FIRST
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import AIRBORNE, elevation

LONE = ("gazing", "over sky", "on sky", "falling", "hanging", "tethered")  # marks
GAZE, FROM_DISC = -0.20, 0.26  # how far who gazes leans, in radians; how far the sun or moon is at least, in units
LEAP, OVER_SIZE, ON_SIZE = -0.30, 2.3, 1.5  # lean of who leaps over a disc; heights there and on it, in radii
IN_MID_AIR, FALLEN_SIZE = 0.42, 0.85  # y of the middle of who falls, and its size
HUNG_SIZE, HUNG = 0.75, 0.26  # size of what hangs from above, and the y of its upper end
PEAKS = (0.02, 0.98)  # x between which a peak is chosen
ASTRIDE_PEAK, SINKS = 0.65, 0.9  # share of its half width by which a wide one is lower; how much of that
ON_PEAK, TALLEST_ON_PEAK = 0.46, 0.26  # size of figures on a peak, and their height at most, in units
CLOSER = 0.6  # of the distance between several on a peak
SUMMIT = 0.012  # how far their feet are below it, in units
CLIFF, ON_CLIFF, TALLEST_ON_CLIFF = (-0.06, 0.32), 0.62, 0.29  # x between which a cliff is; sizes there, as on peaks
STRUNG, PEG, NECK = 0.62, 0.9, (0.34, 0.48)  # y of what is on a string, and of its end; a neck, in sides
EDGE_OF_CLIFF = 0.05  # how much lower its edge is than its top, in units


def act_alone(scene: Scene, atlas: Atlas, subject: Figure) -> tuple[Figure, tuple[Cord, ...]]:
    """The subject as the first mark of LONE says, as far as it is set, and its cords."""
    name = next(mark for mark in LONE if mark in scene.marks)
    mark = scene.mark(name)
    acted, cords = _ACTS[name](scene, atlas, subject)
    x, foot, side = (
        torch.lerp(before, after, mark) for before, after in zip(_place_of(subject), _place_of(acted), strict=True)
    )
    return replace(acted, x=x, foot=foot, side=side), tuple(
        cord._replace(opacity=cord.opacity * mark) for cord in cords
    )


def _place_of(figure: Figure) -> tuple[Tensor, Tensor, Tensor]:
    return figure.x, figure.foot, figure.side


def _gazing(scene: Scene, atlas: Atlas, subject: Figure) -> tuple[Figure, tuple[Cord, ...]]:
    x, _, radius = scene.celestial_disc
    side = torch.where(subject.x < x, -1.0, 1.0)
    half, _ = extent_of(subject, atlas)
    away = torch.maximum((subject.x - x).abs(), torch.maximum(radius + half, torch.full_like(x, FROM_DISC)))
    return leaning(replace(subject, x=x + side * away, facing=side), GAZE), ()


def _resized_on_disc(scene: Scene, atlas: Atlas, subject: Figure, heights: float, up: float) -> Figure:
    """A figure so many radii high above the disc, from its middle `up` radii upwards."""
    x, y, radius = scene.celestial_disc
    half, height = extent_of(subject, atlas)
    size = heights * radius / torch.maximum(height, 1.2 * half).clamp(min=1e-3)
    return replace(
        subject, x=x, side=subject.side * size, foot=y - up * radius + 0.04 * subject.side * size, floats=True
    )


def _over_sky(scene: Scene, atlas: Atlas, subject: Figure) -> tuple[Figure, tuple[Cord, ...]]:
    over = replace(_resized_on_disc(scene, atlas, subject, OVER_SIZE, 1.15), turn=LEAP)
    half, height = extent_of(over, atlas)
    x, y = over.x + over.facing * 1.1 * half, over.foot - 0.3 * height
    return over, strokes(x, y, (over.facing * 0.12, 0.07 + 0 * x), 0.25 * height, over.opacity())


def _on_sky(scene: Scene, atlas: Atlas, subject: Figure) -> tuple[Figure, tuple[Cord, ...]]:
    return _resized_on_disc(scene, atlas, subject, ON_SIZE, 0.94), ()


def _falling(scene: Scene, atlas: Atlas, subject: Figure) -> tuple[Figure, tuple[Cord, ...]]:
    side = subject.side * FALLEN_SIZE
    turn = HEAD_FIRST if any(has_head(LABELS[index]) for index in subject.present()) else 0.5
    half, height = extent_of(replace(subject, side=side), atlas)
    foot = IN_MID_AIR + 0.5 * height + 0.04 * side + 0.02 * math.sin(scene.angle(1.1))
    x, y = subject.x, IN_MID_AIR - 0.6 * height
    lines = strokes(x, y, (0 * x, -0.16 + 0 * x), 0.8 * half, subject.opacity())
    return replace(subject, side=side, foot=foot, turn=turn, floats=True), lines


def _hanging(scene: Scene, atlas: Atlas, subject: Figure) -> tuple[Figure, tuple[Cord, ...]]:
    side = subject.side * HUNG_SIZE
    _, height = extent_of(replace(subject, side=side), atlas)
    upside_down = any(LABELS[index] in ("bat", "monkey") for index in subject.present())
    foot = HUNG + height + 0.04 * side - 0.08 * side * upside_down
    x = subject.x + 0.012 * math.sin(scene.angle(0.9))
    top = Cord((subject.x, torch.full_like(x, -0.05)), (x, HUNG + 0.1 * height), 0.0, subject.opacity())
    turn = math.pi if upside_down else 0.0
    return replace(subject, x=x, side=side, foot=foot, turn=turn, floats=True), (top,)


def _tethered(scene: Scene, atlas: Atlas, subject: Figure) -> tuple[Figure, tuple[Cord, ...]]:
    """Somebody on a rope to a peg in the ground; what is in the air on a string."""
    half, height = extent_of(subject, atlas)
    label = LABELS[subject.present()[0]]
    if elevation(label, scene.staged) >= AIRBORNE or not has_head(label):
        lifted = replace(subject, foot=torch.minimum(subject.foot, torch.full_like(subject.foot, STRUNG)), floats=True)
        end = lifted.x - 0.12 * lifted.facing, torch.full_like(lifted.x, PEG)
        begin = lifted.x, lifted.foot - 0.05 * lifted.side
        return lifted, (Cord(begin, end, 0.03, lifted.opacity()),)
    begin = subject.point(*NECK)
    peg = subject.x + subject.facing * -1.35 * half, subject.foot - SUNK * subject.side
    post = Cord((peg[0], peg[1] - 0.14 * height), peg, 0.0, subject.opacity(), 3.2 * CORD)
    return subject, (Cord(begin, (peg[0], peg[1] - 0.11 * height), 0.04, subject.opacity(), 1.4 * CORD), post)


_ACTS = {
    "tethered": _tethered,
    "gazing": _gazing,
    "over sky": _over_sky,
    "on sky": _on_sky,
    "falling": _falling,
    "hanging": _hanging,
}


def settle_on_peak(scene: Scene, atlas: Atlas, ridges: Ridges, figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Bring figures to the highest peak of the far mountains, or onto a cliff, if marks say so."""
    land = [figure for figure in figures if figure.present()]
    if "peak" not in scene.marks or not scene.staged or not land:
        return figures
    cliffs = scene.has("terrain", "cliffs")
    mark = scene.mark("peak") * scene.weight("terrain", "mountains", "cliffs")
    ridge, usual, tallest = (
        (ridges.middle, ON_CLIFF, TALLEST_ON_CLIFF) if cliffs else (ridges.far, ON_PEAK, TALLEST_ON_PEAK)
    )
    summit = _edge_of_cliff(scene, ridges) if cliffs else _summit(scene, ridges)
    xs = torch.stack([figure.x for figure in land])
    middle = (xs.amax(0) + xs.amin(0)) / 2
    heights = torch.stack([extent_of(figure, atlas)[1] for figure in land]).amax(0)
    scale = torch.minimum(torch.full_like(heights, usual), tallest / heights.clamp(min=1e-3))
    if cliffs:  # all of them are behind its edge
        ends = [CLOSER * (one.x - middle) + extent_of(one, atlas)[0] for one in land]
        summit = summit - scale * torch.stack(ends).amax(0)
    found = []
    for figure in figures:
        side = figure.side * scale
        x = summit + CLOSER * (figure.x - middle) * scale
        half, _ = extent_of(replace(figure, side=side), atlas)
        beside = [height_at(scene, ridge, x + aside * half) for aside in (-ASTRIDE_PEAK, ASTRIDE_PEAK)]
        ground = torch.lerp(height_at(scene, ridge, x), torch.maximum(*beside), SINKS)
        foot = ground + SUMMIT + SUNK * side
        place = [torch.lerp(a, b, mark) for a, b in ((figure.x, x), (figure.foot, foot), (figure.side, side))]
        found.append(replace(figure, x=place[0], foot=place[1], side=place[2], far=not cliffs, before=False))
    return tuple(found)


def _edge_of_cliff(scene: Scene, ridges: Ridges) -> Tensor:
    """The x of the edge of the cliff on the left, [batch, 1, 1, 1]."""
    grid = scene.grid
    x = grid.x.expand(1, 1, 1, grid.width)
    outside = (x < CLIFF[0]) | (x > CLIFF[1])
    line = torch.where(outside, torch.full_like(ridges.middle, 2.0), ridges.middle)
    high = line < line.amin(3, keepdim=True) + EDGE_OF_CLIFF
    return torch.where(high, x.expand_as(line), torch.full_like(line, CLIFF[0])).amax(3, keepdim=True)


def _summit(scene: Scene, ridges: Ridges) -> Tensor:
    """The x of the highest peak of the far land in the middle of the picture, [batch, 1, 1, 1]."""
    grid = scene.grid
    x = grid.x.expand(1, 1, 1, grid.width)
    covered = torch.minimum(ridges.middle, ridges.near) < ridges.far  # by nearer land
    outside = (x < PEAKS[0]) | (x > PEAKS[1]) | covered
    line = torch.where(outside, torch.full_like(ridges.far, 2.0), ridges.far)
    return x.expand_as(line).gather(3, line.argmin(3, keepdim=True))
