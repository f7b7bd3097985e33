"""The pieces of paper of which a person is put together: limbs, trunk, garments; heads are in `body_heads`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from installation.models.theatre.jointed_body import Body, Limb, Point

Outline = NDArray[np.float64]  # [points, 2], in heights: forwards and upwards
FAR = 0.80  # how much darker what is on the far side is
HALF_SHOULDERS = 0.098  # in heights, of a lean adult seen from the side and a little from the front
SOLE_LENGTH, SOLE_HEIGHT = 0.105, 0.034
BLADE = "dce6ee"
ROPE, ROPE_WIDE, ROPE_HALF, ROPE_UP, ROPE_PIECES = "d9a24a", 0.016, 0.30, 0.36, 16  # of a skipping rope, in heights
ON_FLOOR = 0.085  # height of an ankle below which its shoe is flat on the floor
BELOW_HIPS = 0.05  # how far a top reaches
ROUND = 10  # corners of a round piece
LIMB_FOLD = 0.52  # how far both sides of a limb lean
PLEATS, PLEAT_SHADE = (0.3, 0.72), 0.84  # where a skirt is folded, from its front to its back; how dark that is


class Piece(NamedTuple):
    """A sheet of paper.

    Attributes:
        outline: Its corners.
        colour: Hexadecimal RGB.
        coat: Whether its colour gives way where words name one.
        ridge: The line along which it is folded, of a limb; None: it is folded by its outline.
        flat: Whether it lies flat, as small things do.
        shade: How light it is, relative to its colour.
        fold: How far both sides of a ridge lean.
    """

    outline: Outline
    colour: str
    coat: bool = False
    ridge: tuple[Point, Point] | None = None
    flat: bool = False
    shade: float = 1.0
    fold: float = LIMB_FOLD

    def moved(self, x: float, scale: float, back: bool) -> Piece:
        """The piece in another size, mirrored if it is to face `back`, and then moved forwards by x."""
        factor = np.array([-scale if back else scale, scale])
        ridge = (
            None
            if self.ridge is None
            else (moved(self.ridge[0] * factor, x, 0.0), moved(self.ridge[1] * factor, x, 0.0))
        )
        return self._replace(outline=self.outline * factor + np.array([x, 0.0]), ridge=ridge)


class Cloth(NamedTuple):
    """The colour of a garment, and whether it gives way where words name one."""

    colour: str
    coat: bool = False


class Shape(NamedTuple):
    """A piece as the tables `body_heads.toml` and `body_extras.toml` have it.

    Attributes:
        outline: Its corners, in the coordinates of its table.
        colour: The number of one of the colours that a look gives, or a hexadecimal RGB.
        flat: Whether it lies flat.
    """

    outline: Outline
    colour: int | str = 0
    flat: bool = False

    def of(self, colours: Sequence[str]) -> str:
        """The colour that it has of those of a look; the last one if there are too few."""
        return self.colour if isinstance(self.colour, str) else colours[min(self.colour, len(colours) - 1)]


def read_table(name: str) -> dict[str, dict[str, Any]]:
    """A table of outlines that lies beside this module."""
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def shapes_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Shape, ...]:
    """The rows of a table as shapes."""
    return tuple(Shape(_outline(row), row.get("colour", 0), row.get("flat", False)) for row in rows)


def _outline(row: Mapping[str, Any]) -> Outline:
    if "disc" in row:
        return disc(np.array(row["disc"], np.float64), row["radius"], row["corners"])
    return np.array(row["points"], np.float64)


def points(*pairs: tuple[float, float]) -> Outline:
    """An outline of these corners."""
    return np.array(pairs, np.float64)


def moved(point: Point, x: float, y: float) -> Point:
    """A point so much farther forwards and upwards."""
    found: Point = point + np.array([x, y])
    return found


def disc(centre: Point, radius: float, corners: int = ROUND) -> Outline:
    """A round outline."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    corners_of: Outline = centre + radius * np.stack([np.cos(angle), np.sin(angle)], 1)
    return corners_of


