"""The base of sinks that hand uncompressed frames to a library, under a name: NDI, Spout, Syphon, a camera."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from installation.core.errors import ShowError
from installation.core.paths import pip_install
from installation.outputs.interface import FrameFormat, Picture
from installation.outputs.newest_frame import NewestFrameSink, Pacer

MAX_NAME = 100  # characters


@dataclass(frozen=True)
class ProgramSettings:
    """How other programs find the picture."""

    name: str = "Laterna"
    rate: float = 60.0  # frames per second at most


class FrameSender(Protocol):
    """A library that takes frames of one size."""

    viewers: int  # as far as the library tells

    def send(self, frame: Picture) -> None:
        """Send a frame [height, width, 3]. Raises ShowError if the library refuses."""
        ...

    def close(self) -> None:
        """Release it."""
        ...


class ProgramSink(NewestFrameSink, ABC):
    """Fits frames into the size of the first one, or of the stage, and sends them."""

    def __init__(self, settings: ProgramSettings) -> None:
        super().__init__()
        self._settings, self._pacer = settings, Pacer(settings.rate)
        self._target = settings.name
        self._sender: FrameSender | None = None

    @abstractmethod
    def start(self, size: tuple[int, int], rate: float) -> FrameSender:
        """Open the library for frames of width x height. Raises ShowError."""

    def open(self, frames: FrameFormat) -> None:
        """Open the library as soon as the size is known. Raises ShowError."""
        from installation.outputs.conversion import FrameConverter

        self._rate, self._converter = min(frames.rate, self._settings.rate), FrameConverter
        if frames.width:
            self._start((frames.width, frames.height))

    def _start(self, size: tuple[int, int]) -> FrameSender:
        self._fit = self._converter(size).fit
        self._sender = self.start(size, self._rate)
        return self._sender

    def write(self, frame: Picture, at: float) -> None:
        """Send a frame."""
        self._frames += 1
        if self._pacer.due(at):
            sender = self._sender or self._start((frame.shape[1], frame.shape[0]))
            sender.send(self._fit(frame))
            self._bytes += frame.nbytes
            self._viewers = sender.viewers

    def close(self, now: float) -> None:
        """Release the library."""
        del now
        if self._sender:
            self._sender.close()
            self._sender = None


class Rgba:
    """A buffer of frames with an opaque fourth channel, [height, width, 4], which the next frame overwrites."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.pixels: NDArray[np.uint8] = np.full((size[1], size[0], 4), 255, np.uint8)

    def fill(self, frame: Picture) -> NDArray[np.uint8]:
        """The frame, with the fourth channel."""
        self.pixels[..., :3] = frame
        return self.pixels


def check_program(kind: str, settings: ProgramSettings, module: str, extra: str) -> None:
    """Raise ShowError for a value out of range, or if the package of an extra is missing."""
    where = f"[[output]] of kind '{kind}':"
    if not 0 < len(settings.name.strip()) <= MAX_NAME:
        raise ShowError(f"{where} name has {len(settings.name)} characters; it has 1 to {MAX_NAME}.")
    if not 1.0 <= settings.rate <= 240.0:
        raise ShowError(f"{where} rate is {settings.rate:g}; it goes from 1 to 240.")
    if find_spec(module) is None:
        raise ShowError(f"The output '{kind}' needs {module}: {pip_install(extra)}.")
