"""What is on the windowsill while somebody else is in the room: "a girl reads, and a cat sits on the windowsill".

Small things and animals are on the sill, people stay where they are with what they hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from installation.models.figure_traits import trait
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import Figure, extent_of
from installation.models.theatre.magnitudes import rank_of
from installation.models.theatre.outlines import lowest_point
from installation.models.theatre.relations import sill_of
from installation.models.theatre.scene import Scene

ON_SILL = "on sill"  # a mark
UNBORNE = (*trait("people"), *trait("seats"))  # who and what is on no sill, however small
LARGEST = 1  # rank of what a sill bears
ASIDE, APART = 0.15, 0.16  # of the first from the middle of the window; from one to the next; in units
TALLEST, WIDEST, MOST = 0.24, 0.24, 1.4  # height and width of what is there, in units; how much it grows
RESTS = 0.012  # how far below the line of the sill its foot is, in units

Part = tuple[Figure, ...]


def set_on_sill(scene: Scene, atlas: Atlas, parts: Sequence[Part], bound: int) -> tuple[list[Part], list[bool]]:
    """The parts, of which those that a sill bears are on it, and whether each of them is.

    Args:
        scene: A room.
        atlas: Of all figures.
        parts: The figures of each kind.
        bound: How many of the first parts have to do with each other and stay together; 0 if they have not.
    """
    found, moved = list(parts), [False] * len(parts)
    first = [tuple(range(bound))] if bound else []
    units = [*first, *((place,) for place in range(bound, len(parts)))]
    units = [unit for unit in units if _is_borne([one for place in unit for one in parts[place]])]
    borne = {place for unit in units for place in unit}
    others = [one for place, part in enumerate(parts) if place not in borne for one in part]
    for number, unit in enumerate(units):
        figures = [one for place in unit for one in parts[place]]
        x = 0.5 + APART * (number - (len(units) - 1) / 2) + torch.zeros_like(figures[0].x)
        if others:  # on the other side of the window
            x = 0.5 + torch.where(others[0].x > 0.5, -1.0, 1.0) * (ASIDE - APART * number)
        there = iter(_set_down(scene, atlas, figures, x))
        for place in unit:
            found[place], moved[place] = tuple(next(there) for _ in parts[place]), True
    return found, moved


def _set_down(scene: Scene, atlas: Atlas, figures: Sequence[Figure], x: Tensor) -> list[Figure]:
    """Figures as they are to each other, on the sill at x, no larger than it bears."""
    each = [one for figure in figures for one in figure.each() if figure.present()]
    extents = [extent_of(one, atlas) for one in each]
    left = torch.stack([one.x - half for one, (half, _) in zip(each, extents, strict=True)]).amin(0)
    right = torch.stack([one.x + half for one, (half, _) in zip(each, extents, strict=True)]).amax(0)
    top = torch.stack([one.foot - tall for one, (_, tall) in zip(each, extents, strict=True)]).amin(0)
    floor = torch.stack([one.foot - (1 - lowest_point(atlas, one.present()[0])) * one.side for one in each]).amax(0)
    size = torch.minimum(TALLEST / (floor - top).clamp(min=1e-3), WIDEST / (right - left).clamp(min=1e-3))
    size = size.clamp(max=MOST)
    middle, rest = (left + right) / 2, sill_of(scene) + RESTS

    def moved(figure: Figure) -> Figure:
        return replace(
            figure,
            x=x + (figure.x - middle) * size,
            foot=rest + (figure.foot - floor) * size,
            side=figure.side * size,
            floats=True,
            before=False,
            copies=tuple(moved(copy) for copy in figure.copies),
        )

    return [moved(figure) for figure in figures]


def _is_borne(figures: Sequence[Figure]) -> bool:
    """Whether a sill bears all of them."""
    labels = [LABELS[index] for figure in figures for index in figure.present()]
    return bool(labels) and all(label not in UNBORNE and rank_of(label) <= LARGEST for label in labels)
