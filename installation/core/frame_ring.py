"""Frames shared between processes: a ring of slots in an mmapped file that one process writes and others read.

A plain file, not `multiprocessing.shared_memory`: before Python 3.13 a foreign reader's exit unlinks the segment.
The writer marks a slot as torn while it fills it; a reader checks sequence and CRC after it has copied.
"""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MAGIC = b"LTRN"
VERSION = 1
FILE_HEADER = struct.Struct("<4sHHQ")  # magic, version, slots, bytes of a slot
# magic, version, reserved, sequence (0: torn), take, prompt id, show time (s), width, height, CRC-32 of the pixels
SLOT_HEADER = struct.Struct("<4sHHQIIdHHI")
HEADER_BYTES = 64


@dataclass(frozen=True)
class FrameInfo:
    """What a slot's header says of its frame."""

    sequence: int
    take: int
    prompt_id: int
    show_at: float
    width: int
    height: int
    crc: int


class FrameRing:
    """N slots for pictures of at most `max_bytes` (height x width x 3, 8-bit RGB)."""

    def __init__(self, path: Path, slots: int = 0, max_bytes: int = 0) -> None:
        """Creates the file when `slots` is given, else opens one that exists.

        Raises FileNotFoundError if there is none, ValueError if it is not a ring of this version.
        """
        self.path = path
        if slots:
            with path.open("wb") as file:
                file.write(FILE_HEADER.pack(MAGIC, VERSION, slots, max_bytes))
                file.truncate(HEADER_BYTES + slots * (HEADER_BYTES + max_bytes))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        if len(self._map) < HEADER_BYTES:
            raise ValueError(f"{path} is not a frame ring of version {VERSION}.")
        magic, version, self.slots, self.max_bytes = FILE_HEADER.unpack_from(self._map, 0)
        if magic != MAGIC or version != VERSION or len(self._map) < self._offset(self.slots):
            raise ValueError(f"{path} is not a frame ring of version {VERSION}.")
        there = self.newest()
        self._sequence = there[1].sequence if there else 0  # a writer that follows another goes on counting

    def _offset(self, slot: int) -> int:
        return HEADER_BYTES + slot * (HEADER_BYTES + int(self.max_bytes))

    def pixels(self, slot: int, height: int, width: int) -> NDArray[np.uint8]:
        """A writable view of a slot's pixels, [height, width, 3]."""
        start = self._offset(slot) + HEADER_BYTES
        flat = np.frombuffer(self._map, dtype=np.uint8, count=height * width * 3, offset=start)
        return flat.reshape(height, width, 3)

    def write(
        self, frame: NDArray[np.uint8], take: int = 0, prompt_id: int = 0, show_at: float = 0.0
    ) -> tuple[int, FrameInfo]:
        """Puts a frame [height, width, 3] into the next slot; returns the slot and its header."""
        height, width = frame.shape[:2]
        return self.fill(height, width, lambda pixels: np.copyto(pixels, frame), take, prompt_id, show_at)

    def fill(
        self,
        height: int,
        width: int,
        into: Callable[[NDArray[np.uint8]], None],
        take: int = 0,
        prompt_id: int = 0,
        show_at: float = 0.0,
    ) -> tuple[int, FrameInfo]:
        """The same, for a frame that `into` writes where it is to lie, without a copy."""
        if height * width * 3 > self.max_bytes:
            raise ValueError(f"a frame of {width} x {height} does not fit a slot of {self.max_bytes} bytes.")
        self._sequence += 1
        slot = self._sequence % self.slots
        offset = self._offset(slot)
        SLOT_HEADER.pack_into(self._map, offset, MAGIC, VERSION, 0, 0, 0, 0, 0.0, 0, 0, 0)
        pixels = self.pixels(slot, height, width)
        into(pixels)
        info = FrameInfo(self._sequence, take, prompt_id, show_at, width, height, zlib.crc32(pixels.data))
        SLOT_HEADER.pack_into(
            self._map, offset, MAGIC, VERSION, 0, info.sequence, take, prompt_id, show_at, width, height, info.crc
        )
        return slot, info

    def info(self, slot: int) -> FrameInfo | None:
        """The header of a slot, or None while it is empty or torn."""
        magic, _, _, sequence, take, prompt_id, show_at, width, height, crc = SLOT_HEADER.unpack_from(
            self._map, self._offset(slot)
        )
        if magic != MAGIC or not sequence or width * height * 3 > self.max_bytes:
            return None
        return FrameInfo(sequence, take, prompt_id, show_at, width, height, crc)

    def read(self, slot: int, sequence: int, check: bool = True) -> NDArray[np.uint8] | None:
        """A copy of the frame [height, width, 3], or None if it is no longer (or not wholly) there.

        `check` compares the CRC as well; a reader that is told of every frame over a pipe may do without.
        """
        info = self.info(slot)
        if info is None or info.sequence != sequence:
            return None
        frame = self.pixels(slot, info.height, info.width).copy()
        if self.info(slot) != info or (check and zlib.crc32(frame.data) != info.crc):
            return None
        return frame

    def newest(self) -> tuple[int, FrameInfo] | None:
        """The slot with the highest sequence, for a reader outside who is told nothing."""
        there = [(slot, info) for slot in range(self.slots) if (info := self.info(slot))]
        return max(there, key=lambda each: each[1].sequence) if there else None

    def close(self) -> None:
        """Lets the mapping go, unless a view of it is still in use."""
        try:
            self._map.close()
        except BufferError:
            return  # the view's owner keeps it alive; the operating system frees it at exit
