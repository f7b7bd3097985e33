"""Dreams of generators that can paint any picture: another generator composes the picture, then they repaint it.

Gradients find textures in an empty picture, but no composition (Fernando et al., 2021). So the dream of the source
generator, usually the theatre, searches for classes first; its picture is encoded, and the optimisation goes on in the
latent space of the generator itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from installation.core.messages import Prompt, Value
from installation.dream.dream import Dream
from installation.dream.latent_bank import LatentBank
from installation.dream.prompt_target import PromptTarget, PromptTexts
from installation.dream.session import DreamSession
from installation.dream.word_session import WordDream
from installation.models.capabilities import PictureEncoder
from installation.models.interfaces import Floats, Generator, Group, Latents, Point

if TYPE_CHECKING:
    from installation.show.settings import DreamSettings

SOURCE_STEPS = 12  # optimisation steps of the source, which move its figures to where they suit the prompt


@dataclass(frozen=True)
class Repainter:
    """Finds the latents of a generator whose picture is most like that of another generator."""

    source: Generator
    encoder: PictureEncoder
    device: torch.device

    def encode(self, point: Point) -> Floats:
        """Return z of the picture of the source's latents; both are batches of one."""
        picture = torch.from_numpy(self.source.paint(point, self.encoder.encoded_size)).to(self.device)
        with torch.no_grad():
            z = self.encoder.encode(picture.permute(2, 0, 1)[None].float() / 255.0)
        encoded: Floats = z.numpy(force=True)
        return encoded


@dataclass(frozen=True)
class EncodedBank(LatentBank):
    """The pictures of the source's latent bank as starts of another generator: encoded one by one, when they are used.

    Attributes:
        encode: Latents of the source -> z of the generator.
        source: The source's bank, whose embeddings count.
        source_groups: Of the source's classes.
    """

    encode: Callable[[Point], Floats]
    source: LatentBank
    source_groups: tuple[Group, ...]

    @classmethod
    def of(cls, generator: Generator, bank: LatentBank, repainter: Repainter) -> EncodedBank:
        """Return the bank of a generator without classes."""
        return cls(
            generator=generator.name,
            perceptor=bank.perceptor,
            z=bank.z,
            classes=np.zeros((len(bank), 0), np.int16),
            embeddings=bank.embeddings,
            label_embeddings=bank.label_embeddings[:0],
            encode=repainter.encode,
            source=bank,
            source_groups=repainter.source.groups,
        )

    def point(self, entry: int, groups: tuple[Group, ...]) -> Point:
        """See `LatentBank.point`."""
        encoded = self.encode(self.source.point(entry, self.source_groups))
        return Latents(encoded, super().point(entry, groups).classes)


