"""The loaded models that all dreams of a session share, and what is computed from them once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from installation.core.prompt_text import noise_seed
from installation.dream.class_cooccurrence import ClassCooccurrence
from installation.dream.class_evidence import ClassEvidence
from installation.dream.class_search import ClassKnowledge
from installation.dream.class_weights import ClassWeighting
from installation.dream.latent_bank import Choice, LatentBank, logits_of_choice
from installation.dream.latent_space import LatentSpace, latent_space
from installation.dream.noise_prompts import embed_noise
from installation.dream.picture_prompts import embed_picture, picture_path, picture_problem
from installation.dream.prompt_target import PromptTarget, PromptTexts, stop_cosines
from installation.dream.sound_prompts import SoundReader
from installation.dream.text_reading import TextReader, text_reader
from installation.models.capabilities import Arrangeable, ClassEmbedded, LayeredLatents, PictureEncoder
from installation.models.clip.ensemble import Ensemble
from installation.models.cuda_graphs import Stream, to_host
from installation.models.interfaces import Floats, Generator, Latents, Perceptor, Point, repeat_layers
from installation.show.settings import DreamSettings

CACHED_TEXTS = 512


class PromptTargets(NamedTuple):
    """The target of one dream in two spaces."""

    bank: PromptTarget  # on the CPU, in the embedding space of the latent bank
    optimizer: PromptTarget  # on the device, in the perceptor's embedding space


@dataclass(frozen=True, eq=False)
class DreamModels:
    """Generator, perceptor and latent bank on one device. Immutable; shared by all dreams of a session.

    Attributes:
        generator: On the device of `stream`.
        perceptor: On the same device; an `Ensemble` has the latent bank of its leader.
        bank: Of these two models.
        settings: How dreams are optimised.
        evidence: Of the generator's classes.
        knowledge: About the generator's classes, for the class search.
        space: The rules for z.
        bank_embeddings: [entries, d] float32, on the CPU.
        stream: Where all work of dreams is queued.
        reader: Reads what single words name; None for a generator without a lexicon.
        embed_text: One text, the name of a picture (see `picture_prompts`), or noise -> [embedding_size], cached.
        sounds: Says what the sounds of prompts are; None: their names are words.
    """

    generator: Generator
    perceptor: Perceptor
    bank: LatentBank
    settings: DreamSettings
    evidence: ClassEvidence
    knowledge: ClassKnowledge
    space: LatentSpace
    bank_embeddings: Tensor
    stream: Stream
    reader: TextReader | None
    embed_text: Callable[[str], Floats]
    sounds: SoundReader | None = None

    @classmethod
    def prepare(
        cls,
        generator: Generator,
        perceptor: Perceptor,
        bank: LatentBank,
        settings: DreamSettings,
        device: str = "cpu",
        sounds: SoundReader | None = None,
        stream: Stream | None = None,
    ) -> DreamModels:
        """Compute what dreams need from models that are already on `device`. Takes about a second on a CPU.

        Work is queued in `stream`, by default one of its own.
        """
        evidence = ClassEvidence(bank, generator.groups)
        reader = text_reader(generator.groups, generator.marks if isinstance(generator, Arrangeable) else ())
        cooccurrence = ClassCooccurrence(bank, generator.groups) if len(generator.groups) > 1 else None
        return cls(
            generator=generator,
            perceptor=perceptor,
            bank=bank,
            settings=settings,
            evidence=evidence,
            knowledge=ClassKnowledge(generator.groups, evidence.decorative, evidence.cosine_gain, cooccurrence),
            space=latent_space(generator),
            bank_embeddings=torch.from_numpy(bank.embeddings.astype(np.float32)),
            stream=stream or Stream(torch.device(device)),
            reader=reader,
            embed_text=lru_cache(CACHED_TEXTS)(partial(_embed, perceptor, settings.pictures, torch.device(device))),
            sounds=sounds,
        )

    @property
    def names(self) -> str:
        """Names of the two models, for messages."""
        return f"'{self.generator.name}' and '{self.perceptor.name}'"

    @property
    def optimises_classes(self) -> bool:
        """Whether class logits are optimised by gradient, instead of classes being searched."""
        optimised = self.settings.classes == "optimised" or self.settings.start == "fusedream"
        return optimised and bool(self.generator.groups)

    @property
    def searches_classes(self) -> bool:
        """Whether a dream begins by searching for classes and for the best of the nearest entries.

        A dream that begins with an encoded picture does not: the source's dream has searched (see `ComposedDream`).
        """
        discrete = self.settings.classes == "discrete" and not self.optimises_classes
        return discrete and bool(self.generator.groups) and not isinstance(self.generator, PictureEncoder)

    @property
    def class_weighting(self) -> ClassWeighting:
        """How optimised class parameters become class weights."""
        return ClassWeighting(self.settings.class_weights, self.settings.max_classes, self.settings.temperature)

    @property
    def class_embeddings(self) -> Floats | None:
        """What the generator sees of each class, [classes, d]; None if it takes the weights themselves."""
        return self.generator.class_embeddings if isinstance(self.generator, ClassEmbedded) else None

    @property
    def render_size(self) -> int | None:
        """Side in pixels at which dreams render; None is the generator's native size."""
        return self.settings.size if self.generator.resolution_free else None

    def bank_point(self, entry: int) -> Point:
        """Return the latents of a bank entry, with a z for each layer if the show uses layered latents."""
        point = self.bank.point(entry, self.generator.groups)
        if self.settings.latents == "layers" and isinstance(self.generator, LayeredLatents):
            return repeat_layers(point, self.generator.layers)
        return point

    def embed_texts(self, texts: Sequence[str]) -> Floats:
        """Return embeddings in the latent bank's space. [n] -> [n, d]."""
        rows = self._perceptor_embeddings(texts)
        return self.perceptor.leading(rows) if isinstance(self.perceptor, Ensemble) else rows

    def embed_latents(self, z: Tensor, logits: Tensor) -> Tensor:
        """Render pictures at the perceptor's input size and return their embeddings. -> [n, embedding_size]."""
        with self.stream.work(), torch.no_grad():
            pictures = self.generator.render(Latents(z, logits), self.perceptor.input_size)
            return self.perceptor.embed_image(pictures)

    def fit(self, text: str) -> str:
        """Return as much of a text as the perceptor reads; the name of a picture is not cut."""
        return self.perceptor.fit(text) if self.are_words(text) else text

    def are_words(self, text: str) -> bool:
        """Whether a text is words, neither the name of a picture nor noise."""
        return picture_path(text, self.settings.pictures) is None and noise_seed(text) is None

    def targets(self, texts: PromptTexts) -> PromptTargets:
        """Return the target of a dream of these texts."""
        bank_rows, rows = self.embed_texts(texts.texts), self._perceptor_embeddings(texts.texts)
        weights = np.array(texts.weights, np.float32)
        stops = stop_cosines(texts, bank_rows @ self.evidence.mean)
        return PromptTargets(
            PromptTarget(torch.from_numpy(bank_rows), torch.from_numpy(weights), torch.from_numpy(stops)),
            PromptTarget(self.stream.put(rows), self.stream.put(weights), self.stream.put(stops), self.settings.loss),
        )

    def rate(self, z: Tensor, choices: Choice, target: PromptTarget) -> PendingRatings:
        """Begin to rate pictures with these classes. [n, groups] -> n ratings.

        Args:
            z: [1, ...] for all pictures, or [n, ...].
            choices: [n, groups].
            target: In the perceptor's space.
        """
        logits = self.to_device(logits_of_choice(choices, self.generator.groups))
        with self.stream.work():
            embeddings = self.embed_latents(z.expand(len(choices), *z.shape[1:]), logits)
            ratings = to_host(target.rating(embeddings))
            self.stream.await_result()
        return PendingRatings(ratings, self.stream)

    def to_device(self, values: Floats) -> Tensor:
        """Return a copy on the device."""
        return self.stream.put(values.copy())

    def _perceptor_embeddings(self, texts: Sequence[str]) -> Floats:
        rows = [self.embed_text(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.perceptor.embedding_size), np.float32)


@dataclass(frozen=True)
class PendingRatings:
    """See `class_search.Ratings`."""

    values: Tensor  # [n], on the host; filled once the stream has come so far
    stream: Stream

    def result(self) -> Floats:
        """Return the ratings, after waiting for the work that has been queued."""
        self.stream.wait_for_result()
        ratings: Floats = self.values.numpy()
        return ratings


def _embed(perceptor: Perceptor, folder: str, device: torch.device, text: str) -> Floats:
    seed = noise_seed(text)
    if seed is not None:
        return embed_noise(seed, perceptor)
    path = picture_path(text, folder)
    if path and not picture_problem(path):
        return embed_picture(path, perceptor, device)
    row: Floats = perceptor.embed_text([text])[0]
    return row
