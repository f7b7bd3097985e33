"""Screens in step: which frame each of them shows, and which one all of them show next, in a memory-mapped file.

The next frame is chosen once every screen shows the present one, so that two screens are never more than one frame
apart, and the slowest sets the pace. The screen with the lowest number chooses. One that is silent is left out.
"""

from __future__ import annotations

import math
import mmap
import struct
from pathlib import Path

SILENT_SECONDS = 1.0  # after which the others do not wait for a screen any more
_TARGET = struct.Struct("<Q")
_SCREEN = struct.Struct("<Qd")  # the frame it shows (a sequence of the frame ring), and when it was last heard of
_GONE = -math.inf


class Lockstep:
    """The table of the screens, numbered from 1. Times are seconds of `clock.now`."""

    def __init__(self, path: Path, screens: int = 0) -> None:
        """Create the file for so many screens, or open one that exists. Raises OSError."""
        self.path = path
        if screens:
            path.write_bytes(bytes(_TARGET.size + screens * _SCREEN.size))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        self.screens = (len(self._map) - _TARGET.size) // _SCREEN.size

    def next_frame(self, number: int, newest: int, now: float) -> int:
        """The frame that screen `number` shows next, or still; `newest` is the newest one there is."""
        present = [(other, *self._read(other)) for other in range(1, self.screens + 1)]
        heard = [(other, shown) for other, shown, at in present if other == number or now < at + SILENT_SECONDS]
        (target,) = _TARGET.unpack_from(self._map, 0)
        if heard[0][0] == number and newest > target and all(shown >= target for _, shown in heard):
            target = newest
            _TARGET.pack_into(self._map, 0, target)
        return int(target)

    def shown(self, number: int, frame: int, now: float) -> None:
        """Note what screen `number` shows; to be called at least some times a second."""
        _SCREEN.pack_into(self._map, self._place(number), frame, now)

    def leave(self, number: int) -> None:
        """Note that screen `number` is gone: the others go on at once."""
        _SCREEN.pack_into(self._map, self._place(number), 0, _GONE)

    @property
    def frames(self) -> tuple[int, ...]:
        """What each screen shows; 0: nothing."""
        return tuple(self._read(number)[0] for number in range(1, self.screens + 1))

    def close(self) -> None:
        """Release the mapping."""
        self._map.close()

    def _place(self, number: int) -> int:
        return _TARGET.size + (number - 1) * _SCREEN.size

    def _read(self, number: int) -> tuple[int, float]:
        shown, at = _SCREEN.unpack_from(self._map, self._place(number))
        return int(shown), float(at)
