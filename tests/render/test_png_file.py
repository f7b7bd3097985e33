from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pygame

from installation.render.png_file import write_png


def test_a_written_png_contains_the_picture_and_the_texts(tmp_path: Path) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    path = tmp_path / "picture.png"
    write_png(path, picture, {"Title": "ein Wolf, 狼"})
    loaded = pygame.surfarray.array3d(pygame.image.load(path)).swapaxes(0, 1)
    np.testing.assert_array_equal(loaded, picture)
    assert "ein Wolf, 狼".encode() in path.read_bytes()


def test_every_chunk_of_a_written_png_has_its_checksum(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    write_png(path, np.zeros((2, 2, 3), np.uint8), {"Title": "x"})
    data, kinds = path.read_bytes()[8:], []
    while data:
        length = int.from_bytes(data[:4], "big")
        kinds.append(data[4:8])
        assert zlib.crc32(data[4 : 8 + length]) == int.from_bytes(data[8 + length : 12 + length], "big")
        data = data[12 + length :]
    assert kinds == [b"IHDR", b"iTXt", b"IDAT", b"IEND"]
