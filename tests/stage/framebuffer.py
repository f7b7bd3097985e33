"""What is on a virtual X screen, read from the memory of its server: both halves of it at one moment."""

from __future__ import annotations

import mmap
import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class Framebuffer:
    """A virtual screen; `display` is its name for DISPLAY."""

    def __init__(self, display: str, file: Path) -> None:
        self.display = display
        with file.open("rb") as opened:
            self._map = mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ)
        header = struct.unpack(">25I", self._map[:100])  # of the X window dump format
        self._start = header[0] + 12 * header[19]
        self._width, self._height, self._stride = header[4], header[5], header[12]

    def pixels(self) -> NDArray[np.uint8]:
        """[height, width, 3], RGB; a copy."""
        flat = np.frombuffer(self._map, np.uint8, self._stride * self._height, self._start)
        return flat.reshape(self._height, self._stride // 4, 4)[:, : self._width, 2::-1].copy()

    def at(self, x: int, y: int) -> tuple[int, int, int]:
        """Red, green and blue of one pixel."""
        start = self._start + y * self._stride + 4 * x
        blue, green, red = self._map[start : start + 3]
        return red, green, blue


@contextmanager
def framebuffer(folder: Path, size: tuple[int, int]) -> Iterator[Framebuffer]:
    """A virtual screen of (width, height)."""
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{size[0]}x{size[1]}x24", "-nolisten", "tcp"]
    command += ["-noreset", "-fbdir", str(folder)]
    server = subprocess.Popen(command, pass_fds=[write_end], stderr=subprocess.DEVNULL)
    os.close(write_end)
    try:
        with os.fdopen(read_end) as answer:
            number = answer.readline().strip()
        yield Framebuffer(f":{number}", folder / "Xvfb_screen0")
    finally:
        server.terminate()
        server.wait(10)
