"""What sheets have in common that are cut while a show runs: people and figures from glyphs.

Facets lean away from the ridges of an outline, in few directions, after the roofs of Aichholzer, Aurenhammer, Alberts
and Gaertner, *A Novel Type of Skeleton for Polygons* (1995), so that light falls upon them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SIDE = 256  # pixels of a figure's square
DRAWN = 2  # outlines are drawn so many times as large
BLEED = 6  # pixels beyond the outline to which facets continue
STEP = 0.001  # of the distances, in sides

Channels = NDArray[np.int8]
Shades = NDArray[np.float32]
Mask = NDArray[np.bool_]


class CutSheet(NamedTuple):
    """A sheet, cropped.

    Attributes:
        channels: int8, [12, height, width]; see `PaperLayer`.
        top, left: Its place in the square, in pixels; negative beyond its edge.
    """

    channels: Channels
    top: int
    left: int


class Folds(NamedTuple):
    """How paper is folded by its outline.

    Attributes:
        directions: In which facets lean.
        leaning: How far they lean, where 1 is upright.
        smoothness: Pixels over which the distances from the edge are averaged before they are folded.
        steepness: How soon they lean as far as that.
    """

    directions: int
    leaning: float
    smoothness: float
    steepness: float


def prepare_cutting() -> None:
    """Import what cutting needs, which takes up to a second of a thread."""
    import PIL.ImageDraw
    import PIL.ImageFont  # noqa: F401
    import scipy.ndimage  # noqa: F401


def folded(sheet: Mask, folds: Folds) -> Shades:
    """How far each place of a sheet leans to the right and downwards: [height, width] -> [2, height, width]."""
    return folded_by(inner_distances(sheet), folds)


def inner_distances(sheet: Mask) -> NDArray[np.float64]:
    """How far each place of a sheet is from its edge, in pixels, [height, width]; beyond the picture is no sheet."""
    from scipy import ndimage

    distances: NDArray[np.float64] = ndimage.distance_transform_edt(np.pad(sheet, 1))[1:-1, 1:-1]
    return distances


def folded_by(distances: NDArray[np.float64], folds: Folds) -> Shades:
    """Likewise, of a sheet with these `inner_distances`."""
    from scipy import ndimage

    down, right = np.gradient(-ndimage.gaussian_filter(distances, folds.smoothness))
    angle = np.round(np.arctan2(down, right) * folds.directions / (2 * np.pi)) * (2 * np.pi / folds.directions)
    lean = folds.leaning * np.minimum(np.hypot(down, right) * folds.steepness, 1.0)
    leaning: Shades = (np.stack([np.cos(angle), np.sin(angle)]) * lean).astype(np.float32)
    return leaning


def signed_distances(drawn: Mask) -> Shades:
    """The distance to the edge of an outline, in sides, positive inside; of a sheet drawn DRAWN times as large."""
    from scipy import ndimage

    depth = ndimage.distance_transform_edt(drawn) - ndimage.distance_transform_edt(~drawn)
    distances: Shades = reduced(depth) / np.float32(len(drawn))
    return distances


def reduced(values: NDArray[np.generic]) -> Shades:
    """The means of what was drawn DRAWN times as large: [rows, columns] -> [rows / DRAWN, columns / DRAWN]."""
    rows, columns = (length // DRAWN for length in values.shape)
    mean: Shades = values.reshape(rows, DRAWN, columns, DRAWN).mean((1, 3), dtype=np.float32)
    return mean


def cropped(distances: Shades, sheet: Mask, rest: Shades) -> CutSheet:
    """A sheet as it is kept.

    Args:
        distances: To the edge, in sides, [side, side].
        sheet: Where there is paper, [side, side].
        rest: The channels behind the distances, -1 to 1, [11, side, side]; near the edge they go on outside.
    """
    from scipy import ndimage

    rows, columns = (np.flatnonzero(sheet.any(axis)) for axis in (1, 0))
    top, left = (max(0, int(line[0]) - 2) for line in (rows, columns))
    bottom, right = (min(len(sheet), int(line[-1]) + 3) for line in (rows, columns))
    place = slice(top, bottom), slice(left, right)
    bare = ~sheet[place]
    outside, nearest = ndimage.distance_transform_edt(bare, return_indices=True)
    edge = np.nonzero(bare & (outside < BLEED))
    channels = np.concatenate([(distances[place] / STEP).clip(-127, 127)[None], rest[:, place[0], place[1]] * 127])
    continued = channels[1:, nearest[0][edge], nearest[1][edge]]
    channels[1:, bare] = 0
    channels[1:, edge[0], edge[1]] = continued
    return CutSheet(np.round(channels).astype(np.int8), top, left)


def red_green_blue(colour: str) -> list[float]:
    """The parts of a hexadecimal colour, 0 to 1."""
    return [int(colour[index : index + 2], 16) / 255 for index in (0, 2, 4)]


def joined_sheets(sheets: Sequence[CutSheet]) -> CutSheet:
    """Sheets that lie on each other, the lowest first, as one that looks the same."""
    top, left = min(one.top for one in sheets), min(one.left for one in sheets)
    bottom = max(one.top + one.channels.shape[1] for one in sheets)
    right = max(one.left + one.channels.shape[2] for one in sheets)
    whole: Channels = np.zeros((len(sheets[0].channels), bottom - top, right - left), np.int8)
    whole[0] = -127
    for one in sheets:
        rows, columns = one.channels.shape[1:]
        part = whole[:, one.top - top : one.top - top + rows, one.left - left : one.left - left + columns]
        above = (one.channels[0] > 0) | (one.channels[0] >= part[0])
        depth = np.maximum(part[0], one.channels[0])
        np.copyto(part, one.channels, where=above)
        part[0] = depth
    return CutSheet(whole, top, left)
