"""Contact sheets: pictures side by side, to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from installation.models.interfaces import Picture
from installation.render.still import write_png


def contact_sheet(rows: Sequence[Sequence[Picture]], path: Path, gap: int = 3) -> None:
    """Rows of pictures of one size, as a PNG."""
    height, width, _ = rows[0][0].shape
    columns = max(len(row) for row in rows)
    sheet = np.full((len(rows) * (height + gap), columns * (width + gap), 3), 24, np.uint8)
    for y, row in enumerate(rows):
        for x, picture in enumerate(row):
            top, left = y * (height + gap), x * (width + gap)
            sheet[top : top + height, left : left + width] = picture
    write_png(path, sheet, {})
