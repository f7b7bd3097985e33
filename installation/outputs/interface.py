"""The seam of the outputs: what a sink implements, and how it is described.

A new sink is one file with a settings class, a sink class and an `OutputSpec`, and one line in
`installation/outputs/registry.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from installation.core.worker_status import OutputFigures

Picture = NDArray[np.uint8]  # [height, width, 3], RGB
Source = Literal["stage", "generator"]  # what the audience sees, or the clean generated frames


@dataclass(frozen=True)
class FrameFormat:
    """The frames that a sink is going to get. A sink fits frames of another size into its own."""

    width: int  # pixels; 0: of the first frame
    height: int
    rate: float  # frames per second at most
    shared: Path | None = None  # the folder of the show's rings, which the control worker reads too


class OutputSink(Protocol):
    """Takes frames in a process of its own. It may block for up to a minute: the show never waits for a sink.

    Methods are called from one thread. Whatever they raise is reported, and the worker is restarted. All times are
    seconds of `clock.now`.
    """

    every_frame: bool  # False: only the newest frame is written while the sink is busy

    def open(self, frames: FrameFormat) -> None:
        """Prepare for frames. Called once, before everything else."""
        ...

    def write(self, frame: Picture, at: float) -> None:
        """Take a frame that was presented at `at`. The array belongs to the sink."""
        ...

    def missed(self, at: float) -> None:
        """Note a presented frame that the sink does not get, because it was too slow."""
        ...

    def tick(self, now: float) -> None:
        """Do periodic work; called some twenty times per second, with or without frames."""
        ...

    def notices(self) -> list[str]:
        """Take out the sentences for the operator that have accumulated."""
        ...

    def figures(self) -> OutputFigures:
        """What the sink has taken so far."""
        ...

    def close(self, now: float) -> None:
        """Finish: write what is pending, release files and sockets."""
        ...


@runtime_checkable
class TakesChapters(Protocol):
    """A sink that is told when a cue is fired."""

    def mark(self, name: str, at: float) -> None:
        """Begin a chapter of this name; called again with the latest one after the worker was replaced."""
        ...


@runtime_checkable
class TakesWords(Protocol):
    """A sink that is told what was said."""

    def say(self, text: str, began: float, ended: float) -> None:
        """Take a sentence with the time of its voice; the latest ones again after the worker was replaced."""
        ...


@dataclass(frozen=True)
class OutputClaim:
    """What main holds for a sink that leaves files, from its first process to the last one."""

    settings: Any  # with the names that are now ours
    release: Callable[[], None]  # called after the last process has ended
    unfinished: Callable[[], str]  # for the operator: where everything is if the last process has not finished; or ""
    notice: str = ""  # for the operator


@dataclass(frozen=True)
class OutputSpec:
    """A kind of sink: `kind` is its name in show files and on the command line."""

    kind: str
    help: str  # one line for `--help` and the documents
    settings: type[Any]  # a frozen pydantic model or dataclass: the sink's own keys of an [[output]] table
    make: Callable[[Any], OutputSink]  # settings -> sink; pickled by reference, called in the worker
    # Of a sink that leaves files: claims their names in main, once. If a process of this sink dies before it has
    # finished at the end of the show, another one is started to finish what is left. Never fails.
    claim: Callable[[Any], OutputClaim] | None = None
    # Called in main before the show starts: raises ShowError where this kind, or a setting, cannot work.
    check: Callable[[Any], None] | None = None


@dataclass(frozen=True)
class OutputConfig:
    """What an output worker starts with."""

    name: str  # of the worker: the kind, numbered where there are several
    spec: OutputSpec
    settings: Any
    ring: Path  # the frame ring to read
    frames: FrameFormat
