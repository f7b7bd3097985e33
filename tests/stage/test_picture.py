"""Pictures of the stage: samples, scaling, files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygame
import pytest

from installation.stage.picture import DecodedPicture, prepare, read_picture, resize, write_picture
from tests.stage.pictures import grey, landscape, noise


def test_resizing_keeps_pixels_means_and_flat_pictures() -> None:
    picture = noise(3, 20, 30)
    assert np.array_equal(resize(picture, 20, 30), picture)
    assert resize(picture, 40, 60).mean() == pytest.approx(picture.mean(), abs=1)
    assert np.array_equal(resize(grey(9, 1, 1), 4, 4), grey(9, 4, 4))


@pytest.mark.parametrize("size", [(128, 256), (36, 64), (20, 30)])
def test_samples_cover_a_picture_of_any_size(size: tuple[int, int]) -> None:
    picture = np.maximum(noise(1, *size), 1)
    picture[:, : size[1] // 2] = 0
    samples = DecodedPicture.from_pixels(picture).samples
    assert samples.shape == (36, 64, 3)
    assert samples[:, :32].max() == 0
    assert samples[:, 32:].min() > 0


def test_a_picture_larger_than_the_stage_is_scaled_down_and_only_a_small_one_is_sharpened() -> None:
    assert prepare(noise(4, 200, 400), 100).shape == (100, 200, 3)
    same = landscape(80, 142)
    assert np.array_equal(prepare(same, 100), same)
    small = landscape(48, 85)
    sharpened = prepare(small, 100)
    assert sharpened.shape == small.shape
    assert sharpened.std() > small.std()


def test_a_picture_is_read_as_it_was_written_into_a_new_folder(tmp_path: Path) -> None:
    picture = noise(2, 5, 7)
    write_picture(tmp_path / "new" / "picture.png", picture)
    assert np.array_equal(read_picture(tmp_path / "new" / "picture.png"), picture)


def test_files_that_cannot_be_read_or_written_raise(tmp_path: Path) -> None:
    text = tmp_path / "text.png"
    text.write_text("not a picture")
    with pytest.raises(pygame.error):
        read_picture(text)
    with pytest.raises(FileNotFoundError):
        read_picture(tmp_path / "missing.png")
    with pytest.raises(OSError):
        write_picture(text / "inside_a_file.png", grey(1))
