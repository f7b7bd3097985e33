"""The output `png`: numbered PNG files at a constant rate, without any loss, for compositing and colour grading.

A picture that stands is encoded once; further numbers are links to its file. Each file is whole as soon as it has its
name, so that a kill costs nothing, and a successor goes on with the number that the time says.
"""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from installation.core.errors import ShowError
from installation.core.os_support import free_bytes
from installation.core.paths import numbered_paths
from installation.core.worker_status import OutputFigures
from installation.outputs.frame_timing import FrameTiming
from installation.outputs.interface import FrameFormat, OutputClaim, OutputSpec, Picture

STATE = "sequence.json"  # in the folder: when the sequence began, its rate, and how large it is
COMPRESSION = 1  # of 9: a third of the time of PNG's default, for a tenth more bytes
NOTICE_SECONDS = 30.0  # between two notices
STATE_SECONDS = 60.0  # between two notes of how large it is


@dataclass(frozen=True)
class PngSettings:
    """Where the pictures go."""

    path: Path  # a folder, which is created; if it exists, name-2, name-3 ...
    rate: float = 30.0  # pictures per second
    reserve_bytes: int = 1_000_000_000  # of the disk, left free


def check(settings: PngSettings) -> None:
    """Raise ShowError for a value out of range."""
    if not 0.1 <= settings.rate <= 120.0:
        raise ShowError(f"[[output]] of kind 'png': rate is {settings.rate:g}; it goes from 0.1 to 120.")


class PngSequence:
    """Writes the files 0000000.png, 0000001.png ... All times are seconds of `clock.now`."""

    every_frame = True

    def __init__(self, settings: PngSettings, free: Callable[[Path], int] = free_bytes) -> None:
        """`free` returns the free bytes of a folder's disk."""
        self._settings, self._free = settings, free
        self._folder = settings.path
        self._timing = FrameTiming(settings.rate)
        self._picture: Picture | None = None  # of the numbers to come
        self._encoded: Path | None = None  # the file that shows it already
        self._notices: list[str] = []
        self._notice_at = 0.0
        self._state_at = 0.0
        self._frames = self._lost = self._bytes = self._bytes_before = 0  # before: of killed processes

    def open(self, frames: FrameFormat) -> None:
        """Create the folder, or go on where a killed process has stopped. Raises OSError."""
        del frames
        self._folder.mkdir(parents=True, exist_ok=True)
        state = self._folder / STATE
        if state.is_file():
            numbers = [int(each.stem) for each in self._folder.glob("*.png") if each.stem.isdecimal()]
            self._timing.written = max(numbers, default=-1) + 1
            self._timing.start, self._bytes_before = _read_state(state)
            if self._timing.start is None:
                self._notices.append(
                    f"{state} is damaged: the sequence begins anew with {self._timing.written:07d}.png."
                )

    def write(self, frame: Picture, at: float) -> None:
        """Show a picture from `at` on."""
        first = self._number(at)
        if self._picture is None:
            self._picture = frame  # stands for what was presented while no process was there
        self._fill(first, at)
        self._picture, self._encoded = frame, None

    def _number(self, at: float) -> int:
        if self._timing.start is None:
            self._begin(at)
        return self._timing.first_frame(at)

    def _begin(self, at: float) -> None:
        """Note when the sequence begins: with the number after those that are there."""
        self._timing.start = at - self._timing.written / self._settings.rate
        self._write_state(at)

    def _write_state(self, now: float) -> None:
        self._state_at = now + STATE_SECONDS
        state = self._folder / STATE
        part = state.with_suffix(".part")
        noted = {"start": self._timing.start, "rate": self._settings.rate, "bytes": self._bytes_before + self._bytes}
        part.write_text(json.dumps(noted), encoding="utf-8")
        part.replace(state)

    def missed(self, at: float) -> None:
        """Count a frame that is not there."""
        self._number(at)
        self._lost += self._picture is not None

    def tick(self, now: float) -> None:
        """Repeat the picture where the stage stalls."""
        self._fill(self._timing.settled(now), now)
        if self._frames and now >= self._state_at:
            self._note_size(now)

    def _note_size(self, now: float) -> None:
        try:
            self._write_state(now)
        except OSError as error:
            self._report(f"Cannot write to {self._folder}: {(error.strerror or str(error)).lower()}.", now)

    def _fill(self, until: int, now: float) -> None:
        """Write the files up to a number, not included, with the present picture."""
        first = self._timing.written
        count = self._timing.advance(until)
        if self._picture is None:
            return
        for number in range(first, first + count):
            try:
                self._write_file(self._picture, self._folder / f"{number:07d}.png")
                self._frames += 1
            except OSError as error:
                self._lost += 1
                self._report(f"Cannot write to {self._folder}: {(error.strerror or str(error)).lower()}.", now)

    def _write_file(self, picture: Picture, path: Path) -> None:
        if self._encoded:
            _link(self._encoded, path)
            return
        from PIL import Image

        if self._free(self._folder) < self._settings.reserve_bytes:
            raise OSError(0, f"less than {self._settings.reserve_bytes / 1e6:.0f} MB are free")
        part = path.with_suffix(".part")
        Image.fromarray(picture).save(part, "PNG", compress_level=COMPRESSION)
        self._bytes += part.stat().st_size
        self._encoded = part.replace(path)

    def _report(self, text: str, now: float) -> None:
        if now >= self._notice_at:
            self._notice_at = now + NOTICE_SECONDS
            self._notices.append(f"{text} The show goes on; pictures are missing in the sequence.")

    def notices(self) -> list[str]:
        """Take out the sentences for the operator."""
        notices, self._notices = self._notices, []
        return notices

    def figures(self) -> OutputFigures:
        """The folder, and what is in it."""
        seconds = round(self._frames / self._settings.rate, 2)
        files = (str(self._folder),) if self._frames else ()
        return OutputFigures("png", str(self._folder), self._frames, seconds, self._lost, self._bytes, files)

    def close(self, now: float) -> None:
        """Write the last picture."""
        if self._picture is not None:
            self._fill(self._timing.written + 1, now)
            self._note_size(now)


def _read_state(state: Path) -> tuple[float | None, int]:
    """When the sequence began, and how large it is; None and 0 if the file is damaged."""
    try:
        noted = json.loads(state.read_text(encoding="utf-8"))
        start, size = float(noted["start"]), int(noted.get("bytes", 0))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None, 0
    return (start, size) if math.isfinite(start) else (None, 0)


def _link(source: Path, path: Path) -> None:
    try:
        os.link(source, path)
    except OSError:  # a file system without links
        shutil.copyfile(source, path)


def claim(settings: PngSettings) -> OutputClaim:
    """Claim the first folder of that name that does not exist; see `OutputSpec.claim`."""
    for path in numbered_paths(settings.path):
        try:
            path.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError:
            break  # the sink reports it
        return OutputClaim(replace(settings, path=path), lambda: None, lambda: "")
    return OutputClaim(settings, lambda: None, lambda: "")


SPEC = OutputSpec("png", "numbered PNG files, without loss", PngSettings, PngSequence, claim, check)
