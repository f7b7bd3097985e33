"""The output `shared-memory`: presented frames in a memory-mapped file that any program on this machine can read.

The file is a `FrameRing`; its layout is documented in the README of this folder, with a reader in Python and one in C.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from installation.core.errors import ShowError
from installation.core.frame_ring import FrameRing
from installation.core.os_support import free_bytes, lock_file, memory_places
from installation.outputs.interface import FrameFormat, OutputSpec, Picture
from installation.outputs.newest_frame import NewestFrameSink

SLOTS = 4
LARGEST_FRAME = 2160 * 3840 * 3  # bytes; the file is sparse, only what is used takes memory


@dataclass(frozen=True)
class SharedMemorySettings:
    """Which file the frames are in."""

    name: str = "laterna"  # of the file, in /dev/shm or in the temporary folder


def check(settings: SharedMemorySettings) -> None:
    """Raise ShowError for a name that is no file name."""
    if not re.fullmatch(r"\w[\w.-]{0,63}", settings.name):
        raise ShowError(
            f"[[output]] of kind 'shared-memory': name is '{settings.name}'; "
            "it is a file name of letters, digits, . - _"
        )


class SharedMemorySink(NewestFrameSink):
    """Copies each frame into the next slot of the ring."""

    kind = "shared-memory"

    def __init__(self, settings: SharedMemorySettings) -> None:
        super().__init__()
        self._settings = settings
        self._ring: FrameRing | None = None
        self._lock: IO[bytes] | None = None

    def open(self, frames: FrameFormat) -> None:
        """Open the ring of the process before, or make one. Raises ShowError if another show has it."""
        largest = max(LARGEST_FRAME, frames.width * frames.height * 3)
        room = SLOTS * (frames.width * frames.height * 3 or LARGEST_FRAME)
        places = memory_places()
        path = next((each for each in places if free_bytes(each) >= room), places[-1]) / self._settings.name
        self._target = str(path)
        self._ring = self._left_ring(path, largest) or self._new_ring(path, largest)

    def _left_ring(self, path: Path, largest: int) -> FrameRing | None:
        """The ring that another process has left there: its readers go on. None if there is none that fits."""
        if not path.exists():
            return None
        self._take_lock(path)
        try:
            ring = FrameRing(path, checked=False)
        except ValueError:
            return None
        return ring if (ring.slots, ring.max_bytes) == (SLOTS, largest) else None

    def _new_ring(self, path: Path, largest: int) -> FrameRing:
        made = path.with_name(f"{path.name}.new")  # whoever still reads the old file keeps it
        if made.is_file() and not made.is_symlink():
            self._take_lock(made)  # another show may be making it right now
            self._release_lock()
        made.unlink(missing_ok=True)
        made.open("xb").close()  # everybody can write to the folder: never follow a link, never fill another's file
        FrameRing(made, SLOTS, largest).close()
        self._take_lock(made)
        made.replace(path)
        return FrameRing(path, checked=False)

    def _take_lock(self, path: Path) -> None:
        """Keep other shows from writing to the same file. Raises ShowError."""
        self._release_lock()
        lock = path.open("r+b")
        if not lock_file(lock):
            lock.close()
            raise ShowError(f"Another show writes to {self._target}; give this one its own file: name = 'laterna-2'.")
        self._lock = lock

    def _release_lock(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None

    def write(self, frame: Picture, at: float) -> None:
        """Copy a frame into the ring."""
        assert self._ring
        self._ring.write(frame, show_at=at)
        self._frames += 1
        self._bytes += frame.nbytes

    def close(self, now: float) -> None:
        """Remove the file, so that readers see that the show is over."""
        del now
        if self._ring:
            with contextlib.suppress(OSError):  # removed already, or, on Windows, still read
                self._ring.path.unlink()
            self._ring.close()
            self._ring = None
        self._release_lock()


SPEC = OutputSpec(
    "shared-memory",
    "the picture in shared memory, for TouchDesigner and programs in C or Python on this machine",
    SharedMemorySettings,
    SharedMemorySink,
    check=check,
)
