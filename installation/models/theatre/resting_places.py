"""Where things rest on somebody, or on something upright: on a shoulder, on a back, in the middle of a web."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import Figure
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.magnitudes import UPRIGHT, has_head, rank_of
from installation.models.theatre.outlines import edge_place, face_place, sheets_as

FACES = {  # upright figures in whose middle others rest: x and y of it in their square
    "spiderweb": (0.5, 0.51),
    "sunflower": (0.5, 0.34),
    "flower": (0.5, 0.35),
    "rose": (0.5, 0.30),
    "hibiscus": (0.5, 0.45),
    "dandelion": (0.5, 0.30),
    "dartboard": (0.5, 0.48),
}
IN_MIDDLE = 0.34  # height of what rests there, in sides of the figure
ON_BACKS = ("backpack", "handbag", "guitar", "cello", "banjo", "parachute", "shield", "bow and arrow", "money bag")
ON_BACK, BACK_ROW = 0.36, 0.36  # its height, and the row of its middle below the top, in heights of who bears it
ON_SHOULDER, SHOULDER, ASIDE = 0.25, 0.215, 0.75  # height of who sits there; row of the shoulder; half faces aside
WIDEST_FACE, BELOW_MOUTH = 0.09, 0.07  # half of it; of a shoulder; in sides
PACK_ANIMALS = ("donkey", "horse", "camel", "llama", "bull", "zebra")
LOADS, LOAD = ("basket", "sack", "box", "barrel", "suitcase"), 0.30  # what they bear, and its height in heights of them
FLANK, FLANK_ROW = 0.63, 0.46  # column of its middle on an animal that faces left, and its row below the top
BACKED = 0.35  # how much of what is borne on a back the back covers, in half widths


class Rest(NamedTuple):
    """Where the lowest point or the middle of something is on a figure.

    Attributes:
        x: In units, [batch, 1, 1, 1].
        y: In units.
        height: Of what rests there, in units.
        middle: Whether the place is that of its middle.
    """

    x: Tensor
    y: Tensor
    height: Tensor
    middle: bool = False


def rest_on(atlas: Atlas, bearer: Figure, height: Tensor, half: Tensor, label: str) -> Rest | None:
    """Where something rests on a figure; None where it is on top of it.

    Args:
        atlas: Of all figures.
        bearer: What it is on.
        height: Of the bearer, in units.
        half: Half the width of what rests, in its heights.
        label: Of what rests.
    """
    kind = LABELS[bearer.present()[0]]
    if kind in FACES and rank_of(label) <= rank_of(kind) + 1:
        x, y = bearer.point(*FACES[kind])
        return Rest(x, y, IN_MIDDLE * bearer.side, middle=True)
    top = bearer.foot - 0.04 * bearer.side - height
    sheets = sheets_as(bearer, atlas)
    if kind in UPRIGHT and label in ON_BACKS:
        y = top + BACK_ROW * height
        column = edge_place(sheets, 1 + (y - bearer.foot) / bearer.side, rear=True)
        aside = (1 - BACKED) * half * ON_BACK * height
        x = bearer.x + ((column - 0.5) * bearer.side + aside) * bearer.facing
        return Rest(x, y, ON_BACK * height, middle=True)
    if kind in PACK_ANIMALS and label in LOADS:
        x, _ = bearer.point(FLANK, 1.0)
        return Rest(x, top + FLANK_ROW * height, LOAD * height, middle=True)
    if kind in UPRIGHT and rank_of(label) < 2 and has_head(label):
        middle, _, face = face_place(sheets)
        x, _ = bearer.point(middle + (1 + ASIDE) * min(face, WIDEST_FACE), 1.0)
        jointed = jointed_of(bearer)
        y = top + SHOULDER * height
        if jointed is not None:  # whose arm or hat may be above the head
            _, y = bearer.point(0.5, jointed.mouth[1] + BELOW_MOUTH)
        return Rest(x, y, ON_SHOULDER * height)
    return None
