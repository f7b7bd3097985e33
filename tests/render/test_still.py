from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pygame
import pytest

from installation.core.errors import ShowError
from installation.render.still import imagine, write_png


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    made = [imagine("a swan on the still lake", steps=6, seed=seed, size=96) for seed in (1, 1, 2)]
    for index, picture in enumerate(made):
        picture.save(tmp_path / f"{index}.png")
    files = [(tmp_path / f"{index}.png").read_bytes() for index in range(3)]
    assert files[0] == files[1]
    assert files[0] != files[2]
    assert made[0].picture.shape == (96, 96, 3)
    assert len(made[0].course) == 7
    assert "swan" in made[0].labels


def test_a_saved_picture_is_a_png_that_carries_its_words(tmp_path: Path) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    path = tmp_path / "picture.png"
    write_png(path, picture, {"Title": "ein Wolf, 狼"})
    loaded = pygame.surfarray.array3d(pygame.image.load(path)).swapaxes(0, 1)
    np.testing.assert_array_equal(loaded, picture)
    assert "ein Wolf, 狼".encode() in path.read_bytes()


def test_every_chunk_of_a_png_has_its_checksum(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    write_png(path, np.zeros((2, 2, 3), np.uint8), {"Title": "x"})
    data, kinds = path.read_bytes()[8:], []
    while data:
        length = int.from_bytes(data[:4], "big")
        kinds.append(data[4:8])
        assert zlib.crc32(data[4 : 8 + length]) == int.from_bytes(data[8 + length : 12 + length], "big")
        data = data[12 + length :]
    assert kinds == [b"IHDR", b"iTXt", b"IDAT", b"IEND"]


def test_nothing_cannot_be_imagined() -> None:
    with pytest.raises(ShowError, match="nothing to imagine"):
        imagine(" | ")
