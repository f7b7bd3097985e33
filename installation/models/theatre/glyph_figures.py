"""Figures that are cut from glyphs of a font (`glyph_figures.toml`): a folded sheet on which the glyph's lines lie.

The outline of a glyph becomes the outline of the sheet, so that nothing is outlined in black; its inner lines become
thin papers of a darker colour, and what they enclose folds by itself. Leanings follow the distance to the nearest
line, after the roofs of Aichholzer, Aurenhammer, Alberts and Gaertner, *A Novel Type of Skeleton for Polygons* (1995),
in few directions, so that light falls upon facets.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from installation.models.theatre.further_figures import FURTHER, FurtherFigure

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageFont import FreeTypeFont

FONT = "NotoEmoji.ttf"
LINE_WEIGHT = 400  # of the variable font
SIDE = 256  # pixels of the square
DRAWN = 2  # drawn so many times as large
FILL = 0.94  # of the square's side that the longer side of a glyph takes
FLOOR = 2  # free pixels below it
GAP = 0.012  # of the side: wider openings in a glyph's outline remain openings
RIM = 0.042  # of the side: lines so near to the edge are the sheet's own edge
BLEED = 6  # pixels beyond the outline to which facets continue
DIRECTIONS = 9  # in which facets lean
LEANING = 0.36  # how far they lean, where 1 is upright
SMOOTHNESS = 3.0  # pixels over which the distances are averaged before they are folded
DARKER = 0.45  # a line's colour, relative to its paper's

Mask = NDArray[np.bool_]
Channels = NDArray[np.int8]
Shades = NDArray[np.float32]


class CutGlyph(NamedTuple):
    """A figure's sheet, cropped.

    Attributes:
        channels: int8, [12, height, width]; see `PaperLayer`.
        top, left: Its place in the square, in pixels.
    """

    channels: Channels
    top: int
    left: int


def glyph_extent(figure: FurtherFigure, fonts: Path) -> tuple[float, float]:
    """Half the width and the height above the floor of a figure, in sides of its square, as its font measures it."""
    width, height = _inked(figure.glyph, _font(fonts)).size
    scale = FILL / max(width, height)
    return width * scale / 2, height * scale + FLOOR / SIDE


def cut_glyph(figure: FurtherFigure, fonts: Path) -> CutGlyph:
    """Cut a figure from its glyph; this takes some 90 ms. Raises OSError if the font is missing or damaged.

    Args:
        figure: One that has a glyph.
        fonts: The folder of the font.
    """
    from scipy import ndimage

    ink = _drawn(figure, fonts)
    small_ink = _reduced(ink) > 0
    small = _silhouette(small_ink, figure.open)
    edge = ndimage.distance_transform_edt(np.pad(small, 1))[1:-1, 1:-1]
    sheet = _enlarged(edge > 1) | ink
    inked = _reduced(ink & _enlarged(edge > RIM * SIDE))
    depth = ndimage.distance_transform_edt(sheet) - ndimage.distance_transform_edt(~sheet)
    distances = _reduced(depth) / (SIDE * DRAWN)
    outside, nearest = ndimage.distance_transform_edt(~small, return_indices=True)
    near = (outside < BLEED).astype(np.float32)
    relief = _folded(small)[:, nearest[0], nearest[1]] * near
    colour = np.array(_rgb(figure.lines) if figure.lines else [part * DARKER for part in _rgb(figure.paper)])
    inked = inked[nearest[0], nearest[1]] * near
    paint = np.concatenate([colour[:, None, None] * inked, inked[None]])
    channels = np.concatenate(
        [
            (distances / 0.001).clip(-127, 127)[None],
            relief * 127,
            np.zeros((1, SIDE, SIDE)),
            paint * 127,
            np.zeros((4, SIDE, SIDE)),
        ]
    )
    rows, columns = (np.flatnonzero(small.any(axis)) for axis in (1, 0))
    top, left = (max(0, int(line[0]) - 2) for line in (rows, columns))
    bottom, right = (min(SIDE, int(line[-1]) + 3) for line in (rows, columns))
    return CutGlyph(np.round(channels[:, top:bottom, left:right]).astype(np.int8), top, left)


def prepare_cutting() -> None:
    """Import what `cut_glyph` needs, which takes up to a second of a thread."""
    import scipy.ndimage  # noqa: F401


def _drawn(figure: FurtherFigure, fonts: Path) -> Mask:
    """The glyph, standing on the floor in the middle of its square, [SIDE * DRAWN, SIDE * DRAWN]."""
    from PIL import Image

    font, side = _font(fonts), SIDE * DRAWN
    font = font.font_variant(size=int(font.size * FILL * side / max(_inked(figure.glyph, font).size)))
    font.set_variation_by_axes([LINE_WEIGHT])
    glyph = _inked(figure.glyph, font)
    image = Image.new("L", (side, side))
    image.paste(glyph, ((side - glyph.width) // 2, side - FLOOR * DRAWN - glyph.height))
    return np.asarray(image) > 127


def _inked(glyph: str, font: FreeTypeFont) -> Image.Image:
    """The glyph in the size of the font, cropped to its ink."""
    from PIL import Image, ImageDraw

    side = 2 * int(font.size)
    image = Image.new("L", (side, side))
    ImageDraw.Draw(image).text((font.size / 3, 1.4 * font.size), glyph, fill=255, font=font, anchor="ls")
    return image.crop(image.getbbox())


@cache
def _font(fonts: Path) -> FreeTypeFont:
    from PIL import ImageFont

    font = ImageFont.truetype(str(fonts / FONT), 200)
    font.set_variation_by_axes([LINE_WEIGHT])
    return font


def _silhouette(ink: Mask, openings: tuple[tuple[float, float], ...]) -> Mask:
    """The sheet within the outermost lines, small gaps in them closed, without the openings."""
    from scipy import ndimage

    reach = round(GAP * SIDE)
    closed = ndimage.distance_transform_edt(~np.pad(ink, reach)) <= reach
    filled = ndimage.binary_fill_holes(closed)
    sheet: Mask = (ndimage.distance_transform_edt(filled) > reach)[reach:-reach, reach:-reach] | ink
    sheet = ndimage.binary_fill_holes(sheet)
    if openings:
        regions, _ = ndimage.label(sheet & ~ink)
        for x, y in openings:
            found = regions[int(y * SIDE / 100), int(x * SIDE / 100)]
            if found:
                sheet &= regions != found
    return sheet


def _folded(sheet: Mask) -> Shades:
    """How far each place of a sheet leans to the right and downwards, away from its ridges, [2, SIDE, SIDE]."""
    from scipy import ndimage

    heights = ndimage.gaussian_filter(ndimage.distance_transform_edt(np.pad(sheet, 1))[1:-1, 1:-1], SMOOTHNESS)
    down, right = np.gradient(-heights)
    angle = np.round(np.arctan2(down, right) * DIRECTIONS / (2 * np.pi)) * (2 * np.pi / DIRECTIONS)
    lean = LEANING * np.minimum(np.hypot(down, right) * 1.4, 1.0) * sheet
    _, nearest = ndimage.distance_transform_edt(~sheet, return_indices=True)
    folded: Shades = (np.stack([np.cos(angle), np.sin(angle)]) * lean)[:, nearest[0], nearest[1]].astype(np.float32)
    return folded


def _enlarged(mask: Mask) -> Mask:
    return mask.repeat(DRAWN, 0).repeat(DRAWN, 1)


def _reduced(values: NDArray[np.generic]) -> Shades:
    mean: Shades = values.reshape(SIDE, DRAWN, SIDE, DRAWN).mean((1, 3), dtype=np.float32)
    return mean


def _rgb(colour: str) -> list[float]:
    return [int(colour[index : index + 2], 16) / 255 for index in (0, 2, 4)]


GLYPHS = {name: figure for name, figure in FURTHER.items() if figure.glyph}
WORDED = {name: figure for name, figure in FURTHER.items() if figure.words}  # that are named in the same table
