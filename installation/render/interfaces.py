"""The interfaces between optimisation and rendering: the renderer asks a `DreamFactory` for dreams and shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from installation.core.messages import Array, Direction, Prompt, Value
from installation.core.os_support import cores
from installation.models import default_place
from installation.models.capabilities import Transitions
from installation.models.interfaces import ModelPlace, Point, WorkQueue
from installation.show.settings import DreamSettings, ModelSettings


class DreamProtocol(Protocol):
    """What the renderer needs of a dream: prompts whose latents are being optimised.

    Attributes:
        prompt_id: Id of the last prompt.
        steps: Optimisation steps done.
        score: Smoothed cosine of prompt and shown picture.
        start_score: Cosine of prompt and picture at the start.
    """

    prompt_id: int
    steps: int
    score: float
    start_score: float

    @property
    def optimises(self) -> bool:
        """Whether `step` does anything: not for stored pictures, nor for generators that read words."""
        ...

    @property
    def cutouts(self) -> int:
        """Of the next step."""
        ...

    @property
    def most_cutouts(self) -> int:
        """The most cutouts of a step that memory has allowed so far."""
        ...

    def step(self) -> bool:
        """Do one short piece of work, about 40 ms on a CPU; return True if it was an optimisation step.

        A dream never ends by itself; it must stay stable over many thousands of steps.
        """
        ...

    def point(self) -> Point:
        """Return the latents to show, a batch of one. They change smoothly."""
        ...

    def set_prompts(self, prompts: Sequence[Prompt]) -> None:
        """Change the words or weights of the prompts, which keep their ids; the dream goes on from where it is."""
        ...

    def set_params(self, params: Mapping[str, Value]) -> None:
        """Apply changed live parameters of the renderer."""
        ...

    def set_cutouts(self, cutouts: int) -> None:
        """Take so many cutouts a step from now on, within 1 and `most_cutouts`."""
        ...

    def related_classes(self) -> tuple[int, ...]:
        """Return the generator's classes, the closest to the words first, without neutral ones."""
        ...

    def pop_notice(self) -> str:
        """Return the sentences for the operator since the last call, or ''."""
        ...


class DreamFactory(Protocol):
    """What starts dreams: a session of the package `dream`, or the fake for rehearsals."""

    @property
    def queue(self) -> WorkQueue:
        """Where the work of dreams is queued."""
        ...

    def dream(self, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]) -> DreamProtocol:
        """Start a dream of the weighted prompts; its `point` is a matching picture at once."""
        ...

    def attract_point(self, seed: int) -> Point:
        """Draw a picture for the attract walk, a batch of one."""
        ...

    def finish_loading(self) -> None:
        """Load what the first pictures do without; called once, in a thread of its own, while dreams go on.

        Raises:
            ShowError: Something is missing or damaged; dreams go on without it.
        """
        ...


@dataclass(frozen=True)
class RendererConfig:
    """What a renderer is started with; small enough to be pickled.

    Attributes:
        models: Which models, and the size of pictures.
        dream: How dreams are optimised.
        ring: File of the frame ring.
        aspect: Width to height of the stage; pictures of a resolution-free generator fill it.
        rate: Generated frames per second, at most; 0 is that of the device.
        seed: Of everything that is drawn at random.
        direction: What to show first.
        latents: z and class logits on screen, where the walk begins.
        place: Where the models are; the renderer replaces the device by the one of `models`.
        leads: Report the latents of every frame, for shows that follow.
        camera: How far the camera of a generator with a stage moves, 0..1.
        transitions: How its scenes change.
        cores: Of the machine on which the show plays, or played; they decide how large its frames are.
    """

    models: ModelSettings
    dream: DreamSettings
    ring: Path
    aspect: tuple[int, int]
    rate: float
    seed: int
    direction: Direction
    latents: tuple[Array, Array] | None = None
    place: ModelPlace = field(default_factory=default_place)
    leads: bool = False
    camera: float = 0.0
    transitions: Transitions = "blend"
    cores: int = field(default_factory=cores)
