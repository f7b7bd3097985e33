"""Reads the newest picture of a show with the output `shared-memory`. Needs NumPy only; copy it where you need it.

In TouchDesigner: put it into a Text DAT called laterna_reader, and this into the callbacks of a Script TOP:

    reader = mod('laterna_reader').LaternaReader()
    def onCook(scriptOp):
        picture = reader.newest()
        if picture is not None:
            scriptOp.copyNumpyArray(picture[::-1].copy())  # TouchDesigner's first row is the lowest
"""

from __future__ import annotations

import mmap
import struct
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = struct.Struct("<4sHHQ")  # "LTRN", version, slots, bytes per slot
SLOT = struct.Struct("<4sHHQIIdHHI")  # "LTRN", version, -, sequence, -, -, seconds, width, height, -


class LaternaReader:
    """Follows the file through restarts of the show; `sequence` and `seconds` are those of the last picture."""

    def __init__(self, name: str = "laterna") -> None:
        self.path = Path("/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir()) / name
        self.map, self.inode, self.sequence, self.seconds = mmap.mmap(-1, 64), -1, 0, 0.0

    def newest(self) -> NDArray[np.uint8] | None:
        """The newest picture [height, width, 3], 8-bit RGB, top row first; None if there is nothing new."""
        if not self.path.exists():
            return None
        if self.path.stat().st_ino != self.inode:  # the first time, and when another show has begun
            with self.path.open("rb") as file:
                self.map, self.sequence = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), 0
            self.inode = self.path.stat().st_ino
        _, _, slots, size = FILE.unpack_from(self.map, 0)
        at = max((64 + slot * (64 + size) for slot in range(slots)), key=lambda at: SLOT.unpack_from(self.map, at)[3])
        header = SLOT.unpack_from(self.map, at)
        _, _, _, sequence, _, _, seconds, width, height, _ = header
        if sequence <= self.sequence:
            return None
        pixels = np.frombuffer(self.map, np.uint8, width * height * 3, at + 64).reshape(height, width, 3).copy()
        if SLOT.unpack_from(self.map, at) != header:  # overwritten meanwhile
            return None
        self.sequence, self.seconds = sequence, seconds
        return pixels
