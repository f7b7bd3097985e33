"""PNG files with text chunks, without a library: the same picture and texts give the same bytes everywhere."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from installation.core.paths import write_whole
from installation.models.interfaces import Picture


def write_png(path: Path, picture: Picture, texts: Mapping[str, str]) -> None:
    """Write a PNG of [height, width, 3] bytes with `texts` as iTXt chunks (keyword -> text)."""
    height, width, _ = picture.shape
    above = np.concatenate((np.zeros_like(picture[:1]), picture[:-1]))
    rows = b"".join(b"\2" + row.tobytes() for row in picture - above)  # filter 2: difference from the row above
    chunks = (_chunk(b"iTXt", key.encode("latin-1") + bytes(5) + text.encode()) for key, text in texts.items())
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), *chunks, _chunk(b"IDAT", zlib.compress(rows, 9)), _chunk(b"IEND", b""))
    write_whole(path, b"\x89PNG\r\n\x1a\n" + b"".join(parts))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
