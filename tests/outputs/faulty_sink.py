"""An output sink that fails where its settings say, and complains when it is closed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from installation.core.worker_status import OutputFigures
from installation.outputs.interface import FrameFormat, OutputSpec, Picture


@dataclass(frozen=True)
class FaultySettings:
    """The keys of the `[[output]]` table."""

    path: str  # gets a line for every process that opened the sink
    fails_in: str = ""  # open, write or close


class FaultySink:
    """Writes nothing."""

    every_frame = True

    def __init__(self, settings: FaultySettings) -> None:
        self._settings = settings
        self._frames = 0
        self._notices: list[str] = []

    def open(self, frames: FrameFormat) -> None:  # noqa: ARG002
        with Path(self._settings.path).open("a") as file:
            file.write("opened\n")
        self._fail("open")

    def write(self, frame: Picture, at: float) -> None:  # noqa: ARG002
        self._fail("write")
        self._frames += 1

    def missed(self, at: float) -> None:
        pass

    def tick(self, now: float) -> None:
        pass

    def notices(self) -> list[str]:
        notices, self._notices = self._notices, []
        return notices

    def figures(self) -> OutputFigures:
        return OutputFigures("faulty", self._settings.path, self._frames)

    def close(self, now: float) -> None:  # noqa: ARG002
        self._notices.append("The last frames could not be written.")
        self._fail("close")

    def _fail(self, where: str) -> None:
        if where == self._settings.fails_in:
            raise ConnectionError(f"nobody answers in {where}")


SPEC = OutputSpec("faulty-sink", "fails where its settings say", FaultySettings, FaultySink)
