"""Figures that are cut from glyphs of a font (`glyph_figures.toml`): a folded sheet on which the glyph's lines lie.

The outline of a glyph becomes the outline of the sheet, so that nothing is outlined in black; its inner lines become
thin papers of a darker colour, and what they enclose folds by itself (see `sheet_cutting`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from installation.models.theatre.further_figures import FURTHER, FurtherFigure
from installation.models.theatre.sheet_cutting import (
    DRAWN,
    SIDE,
    CutSheet,
    Folds,
    Mask,
    Shades,
    cropped,
    folded,
    red_green_blue,
    reduced,
    signed_distances,
)

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageFont import FreeTypeFont

FONT = "NotoEmoji.ttf"
FILL = 0.94  # of the square's side that the longer side of a glyph takes
FLOOR = 2  # free pixels below it
GAP = 0.012  # of the side: wider openings in a glyph's outline remain openings
RIM = 0.042  # of the side: lines so near to the edge are the sheet's own edge
FOLDS = Folds(directions=8, leaning=0.46, smoothness=2.4, steepness=1.6)
DARKER = 0.52  # a line's colour, relative to its paper's
LESSER_SHADE, LINE_SHADE, SHADE_REACH = 0.14, 0.36, 2.6  # of smaller parts; beside lines, and over how many pixels


def glyph_extent(figure: FurtherFigure, fonts: Path) -> tuple[float, float]:
    """Half the width and the height above the floor of a figure, in sides of its square, as its font measures it."""
    width, height = _inked(figure.glyph, _font(fonts)).size
    scale = FILL / max(width, height)
    return width * scale / 2, height * scale + FLOOR / SIDE


def cut_glyph(figure: FurtherFigure, fonts: Path) -> CutSheet:
    """Cut a figure from its glyph; this takes some 90 ms. Raises OSError if the font is missing or damaged.

    Args:
        figure: One that has a glyph.
        fonts: The folder of the font.
    """
    from scipy import ndimage

    ink = _drawn(figure, fonts)
    small = _silhouette(reduced(ink) > 0, figure.open)
    edge = ndimage.distance_transform_edt(np.pad(small, 1))[1:-1, 1:-1]
    distances = signed_distances(_enlarged(edge > 1) | ink)
    lines = reduced(ink & _enlarged(edge > RIM * SIDE))
    parts = small & (lines < 0.5)
    rest = np.concatenate([folded(parts, FOLDS), _painted(figure, lines)])
    rest[2] = _shaded(parts, small)
    return cropped(distances, small, rest)


def _painted(figure: FurtherFigure, lines: Shades) -> Shades:
    """The shade, the colours that stay, of which only lines have one, and the coats of a sheet, [9, SIDE, SIDE]."""
    paper = red_green_blue(figure.paper)
    colour = red_green_blue(figure.lines) if figure.lines else [part * DARKER for part in paper]
    painted = np.zeros((9, SIDE, SIDE), np.float32)
    painted[1:5] = np.array([*colour, 1.0])[:, None, None] * lines
    return painted


def _shaded(parts: Mask, sheet: Mask) -> Shades:
    """How dark each place is: a little beside the lines, and the smaller parts more than the largest one."""
    from scipy import ndimage

    regions, count = ndimage.label(parts)
    sizes = np.bincount(regions.ravel(), minlength=count + 1)
    sizes[0] = 0
    tones = np.where(sizes == sizes.max(), 0.0, LESSER_SHADE).astype(np.float32)
    near = np.exp(-ndimage.distance_transform_edt(parts | ~sheet) / SHADE_REACH)
    shaded: Shades = ((tones[regions] + LINE_SHADE * near) * sheet).astype(np.float32)
    return shaded


def _drawn(figure: FurtherFigure, fonts: Path) -> Mask:
    """The glyph, standing on the floor in the middle of its square, [SIDE * DRAWN, SIDE * DRAWN]."""
    from PIL import Image

    font, side = _font(fonts), SIDE * DRAWN
    font = font.font_variant(size=int(font.size * FILL * side / max(_inked(figure.glyph, font).size)))
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

    return ImageFont.truetype(str(fonts / FONT), 200)


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


def _enlarged(mask: Mask) -> Mask:
    return mask.repeat(DRAWN, 0).repeat(DRAWN, 1)


GLYPHS = {name: figure for name, figure in FURTHER.items() if figure.glyph}
WORDED = {name: figure for name, figure in FURTHER.items() if figure.words}  # that are named in the same table
