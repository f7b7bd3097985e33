"""Draws hand-made figures from a small stroke language, which the head of `silhouette_sdf.toml` describes."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

CANVAS_SIZE = 1024  # pixels
CURVE_STEPS = 16  # line segments of a curve between two of its points

Mask = NDArray[np.bool_]
Points = NDArray[np.float64]  # [points, 2], in hundredths of the square's side


class StrokeCanvas(NamedTuple):
    """The layers of a figure, each [CANVAS_SIZE, CANVAS_SIZE]."""

    shape: Mask  # the opaque part
    lit: Mask  # openings with light behind them
    turning: Mask  # parts that rotate about the hub

    @staticmethod
    def empty() -> StrokeCanvas:
        """A canvas without any shape."""
        return StrokeCanvas(*(np.zeros((CANVAS_SIZE, CANVAS_SIZE), np.bool_) for _ in range(3)))


def draw_strokes(canvas: StrokeCanvas, strokes: str, hub: tuple[float, float]) -> StrokeCanvas:
    """Apply strokes, one a line, in order.

    `hub` is the centre of rotation of repeated strokes, in units of the square's side.

    Raises:
        ValueError: A stroke or a shape is unknown.
    """
    for line in strokes.strip().splitlines():
        operation, *words = line.split()
        mirrored = words[-1:] == ["mirrored"]
        words = words[:-1] if mirrored else words
        times = int(words[-1]) if words[-2:-1] == ["times"] else 1
        words = words[:-2] if times > 1 else words
        polygons = outline(words[0], words[1:])
        for i in range(times):
            rotated = [_rotate(one, hub, 2 * math.pi * i / times) for one in polygons]
            canvas = _apply(canvas, operation, _rasterize(rotated))
        if mirrored:
            canvas = _apply(canvas, operation, _rasterize([one * (-1, 1) + (100, 0) for one in polygons]))
    return canvas


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
            return [_disc(_parse_points(words[:1])[0], float(words[1]), float(words[2]))]
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


def _apply(canvas: StrokeCanvas, operation: str, mask: Mask) -> StrokeCanvas:
    shape, lit, turning = canvas
    match operation:
        case "add":
            return StrokeCanvas(shape | mask, lit & ~mask, turning)
        case "cut":
            return StrokeCanvas(shape & ~mask, lit & ~mask, turning)
        case "lit":
            return StrokeCanvas(shape & ~mask, lit | mask, turning)
        case "turn":
            return StrokeCanvas(shape, lit, turning | mask)
        case "gap":
            return StrokeCanvas(shape, lit, turning & ~mask)
    raise ValueError(f"there is no stroke '{operation}'")


def _parse_points(words: list[str]) -> Points:
    return np.array([[float(part) for part in word.rstrip("!").split(",")] for word in words])


def _line(width: float, points: Points) -> list[Points]:
    """A line with round caps, which is a spline if it has more than two points."""
    if len(points) > 2:
        is_end = [i in (0, len(points) - 1) for i in range(len(points))]
        points = spline(points, is_end)[: 1 - CURVE_STEPS]
    segments = []
    for start, end in pairwise(points):
        along = (end - start) / (np.hypot(*(end - start)) + 1e-9) * width / 2
        aside = np.array([-along[1], along[0]])
        segments += [np.array([start + aside, end + aside, end - aside, start - aside])]
    return segments + [_disc(point, width / 2, width / 2) for point in points]


def _disc(centre: Points, radius_x: float, radius_y: float) -> Points:
    angle = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    return np.stack([centre[0] + radius_x * np.cos(angle), centre[1] + radius_y * np.sin(angle)], 1)


def _star(count: int, centre: Points, outer: float, inner: float) -> Points:
    angle = np.arange(2 * count) * np.pi / count - np.pi / 2
    radius = np.where(np.arange(2 * count) % 2 == 0, outer, inner)
    return np.stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)], 1)


def _rotate(points: Points, hub: tuple[float, float], angle: float) -> Points:
    centre = 100 * np.array(hub)
    matrix = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    rotated: Points = (points - centre) @ matrix + centre
    return rotated


def _rasterize(polygons: list[Points]) -> Mask:
    """The union of polygons, or the area between two concentric ones."""
    sheet = Image.new("1", (CANVAS_SIZE, CANVAS_SIZE))
    pen = ImageDraw.Draw(sheet)
    is_ring = len(polygons) == 2 and np.allclose(polygons[0].mean(0), polygons[1].mean(0))
    for i, points in enumerate(polygons):
        pen.polygon([tuple(point) for point in (points * CANVAS_SIZE / 100).tolist()], fill=int(not (is_ring and i)))
    return np.asarray(sheet)
