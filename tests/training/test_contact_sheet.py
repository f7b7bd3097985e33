"""Contact sheets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from installation.training.contact_sheet import IMAGE_SIZE, image_grid, write_captioned_sheet


def test_a_grid_is_filled_up_with_black() -> None:
    images = [np.full((2, 2, 3), value, np.uint8) for value in (10, 20, 30)]
    grid = image_grid(images, 2)
    assert grid.shape == (4, 4, 3)
    assert grid[::2, ::2, 0].tolist() == [[10, 20], [30, 0]]


def test_a_captioned_sheet_holds_every_image_at_full_size(tmp_path: Path) -> None:
    caption = "a very long line about the sea that goes on for more than it should"
    image = (caption, np.full((64, 64, 3), 200, np.uint8))
    write_captioned_sheet([[image] * 3, [image]], tmp_path / "sheet.png", ["one", "two"])
    with Image.open(tmp_path / "sheet.png") as sheet:
        pixels = np.asarray(sheet)
    assert int((pixels == 200).all(axis=2).sum()) == 4 * IMAGE_SIZE**2  # the text has no pixel of this grey
