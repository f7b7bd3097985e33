"""A dreamer without models: every word has its own place in latent space, and dreams go there. For rehearsals."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

from installation.core.messages import Prompt, Value
from installation.core.prompt_text import caption
from installation.models.interfaces import Generator, Latents, Point
from installation.render.interfaces import DreamProtocol
from installation.render.latent_walk import mix

CHOICES = 3  # pieces of work before the first step, as a choice among classes takes
NEARNESS = 0.3  # how near to its place a dream begins: what the Bank does
MOST_CUTOUTS = 256  # it needs no memory for them
WORST, BEST = 0.12, 0.34  # scores far from the place and there: cosines as perceptors give them


class FakeDream:
    """A Dream that takes its place's classes, then comes nearer with every step and never quite arrives."""

    most_cutouts = MOST_CUTOUTS

    def __init__(self, generator: Generator, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]) -> None:
        self.prompt_id = prompts[-1].id
        self.steps = 0
        self._groups = generator.groups
        self._text = " | ".join(prompt.text for prompt in prompts)
        self._place = generator.sample(1, zlib.crc32(self._text.casefold().encode()))
        self._point = mix(generator.sample(1, seed), self._place, NEARNESS, self._groups)
        self._left = 1.0 - NEARNESS
        self._choices = CHOICES
        self._share = 0.0
        self._cutouts = 1
        self._notice = "" if caption(self._text) else f"The words '{self._text[:40]}' ask for nothing to be seen."
        self.set_params(params)
        self.score = self.start_score = self._scored()

    def step(self) -> bool:
        """See `Dream.step`."""
        if self._choices:
            nearer = mix(self._point, self._place, 1.0 / self._choices, self._groups)
            self._point = Latents(self._point.z, nearer.classes)
            self._choices -= 1
            return False
        share = self._share * min(1.0, 0.5 + self._cutouts / 12.0)
        self._point = mix(self._point, self._place, share, self._groups)
        self._left *= 1.0 - share
        self.steps += 1
        self.score = self._scored()
        return True

    def point(self) -> Point:
        """See `Dream.point`."""
        return self._point

    def set_params(self, params: Mapping[str, Value]) -> None:
        """See `Dream.adjust`."""
        self._share = 0.06 * float(params.get("dream/rate", 0.5))

    def set_cutouts(self, cutouts: int) -> None:
        """See `Dream.spend`."""
        self._cutouts = cutouts

    def pop_notice(self) -> str:
        """See `Dream.notice`."""
        said, self._notice = self._notice, ""
        return said

    def _scored(self) -> float:
        return WORST + (BEST - WORST) * (1.0 - self._left)


class FakeDreamer:
    """A Dreamer over any generator; needs no perceptor, no Bank and no torch."""

    def __init__(self, generator: Generator) -> None:
        self.generator = generator

    def dream(self, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]) -> DreamProtocol:
        """See `Dreamer.dream`."""
        return FakeDream(self.generator, prompts, seed, params)

    def attract_point(self, seed: int) -> Point:
        """See `Dreamer.wander`."""
        return self.generator.sample(1, seed)
