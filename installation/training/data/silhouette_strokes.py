"""Figures drawn by hand: strokes of paper, of light and of nothing, laid one over the other."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

GRID = 1024  # pixels of the square that strokes are drawn in
SMOOTH = 16  # steps of a curve between two of its points

Mask = NDArray[np.bool_]
Points = NDArray[np.float64]  # [points, 2], hundredths of the square


class StrokeCanvas(NamedTuple):
    """What has been drawn, each [GRID, GRID]."""

    shape: Mask
    lit: Mask
    turning: Mask

    @staticmethod
    def empty() -> StrokeCanvas:
        return StrokeCanvas(*(np.zeros((GRID, GRID), np.bool_) for _ in range(3)))


def draw(paper: StrokeCanvas, strokes: str, hub: tuple[float, float]) -> StrokeCanvas:
    """Lay strokes, one a line, as `silhouettes.toml` tells them; `hub` in units of the square."""
    for line in strokes.strip().splitlines():
        kind, *words = line.split()
        mirrored = words[-1:] == ["mirrored"]
        words = words[:-1] if mirrored else words
        times = int(words[-1]) if words[-2:-1] == ["times"] else 1
        words = words[:-2] if times > 1 else words
        outlines = outline(words[0], words[1:])
        for i in range(times):
            turned = [_turned(one, hub, 2 * math.pi * i / times) for one in outlines]
            paper = _laid(paper, kind, _mask(turned))
        if mirrored:
            paper = _laid(paper, kind, _mask([one * (-1, 1) + (100, 0) for one in outlines]))
    return paper


def _laid(paper: StrokeCanvas, kind: str, mask: Mask) -> StrokeCanvas:
    shape, lit, turning = paper
    match kind:
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
    raise ValueError(f"there is no stroke '{kind}'")


def outline(shape: str, words: list[str]) -> list[Points]:
    """The polygons of a shape; their areas add up, but an area within an area is a hole (even and odd)."""
    match shape:
        case "polygon":
            return [_points(words)]
        case "curve":
            return [curve(_points(words), [word.endswith("!") for word in words])]
        case "line":
            return _line(float(words[0]), _points(words[1:]))
        case "disc":
            return [_disc(_points(words[:1])[0], float(words[1]), float(words[2]))]
        case "ring":
            middle, radius, width = _points(words[:1])[0], float(words[1]), float(words[2])
            return [_disc(middle, radius + side * width / 2, radius + side * width / 2) for side in (1, -1)]
        case "star":
            return [_star(int(words[0]), _points(words[1:2])[0], float(words[2]), float(words[3]))]
    raise ValueError(f"there is no shape '{shape}'")


def curve(points: Points, sharp: list[bool]) -> Points:
    """A closed Catmull-Rom spline; at a sharp point it comes in and leaves straight."""
    after, before = np.roll(points, -1, 0), np.roll(points, 1, 0)
    slope = (after - before) / 2 * (1 - np.array(sharp, np.float64))[:, None]
    t = np.linspace(0, 1, SMOOTH, endpoint=False)[:, None, None]
    bends = (
        (2 * t**3 - 3 * t**2 + 1) * points
        + (t**3 - 2 * t**2 + t) * slope
        + (3 * t**2 - 2 * t**3) * after
        + (t**3 - t**2) * np.roll(slope, -1, 0)
    )
    return bends.transpose(1, 0, 2).reshape(-1, 2)


def _points(words: list[str]) -> Points:
    return np.array([[float(part) for part in word.rstrip("!").split(",")] for word in words])


def _line(width: float, points: Points) -> list[Points]:
    """A line with round ends, smooth through three points and more."""
    if len(points) > 2:
        ends = [i in (0, len(points) - 1) for i in range(len(points))]
        points = curve(points, ends)[: 1 - SMOOTH]
    dots = []
    for start, end in pairwise(points):
        along = (end - start) / (np.hypot(*(end - start)) + 1e-9) * width / 2
        aside = np.array([-along[1], along[0]])
        dots += [np.array([start + aside, end + aside, end - aside, start - aside])]
    return dots + [_disc(point, width / 2, width / 2) for point in points]


def _disc(middle: Points, across: float, down: float) -> Points:
    turn = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    return np.stack([middle[0] + across * np.cos(turn), middle[1] + down * np.sin(turn)], 1)


def _star(count: int, middle: Points, outer: float, inner: float) -> Points:
    turn = np.arange(2 * count) * np.pi / count - np.pi / 2
    radius = np.where(np.arange(2 * count) % 2 == 0, outer, inner)
    return np.stack([middle[0] + radius * np.cos(turn), middle[1] + radius * np.sin(turn)], 1)


def _turned(points: Points, hub: tuple[float, float], angle: float) -> Points:
    centre = 100 * np.array(hub)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    turned: Points = (points - centre) @ turn + centre
    return turned


def _mask(outlines: list[Points]) -> Mask:
    """A ring is two discs of the same middle; everything else adds up."""
    sheet = Image.new("1", (GRID, GRID))
    pen = ImageDraw.Draw(sheet)
    ring = len(outlines) == 2 and np.allclose(outlines[0].mean(0), outlines[1].mean(0))
    for i, points in enumerate(outlines):
        pen.polygon([tuple(point) for point in (points * GRID / 100).tolist()], fill=int(not (ring and i)))
    return np.asarray(sheet)
