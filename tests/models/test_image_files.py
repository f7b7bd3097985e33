from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from installation.models.image_files import ORIENTATION, read_image


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_upright(tmp_path: Path, orientation: int) -> None:
    stored = np.random.default_rng(1).integers(0, 256, (2, 3, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    Image.fromarray(stored).save(tmp_path / "phone.png", exif=exif)
    with Image.open(tmp_path / "phone.png") as image:
        np.testing.assert_array_equal(read_image(tmp_path / "phone.png"), np.asarray(ImageOps.exif_transpose(image)))


@pytest.mark.parametrize("damaged", [b"Exif\0\0no tags", b"Exif\0\0MM\0*\0\0\0\x08\0\x01\1", b"Exif\0\0MM\0*\0\0"])
def test_damaged_tags_do_a_picture_no_harm(tmp_path: Path, damaged: bytes) -> None:
    Image.new("RGB", (3, 2), (9, 8, 7)).save(tmp_path / "photo.png", exif=damaged)
    assert read_image(tmp_path / "photo.png").tolist() == [[[9, 8, 7]] * 3] * 2


def test_grey_of_16_bits_is_scaled(tmp_path: Path) -> None:
    Image.fromarray(np.array([[0, 32_896, 65_535]], np.uint16)).save(tmp_path / "depth.png")
    np.testing.assert_array_equal(read_image(tmp_path / "depth.png")[0, :, 0], [0, 128, 255])
