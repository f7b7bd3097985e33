"""Five and more figures of a kind: in ranks behind each other, or in a loose flight, so that they fill the stage.

Those of different ranks overlap a little, and differ in size; none hides the head of another, so that up to twelve can
be counted.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

from torch import Tensor

from installation.models.op_tape import decisions
from installation.models.theatre.figure_layout import Figure
from installation.models.theatre.marks import MORE

CROWD = 24  # figures of a crowd
NUMBERS = {"five": 5, "six": 6, "many": 7, **{name: 8 + place for place, name in enumerate(MORE[:-1])}, "crowd": CROWD}
TOTALS = {"two": 2, "three": 3, "four": 4, **NUMBERS}
BACK_SIZE = 0.74  # of the last rank, relative to the first
UNEVEN, UNEVEN_SIZE = 0.32, 0.07  # how much places differ from even ones, in paces; how much sizes differ
UNEVEN_DEPTH, LAST_UNEVEN = 0.30, 0.10  # how far apart those of a rank stand in depth, at most; those of the last
FALL, RISE = 0.075, 0.05  # from the last rank on the ground to the first; of the last one on a floor, in units
RISE_AFLOAT = 0.105  # of the last one on water
FARTHER = 0.07  # how far the last rank of a crowd stands back on the land behind the nearest ridge, in units
OPEN_LAND = ("hills", "field", "desert", "mountains")  # terrains where it may
LANES = 0.036, 0.022  # from the near lane of a street to the far one; how much nearer the near one is, in units
LOWEST_FOOT = 0.965  # y that no foot of a rank is below
LEAST_MERGED = 3  # figures of a rank that are painted at once
FLIGHT_FOOT = 0.74  # y of the first row of a flight, at least
ROW_GAP, FLUTTER, WAVER = 0.95, 0.26, 0.16  # from one row of a flight to the next; how uneven it is, in heights


class Formation(NamedTuple):
    """How so many figures stand.

    Attributes:
        ranks: How many there are.
        pace: Distance along the row, in widths of a figure; more if the row would be short.
        width: Of the row, as a share of the room for it.
        height: Of a figure, at most, in units.
    """

    ranks: int
    pace: float
    width: float
    height: float


ON_GROUND = {
    "five": Formation(2, 0.72, 0.90, 0.42),
    "six": Formation(2, 0.70, 0.95, 0.4),
    "many": Formation(2, 0.66, 1.00, 0.38),
    "eight": Formation(2, 0.64, 1.02, 0.37),
    "nine": Formation(3, 0.56, 1.03, 0.36),
    "ten": Formation(3, 0.54, 1.05, 0.35),
    "eleven": Formation(3, 0.52, 1.08, 0.34),
    "twelve": Formation(3, 0.50, 1.10, 0.34),
    "crowd": Formation(4, 0.36, 1.22, 0.3),
}
ON_STREETS = {  # two lanes
    name: one._replace(ranks=2, pace=max(one.pace, 0.58)) for name, one in ON_GROUND.items()
}
IN_AIR = {
    "five": Formation(2, 0.80, 0.92, 0.3),
    "six": Formation(2, 0.78, 0.96, 0.29),
    "many": Formation(3, 0.60, 0.98, 0.25),
    "eight": Formation(3, 0.58, 1.00, 0.245),
    "nine": Formation(3, 0.56, 1.02, 0.24),
    "ten": Formation(3, 0.54, 1.03, 0.235),
    "eleven": Formation(3, 0.52, 1.04, 0.23),
    "twelve": Formation(3, 0.50, 1.05, 0.23),
    "crowd": Formation(4, 0.34, 1.20, 0.18),
}
STRETCH = 1.5  # how much longer a pace may get
_ORDER = {1: (0,), 2: (0, 1), 3: (0, 2, 1), 4: (0, 2, 1, 3)}  # ranks of neighbours along the row


class Stand(NamedTuple):
    """Where one of many stands.

    Attributes:
        place: Along the row from the first, in widths of a figure.
        rank: 0 for the first.
        depth: 0 for the first rank to 1 for the last.
        size: Relative to the first figure.
        mirrored: Whether it faces the other way.
        last: Whether its rank is the last.
    """

    place: float
    rank: int
    depth: float
    size: float
    mirrored: bool
    last: bool


def stands(name: str, formation: Formation) -> tuple[Stand, ...]:
    """The places of a number of figures, in their order along the row."""
    found = []
    for place in range(NUMBERS[name]):
        chance = math.sin(12.9898 * place + 78.233) * 43758.5453
        chance -= math.floor(chance)  # 0..1, always the same
        rank = _ORDER[formation.ranks][place % formation.ranks]
        depth = rank / max(1, formation.ranks - 1)
        last = depth >= 1
        other = math.sin(45.164 * place + 94.673) * 15731.743
        uneven_depth = LAST_UNEVEN if last else UNEVEN_DEPTH
        depth = abs(depth - (0.0 if place == 0 else uneven_depth * (other - math.floor(other))))
        uneven = 0.0 if place == 0 else UNEVEN * (2 * chance - 1)
        size = (1 + (BACK_SIZE - 1) * depth) * (1 + UNEVEN_SIZE * math.cos(2.4 * place))
        mirrored = (place + place // formation.ranks) % 2 == 1
        found.append(Stand(formation.pace * (place + uneven), rank, depth, size, mirrored, last))
    return tuple(found)


def merged(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """The figures, those of a rank as one with `copies`, which is painted at once."""
    found: list[Figure] = []
    ranks: dict[object, list[Figure]] = {}
    for figure in figures:
        if figure.rank >= 0 and figure.present():
            key = (figure.rank, figure.before, figure.far, figure.submerged, figure.look, tuple(figure.present()))
            ranks.setdefault(key, []).append(figure)
            if len(ranks[key]) > 1:
                continue
        found.append(figure)
    together = {id(each[0]): each for each in ranks.values() if len(each) >= LEAST_MERGED}
    apart = {id(each[0]): each for each in ranks.values() if len(each) < LEAST_MERGED}
    whole: list[Figure] = []
    for figure in found:
        if id(figure) in together:
            whole.append(as_one(together[id(figure)]))
        else:
            whole += apart.get(id(figure), [figure])
    return tuple(whole)


def as_one(figures: list[Figure]) -> Figure:
    """Figures that look alike and do not overlap as one, from left to right, which is painted at once."""
    if decisions((figures[0].x > figures[-1].x).detach().flatten())[0]:
        figures = figures[::-1]
    most = max(figures, key=lambda figure: figure.delay == 0.0)
    whole = most.weights[:, :-1].sum(1).clamp(min=1e-3)
    copies = []
    for figure in figures:
        share = (figure.weights[:, :-1].sum(1) / whole).clamp(0, 1).view(-1, 1, 1, 1)
        copies.append(replace(figure, side=figure.side * share.clamp(min=0.02)))
    return replace(most, copies=tuple(copies))


class Frame(NamedTuple):
    """The square of a figure at each column of a box: its middle, its floor, its side and its direction."""

    x: Tensor
    foot: Tensor
    side: Tensor
    facing: Tensor


def frame_at(figure: Figure, x: Tensor) -> Frame:
    """The square of the figure, or at each x of that of its copies which is the nearest.

    Args:
        figure: The figure.
        x: Of the columns, [1, 1, 1, width].
    """
    if not figure.copies:
        return Frame(figure.x, figure.foot, figure.side, figure.facing)
    xs, foot, side, facing = figure.row  # each [batch, 1, 1, copies]
    nearest = (x.mT > (xs[..., 1:] + xs[..., :-1]) / 2).sum(3)  # [batch, 1, width]
    chosen = nearest[:, :, None, :]
    return Frame(*(part.gather(3, chosen) for part in (xs, foot, side, facing)))
