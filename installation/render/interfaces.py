"""The seams between dreaming and rendering. The renderer asks a Dreamer for Dreams and shows where they lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from installation.core.messages import Array, Direction, Prompt, Value
from installation.models.interfaces import Point
from installation.show.settings import DreamSettings, ModelSettings


class Dream(Protocol):
    """Prompts being optimised: `step` moves the latents towards the words."""

    prompt_id: int
    steps: int  # optimisation steps done so far
    score: float  # cosine of words and picture, of the latents that `point` gives, smoothed
    start_score: float  # of the Bank's entry that it began with

    @property
    def most_cutouts(self) -> int:
        """As many cutouts a step as memory has allowed so far."""
        ...

    def step(self) -> bool:
        """One short piece of work (some 40 ms at most): a batch of candidate classes, or an optimisation step.

        True if it was an optimisation step. Never ends by itself and never collapses: thousands of steps are a
        normal evening.
        """
        ...

    def point(self) -> Point:
        """The latents to be shown now, a batch of one; a moving average, so that it never jumps without reason."""
        ...

    def adjust(self, params: Mapping[str, Value]) -> None:
        """Live parameters of the renderer have changed (dream/rate, dream/strength, latent/truncation ...)."""
        ...

    def spend(self, cutouts: int) -> None:
        """The governor's word: from now on that many cutouts a step (at least 1)."""
        ...

    def notice(self) -> str:
        """A sentence for the operator, once: words that the perceptor can hardly place, words that were cut. Or ''."""
        ...


class Dreamer(Protocol):
    """Models and Bank together: starts Dreams."""

    def dream(self, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]) -> Dream:
        """A Dream of these words, weighted. Its `point` is at once an entry drawn from the nearest of the Bank."""
        ...

    def wander(self, seed: int) -> Point:
        """A good picture of the Bank that answers nobody's words, a batch of one."""
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
