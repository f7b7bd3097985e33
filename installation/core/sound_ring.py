"""The sound of a show's microphone, shared between processes: a ring of samples in a memory-mapped file.

One process writes, any number read. Readers get the time of each sample, so that a film stays in sync.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SOUND_RATE = 16_000  # Hz
CAPACITY = 30 * SOUND_RATE  # samples: a reader may be so far behind
MAGIC = b"LTRS"
HEADER = struct.Struct("<4sIQd")  # magic, capacity, samples written so far, time of the last one (s of `clock.now`)
HEADER_BYTES = 64

Samples = NDArray[np.int16]  # mono, [n]


class Sound(NamedTuple):
    """Samples, and the time of the first one, seconds of `clock.now`."""

    samples: Samples
    at: float


class SoundWriter:
    """Writes the ring."""

    def __init__(self, path: Path) -> None:
        """Create the file, in place of another of that name. Raises OSError."""
        made = path.with_name(f"{path.name}.new")  # whoever still reads the old file keeps it
        with made.open("wb") as file:
            file.write(HEADER.pack(MAGIC, CAPACITY, 0, 0.0))
            file.truncate(HEADER_BYTES + 2 * CAPACITY)
        made.replace(path)
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        self._written = 0

    def write(self, samples: Samples, end_time: float) -> None:
        """Append samples; `end_time` is that of the last one."""
        if not len(samples):
            return
        kept = samples[-CAPACITY:]
        places = (self._written + len(samples) - len(kept) + np.arange(len(kept))) % CAPACITY
        np.frombuffer(self._map, np.int16, CAPACITY, HEADER_BYTES)[places] = kept
        self._written += len(samples)
        HEADER.pack_into(self._map, 0, MAGIC, CAPACITY, self._written, end_time)


class SoundReader:
    """Reads what has been written since the last call."""

    def __init__(self, path: Path) -> None:
        """The file may come later, and may be replaced by another one."""
        self._path = path
        self._map: mmap.mmap | None = None
        self._file: os.stat_result | None = None
        self._read = 0

    @property
    def found(self) -> bool:
        """Whether there has been any sound."""
        return self._read > 0

    def take(self) -> Sound | None:
        """The new samples; None if there are none."""
        if not self._current() or self._map is None:
            return None
        _, capacity, written, end_time = HEADER.unpack_from(self._map, 0)
        count = min(written - self._read, capacity // 2)  # the older half may be overwritten meanwhile
        if count <= 0:
            return None
        self._read = written
        places = (written - count + np.arange(count)) % capacity
        samples = np.frombuffer(self._map, np.int16, capacity, HEADER_BYTES)[places]
        return Sound(samples, end_time - (count - 1) / SOUND_RATE)

    def _current(self) -> bool:
        """Open the file, again after it was replaced; return whether there is one."""
        with contextlib.suppress(FileNotFoundError):
            status = self._path.stat()
            if self._file is None or not os.path.samestat(status, self._file):
                with self._path.open("r+b") as file:
                    self._map, self._file = mmap.mmap(file.fileno(), 0), os.fstat(file.fileno())
                self._read = 0
            return True
        return False
