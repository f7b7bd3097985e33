"""The seams between dreaming and rendering. The renderer asks a Dreamer for Dreams and shows where they lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from installation.core.messages import Array, Direction, Prompt, Value
from installation.models.interfaces import Point
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
    def most_cutouts(self) -> int:
        """The most cutouts of a step that memory has allowed so far."""
        ...

    def step(self) -> bool:
        """Do one short piece of work, about 40 ms on a CPU; return True if it was an optimisation step.

        A dream never ends by itself; it must stay stable over many thousands of steps.
        """
        ...

    def point(self) -> Point:
        """Return the latents to show, a batch of one. They are smoothed over time and jump only with the prompt."""
        ...

    def set_params(self, params: Mapping[str, Value]) -> None:
        """Apply changed live parameters of the renderer."""
        ...

    def set_cutouts(self, cutouts: int) -> None:
        """Take so many cutouts a step from now on, within 1 and `most_cutouts`."""
        ...

    def pop_notice(self) -> str:
        """Return the sentences for the operator since the last call, or ''."""
        ...


class Dreamer(Protocol):
    """What starts dreams; `dream.session.DreamSession` is one."""

    def dream(self, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]) -> DreamProtocol:
        """Start a dream of the weighted prompts; its `point` is a matching picture at once."""
        ...

    def attract_point(self, seed: int) -> Point:
        """Draw a picture for the attract walk, a batch of one."""
        ...


@dataclass(frozen=True)
class RendererConfig:
    """All that a renderer is started with; small enough to be pickled."""

    models: ModelSettings
    dream: DreamSettings
    ring: Path
    aspect: tuple[int, int]  # of the stage, width to height: a generator that is free in size fills it
    rate: float  # generated frames a second to aim for, at most
    seed: int
    direction: Direction
    latents: tuple[Array, Array] | None = None  # where the walk begins: what the audience sees now
