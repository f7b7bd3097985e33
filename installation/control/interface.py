"""The seam of the control surfaces: what a surface implements, and how it is described.

A surface is anything that steers a show from outside the program: OSC, a web page, MIDI. A new one is one file with a
settings class, a surface class and a `SurfaceSpec`, and one line in `installation/control/registry.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from installation.core.messages import Feedback, Inbox, Lead, Listing, MessageRejected, Value
from installation.core.worker_status import Handover, SurfaceFigures


@dataclass(frozen=True)
class SurfaceContext:
    """What a surface gets from the control worker. The callables may be called from any thread and never block."""

    values: dict[str, Value]  # every live value and reading at the start, by name; a copy of the surface's own
    send: Callable[[Inbox], None]  # passes a message to the show; raises Rejected if too many are waiting
    notice: Callable[[str], None]  # tells the operator a sentence
    handover: Handover | None = None  # what the same surface of the previous process left
    stage_ring: Path | None = None  # where the presented frames are while `figures` reports viewers
    kinds: tuple[str, ...] = ()  # of all surfaces of the show
    listings: tuple[Listing, ...] = ()  # the queue, the cues and the snapshots at the start
    refused: Callable[[MessageRejected], None] = lambda _message: None  # tells the other surfaces what this one refused
    follow: Callable[[Lead], None] = lambda _message: None  # passes on what the leader of this show does


class ControlSurface(Protocol):
    """Turns outside events into messages, and tells the outside what changed.

    Runs in threads of its own inside the control worker. The worker calls every method from one thread. A surface
    whose method raises an error is reported, stopped and made again after a pause; the others are not affected. An
    error that ends one of its threads ends the whole worker, which is replaced.
    """

    def start(self) -> None:
        """Begin to listen, without blocking. A surface that cannot yet says why in its figures, and retries."""
        ...

    def feedback(self, message: Feedback) -> None:
        """Take a changed value or listing, an answer, a rejection, or a sentence for the operator. Must not block.

        Answers and rejections go to every surface: `origin` says whose message was answered or rejected.
        """
        ...

    def figures(self) -> SurfaceFigures:
        """The surface's state; `reason` says why it does not work."""
        ...

    def handover(self) -> Handover | None:
        """What the same surface of the next process starts from, if this process dies now."""
        ...

    def stop(self) -> None:
        """Release ports and devices. Also called after `start` has raised an error."""
        ...


@runtime_checkable
class LeadingSurface(Protocol):
    """A surface of a show that leads others: it also gets every Direction, and the latents of every frame."""

    def lead(self, message: Lead) -> None:
        """Take what the show does. Must not block."""
        ...


@dataclass(frozen=True)
class SurfaceSpec:
    """A kind of surface. `kind` is its name in show files and the source of its messages."""

    kind: str
    help: str  # one line for the documents
    settings: type[Any]  # a frozen pydantic model or dataclass: the surface's own keys in a show file
    make: Callable[[Any, SurfaceContext], ControlSurface]  # pickled by reference, called in the worker
    sources: tuple[str, ...] = ()  # further sources of its messages


@dataclass(frozen=True)
class SurfaceConfig:
    """One surface of a show."""

    spec: SurfaceSpec
    settings: Any


@dataclass(frozen=True)
class SurfaceHandovers(Handover):
    """What the surfaces of a control worker leave to their successors, by kind."""

    by_kind: dict[str, Handover] = field(default_factory=dict)


@dataclass(frozen=True)
class ControlConfig:
    """What a control worker starts with."""

    surfaces: tuple[SurfaceConfig, ...]
    values: dict[str, Value]  # every live value and reading, by name
    handover: SurfaceHandovers | None = None
    stage_ring: Path | None = None
    listings: tuple[Listing, ...] = ()