def hull(parts: Iterable[Outline]) -> Outline:
    """The smallest convex outline around all the points, by Andrew's monotone chain (1979)."""
    points = sorted({(float(x), float(y)) for part in parts for x, y in part})
    corners: Outline = np.array([*_chain(points), *_chain(points[::-1])])
    return corners


def _chain(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The convex side of sorted points, without its last corner."""
    found: list[tuple[float, float]] = []
    for x, y in points:
        while len(found) > 1:
            (a, b), (c, d) = found[-2:]
            if (c - a) * (y - b) > (d - b) * (x - a):
                break
            found.pop()
        found.append((x, y))
    return found[:-1]


def placed(outline: Outline, origin: Point, lean: float, scale: float = 1.0) -> Outline:
    """An outline that was drawn upright at the origin, leaning forwards, elsewhere."""
    across, up = np.array([np.cos(lean), -np.sin(lean)]), np.array([np.sin(lean), np.cos(lean)])
    found: Outline = origin + scale * (outline[:, :1] * across + outline[:, 1:] * up)
    return found


def strip(begin: Point, end: Point, first: float, last: float, bulge: float = 1.0) -> Outline:
    """A limb from one point to another, that wide at both ends, with tapering tips."""
    along = (end - begin) / max(float(np.hypot(*(end - begin))), 1e-6)
    aside = np.array([-along[1], along[0]])
    middle, wide = (2 * begin + end) / 3, bulge * (2 * first + last) / 6
    return np.array(
        [
            begin - 0.35 * first * along,
            begin + 0.42 * first * aside,
            middle + wide * aside,
            end + 0.5 * last * aside,
            end + 0.30 * last * along,
            end - 0.5 * last * aside,
            middle - wide * aside,
            begin - 0.42 * first * aside,
        ]
    )


def _segment(begin: Point, end: Point, widths: tuple[float, float], cloth: Cloth, shade: float) -> Piece:
    return Piece(strip(begin, end, *widths, 1.06), cloth.colour, cloth.coat, (begin, end), shade=shade)


def arm(body: Body, limb: Limb, sleeve: Cloth, skin: str, far: bool, length: str = "long") -> list[Piece]:
    """An arm with its sleeve: "long", "short" or "none", or "wide" as of a robe."""
    w, shade = body.build.width, FAR if far else 1.0
    bare = Cloth(skin)
    upper = bare if length == "none" else sleeve
    lower = sleeve if length in ("long", "wide") else bare
    broad = 1.5 if length == "wide" else 1.0
    first, elbow, wrist = 0.068 * w, 0.055 * w * broad, 0.042 * w * broad**2
    along = (limb.end - limb.middle) / max(float(np.hypot(*(limb.end - limb.middle))), 1e-6)
    found = [Piece(_hand(limb.end, along), skin, ridge=(limb.end, limb.end + 0.05 * along), shade=shade)]
    found.append(_segment(limb.middle, limb.end, (elbow, wrist), lower, shade))
    if length == "short":
        found.append(_segment(limb.begin, limb.middle, (first * 0.85, elbow), bare, shade))
        half = limb.begin + 0.62 * (limb.middle - limb.begin)
        found.append(_segment(limb.begin, half, (first * 1.05, elbow * 1.25), sleeve, shade))
    else:
        found.append(_segment(limb.begin, limb.middle, (first, elbow * 1.04), upper, shade))
    return found


def _hand(wrist: Point, along: Point) -> Outline:
    """A hand whose thumb is in front."""
    forwards = np.array([-along[1], along[0]])
    corners = ((0.0, -0.016), (0.0, 0.016), (0.012, 0.021), (0.022, 0.034), (0.030, 0.030), (0.026, 0.017))
    tip = ((0.044, 0.013), (0.056, 0.002), (0.052, -0.010), (0.024, -0.019))
    return np.array([wrist + x * along + y * forwards for x, y in (*corners, *tip)])


def palm(limb: Limb) -> Point:
    """The middle of the hand of an arm."""
    along = (limb.end - limb.middle) / max(float(np.hypot(*(limb.end - limb.middle))), 1e-6)
    grip: Point = limb.end + 0.03 * along
    return grip


def rope_over(body: Body) -> list[Piece]:
    """A skipping rope from one hand to the other, over the head."""
    begin, end = palm(body.near_arm), palm(body.far_arm)
    top = float(body.chin[1]) + ROPE_UP
    (x, y), half = (begin + end) / 2, max(abs(float(end[0] - begin[0])) / 2, ROPE_HALF)
    steps = np.linspace(0.0, np.pi, ROPE_PIECES + 1)[1:-1]
    over = [np.array([x - half * np.cos(step), y + (top - y) * np.sin(step) ** 0.7]) for step in steps]
    line = pairwise((begin, *over, end))
    return [Piece(strip(one, other, ROPE_WIDE, ROPE_WIDE), ROPE, flat=True) for one, other in line]


def foot(limb: Limb, shoe: str, far: bool, boot: bool = False, blade: bool = False) -> list[Piece]:
    """A shoe, flat on the floor where the ankle is near it; a boot, and the blade of a skate."""
    along = limb.end - limb.middle
    along = along / max(float(np.hypot(*along)), 1e-6)
    lean = 0.0 if limb.end[1] < ON_FLOOR and along[1] < -0.5 else float(np.arctan2(-along[0], -along[1]))
    length, high = SOLE_LENGTH, SOLE_HEIGHT
    shape = points((-0.03, high), (-0.035, -0.03), (length - 0.035, -0.03), (length - 0.04, -0.005), (0.025, high))
    shade = FAR if far else 1.0
    found = [Piece(placed(shape, limb.end, lean), shoe, shade=shade)]
    if blade:
        steel = [points((a, -0.03), (a, -0.05), (b, -0.05), (b, -0.03)) for a, b in ((-0.02, 0.0), (0.045, 0.065))]
        runner = points((-0.045, -0.046), (-0.05, -0.062), (length - 0.02, -0.062), (length, -0.040))
        found += [Piece(placed(part, limb.end, lean), BLADE, shade=shade) for part in (*steel, runner)]
    if boot or blade:
        top = limb.end + 0.55 * (limb.middle - limb.end)
        found.append(Piece(strip(top, limb.end, 0.075, 0.058), shoe, ridge=(top, limb.end), shade=shade))
    return found


def leg(body: Body, limb: Limb, cloth: Cloth | None, skin: str, far: bool, length: str = "long") -> list[Piece]:
    """A leg in trousers ("long" or "wide"), in shorts ("short"), or bare or in stockings (no cloth)."""
    w, shade = body.build.width, FAR if far else 1.0
    bare = Cloth(skin)
    wide = 1.25 if length == "wide" else 1.0
    thigh, knee, ankle = 0.108 * w, 0.082 * w * wide, 0.062 * w * wide**2
    upper = cloth or bare
    lower = cloth if cloth and length != "short" else bare
    slim = 0.78 if lower is bare else 1.0
    found = [
        _segment(limb.middle, limb.end, (knee * slim, ankle * slim), lower, shade),
        _segment(limb.begin, limb.middle, (thigh, knee), upper, shade),
    ]
    if lower is bare and cloth:  # the leg of the shorts is wider than the knee
        half = limb.begin + 0.8 * (limb.middle - limb.begin)
        found.append(_segment(limb.begin, half, (thigh * 1.06, knee * 1.35), cloth, shade))
    return found


def trunk(body: Body, cloth: Cloth, waist: float = 1.0) -> list[Piece]:
    """The trunk in a garment that ends a little below the hips. `waist` is its width, relative to a man's."""
    w, high = body.build.width, body.build.torso
    shape = points(
        (-0.084 * w, -BELOW_HIPS),
        (0.078 * w, -BELOW_HIPS - 0.008),
        (0.066 * w * waist, 0.36 * high),
        (0.090 * w, 0.72 * high),
        (0.084 * w, 0.93 * high),
        (0.048 * w, 1.04 * high),
        (0.012, 1.07 * high),
        (-0.030, 1.07 * high),
        (-0.062 * w, 1.03 * high),
        (-HALF_SHOULDERS * w, 0.93 * high),
        (-0.092 * w, 0.68 * high),
        (-0.072 * w * waist, 0.36 * high),
    )
    return [Piece(placed(shape, body.hips, body.lean), cloth.colour, cloth.coat)]


def on_trunk(body: Body, outline: Outline) -> Outline:
    """An outline in trunk coordinates: forwards in heights, upwards in lengths of the torso from the hips."""
    scaled = outline * (1.13 * body.build.width, body.build.torso)
    return placed(scaled, body.hips, body.lean)


def skirt(body: Body, cloth: Cloth, hem: float, flare: float = 1.0) -> list[Piece]:
    """A skirt or the lower part of a dress or a coat, around the legs in any pose.

    Args:
        body: Who wears it.
        cloth: Of which it is.
        hem: How far down it reaches: 0.5 is above the knee, 1 to the knee, 2 to the ankle.
        flare: How wide its hem is, relative to the usual.
    """
    w = body.build.width
    top = placed(
        points((-0.074 * w, 0.05), (0.070 * w, 0.05), (0.08 * w, -0.03), (-0.084 * w, -0.03)), body.hips, body.lean
    )
    ends = [
        _hem(limb.begin + min(hem, 1.0) * (limb.middle - limb.begin), 0.074 * w * flare)
        for limb in (body.near_leg, body.far_leg)
    ]
    found = [*_pleated(hull([top, *ends]), np.concatenate(ends), top, cloth)]
    if hem > 1:
        lower = [
            _hem(limb.middle + (hem - 1.0) * (limb.end - limb.middle), 0.088 * w * flare)
            for limb in (body.near_leg, body.far_leg)
        ]
        whole = hull([top, *ends, *lower]) if _hangs(body) else hull([*ends, *lower])
        whole[:, 1] = whole[:, 1].clip(min=0.012)
        lowest = np.concatenate(lower)
        lowest[:, 1] = lowest[:, 1].clip(min=0.012)
        below = _pleated(whole, lowest, top if _hangs(body) else np.concatenate(ends), cloth)
        found = below if _hangs(body) else [*below, *found]
    return found


def _hangs(body: Body) -> bool:
    """Whether a skirt hangs straight from the hips: not of who sits or kneels."""
    return all(limb.begin[1] - limb.middle[1] > 0.7 * body.build.thigh for limb in (body.near_leg, body.far_leg))


def _hem(middle: Point, half: float) -> Outline:
    """The part of a hem about a leg: cut straight."""
    return middle + points((-half, 0.004), (half, -0.004), (0.86 * half, 0.05), (-0.86 * half, 0.05))


def _pleated(outline: Outline, hem: Outline, top: Outline, cloth: Cloth) -> list[Piece]:
    """A convex part of a skirt from some corners of its top to others of its hem, with its pleats."""
    back, front = hem[hem[:, 0].argmin()], hem[hem[:, 0].argmax()]
    middle = top.mean(0)
    found = [Piece(outline, cloth.colour, cloth.coat)]
    for place in PLEATS:
        low, high = (front + (place + aside) * (back - front) for aside in (-0.07, 0.09))
        begin = middle + (0.5 - place) * 0.5 * (front - back) * (1, 0)
        found.append(Piece(np.array([begin, low, high]), cloth.colour, cloth.coat, flat=True, shade=PLEAT_SHADE))
    return found
