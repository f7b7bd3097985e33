"""Dreams of generators that read words: the picture of a prompt is there at once, and nothing is optimised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from installation.core.messages import Prompt, Value
from installation.core.prompt_text import looks_like_picture, noise_seed
from installation.dream.prompt_target import PromptTexts, prompt_texts
from installation.dream.sound_prompts import SoundReader
from installation.models.capabilities import WordPainter
from installation.models.interfaces import Generator, HostQueue, Latents, Point, WorkQueue

if TYPE_CHECKING:
    from installation.show.settings import DreamSettings


class WordGenerator(Generator, WordPainter, Protocol):
    """A generator that reads words."""


class WordDream:
    """The words of a prompt with the noise that its seed draws; see `DreamProtocol` in `render.interfaces`.

    Attributes:
        prompt_id: Id of the last prompt, 0 without prompts.
        steps: Always 0.
        score: Always 0: no perceptor looks at the picture.
        start_score: Likewise.
        texts: The weighted texts.
    """

    most_cutouts = cutouts = 1

    def __init__(
        self,
        generator: WordGenerator,
        prompts: Sequence[Prompt],
        seed: int,
        params: Mapping[str, Value],
        sounds: SoundReader | None = None,
    ) -> None:
        self.prompt_id = prompts[-1].id if prompts else 0
        self.steps = 0
        self.score = self.start_score = 0.0
        self._generator, self._seed, self._sounds = generator, seed, sounds
        self._prompts, self._negative = tuple(prompts), str(params.get("prompt/negative", ""))
        self._compose()
        self._notices = list(self.texts.notices)

    @property
    def optimises(self) -> bool:
        """See `DreamProtocol.optimises`: only while a sound is being heard there is something to wait for."""
        return self.texts.pending

    def step(self) -> bool:
        """See `DreamProtocol.step`: take what a sound was heard to be."""
        if self.texts.pending and self._sounds is not None and not self._sounds.listening:
            self._compose()
            self._notices += self.texts.notices
        return False

    def settle(self) -> None:
        """See `Dream.settle`: there is nothing to finish."""

    def point(self) -> Point:
        """Return the latents to show, a batch of one."""
        return self._point

    def continue_from(self, point: Point) -> None:
        """Show stored latents, a batch of one."""
        self._point = point

    def set_prompts(self, prompts: Sequence[Prompt]) -> None:
        """Change the words or weights; the noise stays, so that the picture changes with the words only."""
        self._prompts = tuple(prompts)
        self._compose()

    def set_params(self, params: Mapping[str, Value]) -> None:
        """Apply changed live parameters: the unwanted words."""
        negative = str(params.get("prompt/negative", ""))
        if negative != self._negative:
            self._negative = negative
            self._compose()

    def set_cutouts(self, cutouts: int) -> None:
        """See `DreamProtocol.set_cutouts`: there are none."""

    def related_classes(self) -> tuple[int, ...]:
        """See `DreamProtocol.related_classes`: there are none."""
        return ()

    def labels(self) -> tuple[str, ...]:
        """Return the names of classes: there are none."""
        return ()

    def pop_notice(self) -> str:
        """Return the sentences for the operator since the last call, or ''."""
        notice = " ".join(self._notices)
        self._notices.clear()
        return notice

    def _compose(self) -> None:
        texts = prompt_texts(self._prompts, self._negative, self._generator.fit, self._sounds)
        self.texts = _words_of(texts, self._generator.name)
        z = self._generator.compose(self.texts.texts, self.texts.weights, self._seed)
        self._point = Latents(z, np.zeros((1, 0), np.float32))


def _words_of(texts: PromptTexts, name: str) -> PromptTexts:
    """The texts without pictures and noise, of which such a generator can make nothing, and a notice for each."""
    others = [text for text in texts.texts if looks_like_picture(text) or noise_seed(text) is not None]
    if not others:
        return texts
    rows = [index for index, text in enumerate(texts.texts) if text not in others]
    notices = (f"{Path(text).name} is left out: '{name}' reads words." for text in others)
    return replace(
        texts,
        texts=tuple(texts.texts[row] for row in rows),
        weights=tuple(texts.weights[row] for row in rows),
        stops=tuple(texts.stops[row] for row in rows),
        notices=(*texts.notices, *notices),
    )


class WordSession:
    """Starts dreams of a generator that reads words; see `DreamFactory` in `render.interfaces`."""

    def __init__(self, generator: WordGenerator, sounds: SoundReader | None = None) -> None:
        """Take a loaded generator, and what says what the sounds of prompts are."""
        self._generator, self._sounds = generator, sounds
        self.queue: WorkQueue = HostQueue()

    def dream(self, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]) -> WordDream:
        """Return the picture of the weighted prompts."""
        return WordDream(self._generator, prompts, seed, params, self._sounds)

    def with_settings(self, settings: DreamSettings) -> WordSession:
        """The same session: nothing is optimised."""
        del settings
        return self

    def warm_up(self) -> None:
        """Paint once, so that the first prompt does not wait."""
        self._generator.paint(self._generator.sample(1, 1))

    def attract_point(self, seed: int) -> Point:
        """Draw a picture without words."""
        return self._generator.sample(1, seed)

    def finish_loading(self) -> None:
        """See `DreamFactory.finish_loading`: load the listener if there are sounds to hear."""
        if self._sounds is not None:
            self._sounds.prepare()
