"""What a figure does alone: gaze at the moon, leap over it, sit on it, fall, hang from above, stand on a peak."""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor

from installation.models.theatre.bounding_animals import ROOSTING, roosts
from installation.models.theatre.contact import leaning
from installation.models.theatre.cords import CORD, Cord, strokes
from installation.models.theatre.crowds import TOTALS
from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import SUNK, Figure, extent_of, height_at
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.magnitudes import has_head
from installation.models.theatre.place_acts import HEAD_DOWN, HEAD_FIRST, UPSIDE_DOWN
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import AIRBORNE, elevation

LONE = ("gazing", "over sky", "on sky", "falling", "hanging", "tethered")  # marks
GAZE, FROM_DISC = -0.20, 0.26  # how far who gazes leans, in radians; how far the sun or moon is at least, in units
LEAP, OVER_SIZE, ON_SIZE = -0.30, 2.3, 1.5  # lean of who leaps over a disc; heights there and on it, in radii
IN_MID_AIR, FALLEN_SIZE = 0.42, 0.85  # y of the middle of who falls, and its size
BOUGH, HEAD_DOWN_HEIGHT, ROOST = 0.011, 0.36, 0.34  # half the width of a bough; height of who hangs from it; its y
MOST_HUNG = 6  # of several that hang
ROOFED = ("cave", "room")  # terrains
HUNG_SIZE, HUNG = 0.75, 0.26  # size of what hangs from above, and the y of its upper end
CLIMBS, SLOPE, WALL, STEEPEST = "climbing", 0.35, 0.08, 0.5  # a mark; from a summit, or an edge; lean, in radians
BESIDE_WALL, ON_FACE = (
    0.0,
    1.7,
)  # of who climbs: beside the wall, and below the edge of the slope, in half widths
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
    label = LABELS[subject.present()[0]]
    if UPSIDE_DOWN in scene.marks or label in HEAD_DOWN:
        return _head_down(scene, atlas, replace(subject, pose=ROOSTING) if roosts(label) else subject)
    side = subject.side * HUNG_SIZE
    _, height = extent_of(replace(subject, side=side), atlas)
    foot = HUNG + height + 0.04 * side
    x = subject.x + 0.012 * math.sin(scene.angle(0.9))
    top = Cord((subject.x, torch.full_like(x, -0.05)), (x, HUNG + 0.1 * height), 0.0, subject.opacity())
    return replace(subject, x=x, side=side, foot=foot, floats=True), (top,)


def _head_down(scene: Scene, atlas: Atlas, subject: Figure) -> tuple[Figure, tuple[Cord, ...]]:
    """An animal head down with its feet at a bough, or at the roof of a cave."""
    side = subject.side * HUNG_SIZE
    half, height = extent_of(replace(subject, side=side), atlas)
    side = side * (HEAD_DOWN_HEIGHT / height.clamp(min=1e-3)).clamp(max=1.6)
    half, height = extent_of(replace(subject, side=side), atlas)
    turned = subject.pose != ROOSTING and UPSIDE_DOWN not in scene.marks
    foot = ROOST + height - 0.04 * turned * side
    hung = replace(subject, side=side, foot=foot, turn=math.pi if turned else 0.0, floats=True)
    return hung, () if scene.has("terrain", *ROOFED) else bough(subject.x, half, torch.full_like(foot, ROOST), hung)


def several_hung(scene: Scene, hung: Figure, half: Tensor) -> tuple[Figure, ...]:
    """As many as words say of who hangs, side by side, so small that there is room."""
    number = min(max((total for name, total in TOTALS.items() if name in scene.marks), default=1), MOST_HUNG)
    if number == 1:
        return (hung,)
    found = []
    for place in range(number):
        size = (1.0, 0.82, 0.92, 0.86)[place % 4] * (0.86 if number < 4 else 0.62)
        top = hung.foot - hung.side
        side = size * hung.side
        x = 0.5 + (place - (number - 1) / 2) * 2.3 * half * (0.86 if number < 4 else 0.62) + 0 * hung.x
        foot = top + side + (0.02 if place % 2 else 0.0)
        found.append(replace(hung, x=x, side=side, foot=foot, delay=0.8 * place, tone=place))
    return tuple(found)


def bough(x: Tensor, half: Tensor, y: Tensor, hung: Figure) -> tuple[Cord, ...]:
    """A bough that comes from the side of the picture and reaches a little beyond who hangs from it at x and y."""
    outwards = torch.where(x > 0.5, 1.0, -1.0)
    end, begin = x - outwards * (half + 0.10), x + outwards * 1.4
    main = Cord((end, y + 0.008), (begin, y - 0.03), -0.008, hung.opacity(), BOUGH)
    twigs = tuple(
        Cord(
            (x + outwards * place * half, y),
            (x + outwards * (place + 0.5) * half, y - up),
            0.01,
            hung.opacity(),
            0.35 * BOUGH,
        )
        for place, up in ((-0.8, 0.07), (1.5, 0.09), (2.6, -0.06))
    )
    return (main, *twigs)


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
        if CLIMBS in scene.marks:
            x, foot, figure = _on_slope(scene, ridge, x, replace(figure, side=side), half, cliffs)
            figure = replace(figure, side=side / scale)
        place = [torch.lerp(a, b, mark) for a, b in ((figure.x, x), (figure.foot, foot), (figure.side, side))]
        found.append(replace(figure, x=place[0], foot=place[1], side=place[2], far=not cliffs, before=False))
    return tuple(found)


def _on_slope(
    scene: Scene, ridge: Tensor, x: Tensor, figure: Figure, half: Tensor, cliff: bool
) -> tuple[Tensor, Tensor, Figure]:
    """The x and the foot of who climbs the slope of a peak, or the wall of a cliff, on all fours or with both hands."""
    away = WALL + 0 * half if cliff else SLOPE * half
    sides = [height_at(scene, ridge, x + way * (away + 0.5 * half)) for way in (-1.0, 1.0)]
    way = torch.ones_like(x) if cliff else torch.where(sides[1] > sides[0], 1.0, -1.0)
    place = x + way * away
    foot = height_at(scene, ridge, place) + SUMMIT + SUNK * figure.side
    jointed = jointed_of(figure) is not None
    if cliff:  # before the wall, with the hands at it
        return place + BESIDE_WALL * half, foot, replace(figure, facing=way)
    onto_face = ON_FACE * half  # in front of the slope
    turn = 0.0 if jointed else -STEEPEST
    return place, foot + onto_face, replace(figure, facing=way, turn=turn, planted=True)


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
