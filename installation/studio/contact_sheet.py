"""Contact sheets: pictures in rows, with captions in all scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from installation.core.errors import ShowError
from installation.models.interfaces import Picture
from installation.stage.text.raster import TextRaster, draw_over
from installation.studio.picture_files import fit_picture

BACKGROUND = (19, 17, 24)
GAP = 14  # pixels between pictures
CAPTION_SIZE, TITLE_SIZE = 15, 19  # pixels of the fonts
LINE_SPACING = 1.22
CAPTION_GAP, TITLE_GAP = 4, 8  # pixels between a picture and its text
DESCENT = 0.6  # of a size, below the baseline: `render_block` includes it
MAX_PIXELS = 100_000_000


class Cell(NamedTuple):
    """A picture [height, width, 3] and its caption."""

    picture: Picture
    caption: str = ""


def contact_sheet(
    rows: Sequence[Sequence[Cell]], titles: Sequence[str] = (), cell: tuple[int, int] = (180, 180)
) -> Picture:
    """Lay pictures out in rows.

    Args:
        rows: Of cells; rows may have different lengths.
        titles: A line of text above each row, if there are any.
        cell: Height and width of every picture on the sheet.

    Raises:
        ShowError: The sheet would be too large.
    """
    height, width = cell
    lines = max((_caption_lines(each.caption, width) for row in rows for each in row), default=0)
    caption_height = round(lines * CAPTION_SIZE * LINE_SPACING + CAPTION_SIZE * DESCENT) + CAPTION_GAP if lines else 0
    title_height = round(TITLE_SIZE * LINE_SPACING) + TITLE_GAP if any(titles) else 0
    row_height = title_height + height + caption_height + GAP
    columns = max(len(row) for row in rows)
    shape = (GAP + len(rows) * row_height, GAP + columns * (width + GAP), 3)
    if shape[0] * shape[1] > MAX_PIXELS:
        raise ShowError(f"The contact sheet would have {shape[1]} x {shape[0]} pixels: make fewer or smaller pictures.")
    sheet = np.empty(shape, np.uint8)
    sheet[:] = BACKGROUND
    text = TextRaster()
    for index, row in enumerate(rows):
        top = GAP + index * row_height
        if title_height and titles[index]:
            title = text.block(titles[index], TITLE_SIZE, shape[1] - 2 * GAP, max_lines=1, italic=True)
            draw_over(sheet, title, GAP, top - TITLE_GAP // 2)
        for column, (picture, caption) in enumerate(row):
            left, picture_top = GAP + column * (width + GAP), top + title_height
            sheet[picture_top : picture_top + height, left : left + width] = fit_picture(picture, cell)
            if caption:
                block = text.block(caption, CAPTION_SIZE, width, max_lines=2)
                draw_over(sheet, block, left + (width - block.shape[1]) // 2, picture_top + height + CAPTION_GAP)
    return sheet


def rows_of(cells: Sequence[Cell], columns: int) -> list[list[Cell]]:
    """Split cells into rows of `columns`."""
    return [list(cells[index : index + columns]) for index in range(0, len(cells), columns)]


def cell_size(picture: Picture, height: int = 180) -> tuple[int, int]:
    """Height and width of cells in the shape of `picture`."""
    return height, max(1, round(height * picture.shape[1] / picture.shape[0]))


def _caption_lines(caption: str, width: int) -> int:
    """Lines to reserve: two for a caption that hardly fits into one."""
    return 0 if not caption else 1 + (len(caption) * CAPTION_SIZE * 0.44 > width)
