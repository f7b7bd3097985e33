"""Figures that are cut from outlines of a table (`outlined_figures.toml`): what neither the atlas nor a font has.

A figure is a list of shapes, each laid upon those before it: "area 10,99 10,60 90,60 90,99". The first word says what
the numbers are, in percent of the figure's square, downwards, where 99 is the floor:

- `area`: the corners of a polygon; `blob`: those of a rounded one;
- `line 2`: a line so thick along these points; `curve 2`: a rounded one;
- `disc 5`: a disc of this radius at each point;
- `cut`: a polygon that is cut out of all before it.

A colour behind the first word ("area#4f7f3a") is that of the shape, which words do not change; one without is of the
figure's paper. `rows 4,0 5` before a shape repeats it five times, each time so far from the last.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from installation.models.theatre.further_figures import FURTHER, FurtherFigure
from installation.models.theatre.sheet_cutting import (
    DRAWN,
    SIDE,
    CutSheet,
    Folds,
    Shades,
    cropped,
    folded_by,
    inner_distances,
    red_green_blue,
)

FINE = 2 * SIDE  # pixels of a figure's square: it may fill the stage, with signs and bricks on it
FOLDS = Folds(directions=9, leaning=0.34, smoothness=4.5, steepness=1.3)
EVENED = 0.8  # pixels over which the steps of an outline are evened
BEVEL, FLAT = 26.0, 0.15  # pixels over which sheets lean; how far they lean beyond
CORNERS = 8  # points between two of a rounded line
KINDS = ("area", "blob", "line", "curve", "disc", "cut")
OUTLINED = {name: figure for name, figure in FURTHER.items() if figure.shapes}

Points = NDArray[np.float64]  # [points, 2], in percent


class Shape(NamedTuple):
    """One shape of a figure.

    Attributes:
        kind: One of KINDS.
        colour: Hexadecimal RGB, or "" for the figure's paper.
        size: How thick a line is, or the radius of discs; 0 of polygons.
        points: Of it.
    """

    kind: str
    colour: str
    size: float
    points: Points


def outline_extent(figure: FurtherFigure) -> tuple[float, float]:
    """Half the width and the height above the floor of a figure, in sides of its square."""
    shapes = [shape for shape in shapes_of(figure) if shape.kind != "cut"]
    reach = [0.5 * shape.size if shape.kind in ("line", "curve") else shape.size for shape in shapes]
    left = min(float(shape.points[:, 0].min()) - more for shape, more in zip(shapes, reach, strict=True))
    right = max(float(shape.points[:, 0].max()) + more for shape, more in zip(shapes, reach, strict=True))
    top = min(float(shape.points[:, 1].min()) - more for shape, more in zip(shapes, reach, strict=True))
    return max(50 - left, right - 50) / 100, (100 - top) / 100


def cut_outline(figure: FurtherFigure) -> CutSheet:
    """Cut a figure that has shapes, FINE pixels wide and high; this takes some 200 ms."""
    from scipy import ndimage

    covered = np.zeros((FINE, FINE), np.float32)
    painted = np.zeros((9, FINE, FINE), np.float32)
    for shape in shapes_of(figure):
        rows, columns, cover = _cover(shape)
        part = covered[rows, columns]
        np.minimum(part, 1 - cover, out=part) if shape.kind == "cut" else np.maximum(part, cover, out=part)
        under = painted[1:5, rows, columns]
        under *= 1 - cover
        if shape.colour:
            under += np.array([*red_green_blue(shape.colour), 1.0], np.float32)[:, None, None] * cover
    sheet = covered > 0.5
    inner = ndimage.distance_transform_edt(sheet)
    distances = ndimage.gaussian_filter(inner, EVENED)
    if any(line.any() for line in (sheet[0], sheet[-1], sheet[:, 0], sheet[:, -1])):
        inner = inner_distances(sheet)  # it goes on beyond the square, but leans as if it ended there
    distances -= ndimage.gaussian_filter(ndimage.distance_transform_edt(~sheet), EVENED)
    return cropped((distances / FINE).astype(np.float32), sheet, np.concatenate([_bevelled(inner), painted]))


def _bevelled(inner: NDArray[np.float64]) -> Shades:
    """How a sheet leans, [2, FINE, FINE]: most near its edge, so that a wide wall has no crease across it."""
    share = FLAT + (1 - FLAT) * np.exp(-((inner / BEVEL) ** 2))
    leaning: Shades = folded_by(inner, FOLDS) * share.astype(np.float32)
    return leaning


def shapes_of(figure: FurtherFigure) -> list[Shape]:
    """The shapes of a figure, repeated ones each on its own. Raises ValueError with the row that is none."""
    return [shape for row in figure.shapes for shape in _read(row)]


def _read(row: str) -> list[Shape]:
    words = row.split()
    step, times = np.zeros(2), 1
    if words[0] == "rows":
        step, times = _points(words[1:2])[0], int(words[2])
        words = words[3:]
    kind, _, colour = words[0].partition("#")
    if kind not in KINDS:
        raise ValueError(f"'{row}' begins with none of {', '.join(KINDS)}")
    sized = "," not in words[1]
    points = _points(words[2:] if sized else words[1:])
    if kind in ("blob", "curve"):
        points = _rounded(points, closed=kind == "blob")
    size = float(words[1]) if sized else 0.0
    return [Shape(kind, colour, size, points + time * step) for time in range(times)]


def _points(words: list[str]) -> Points:
    return np.array([[float(part) for part in word.split(",")] for word in words])


def _rounded(points: Points, *, closed: bool) -> Points:
    """A line through the same points, without corners: the spline of Catmull and Rom (1974)."""
    ends = (points[-1:], points[:2]) if closed else (points[:1], points[-1:])
    knots = np.concatenate([ends[0], points, ends[1]])
    before, here, there, after = (knots[start : len(knots) - 3 + start, None] for start in range(4))
    t = np.linspace(0, 1, CORNERS, endpoint=False)[None, :, None]
    between = here + 0.5 * t * (there - before + t * (2 * before - 5 * here + 4 * there - after))
    between = between + 0.5 * t**3 * (3 * (here - there) + after - before)
    curve: Points = between.reshape(-1, 2)
    return curve if closed else np.concatenate([curve, points[-1:]])


def _cover(shape: Shape) -> tuple[slice, slice, Shades]:
    """The rows and columns that a shape touches, and how far it covers each of their pixels, 0..1."""
    from PIL import Image, ImageDraw

    scale = FINE * DRAWN / 100
    radius = shape.size * scale
    places = shape.points * scale
    low = np.maximum((places.min(0) - radius) // DRAWN - 1, 0).astype(int)  # pixels of the figure
    high = np.minimum((places.max(0) + radius) // DRAWN + 2, FINE).astype(int)
    (left, top), (width, height) = low.tolist(), np.maximum(high - low, 0).tolist()
    image = Image.new("L", (width * DRAWN, height * DRAWN))
    draw = ImageDraw.Draw(image)
    corners = [(float(x), float(y)) for x, y in places - low * DRAWN]
    if shape.kind in ("line", "curve"):
        draw.line(corners, fill=255, width=max(1, round(radius)), joint="curve")
    elif shape.kind == "disc":
        for x, y in corners:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    else:
        draw.polygon(corners, fill=255)
    cover: Shades = np.asarray(image.reduce(DRAWN), np.float32) / np.float32(255)
    return slice(top, top + height), slice(left, left + width), cover
