"""Cuts the pieces of a person from paper: a sheet with facets, contact shadows and colours, as figures have.

Limbs are folded along their bones, other pieces along their ridges (see `sheet_cutting`), so that light falls upon
facets.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from installation.models.theatre.body_pieces import Outline, Piece
from installation.models.theatre.sheet_cutting import (
    BLEED,
    DRAWN,
    SIDE,
    STEP,
    CutSheet,
    Folds,
    Mask,
    Shades,
    folded,
    red_green_blue,
    reduced,
    signed_distances,
)

FLOOR = 0.96  # y of the floor in the square
MARGIN = 4  # free pixels around what is cut
FOLD_FLAT = 0.10  # how far a flat piece leans
FOLDS = Folds(directions=10, leaning=0.40, smoothness=2.2, steepness=1.5)  # of other pieces
SHADOW, SHADOW_OFFSET = 2.6, (1, 2)  # pixels over which a piece darkens what is below, and which way it falls
SHADE = 0.62  # how dark that is at its edge


class _Canvas:
    """What has been laid so far, in a part of the square."""

    def __init__(self, left: int, top: int, width: int, height: int) -> None:
        self.left, self.top = left, top
        self.shape = np.zeros((height * DRAWN, width * DRAWN), np.bool_)
        self.slopes = np.zeros((2, height, width), np.float32)
        self.shade = np.zeros((height, width), np.float32)
        self.colours = np.zeros((2, 4, height, width), np.float32)  # those that stay, and coats; premultiplied

    def lay(self, piece: Piece, outline: Outline) -> None:
        """Lay a piece on top. `outline` is in pixels of the square."""
        corners = (outline - (self.left, self.top)) * DRAWN
        high, wide = self.shape.shape
        low = np.maximum(np.floor(corners.min(0)).astype(int) - 8 * DRAWN, 0) // DRAWN * DRAWN
        end = np.minimum(np.ceil(corners.max(0)).astype(int) + 8 * DRAWN, (wide, high)) // DRAWN * DRAWN
        if (end - low).min() <= 0:
            return
        large = _filled(corners - low, end - low)
        rows, columns = slice(low[1] // DRAWN, end[1] // DRAWN), slice(low[0] // DRAWN, end[0] // DRAWN)
        share = reduced(large)
        small = share > 0.5
        if not small.any():
            return
        under = self.shade[rows, columns]
        if not piece.flat:
            np.maximum(under, _shadow(small), out=under)
        under[small] = 0
        self.slopes[:, rows, columns][:, small] = self._folded(piece, small, rows, columns)[:, small]
        lot = np.array([[0.0], [1.0]] if piece.coat else [[1.0], [0.0]], np.float32)
        colour = np.array([*(part * piece.shade for part in red_green_blue(piece.colour)), 1.0], np.float32).clip(max=1)
        cover = share[None, None] if piece.flat else small[None, None].astype(np.float32)
        laid = lot[:, :, None, None] * colour[None, :, None, None]
        part = self.colours[:, :, rows, columns]
        part += (laid - part) * cover
        self.shape[low[1] : end[1], low[0] : end[0]] |= large

    def _folded(self, piece: Piece, small: Mask, rows: slice, columns: slice) -> Shades:
        """How far each place of a piece leans to the right and downwards, [2, rows, columns]."""
        if piece.ridge is None:
            return _flat(small) if piece.flat else folded(small, FOLDS)
        begin, end = (_to_square(point[None])[0] for point in piece.ridge)
        along = (end - begin) / max(float(np.hypot(*(end - begin))), 1e-6)
        aside = np.array([-along[1], along[0]])
        y, x = np.mgrid[rows, columns]
        beside = (x + self.left + 0.5 - begin[0]) * aside[0] + (y + self.top + 0.5 - begin[1]) * aside[1]
        side = np.where(beside > 0, 1.0, -1.0)
        leaning: Shades = piece.fold * side[None] * aside[:, None, None] - 0.08 * along[:, None, None]
        return leaning.astype(np.float32)

    def sheet(self) -> CutSheet:
        """All of it as one sheet."""
        from scipy import ndimage

        distances = signed_distances(self.shape)
        inside = reduced(self.shape) > 0.5
        outside, nearest = ndimage.distance_transform_edt(~inside, return_indices=True)
        near = (outside < BLEED).astype(np.float32)
        rest = np.concatenate((self.slopes, self.shade[None], self.colours.reshape(8, *self.shade.shape)))
        rest = rest[:, nearest[0], nearest[1]] * near * 127
        channels = np.concatenate(((distances / STEP)[None], rest)).clip(-127, 127)
        return CutSheet(np.round(channels).astype(np.int8), self.top, self.left)


def cut_pieces(pieces: Sequence[Piece], size: float) -> CutSheet:
    """Cut pieces of paper that lie on each other, the lowest first.

    Args:
        pieces: At least one.
        size: Of a height, in sides of the square.
    """
    outlines = [_to_square(piece.outline, size) for piece in pieces]
    corners = np.concatenate(outlines)
    left, top = (math.floor(low) - MARGIN for low in corners.min(0))
    right, bottom = (math.ceil(high) + MARGIN for high in corners.max(0))
    canvas = _Canvas(left, top, right - left, bottom - top)
    for piece, outline in zip(pieces, outlines, strict=True):
        ridge = None if piece.ridge is None else (piece.ridge[0] * size, piece.ridge[1] * size)
        canvas.lay(piece._replace(ridge=ridge), outline)
    return canvas.sheet()


def top_of(pieces: Sequence[Piece], size: float) -> float:
    """The upper edge of the sheet that `cut_pieces` makes of the same, in sides of the square."""
    low = min(float(_to_square(piece.outline, size)[:, 1].min()) for piece in pieces)
    return (math.floor(low) - MARGIN) / SIDE


def _to_square(outline: Outline, size: float = 1.0) -> Outline:
    """Points in heights, forwards and upwards, as pixels of the square of who faces left."""
    found: Outline = np.stack([0.5 - outline[:, 0] * size, FLOOR - outline[:, 1] * size], 1) * SIDE
    return found


def to_square(x: float, y: float, size: float) -> tuple[float, float]:
    """A point in heights, forwards and upwards, in sides of the square of who faces left."""
    return 0.5 - x * size, FLOOR - y * size


def _filled(corners: Outline, size: NDArray[np.int_]) -> Mask:
    from PIL import Image, ImageDraw

    image = Image.new("L", (int(size[0]), int(size[1])))
    ImageDraw.Draw(image).polygon([(float(x), float(y)) for x, y in corners], fill=255)
    return np.asarray(image) > 127


def _shadow(sheet: Mask) -> Shades:
    """The shadow of a piece on what is below."""
    from scipy import ndimage

    moved = np.roll(sheet, SHADOW_OFFSET[::-1], (0, 1)).astype(np.float32)
    blurred: Shades = ndimage.gaussian_filter(moved, SHADOW)
    return (SHADE * 2 * blurred).clip(0, SHADE)


def _flat(sheet: Mask) -> Shades:
    """A small piece leans a little towards the light from above."""
    return np.array([-FOLD_FLAT, -FOLD_FLAT], np.float32)[:, None, None] * np.ones((1, *sheet.shape), np.float32)
