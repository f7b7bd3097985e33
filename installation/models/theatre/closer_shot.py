"""How near an audience sees the figures of a scene: so near that they fill a good part of the picture, all alike.

The arranged figures are enlarged, or made smaller, together about the ground between them, so that hands stay on what
they hold, and who sits stays on his seat. What words say is small, alone or far keeps its size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from installation.models.theatre.cords import Cord
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import SUNK, Figure, extent_of
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.magnitudes import rank_of
from installation.models.theatre.marks import STREETS
from installation.models.theatre.pairing import by_nature
from installation.models.theatre.scene import VEHICLES, Scene, is_afloat
from installation.models.theatre.stage_room import room_beside

TALLEST, TALLEST_INDOORS = 0.58, 0.62  # height that a figure is enlarged to, in units
LARGEST = 0.72  # height of a figure from which on it is made smaller, unless words call it huge
TALL = 1.4  # times as high as that is a tree or a house beside who is smaller, so that he is not lost below it
ALL_TOGETHER, WIDEST = 0.74, 1.34  # height and width that all of them are enlarged to
MOST, MOST_OF_SEVERAL, MOST_OF_MANY = 1.8, 1.8, 1.25  # times: of one, of some, of ranks or a table
TOP, SIDE_MARGIN, LOWEST = 0.07, 0.05, 0.955  # free above them and beside them; y that no foot is below
PERSON = 2  # rank of a person
BODY = 0.95  # height of a person without what he holds up, in sides
LEAST_BEFORE_HOUSES = 0.55  # of a person's height, of the smallest that stand alone before houses
SUN_SEEN = 0.9  # radii of the sun or moon that stay free above who stands before it
AS_TOLD = (  # marks of sizes and places that words tell otherwise
    *("wide", "tiny figure", "second tiny figure", "peak", "sill", "on sill", "between", "leaping", "around"),
    *("between sky", "on sky", "over sky", "above sky", "behind sky", "huge sky", "lifted", "flying", "campfire"),
)
HUGE_MARKS = ("huge figure", "second huge figure")
NARROW = ("island", "deep sea", "cave")  # terrains without room


class Reach(NamedTuple):
    """What a figure takes up, how tall it is without what it holds up, in units, how far it is on stage, 0..1.

    `rank` is how large it is by nature (see `magnitudes.rank_of`).
    """

    left: float
    right: float
    top: float
    foot: float
    tall: float
    share: float
    rank: int


Parts = tuple[tuple[Figure, ...], ...]


def seen_closer(scene: Scene, atlas: Atlas, parts: Parts, cords: tuple[Cord, ...]) -> tuple[Parts, tuple[Cord, ...]]:
    """All figures of a scene and the cords between them, enlarged or made smaller about the ground between them.

    Args:
        scene: A single scene.
        atlas: Of all figures.
        parts: The figures of each kind, first what others stand on that no words name.
        cords: Between them.
    """
    figures = [one for part in parts for one in part if one.present()]
    if not figures or not _may_grow(scene, figures):
        return parts, cords
    reaches = [_reach(one, atlas) for figure in figures for one in figure.each()]
    size = _growth(scene, figures, reaches, bool(parts[0]))
    if abs(size - 1) < 0.005:
        return parts, cords
    middle, ground = 0.5 * (min(one.left for one in reaches) + max(one.right for one in reaches)), _ground(reaches)
    aside = _aside(scene, reaches, middle, size)
    lower = min(0.0, LOWEST - ground)

    def enlarged(figure: Figure) -> Figure:
        side = figure.side * size
        floor = figure.foot - SUNK * figure.side
        away = 1.0 if figure.beyond else size  # it stays on the land beyond the edge
        foot = ground + lower + away * (floor - ground) + SUNK * side
        x = middle + aside + size * (figure.x - middle)
        return replace(figure, x=x, side=side, foot=foot, copies=tuple(map(enlarged, figure.copies)))

    def moved(cord: Cord) -> Cord:
        ends = [(middle + aside + size * (x - middle), ground + lower + size * (y - ground)) for x, y in cord[:2]]
        return cord._replace(begin=ends[0], end=ends[1], sag=cord.sag * size)

    return _each(parts, enlarged), tuple(map(moved, cords))


def _each(parts: Parts, change: Callable[[Figure], Figure]) -> Parts:
    return tuple(tuple(change(one) for one in part) for part in parts)


def _may_grow(scene: Scene, figures: list[Figure]) -> bool:
    """Whether all figures stand by themselves where there is room, and words say nothing of their size."""
    if not scene.staged or scene.marks & set(AS_TOLD) or any(scene.has("terrain", name) for name in NARROW):
        return False
    labels = [LABELS[index] for figure in figures for index in figure.present()]
    if scene.has_ways and any(label in VEHICLES for label in labels):
        return False
    if scene.has("terrain", "river") and any(map(is_afloat, labels)):  # they are as wide as it is
        return False
    return not any(one.far or (one.beyond and not one.tone and not _is_place(one)) or one.submerged for one in figures)


def _is_place(figure: Figure) -> bool:
    """Whether a figure is as large as a house or a tree by nature."""
    return any(rank_of(LABELS[index]) > PERSON for index in figure.present())


def _reach(figure: Figure, atlas: Atlas) -> Reach:
    half, height = (float(length) for length in extent_of(figure, atlas))
    x, foot, side = float(figure.x), float(figure.foot), float(figure.side)
    tall = height
    if len(figure.present()) == 1 and (jointed := jointed_of(figure)) is not None:
        height = jointed.height * side
        tall = min(height, BODY * side)
    share = max(float(figure.on_stage(index)) for index in figure.present())
    rank = max(rank_of(LABELS[index]) for index in figure.present())
    return Reach(x - half, x + half, foot - height, foot - SUNK * side, tall - SUNK * side, share, rank)


def _ground(reaches: list[Reach]) -> float:
    return max(one.foot for one in reaches)


def _growth(scene: Scene, figures: list[Figure], reaches: list[Reach], crowded: bool) -> float:
    """How many times as large the figures are seen; those that are on their way count as far as they are there."""
    most = max(one.share for one in reaches)
    if most <= 0:
        return 1.0
    shares = [one.share / most for one in reaches]
    ground, indoors = _ground(reaches), float(scene.weight("terrain", "room"))
    taller = _taller(shares, reaches)
    tallest = max(share * one.tall / times for share, one, times in zip(shares, reaches, taller, strict=True))
    high = max(share * (ground - one.top) for share, one in zip(shares, reaches, strict=True))
    chief = max(reaches, key=lambda one: one.share)
    ends = [
        [0.5 * (1 - share) * (chief.left + chief.right) + share * end for end in (one.left, one.right)]
        for share, one in zip(shares, reaches, strict=True)
    ]
    wide = max(right for _, right in ends) - min(left for left, _ in ends)
    several = min(1.0, sum(shares) - 1)
    limit = MOST + (MOST_OF_SEVERAL - MOST) * several
    if crowded or any(one.rank >= 0 for one in figures):
        limit = MOST_OF_MANY
    wished = TALLEST + (TALLEST_INDOORS - TALLEST) * indoors
    room = (min(ground, LOWEST) - TOP) / max(high, 1e-3)
    found = min(
        limit, wished / max(tallest, 1e-3), max(taller) * ALL_TOGETHER / max(high, 1e-3), WIDEST / max(wide, 1e-3), room
    )
    least = 1.0 if scene.marks & set(HUGE_MARKS) else min(1.0, LARGEST / max(tallest, 1e-3))
    if not scene.marks.isdisjoint(STREETS) and not scene.marks & set(HUGE_MARKS):
        least = min(least, _before_houses(figures) / max(tallest, 1e-3))
    return least if least < 1 else max(1.0, min(found, _below_disc(scene, reaches, ground)))


def _before_houses(figures: list[Figure]) -> float:
    """The height of the largest figure before houses, which tell how large it is: a dog is no higher than a door."""
    sizes = [by_nature(LABELS[index], "man") for figure in figures for index in figure.present()]
    return TALLEST * min(1.0, max(LEAST_BEFORE_HOUSES, *sizes)) if max(sizes) < 1 else LARGEST


def _taller(shares: list[float], reaches: list[Reach]) -> list[float]:
    """How many times as high as a person each may be seen: TALL for what is large by nature beside who is smaller."""
    smaller = max((share for share, one in zip(shares, reaches, strict=True) if one.rank <= PERSON), default=0.0)
    return [1 + (TALL - 1) * smaller * (one.rank > PERSON) for one in reaches]


def _below_disc(scene: Scene, reaches: list[Reach], ground: float) -> float:
    """How large who stands before the sun or the moon may get without hiding it."""
    if scene.has_only("celestial", "empty sky"):
        return MOST
    x, y, radius = (float(part) for part in scene.celestial_disc)
    before = [one for one in reaches if one.left - radius < x < one.right + radius]
    heights = [ground - one.top for one in before if one.top > y - radius]
    return min([(ground - y - SUN_SEEN * radius) / max(height, 1e-3) for height in heights], default=MOST)


def _aside(scene: Scene, reaches: list[Reach], middle: float, size: float) -> float:
    """How far all move to stay within the picture."""
    room = room_beside(scene) - SIDE_MARGIN
    half = size * (max(one.right for one in reaches) - middle)
    left, right = middle - half, middle + half
    return max(0.0, -room - left) - max(0.0, right - 1 - room)
