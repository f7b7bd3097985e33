"""Draws the figures from a small language of paper and scissors, which the head of `figures.toml` describes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from installation.training.data.paper_relief import folded_slopes

CANVAS_SIZE = 1024  # pixels of the outlines
RELIEF_SIZE = 512  # pixels of the facets
CURVE_STEPS = 4  # line segments of a curve between two of its points: facets, not arcs
DISC_SEGMENTS = {3.0: 12, 8.0: 16, 100.0: 24}  # corners of a disc up to a radius, in hundredths of the side
CONTACT_SHADOW, SHADOW_OFFSET = 0.016, (0.004, 0.007)  # of a sheet on those below it: reach and x, y in sides
FLAT_TENTH = 0.1
PAPERS = ("first", "second")  # strokes that choose the paper of those that follow
TINTS = ("tint", "coat")  # strokes that colour a part of the sheets; a coat gives way where words name a colour

Mask = NDArray[np.bool_]
Points = NDArray[np.float64]  # [points, 2], in hundredths of the square's side
Floats = NDArray[np.float32]
Colour = tuple[int, ...]


def _empty() -> Mask:
    return np.zeros((CANVAS_SIZE, CANVAS_SIZE), np.bool_)


@dataclass
class Sheets:
    """Sheets of one paper that lie on each other and are moved as one.

    Attributes:
        motion: How it moves, `swing DEGREES` or `spin RADIANS_PER_SECOND`, or "" if it rests.
        pivot: The point about which it turns, in hundredths of the square's side.
        second: Whether it is cut from the figure's second paper.
        joined: Whether it moves with the sheets before.
        shape: The opaque part, [CANVAS_SIZE, CANVAS_SIZE].
        lit: Openings with light behind them.
        slopes: [2, RELIEF_SIZE, RELIEF_SIZE], see `paper_relief`.
        shade: How much of the light the sheets above take away, 0..1, [RELIEF_SIZE, RELIEF_SIZE].
        tints: Which of `colours` each place has, from 1 on; 0 is the paper's own, [RELIEF_SIZE, RELIEF_SIZE].
        colours: Red, green, blue, and whether it is a coat, 1 or 0.
        ink: The number of the colour of sheets that are laid from now on, 0 of the paper's own.
    """

    motion: str = ""
    pivot: tuple[float, float] = (50.0, 50.0)
    second: bool = False
    joined: bool = False
    shape: Mask = field(default_factory=_empty)
    lit: Mask = field(default_factory=_empty)
    slopes: Floats = field(default_factory=lambda: np.zeros((2, RELIEF_SIZE, RELIEF_SIZE), np.float32))
    shade: Floats = field(default_factory=lambda: np.zeros((RELIEF_SIZE, RELIEF_SIZE), np.float32))
    tints: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((RELIEF_SIZE, RELIEF_SIZE), np.uint8))
    colours: list[Colour] = field(default_factory=list)
    ink: int = 0

    def add(self, sheet: Mask, slopes: Floats) -> None:
        """Lay a sheet on top."""
        small = relief_mask(sheet)
        if (self.shape & ~sheet).any():
            self.shade = np.maximum(self.shade, _contact_shadow(small))
        self.shade[small] = 0
        self.slopes[:, small] = slopes[:, small]
        self.tints[small] = self.ink
        self.shape |= sheet
        self.lit &= ~sheet

    def cut(self, hole: Mask, *, lit: bool = False) -> None:
        """Cut a hole through all sheets, with light behind it if `lit`."""
        self.shape &= ~hole
        self.lit = self.lit | hole if lit else self.lit & ~hole

    def colour(self, code: str, *, coat: bool) -> int:
        """The number of a colour, six hexadecimal digits."""
        colour = (*bytes.fromhex(code), int(coat))
        if colour not in self.colours:
            self.colours.append(colour)
        return self.colours.index(colour) + 1


@dataclass
class FigureSheets:
    """A figure: its body, and the parts that move."""

    body: Sheets
    parts: list[Sheets]


def draw_strokes(strokes: str) -> FigureSheets:
    """Apply strokes, one a line, in order.

    Raises:
        ValueError: A stroke or a shape is unknown, or a stroke cuts or colours no paper.
    """
    figure = FigureSheets(Sheets(), [])
    sheets = figure.body
    for line in strokes.strip().splitlines():
        operation, *words = line.split("#")[0].split() or ["#"]
        if operation == "part":
            x, y = _parse_points(words[:1])[0]
            motion = " ".join(words[1:])
            sheets = Sheets("" if motion == "rest" else motion, (float(x), float(y)))
            figure.parts.append(sheets)
        elif operation in PAPERS:
            sheets = _other_paper(figure, sheets, second=operation == "second")
        elif operation == "body":
            sheets = figure.body
        elif operation in TINTS:
            ink = sheets.ink
            sheets.ink = sheets.colour(words[0], coat=operation == "coat") if words[0] != "none" else 0
            if words[1:]:
                _change(sheets, operation, words[1:], line)
                sheets.ink = ink
        elif operation != "#":
            _change(sheets, operation, words, line)
    return figure


def _change(sheets: Sheets, operation: str, words: list[str], line: str) -> None:
    """Apply a stroke. Raises ValueError if it is to cut or to colour paper of its layer, and there is none."""
    paper, tints = sheets.shape.copy(), sheets.tints.copy()
    _apply(sheets, operation, words)
    if operation == "cut" and (sheets.shape == paper).all():
        raise ValueError(f"'{line.strip()}' cuts no paper of the layer that it belongs to")
    if operation in TINTS and (sheets.tints == tints).all():
        raise ValueError(f"'{line.strip()}' colours no paper of the layer that it belongs to")


def _other_paper(figure: FigureSheets, sheets: Sheets, *, second: bool) -> Sheets:
    """Go on with another paper: on a new layer that moves with the one before, unless that is still empty."""
    if sheets.shape.any() or sheets.lit.any():
        sheets = Sheets(sheets.motion, sheets.pivot, joined=True)
        figure.parts.append(sheets)
    sheets.second = second
    return sheets


def _apply(sheets: Sheets, operation: str, words: list[str]) -> None:
    """Apply one stroke and its repetitions."""
    lean = (0.0, 0.0)
    if operation == "flat":
        lean = (FLAT_TENTH * _parse_points(words[:1])[0, 0], FLAT_TENTH * _parse_points(words[:1])[0, 1])
        words = words[1:]
    side = words.pop() if words[-1] in ("mirrored", "flipped") else ""
    times = int(words[-1]) if words[-2:-1] == ["times"] else 1
    words = words[:-2] if times > 1 else words
    if "," in words[0]:
        words = ["polygon", *words]
    polygons = outline(words[0], words[1:])
    for i in range(times if side != "flipped" else 0):
        _lay(sheets, operation, [_rotate(one, sheets.pivot, 2 * math.pi * i / times) for one in polygons], lean)
    if side:
        _lay(sheets, operation, [one * (-1, 1) + (100, 0) for one in polygons], (-lean[0], lean[1]))


def _lay(sheets: Sheets, operation: str, polygons: list[Points], lean: tuple[float, float]) -> None:
    mask = _rasterize(polygons)
    match operation:
        case "add":
            sheets.add(mask, folded_slopes(relief_mask(mask), np.concatenate(polygons) * (RELIEF_SIZE / 100)))
        case "flat":
            slopes = np.broadcast_to(np.array(lean, np.float32)[:, None, None], sheets.slopes.shape)
            sheets.add(mask, slopes)
        case "cut" | "lit":
            sheets.cut(mask, lit=operation == "lit")
        case "tint" | "coat":
            sheets.tints[relief_mask(mask & sheets.shape)] = sheets.ink
        case _:
            raise ValueError(f"there is no stroke '{operation}'")


def relief_mask(mask: Mask) -> Mask:
    """A mask at the size of the relief."""
    step = CANVAS_SIZE // RELIEF_SIZE
    return mask[step // 2 :: step, step // 2 :: step]


def _contact_shadow(sheet: Mask) -> Floats:
    """The shadow of a sheet on what is below, [RELIEF_SIZE, RELIEF_SIZE] in 0..1."""
    dx, dy = (round(part * RELIEF_SIZE) for part in SHADOW_OFFSET)
    distance = ndimage.distance_transform_edt(~np.roll(sheet, (dy, dx), (0, 1)))
    shadow: Floats = np.clip(1 - distance / (CONTACT_SHADOW * RELIEF_SIZE), 0, 1).astype(np.float32)
    return shadow


def outline(shape: str, words: list[str]) -> list[Points]:
    """The polygons of a shape. A ring is two concentric discs; all other polygons are united.

    Raises:
        ValueError: The shape is unknown.
    """
    match shape:
        case "polygon":
            return [_parse_points(words)]
        case "curve":
            return [spline(_parse_points(words), [word.endswith("!") for word in words])]
        case "line":
            return _line(float(words[0]), _parse_points(words[1:]))
        case "disc":
            return [_disc(_parse_points(words[:1])[0], float(words[1]), float(words[-1]))]
        case "ring":
            centre, radius, width = _parse_points(words[:1])[0], float(words[1]), float(words[2])
            return [_disc(centre, radius + side * width / 2, radius + side * width / 2) for side in (1, -1)]
        case "star":
            return [_star(int(words[0]), _parse_points(words[1:2])[0], float(words[2]), float(words[3]))]
    raise ValueError(f"there is no shape '{shape}'")


def spline(points: Points, sharp: list[bool]) -> Points:
    """A closed Catmull-Rom spline through `points`, with zero tangents at the sharp ones."""
    after, before = np.roll(points, -1, 0), np.roll(points, 1, 0)
    slope = (after - before) / 2 * (1 - np.array(sharp, np.float64))[:, None]
    t = np.linspace(0, 1, CURVE_STEPS, endpoint=False)[:, None, None]
    segments = (
        (2 * t**3 - 3 * t**2 + 1) * points
        + (t**3 - 2 * t**2 + t) * slope
        + (3 * t**2 - 2 * t**3) * after
        + (t**3 - t**2) * np.roll(slope, -1, 0)
    )
    return segments.transpose(1, 0, 2).reshape(-1, 2)


def _parse_points(words: list[str]) -> Points:
    return np.array([[float(part) for part in word.rstrip("!").split(",")] for word in words])


def _line(width: float, points: Points) -> list[Points]:
    """A strip of paper along a line."""
    along = np.diff(points, axis=0)
    along /= np.hypot(along[:, 0], along[:, 1])[:, None] + 1e-9
    segments = []
    for (start, end), direction in zip(pairwise(points), along, strict=True):
        aside = np.array([-direction[1], direction[0]]) * width / 2
        segments.append(np.array([start + aside, end + aside, end - aside, start - aside]))
    return segments + [_disc(point, width / 2, width / 2) for point in points[1:-1]]


def _disc(centre: Points, radius_x: float, radius_y: float) -> Points:
    corners = next(count for radius, count in DISC_SEGMENTS.items() if max(radius_x, radius_y) <= radius)
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return np.stack([centre[0] + radius_x * np.cos(angle), centre[1] + radius_y * np.sin(angle)], 1)


def _star(count: int, centre: Points, outer: float, inner: float) -> Points:
    angle = np.arange(2 * count) * np.pi / count - np.pi / 2
    radius = np.where(np.arange(2 * count) % 2 == 0, outer, inner)
    return np.stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)], 1)


def _rotate(points: Points, pivot: tuple[float, float], angle: float) -> Points:
    matrix = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    rotated: Points = (points - pivot) @ matrix + pivot
    return rotated


def _rasterize(polygons: list[Points]) -> Mask:
    """The union of polygons, or the area between two concentric ones."""
    sheet = Image.new("1", (CANVAS_SIZE, CANVAS_SIZE))
    pen = ImageDraw.Draw(sheet)
    is_ring = len(polygons) == 2 and np.allclose(polygons[0].mean(0), polygons[1].mean(0))
    for i, points in enumerate(polygons):
        pen.polygon([tuple(point) for point in (points * CANVAS_SIZE / 100).tolist()], fill=int(not (is_ring and i)))
    return np.asarray(sheet)
