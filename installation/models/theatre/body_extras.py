"""What people of paper wear over their garments, carry on their backs or hold, most of it from `body_extras.toml`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import NamedTuple

import numpy as np

from installation.models.theatre.body_pieces import (
    Piece,
    Shape,
    disc,
    hull,
    moved,
    on_trunk,
    palm,
    placed,
    points,
    read_table,
    shapes_of,
    strip,
)
from installation.models.theatre.jointed_body import Body

POLE_WIDTH = 0.018  # in heights
PRESENTED = (
    "sword",
    "ladle",
    "tray",
    "bouquet",
    "microphone",
    "letter",
    "palette",
    "wand",
    "hammer",
)  # before the body
Colours = tuple[str, ...]
Drawn = Callable[[Body, Colours], list[Piece]]


class Extras(NamedTuple):
    """How each thing is drawn in the colours of a look, by name.

    Attributes:
        behind: What is painted before the body.
        over: What is painted over the trunk, before the head.
        held: What is in the near hand, while it holds nothing else.
        poles: The same, standing on the floor.
    """

    behind: dict[str, Drawn]
    over: dict[str, Drawn]
    held: dict[str, Drawn]
    poles: dict[str, Drawn]

    @property
    def tools(self) -> dict[str, Drawn]:
        """All that is in the near hand."""
        return {**self.held, **self.poles}


@cache
def extras() -> Extras:
    """All of `body_extras.toml`, and what follows the legs or the floor."""
    table = read_table("body_extras.toml")
    behind, over = (
        {name: partial(_worn, shapes_of(rows)) for name, rows in table[group].items()} for group in ("behind", "over")
    )
    held = {name: partial(_held, shapes_of(rows)) for name, rows in table["held"].items()}
    poles: dict[str, Drawn] = {
        name: partial(_pole, shapes_of(row.get("top", ())), row["height"], row.get("width", POLE_WIDTH))
        for name, row in table["poles"].items()
    }
    return Extras({**behind, "cape": _cape}, {**over, "apron": _apron}, {**held, "cane": _cane}, poles)


def _worn(shapes: tuple[Shape, ...], body: Body, colours: Colours) -> list[Piece]:
    """Shapes in trunk coordinates."""
    return [Piece(on_trunk(body, shape.outline), shape.of(colours), flat=shape.flat) for shape in shapes]


def _held(shapes: tuple[Shape, ...], body: Body, colours: Colours) -> list[Piece]:
    """Shapes that are upright about the near hand."""
    hand = palm(body.near_arm)
    return [Piece(placed(shape.outline, hand, 0.0), shape.of(colours)) for shape in shapes]


def _pole(top: tuple[Shape, ...], height: float, width: float, body: Body, colours: Colours) -> list[Piece]:
    """A pole in the near hand that stands on the floor, with shapes about its top, which is `height` high."""
    hand = palm(body.near_arm)
    low, high = np.array([hand[0] + 0.01, 0.0]), np.array([hand[0] - 0.01, max(height, hand[1] + 0.1)])
    pole = Piece(strip(low, high, width, width), colours[0], ridge=(low, high))
    return [pole, *(Piece(shape.outline + high, shape.of(colours)) for shape in top)]


def _apron(body: Body, colours: Colours) -> list[Piece]:
    bib = on_trunk(
        body, points((-0.03, -0.05), (0.062, -0.05), (0.054, 0.4), (0.058, 0.74), (-0.004, 0.76), (-0.022, 0.4))
    )
    near, far = body.near_leg, body.far_leg
    knees = [one.begin + 0.92 * (one.middle - one.begin) for one in (near, far)]
    foremost = max(knees, key=lambda knee: knee[0])
    ends = disc(moved(foremost, 0.028, 0.0), 0.036, 5), disc(moved(knees[0], 0.016, 0.0), 0.03, 5)
    low = hull([bib[:2], *ends])
    return [Piece(low, colours[0]), Piece(bib, colours[0], flat=True)]


def _cape(body: Body, colours: Colours) -> list[Piece]:
    hem = -0.95 * (body.build.thigh + body.build.shin)
    shape = points(
        (0.02, 0.30),
        (-0.09, 0.29),
        (-0.17, 0.05),
        (-0.24, 0.8 * hem),
        (-0.13, 0.9 * hem),
        (-0.04, 0.84 * hem),
        (0.02, 0.1),
    )
    outline = placed(shape, body.hips, 0.5 * body.lean)
    outline[:, 1] = outline[:, 1].clip(min=0.02)
    return [Piece(outline, colours[0])]


def _cane(body: Body, colours: Colours) -> list[Piece]:
    hand = palm(body.near_arm)
    low, high = np.array([hand[0] + 0.05, 0.0]), moved(hand, 0.0, 0.03)
    grip = strip(moved(high, -0.05, 0.004), moved(high, 0.02, 0.004), 0.018, 0.018)
    return [Piece(strip(low, high, 0.018, 0.018), colours[0], ridge=(low, high)), Piece(grip, colours[0])]
