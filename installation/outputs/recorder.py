"""What the audience sees, kept: pictures from a frame ring into MP4 files, in bounded memory.

Whatever the disk does, the recorder lives on.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from installation.core.frame_ring import FrameRing
from installation.core.messages import FramePresented, Notice
from installation.outputs.config import RecorderConfig, free_path
from installation.outputs.frame_timing import FrameTiming
from installation.outputs.mp4_writer import Mp4Writer
from installation.outputs.rolling_segments import RollingSegments

REEL_SECONDS = 4 * 3600.0  # then another file: an MP4's index grows in memory by 7 MB an hour
BEHIND_SECONDS = 1.0  # what may be caught up with by repeating pictures; more is passed over
RETRY_SECONDS = 10.0  # between two looks for room on a disk that was full
SETTLED_SECONDS = 5.0  # a recording that has gone on for so long after a mishap is told to go on
COMPLAIN_SECONDS = 30.0  # between two sentences about lost pictures


def free_bytes(folder: Path) -> int:
    """What the disk of that folder has left for us."""
    return shutil.disk_usage(folder).free


class Recorder:
    """Writes what `presented` tells of; plain and without a process of its own. All times are seconds of clock.now."""

    def __init__(self, config: RecorderConfig, free: Callable[[Path], int] = free_bytes) -> None:
        """Raises FileNotFoundError without the ring. `free` tells the bytes left on the disk of a folder."""
        self._config = config
        self._free = free
        self._ring = FrameRing(config.ring)
        self._cadence = FrameTiming(config.rate)
        self._parts = None if config.keep_seconds is None else RollingSegments(config.path, config.keep_seconds)
        seconds = REEL_SECONDS if self._parts is None else self._parts.seconds
        self._reel_frames = max(1, round(seconds * config.rate))
        self._picture: NDArray[np.uint8] | None = None
        self._size = config.size
        self._reel: Mp4Writer | None = None
        self._path = config.path
        self._retry_at = 0.0
        self._broken = False  # the operator knows of a mishap, and waits for better news
        self._notices: list[str] = []
        self._frames = self._bytes = 0
        self._lost = self._lost_to_disk = self._lost_told = 0
        self._complain_at = self._look_at = 0.0

    def presented(self, messages: Sequence[FramePresented], now: float) -> None:
        """Reads and writes the pictures that the stage tells of, in order; those that no frame would show are left."""
        there = [message for message in messages if self._is_there(message)]
        if messages:
            self._cadence.first_frame(messages[0].at)  # the film begins there, though that picture may be gone
        if self._picture is not None:  # before it has one, it was still being started
            self._lost += len(messages) - len(there)
        for number, message in enumerate(there):
            first = self._cadence.first_frame(message.at)
            if number + 1 < len(there) and self._cadence.first_frame(there[number + 1].at) <= first:
                continue
            picture = self._ring.read(message.slot, message.sequence, check=False)
            if picture is None:
                self._lost += 1
                continue
            if self._picture is None:
                self._picture = picture  # stands for what was presented while the recorder was being started
            self._write_until(first, now)
            self._picture = picture
            if self._reel is not None:
                self._reel.show(picture)

    def _is_there(self, message: FramePresented) -> bool:
        info = self._ring.info(message.slot)
        return info is not None and info.sequence == message.sequence

    def tick(self, now: float) -> list[Notice]:
        """Repeats the picture where the stage stalls and looks after the disk; returns what the operator should know.

        To be called some times a second.
        """
        self._write_until(self._cadence.settled(now), now)
        if now >= self._look_at:
            self._look_at = now + 1.0
            self._watch_disk(now)
            self._complain(now)
        notices, self._notices = self._notices, []
        return [Notice("recorder", text) for text in notices]

    def finish(self, now: float) -> list[Notice]:
        """Writes the last picture and ends the file; parts become one file."""
        if self._picture is not None:
            self._write_until(self._cadence.written + 1, now)
        self._end_reel(now)
        if self._parts is not None:
            self._join()
        self._ring.close()
        notices, self._notices = self._notices, []
        return [Notice("recorder", text) for text in notices]

    def figures(self) -> dict[str, Any]:
        """For a Sign: the file, seconds and frames of all files together, pictures lost, bytes."""
        frames = self._written()
        return {
            "path": str(self._path),
            "seconds": round(frames / self._config.rate, 2),
            "frames": frames,
            "lost": self._lost + self._lost_to_disk,
            "bytes": self._bytes + (self._reel.bytes if self._reel else 0),
        }

    def _written(self) -> int:
        return self._frames + (self._reel.frames if self._reel else 0)

    def _write_until(self, frame: int, now: float) -> None:
        count = self._cadence.advance(frame)
        if self._picture is None:
            return
        behind = max(0, count - round(BEHIND_SECONDS * self._config.rate))
        before = self._written()
        try:
            self._write(self._picture, count - behind, now)
        except OSError as error:
            self._mishap(error, now)
        if self._reel is not None:
            self._reel.skip(behind)
        self._lost_to_disk += count - (self._written() - before)

    def _write(self, picture: NDArray[np.uint8], count: int, now: float) -> None:
        while count > 0:
            if self._reel is not None and self._reel.frames >= self._reel_frames:
                self._end_reel(now)
            if self._reel is None and now >= self._retry_at:
                self._open_reel(picture)
            if self._reel is None:
                return
            part = min(count, max(1, self._reel_frames - self._reel.frames))
            self._reel.write(part)
            count -= part

    def _open_reel(self, picture: NDArray[np.uint8]) -> None:
        wanted = self._config.path if self._parts is None else self._parts.next_path()
        wanted.parent.mkdir(parents=True, exist_ok=True)
        self._look_for_room(wanted.parent)
        height, width = picture.shape[:2]
        self._size = self._size or (width, height)
        even = self._size[0] + self._size[0] % 2, self._size[1] + self._size[1] % 2
        self._path = free_path(wanted)
        self._reel = Mp4Writer(self._path, even, self._config.rate)
        self._reel.show(picture)

    def _end_reel(self, now: float) -> None:
        if self._reel is None:
            return
        try:
            self._reel.close()
            self._put_away(self._reel)
            if self._parts is not None:
                self._parts.forget_old()
        except OSError as error:
            self._mishap(error, now)

    def _put_away(self, reel: Mp4Writer) -> None:
        self._frames += reel.frames
        self._bytes += reel.bytes
        self._reel = None

    def _mishap(self, error: OSError, now: float) -> None:
        """The disk has refused: what is whole is kept, and another file is tried later."""
        if self._reel is not None:
            self._reel.abandon()
            self._put_away(self._reel)
        self._retry_at = now + RETRY_SECONDS
        if not self._broken:
            self._broken = True
            reason = (error.strerror or str(error)).lower()
            self._notices.append(
                f"Nothing can be recorded to {self._config.path.parent}: {reason}; "
                "the show goes on, and so will the recording as soon as it can."
            )

    def _watch_disk(self, now: float) -> None:
        if self._reel is None:
            return
        if self._broken and self._reel.frames >= SETTLED_SECONDS * self._config.rate:
            self._broken = False
            self._notices.append(f"The recording goes on in {self._reel.path}.")
        try:
            self._look_for_room(self._reel.path.parent)
        except OSError as error:
            self._end_reel(now)
            self._mishap(error, now)

    def _look_for_room(self, folder: Path) -> None:
        if self._free(folder) < self._config.reserve_bytes:
            raise OSError(0, f"less than {self._config.reserve_bytes / 1e6:.0f} MB are free")

    def _complain(self, now: float) -> None:
        lost = self._lost - self._lost_told
        if lost >= self._config.rate and now >= self._complain_at:
            self._complain_at = now + COMPLAIN_SECONDS
            self._lost_told = self._lost
            self._notices.append(f"The recording cannot keep up, and has lost {lost} pictures; the show goes on.")

    def _join(self) -> None:
        assert self._parts is not None
        try:
            joined = self._parts.join()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            self._notices.append(f"The recording stays in parts, in {self._parts.folder}: {reason}.")
            return
        if joined:
            self._path = joined[-1]
            with contextlib.suppress(OSError):  # gone already: then its size is of no interest either
                self._bytes = sum(path.stat().st_size for path in joined)
