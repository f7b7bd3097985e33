"""Frames shared between processes: a ring of slots in a memory-mapped file, with one writer and any number of readers.

It is a plain file because with `multiprocessing.shared_memory`, before Python 3.13, the exit of a reader unlinks the
segment. The writer marks a slot as torn while it fills it; a reader copies the pixels and checks the header and the
CRC afterwards.
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from installation.core.os_support import is_gone

MAGIC = b"LTRN"
VERSION = 1
FILE_HEADER = struct.Struct("<4sHHQ")  # magic, version, slots, bytes per slot
# magic, version, reserved, sequence (0: torn), take, prompt id, show time (s), width, height, CRC-32 of the pixels
SLOT_HEADER = struct.Struct("<4sHHQIIdHHI")
HEADER_BYTES = 64
NO_CRC = 0

Frame = NDArray[np.uint8]  # [height, width, 3], RGB


@dataclass(frozen=True)
class FrameInfo:
    """The header of a slot."""

    sequence: int  # counts up from 1, across writers
    take: int
    prompt_id: int
    show_at: float  # seconds of `clock.now`
    width: int
    height: int
    crc: int


class FrameRing:
    """A ring of slots, each with room for `max_bytes` of pixels (height x width x 3, 8-bit RGB)."""

    def __init__(self, path: Path, slots: int = 0, max_bytes: int = 0, checked: bool = True) -> None:
        """Create the file if `slots` is given, otherwise open one that exists.

        `checked`: write the CRC of each frame. It takes 4 ms for 1280 x 720, and readers that are told about every
        frame do not need it: they look at the header again after copying.

        Raises:
            FileNotFoundError: there is no file.
            ValueError: the file is not a ring of this version.
        """
        self.path, self.checked = path, checked
        if slots:
            with path.open("wb") as file:
                file.write(FILE_HEADER.pack(MAGIC, VERSION, slots, max_bytes))
                file.truncate(HEADER_BYTES + slots * (HEADER_BYTES + max_bytes))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
            self._file = os.fstat(file.fileno())
        if len(self._map) < HEADER_BYTES:
            raise ValueError(f"{path} is not a frame ring of version {VERSION}.")
        magic, version, self.slots, self.max_bytes = FILE_HEADER.unpack_from(self._map, 0)
        if magic != MAGIC or version != VERSION or len(self._map) < self._offset(self.slots):
            raise ValueError(f"{path} is not a frame ring of version {VERSION}.")
        newest = self.newest()
        self._sequence = newest[1].sequence if newest else 0  # a second writer continues the count

    @property
    def lost(self) -> bool:
        """Whether the file has been deleted or replaced, so that nobody else can open this ring any more."""
        return is_gone(self.path, self._file)

    def _offset(self, slot: int) -> int:
        return HEADER_BYTES + slot * (HEADER_BYTES + int(self.max_bytes))

    def pixels(self, slot: int, height: int, width: int) -> Frame:
        """Return a writable view of the pixels of a slot, [height, width, 3]."""
        start = self._offset(slot) + HEADER_BYTES
        flat = np.frombuffer(self._map, dtype=np.uint8, count=height * width * 3, offset=start)
        return flat.reshape(height, width, 3)

    def write(self, frame: Frame, take: int = 0, prompt_id: int = 0, show_at: float = 0.0) -> tuple[int, FrameInfo]:
        """Copy a frame into the next slot. Returns the slot and its header. Raises ValueError if it is too large."""
        height, width = frame.shape[:2]
        return self.fill(height, width, lambda pixels: np.copyto(pixels, frame), take, prompt_id, show_at)

    def fill(
        self,
        height: int,
        width: int,
        draw: Callable[[Frame], None],
        take: int = 0,
        prompt_id: int = 0,
        show_at: float = 0.0,
    ) -> tuple[int, FrameInfo]:
        """Write a frame without a copy: `draw` is called with the pixels of the next slot, and fills them.

        Returns:
            The slot and its header.

        Raises:
            ValueError: the frame does not fit a slot.
        """
        if height * width * 3 > self.max_bytes:
            raise ValueError(f"a frame of {width} x {height} does not fit a slot of {self.max_bytes} bytes.")
        self._sequence += 1
        slot = self._sequence % self.slots
        offset = self._offset(slot)
        SLOT_HEADER.pack_into(self._map, offset, MAGIC, VERSION, 0, 0, 0, 0, 0.0, 0, 0, 0)  # torn
        pixels = self.pixels(slot, height, width)
        draw(pixels)
        crc = zlib.crc32(pixels.data) if self.checked else NO_CRC
        info = FrameInfo(self._sequence, take, prompt_id, show_at, width, height, crc)
        SLOT_HEADER.pack_into(
            self._map, offset, MAGIC, VERSION, 0, info.sequence, take, prompt_id, show_at, width, height, info.crc
        )
        return slot, info

    def info(self, slot: int) -> FrameInfo | None:
        """Return the header of a slot, or None if the slot is empty or torn."""
        magic, _, _, sequence, take, prompt_id, show_at, width, height, crc = SLOT_HEADER.unpack_from(
            self._map, self._offset(slot)
        )
        if magic != MAGIC or not sequence or width * height * 3 > self.max_bytes:
            return None
        return FrameInfo(sequence, take, prompt_id, show_at, width, height, crc)

    def read(self, slot: int, sequence: int, check: bool = True) -> Frame | None:
        """Return a copy of a frame, [height, width, 3], or None if it is no longer there or not complete.

        `check` compares the CRC as well, if the writer has written one.
        """
        info = self.info(slot)
        if info is None or info.sequence != sequence:
            return None
        frame = self.pixels(slot, info.height, info.width).copy()
        if self.info(slot) != info or (check and info.crc != NO_CRC and zlib.crc32(frame.data) != info.crc):
            return None
        return frame

    def newest(self) -> tuple[int, FrameInfo] | None:
        """Return the slot with the highest sequence and its header, for a reader that is not told about frames."""
        filled = [(slot, info) for slot in range(self.slots) if (info := self.info(slot))]
        return max(filled, key=lambda each: each[1].sequence) if filled else None

    def close(self) -> None:
        """Release the mapping, unless a view of it is still in use."""
        try:
            self._map.close()
        except BufferError:
            return  # the owner of the view keeps it alive; the system releases it at exit
