"""Encoded pictures shared between processes: a ring of byte strings in a memory-mapped file, newest first.

One process writes, any number read. A reader notes that somebody is looking, so that the writer encodes only then.
"""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path

from installation.core.os_support import is_gone

MAGIC = b"LTRP"
FILE_HEADER = struct.Struct("<4sIQ")  # magic, slots, bytes per slot
WANTED = struct.Struct("<Id")  # viewers, and when they were last there, seconds of `clock.now`
SLOT_HEADER = struct.Struct("<QQ")  # sequence (0: torn), length
WANTED_AT = 16
HEADER_BYTES = 64
KEPT_SECONDS = 2.0  # for how long a note about viewers counts


class PacketRing:
    """A ring of slots, each with room for `max_bytes`."""

    def __init__(self, path: Path, slots: int = 0, max_bytes: int = 0) -> None:
        """Create the file if `slots` is given, in place of another of that name; otherwise open one that exists.

        Raises:
            FileNotFoundError: there is no file.
            ValueError: the file is no such ring.
        """
        self.path = path
        if slots:
            made = path.with_name(f"{path.name}.new")  # whoever still reads the old file keeps it
            with made.open("wb") as file:
                file.write(FILE_HEADER.pack(MAGIC, slots, max_bytes))
                file.truncate(HEADER_BYTES + slots * (HEADER_BYTES + max_bytes))
            made.replace(path)
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
            self._file = os.fstat(file.fileno())
        magic, self._slots, self._max_bytes = FILE_HEADER.unpack_from(self._map, 0)
        if magic != MAGIC:
            raise ValueError(f"{path} is not a ring of packets.")
        self._sequence = 0

    @property
    def lost(self) -> bool:
        """Whether the file has been deleted or replaced."""
        return is_gone(self.path, self._file)

    def write(self, packet: bytes) -> bool:
        """Put a packet into the next slot; return False for one that is too large."""
        if len(packet) > self._max_bytes:
            return False
        self._sequence += 1
        offset = self._offset(self._sequence % self._slots)
        SLOT_HEADER.pack_into(self._map, offset, 0, 0)  # torn
        start = offset + HEADER_BYTES
        self._map[start : start + len(packet)] = packet
        SLOT_HEADER.pack_into(self._map, offset, self._sequence, len(packet))
        return True

    def newest(self, after: int = 0) -> tuple[int, bytes] | None:
        """The newest packet and its sequence; None if there is none later than `after`."""
        headers = [SLOT_HEADER.unpack_from(self._map, self._offset(slot)) for slot in range(self._slots)]
        slot = max(range(self._slots), key=lambda number: headers[number][0])
        sequence, length = headers[slot]
        if sequence <= after or length > self._max_bytes:
            return None
        start = self._offset(slot) + HEADER_BYTES
        packet = self._map[start : start + length]
        whole = SLOT_HEADER.unpack_from(self._map, self._offset(slot)) == (sequence, length)
        return (sequence, packet) if whole else None

    def note_viewers(self, viewers: int, now: float) -> None:
        """Note how many look; to be repeated at least once a second."""
        WANTED.pack_into(self._map, WANTED_AT, viewers, now)

    def viewers(self, now: float) -> int:
        """How many look at present."""
        viewers, at = WANTED.unpack_from(self._map, WANTED_AT)
        return int(viewers) if now < at + KEPT_SECONDS else 0

    def close(self) -> None:
        """Release the mapping."""
        self._map.close()

    def _offset(self, slot: int) -> int:
        return HEADER_BYTES + slot * (HEADER_BYTES + int(self._max_bytes))
