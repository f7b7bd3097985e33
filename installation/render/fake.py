"""Dreams without models, for rehearsals: each text has its own place in latent space, and its dream moves there."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from installation.core.messages import Prompt, Value
from installation.core.prompt_text import parse_prompt
from installation.models.interfaces import Generator, HostQueue, Latents, Point, WorkQueue
from installation.render.interfaces import DreamProtocol
from installation.render.latent_walk import interpolate

SEARCH_PIECES = 3  # pieces of work before the first step, as a class search takes
START_SHARE = 0.3  # of the way from random latents to the text's place, as a start from the latent bank has
STEP_SHARE = 0.06  # of the remaining way that a step at full rate takes
MAX_CUTOUTS = 256
LOW_SCORE, HIGH_SCORE = 0.12, 0.34  # far from the text's place and there; typical cosines of CLIP
QUOTED_LENGTH = 40  # characters of a text that a notice quotes


class FakeDream:
    """A dream that takes the classes of its text's place, then approaches it with every step."""

    most_cutouts = MAX_CUTOUTS
    optimises = True

    def __init__(self, generator: Generator, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]) -> None:
        text = " | ".join(prompt.text for prompt in prompts)
        self.prompt_id = prompts[-1].id
        self.steps = 0
        self._generator, self._groups = generator, generator.groups
        self.set_prompts(prompts)
        self._point = interpolate(generator.sample(1, seed), self._place, START_SHARE, self._groups)
        self._remaining = 1.0 - START_SHARE
        self._search_pieces = SEARCH_PIECES
        self._share = 0.0
        self.cutouts = 1
        self._notice = (
            ""
            if any(part.weight > 0 for part in parse_prompt(text))
            else f"The prompt '{text[:QUOTED_LENGTH]}' asks for nothing to be shown."
        )
        self.set_params(params)
        self.score = self.start_score = self._current_score()

    def step(self) -> bool:
        """See `DreamProtocol.step`."""
        if self._search_pieces:
            nearer = interpolate(self._point, self._place, 1.0 / self._search_pieces, self._groups)
            self._point = Latents(self._point.z, nearer.classes)
            self._search_pieces -= 1
            return False
        share = self._share * min(1.0, 0.5 + self.cutouts / 12.0)
        self._point = interpolate(self._point, self._place, share, self._groups)
        self._remaining *= 1.0 - share
        self.steps += 1
        self.score = self._current_score()
        return True

    def point(self) -> Point:
        """See `DreamProtocol.point`."""
        return self._point

    def set_prompts(self, prompts: Sequence[Prompt]) -> None:
        """See `DreamProtocol.set_prompts`."""
        place, total = self._place_of(prompts[0]), max(prompts[0].weight, 1e-6)
        for prompt in prompts[1:]:
            total += max(prompt.weight, 0.0)
            place = interpolate(place, self._place_of(prompt), max(prompt.weight, 0.0) / total, self._groups)
        self._place = place

    def _place_of(self, prompt: Prompt) -> Point:
        return self._generator.sample(1, zlib.crc32(prompt.text.casefold().encode()))

    def set_params(self, params: Mapping[str, Value]) -> None:
        """See `DreamProtocol.set_params`."""
        self._share = STEP_SHARE * float(params.get("dream/rate", 0.5))

    def set_cutouts(self, cutouts: int) -> None:
        """See `DreamProtocol.set_cutouts`."""
        self.cutouts = cutouts

    def related_classes(self) -> tuple[int, ...]:
        """See `DreamProtocol.related_classes`."""
        order = np.argsort(-self._place.classes[0], kind="stable")
        return tuple(order.tolist())

    def pop_notice(self) -> str:
        """See `DreamProtocol.pop_notice`."""
        notice, self._notice = self._notice, ""
        return notice

    def _current_score(self) -> float:
        return LOW_SCORE + (HIGH_SCORE - LOW_SCORE) * (1.0 - self._remaining)


class FakeDreamFactory:
    """Starts fake dreams over any generator; needs no perceptor, no latent bank and no torch."""

    def __init__(self, generator: Generator) -> None:
        self.generator = generator
        self.queue: WorkQueue = HostQueue()

    def dream(self, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]) -> DreamProtocol:
        """See `DreamFactory.dream`."""
        return FakeDream(self.generator, prompts, seed, params)

    def attract_point(self, seed: int) -> Point:
        """See `DreamFactory.attract_point`."""
        return self.generator.sample(1, seed)

    def finish_loading(self) -> None:
        """See `DreamFactory.finish_loading`: there is nothing to load."""
