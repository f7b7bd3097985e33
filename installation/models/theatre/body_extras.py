"""What people of paper wear over their garments, carry on their backs or hold as their trade has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from installation.models.theatre.body_pieces import (
    Outline,
    Piece,
    disc,
    hull,
    moved,
    on_trunk,
    palm,
    placed,
    points,
    strip,
)
from installation.models.theatre.jointed_body import Body, Point

INK = "2c2426"
Drawn = Callable[[Body, tuple[str, ...]], list[Piece]]


def _on_trunk(*outlines: tuple[Outline, int]) -> Drawn:
    """Flat pieces in trunk coordinates, each with the number of its colour."""

    def draw(body: Body, colours: tuple[str, ...]) -> list[Piece]:
        return [
            Piece(on_trunk(body, outline), colours[min(number, len(colours) - 1)], flat=True)
            for outline, number in outlines
        ]

    return draw


def _stripes(body: Body, colours: tuple[str, ...]) -> list[Piece]:
    bands = (0.14, 0.36, 0.58, 0.80)
    return [
        Piece(
            on_trunk(body, points((-0.072, y), (0.066, y), (0.068, y + 0.1), (-0.074, y + 0.1))), colours[0], flat=True
        )
        for y in bands
    ]


def _apron(body: Body, colours: tuple[str, ...]) -> list[Piece]:
    bib = on_trunk(body, points((0.0, -0.05), (0.070, -0.05), (0.066, 0.4), (0.072, 0.78), (0.03, 0.80), (0.0, 0.4)))
    near, far = body.near_leg, body.far_leg
    knees = [one.begin + 0.92 * (one.middle - one.begin) for one in (near, far)]
    front = max(knees, key=lambda knee: knee[0])
    ends = disc(moved(front, 0.028, 0.0), 0.036, 5), disc(moved(knees[0], 0.016, 0.0), 0.03, 5)
    low = hull([bib[:2], *ends])
    return [Piece(low, colours[0]), Piece(bib, colours[0], flat=True)]


def _cape(body: Body, colours: tuple[str, ...]) -> list[Piece]:
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


def _backpack(body: Body, colours: tuple[str, ...]) -> list[Piece]:
    pack = points((-0.07, 0.12), (-0.20, 0.10), (-0.23, 0.40), (-0.21, 0.88), (-0.14, 0.98), (-0.06, 0.92))
    pocket = points((-0.21, 0.18), (-0.235, 0.22), (-0.235, 0.46), (-0.20, 0.5))
    return [Piece(on_trunk(body, pack), colours[0]), Piece(on_trunk(body, pocket), colours[-1], flat=True)]


def _strap(body: Body, colours: tuple[str, ...]) -> list[Piece]:
    band = points((-0.04, 1.0), (-0.015, 1.02), (0.03, 0.84), (-0.02, 0.30), (-0.05, 0.32), (-0.005, 0.80))
    return [Piece(on_trunk(body, band), colours[0], flat=True)]


def _satchel(body: Body, colours: tuple[str, ...]) -> list[Piece]:
    band = points((0.045, 1.0), (0.07, 0.96), (-0.03, 0.05), (-0.06, 0.08))
    bag = points((-0.115, 0.16), (0.0, 0.18), (0.01, -0.20), (-0.12, -0.22))
    flap = points((-0.118, 0.17), (0.004, 0.19), (0.0, 0.0), (-0.056, -0.06), (-0.116, -0.02))
    return [
        Piece(on_trunk(body, band), colours[0], flat=True),
        Piece(on_trunk(body, bag), colours[0]),
        Piece(on_trunk(body, flap), colours[-1]),
    ]


def _scarf(body: Body, colours: tuple[str, ...]) -> list[Piece]:
    neck = points((-0.062, 0.96), (0.058, 0.95), (0.060, 1.07), (0.0, 1.12), (-0.060, 1.09))
    end = points((0.02, 1.0), (0.062, 0.98), (0.080, 0.56), (0.036, 0.54))
    return [Piece(on_trunk(body, end), colours[-1]), Piece(on_trunk(body, neck), colours[0])]


def _wings(body: Body, colours: tuple[str, ...]) -> list[Piece]:
    upper = points(
        (-0.04, 0.92), (-0.26, 1.38), (-0.46, 1.44), (-0.42, 1.06), (-0.34, 0.8), (-0.24, 0.52), (-0.08, 0.56)
    )
    lower = points((-0.05, 0.62), (-0.30, 0.62), (-0.36, 0.30), (-0.24, 0.08), (-0.08, 0.34))
    return [Piece(on_trunk(body, lower), colours[-1]), Piece(on_trunk(body, upper), colours[0])]


def _held(upright: Callable[[tuple[str, ...]], list[tuple[Outline, str]]]) -> Drawn:
    """A tool in the near hand, drawn upright about the hand, in heights; it stands on the floor if it is long."""

    def draw(body: Body, colours: tuple[str, ...]) -> list[Piece]:
        hand = palm(body.near_arm)
        return [Piece(placed(outline, hand, 0.0), colour) for outline, colour in upright(colours)]

    return draw


def _rod(x: float, low: float, high: float, width: float) -> Outline:
    return points((x - width / 2, low), (x + width / 2, low), (x + width / 2, high), (x - width / 2, high))


def _pole(top: Callable[[Point, tuple[str, ...]], list[Piece]], height: float, width: float = 0.018) -> Drawn:
    """A pole in the near hand that stands on the floor, with something at its top, which is `height` high."""

    def draw(body: Body, colours: tuple[str, ...]) -> list[Piece]:
        hand = palm(body.near_arm)
        low, high = np.array([hand[0] + 0.01, 0.0]), np.array([hand[0] - 0.01, max(height, hand[1] + 0.1)])
        pole = Piece(strip(low, high, width, width), colours[0], ridge=(low, high))
        return [pole, *top(high, colours)]

    return draw


def _around(*outlines: Outline) -> Callable[[Point, tuple[str, ...]], list[Piece]]:
    return lambda end, colours: [Piece(outline + end, colours[-1]) for outline in outlines]


def _cane(body: Body, colours: tuple[str, ...]) -> list[Piece]:
    hand = palm(body.near_arm)
    low, high = np.array([hand[0] + 0.05, 0.0]), moved(hand, 0.0, 0.03)
    grip = strip(moved(high, -0.05, 0.004), moved(high, 0.02, 0.004), 0.018, 0.018)
    return [Piece(strip(low, high, 0.018, 0.018), colours[0], ridge=(low, high)), Piece(grip, colours[0])]


_BRIEFCASE = (
    points((-0.11, -0.03), (0.09, -0.03), (0.09, -0.18), (-0.11, -0.18)),
    points((-0.03, 0.0), (0.02, 0.0), (0.03, -0.03), (-0.04, -0.03)),
)
_BUNDLE = tuple(
    disc(np.array(centre), 0.036, 7) for centre in ((-0.02, 0.06), (0.04, 0.09), (0.0, 0.115), (0.06, 0.05))
)

BEHIND: Mapping[str, Drawn] = {"cape": _cape, "backpack": _backpack, "wings": _wings}  # painted before the body
OVER: Mapping[str, Drawn] = {  # painted over the trunk, before the head
    "shirt front": _on_trunk((points((0.080, 0.80), (0.058, 1.0), (0.01, 1.06), (0.045, 0.42)), 0)),
    "tie": _on_trunk((points((0.046, 0.96), (0.070, 0.93), (0.078, 0.60), (0.060, 0.50), (0.050, 0.62)), 0)),
    "collar": _on_trunk(
        (points((-0.045, 1.02), (0.01, 1.08), (0.058, 1.0), (0.062, 0.90), (0.02, 0.94), (-0.04, 0.94)), 0)
    ),
    "dog collar": _on_trunk((points((-0.02, 1.02), (0.05, 1.02), (0.054, 0.97), (-0.02, 0.97)), 0)),
    "belt": _on_trunk(
        (points((-0.065, 0.0), (0.066, 0.0), (0.064, 0.1), (-0.064, 0.1)), 0),
        (points((0.034, -0.01), (0.06, -0.01), (0.058, 0.11), (0.034, 0.11)), 1),
    ),
    "buttons": _on_trunk(*((disc(np.array([0.052, y]), 0.011, 6), 0) for y in (0.2, 0.42, 0.64, 0.84))),
    "braces": _on_trunk(
        (points((-0.04, 1.0), (-0.02, 1.0), (-0.005, 0.02), (-0.03, 0.02)), 0),
        (points((0.046, 0.98), (0.062, 0.94), (0.05, 0.02), (0.03, 0.02)), 0),
    ),
    "bib": _on_trunk(
        (points((-0.01, -0.05), (0.066, -0.05), (0.062, 0.4), (0.070, 0.70), (0.0, 0.72)), 0),
        (points((-0.04, 1.0), (-0.02, 1.01), (0.02, 0.70), (0.0, 0.66)), 0),
    ),
    "sash": _on_trunk((points((0.05, 1.0), (0.075, 0.92), (-0.05, 0.04), (-0.068, 0.14)), 0)),
    "badge": _on_trunk((points((0.03, 0.80), (0.044, 0.84), (0.058, 0.80), (0.052, 0.70), (0.036, 0.70)), 0)),
    "medal": _on_trunk(
        (points((0.030, 0.84), (0.05, 0.84), (0.046, 0.72), (0.034, 0.72)), 0),
        (disc(np.array([0.040, 0.68]), 0.017, 7), 1),
    ),
    "red cross": _on_trunk(
        (points((0.028, 0.72), (0.064, 0.72), (0.064, 0.66), (0.028, 0.66)), 0),
        (points((0.039, 0.79), (0.053, 0.79), (0.053, 0.59), (0.039, 0.59)), 0),
    ),
    "star": _on_trunk(
        (
            points(
                (0.03, 0.86),
                (0.042, 0.74),
                (0.074, 0.72),
                (0.046, 0.64),
                (0.050, 0.50),
                (0.03, 0.60),
                (0.008, 0.50),
                (0.014, 0.64),
                (-0.012, 0.72),
                (0.018, 0.74),
            ),
            0,
        )
    ),
    "bands": _on_trunk(
        (points((-0.075, 0.58), (0.072, 0.58), (0.072, 0.70), (-0.077, 0.70)), 0),
        (points((-0.064, 0.22), (0.062, 0.22), (0.064, 0.34), (-0.066, 0.34)), 0),
    ),
    "stethoscope": _on_trunk(
        (points((0.0, 1.04), (0.02, 1.05), (0.05, 0.70), (0.062, 0.72), (0.066, 0.62), (0.04, 0.60), (0.036, 0.70)), 0)
    ),
    "necklace": _on_trunk(
        *((disc(np.array(place), 0.010, 6), 0) for place in ((0.0, 0.98), (0.022, 0.93), (0.044, 0.91), (0.062, 0.95)))
    ),
    "plates": _on_trunk(
        (points((-0.08, 0.98), (0.06, 1.0), (0.03, 0.80), (-0.05, 0.78)), 1),
        (points((-0.063, 0.30), (0.062, 0.30), (0.062, 0.38), (-0.063, 0.38)), 1),
    ),
    "patches": _on_trunk(
        (points((-0.05, 0.30), (-0.01, 0.34), (-0.014, 0.14), (-0.05, 0.12)), 0),
        (points((0.02, 0.74), (0.056, 0.70), (0.05, 0.52), (0.016, 0.56)), 1),
    ),
    "stripes": _stripes,
    "apron": _apron,
    "straps": _strap,
    "satchel": _satchel,
    "scarf": _scarf,
}
TOOLS: Mapping[str, Drawn] = {  # in the near hand, while it holds nothing else
    "cane": _cane,
    "staff": _pole(_around(), 1.06, 0.022),
    "crook": _pole(
        _around(
            points(
                (-0.012, -0.01),
                (-0.02, 0.08),
                (0.05, 0.11),
                (0.10, 0.05),
                (0.08, 0.0),
                (0.06, 0.03),
                (0.06, 0.06),
                (0.02, 0.06),
                (0.012, -0.01),
            )
        ),
        0.98,
    ),
    "sweep's brush": _pole(
        _around(
            points(
                (-0.13, 0.02),
                (-0.10, 0.10),
                (-0.05, 0.03),
                (-0.02, 0.13),
                (0.02, 0.03),
                (0.07, 0.12),
                (0.08, 0.03),
                (0.14, 0.05),
                (0.10, -0.02),
                (-0.08, -0.04),
            )
        ),
        1.10,
    ),
    "broom": _pole(_around(), 0.86),
    "pitchfork": _pole(
        _around(
            points(
                (-0.06, 0.0),
                (-0.06, 0.14),
                (-0.045, 0.14),
                (-0.04, 0.02),
                (-0.008, 0.02),
                (-0.006, 0.15),
                (0.008, 0.15),
                (0.008, 0.02),
                (0.04, 0.02),
                (0.045, 0.14),
                (0.06, 0.14),
                (0.06, 0.0),
                (0.0, -0.04),
            )
        ),
        0.94,
    ),
    "spear": _pole(_around(points((-0.028, 0.0), (0.0, 0.13), (0.028, 0.0), (0.0, -0.03))), 1.12),
    "rake": _pole(_around(), 0.9),
    "briefcase": _held(lambda colours: [(_BRIEFCASE[1], INK), (_BRIEFCASE[0], colours[0])]),
    "handbag": _held(
        lambda colours: [
            (points((-0.04, 0.0), (0.02, 0.0), (0.05, -0.08), (-0.07, -0.08)), colours[-1]),
            (points((-0.08, -0.07), (0.06, -0.07), (0.08, -0.17), (-0.10, -0.17)), colours[0]),
        ]
    ),
    "sword": _held(
        lambda colours: [
            (points((0.0, 0.02), (0.09, 0.40), (0.14, 0.48), (0.125, 0.39), (0.03, 0.01)), colours[0]),
            (points((-0.04, 0.045), (0.06, 0.015), (0.065, 0.035), (-0.035, 0.065)), colours[-1]),
        ]
    ),
    "ladle": _held(
        lambda colours: [
            (points((0.0, -0.06), (0.05, 0.16), (0.07, 0.155), (0.016, -0.065)), colours[0]),
            (disc(np.array([0.085, 0.18]), 0.036, 8), colours[0]),
        ]
    ),
    "tray": _held(
        lambda colours: [
            (points((-0.12, 0.03), (0.14, 0.03), (0.13, 0.05), (-0.11, 0.05)), colours[0]),
            (points((0.0, 0.05), (0.05, 0.05), (0.06, 0.14), (-0.01, 0.14)), colours[-1]),
            (points((-0.07, 0.05), (-0.05, 0.05), (-0.05, 0.16), (-0.07, 0.16)), colours[-1]),
        ]
    ),
    "bouquet": _held(
        lambda colours: [
            (points((-0.01, -0.08), (0.02, -0.08), (0.05, 0.05), (-0.03, 0.05)), "4f7f4a"),
            *((outline, colours[place % len(colours)]) for place, outline in enumerate(_BUNDLE)),
        ]
    ),
    "microphone": _held(
        lambda colours: [
            (points((-0.01, -0.05), (0.01, -0.05), (0.024, 0.05), (0.0, 0.05)), INK),
            (disc(np.array([0.016, 0.065]), 0.026, 8), colours[0]),
        ]
    ),
    "letter": _held(
        lambda colours: [
            (points((-0.05, 0.07), (0.09, 0.07), (0.09, -0.02), (-0.05, -0.02)), colours[0]),
            (points((-0.05, 0.07), (0.09, 0.07), (0.02, 0.02)), colours[-1]),
        ]
    ),
    "palette": _held(
        lambda colours: [
            (disc(np.array([0.0, 0.02]), 0.075, 9), colours[0]),
            *(
                (disc(np.array(place), 0.016, 6), colour)
                for place, colour in (((-0.03, 0.05), "c0392b"), ((0.02, 0.06), "e0b030"), ((0.045, 0.02), "3f6690"))
            ),
        ]
    ),
    "wand": _held(
        lambda colours: [
            (points((-0.01, -0.03), (0.01, -0.03), (0.13, 0.20), (0.12, 0.21)), colours[0]),
            (
                points(
                    (0.13, 0.27),
                    (0.14, 0.225),
                    (0.18, 0.215),
                    (0.145, 0.195),
                    (0.15, 0.15),
                    (0.12, 0.185),
                    (0.08, 0.17),
                    (0.105, 0.21),
                ),
                colours[-1],
            ),
        ]
    ),
    "hammer": _held(
        lambda colours: [
            (points((-0.01, -0.05), (0.012, -0.05), (0.03, 0.14), (0.008, 0.14)), colours[0]),
            (points((-0.05, 0.13), (0.07, 0.12), (0.075, 0.17), (-0.045, 0.18)), colours[-1]),
        ]
    ),
    "sack": _held(
        lambda colours: [
            (
                points(
                    (0.02, 0.05),
                    (-0.04, 0.06),
                    (-0.22, -0.02),
                    (-0.30, -0.20),
                    (-0.20, -0.34),
                    (-0.06, -0.28),
                    (-0.02, -0.1),
                ),
                colours[0],
            )
        ]
    ),
    "spade": _pole(_around(), 0.72),
    "watering can": _held(
        lambda colours: [
            (points((-0.09, -0.03), (0.05, -0.03), (0.06, -0.15), (-0.10, -0.15)), colours[0]),
            (points((0.05, -0.12), (0.16, -0.01), (0.19, 0.0), (0.18, 0.025), (0.13, 0.01), (0.05, -0.07)), colours[0]),
            (
                points(
                    (-0.07, 0.0),
                    (0.03, 0.0),
                    (0.04, -0.03),
                    (0.02, -0.03),
                    (0.015, -0.012),
                    (-0.055, -0.012),
                    (-0.06, -0.03),
                    (-0.08, -0.03),
                ),
                colours[0],
            ),
        ]
    ),
}
POLES = ("staff", "crook", "sweep's brush", "broom", "pitchfork", "spear", "rake", "spade")
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