class ComposedDream:
    """A dream that begins with the dream of the source generator; see `DreamProtocol` in `render.interfaces`.

    Attributes:
        prompt_id: Id of the last prompt, 0 without prompts.
        steps: Optimisation steps done, without those of the source.
        score: Smoothed cosine of prompt and shown picture.
        start_score: Cosine of the prompt and the source's bank entry that the dream began with.
    """

    optimises = True

    def __init__(self, source: Dream, own: Dream, encode: Callable[[Point], Floats]) -> None:
        """Take two dreams of the same prompts that have just begun, and what encodes the source's latents."""
        self._source: Dream | None = source
        self._own = own
        self._encode = encode
        self._labels = source.labels()
        self.prompt_id = own.prompt_id
        self.steps = 0
        self.score = self.start_score = own.start_score

    @property
    def most_cutouts(self) -> int:
        """The most cutouts of a step that memory has allowed so far."""
        return self._own.most_cutouts

    def step(self) -> bool:
        """Do one piece of work of the source's dream, later one of its own; True after an optimisation step."""
        if self._source is None:
            optimised = self._own.step()
            self.steps, self.score = self._own.steps, self._own.score
            return optimised
        self._source.step()
        texts = self._source.texts
        if self._source.steps >= SOURCE_STEPS or not (texts.texts or texts.pending):
            self._finish_composition(self._source)
        return False

    def point(self) -> Point:
        """Return the latents to show, a batch of one."""
        return self._own.point()

    @property
    def loss(self) -> float:
        """Of the last optimisation step of its own, 0 before the first."""
        return self._own.loss

    @property
    def texts(self) -> PromptTexts:
        """The weighted texts."""
        return self._own.texts

    @property
    def target(self) -> PromptTarget:
        """What pictures are rated against, on the device."""
        return self._own.target

    def continue_from(self, point: Point) -> None:
        """Continue from stored latents, a batch of one, without a composition."""
        self._source = None
        self._own.continue_from(point)

    def settle(self) -> None:
        """Finish the composition and show the current latents without easing, for pictures that are not animated."""
        while self._source is not None:
            self.step()
        self._own.settle()

    def set_prompts(self, prompts: Sequence[Prompt]) -> None:
        """Change the words or weights of the prompts; the dream goes on from where it is."""
        if self._source is not None:
            self._source.set_prompts(prompts)
        self._own.set_prompts(prompts)

    def set_params(self, params: Mapping[str, Value]) -> None:
        """Apply changed live parameters."""
        if self._source is not None:
            self._source.set_params(params)
        self._own.set_params(params)

    def set_cutouts(self, cutouts: int) -> None:
        """Take so many cutouts a step from now on."""
        if self._source is not None:
            self._source.set_cutouts(cutouts)
        self._own.set_cutouts(cutouts)

    @property
    def cutouts(self) -> int:
        """Of the next step."""
        return self._own.cutouts

    def related_classes(self) -> tuple[int, ...]:
        """Return the classes of the generator itself that are related to the words."""
        return self._own.related_classes()

    def pop_notice(self) -> str:
        """Return the sentences for the operator since the last call, or ''."""
        own = self._own.pop_notice()
        composed = self._source.pop_notice() if self._source is not None else ""
        return composed or own  # both speak of the same prompts; the source also of its classes

    def labels(self) -> tuple[str, ...]:
        """Return the names of the classes that the source has chosen."""
        return self._labels

    def _finish_composition(self, source: Dream) -> None:
        source.settle()
        self._labels = source.labels()
        self._own.catch_up()
        self._own.restart(self._encode(source.point()))
        self._source = None


AnyDream = Dream | ComposedDream | WordDream


class ComposedSession:
    """Starts composed dreams; see `DreamSession`.

    Attributes:
        models: Of the generator itself.
        queue: Where the work of both is queued.
    """

    def __init__(self, source: DreamSession, own: DreamSession, encode: Callable[[Point], Floats]) -> None:
        """Join the sessions of the source generator and of the generator that repaints."""
        self.models = own.models
        self.queue = own.queue
        self._source, self._own, self._encode = source, own, encode

    def dream(self, prompts: Sequence[Prompt], seed: int, params: Mapping[str, Value]) -> ComposedDream:
        """Start a dream of the weighted prompts."""
        source, own = (session.dream(prompts, seed, params) for session in (self._source, self._own))
        return ComposedDream(source, own, self._encode)

    def with_settings(self, settings: DreamSettings) -> ComposedSession:
        """A session of the same models whose generator is optimised in another way."""
        return ComposedSession(self._source, self._own.with_settings(settings), self._encode)

    def compile(self) -> None:
        """See `DreamSession.compile`; of the generator itself, whose dreams are the longer ones."""
        self._own.compile()

    def limit_memory(self, free: int) -> None:
        """Reduce the cutouts to what `free` bytes of device memory hold. Raises ShowError if not even one fits."""
        for session in (self._source, self._own):
            session.limit_memory(free)

    def warm_up(self) -> None:
        """Run a short dream of each, so that the first prompt does not wait."""
        for session in (self._source, self._own):
            session.warm_up()

    def finish_loading(self) -> None:
        """See `DreamSession.finish_loading`."""
        for session in (self._source, self._own):
            session.finish_loading()

    def attract_point(self, seed: int) -> Point:
        """Draw a good picture of the source's latent bank, encoded."""
        return self._own.attract_point(seed)
