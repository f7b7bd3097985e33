"""A toy output sink in one file: it writes the mean brightness of each frame to a text file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TextIO

from installation.core.worker_status import OutputFigures
from installation.outputs.interface import FrameFormat, OutputSpec, Picture


@dataclass(frozen=True)
class BrightnessSettings:
    """The keys of the `[[output]]` table."""

    path: str
    decimals: int = 1


class BrightnessLog:
    """Writes one number per frame."""

    every_frame = True

    def __init__(self, settings: BrightnessSettings) -> None:
        self._settings = settings
        self._file: TextIO | None = None
        self._frames = self._missed = 0

    def open(self, frames: FrameFormat) -> None:
        self._file = open(self._settings.path, "w", encoding="utf-8", buffering=1)  # noqa: PTH123, SIM115
        self._file.write(f"{frames.width}x{frames.height} at {frames.rate:g}\n")

    def write(self, frame: Picture, at: float) -> None:
        assert self._file is not None
        self._file.write(f"{at:.3f} {frame.mean():.{self._settings.decimals}f}\n")
        self._frames += 1

    def missed(self, at: float) -> None:  # noqa: ARG002
        self._missed += 1

    def tick(self, now: float) -> None:
        pass

    def notices(self) -> list[str]:
        return []

    def figures(self) -> OutputFigures:
        return OutputFigures("brightness", self._settings.path, self._frames, lost=self._missed)

    def close(self, now: float) -> None:  # noqa: ARG002
        assert self._file is not None
        self._file.close()


SPEC = OutputSpec("brightness", "the mean brightness of each frame as text", BrightnessSettings, BrightnessLog)
