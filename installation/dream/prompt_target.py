"""From prompts to the target of a dream: texts with weights, their embeddings, and how a picture is scored."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.core.messages import Prompt
from installation.core.prompt_text import PromptPart, parse_prompt
from installation.dream.losses import cosine, spherical_distance
from installation.dream.sound_prompts import SoundReader
from installation.models.interfaces import Floats
from installation.text.language import ENGLISH, script_language

LossKind = Literal["spherical", "cosine"]

NEGATIVE_WEIGHT = -1.0  # of the parameter `prompt/negative`: as strong as a wanted text, as Big Sleep's `text_min`
QUOTED_LENGTH = 40  # characters of a text that a notice quotes


@dataclass(frozen=True)
class PromptTexts:
    """The weighted texts of all prompts of a dream, as long as the perceptor can read them.

    Attributes:
        texts: Wanted texts first, then the unwanted ones.
        weights: One for each text, never 0; negative ones push away.
        stops: The spherical distance of each text at which it stops to act; None: it always acts.
        notices: One sentence for each text that was cut, and for each sound.
        pending: Whether a sound is still being heard.
        said: The texts as they are read word by word: those in scripts other than Latin uncut, since the perceptor
            reads few of their words.
    """

    texts: tuple[str, ...]
    weights: tuple[float, ...]
    stops: tuple[float | None, ...]
    notices: tuple[str, ...]
    pending: bool = False
    said: tuple[str, ...] = field(default=(), compare=False)

    def told(self, in_english: Sequence[bool]) -> tuple[str, ...]:
        """The notices without those of cut texts that were read whole, in English."""
        rows = zip(self.texts, self.said, in_english, strict=True)
        whole = {_cut_notice(said, text) for text, said, is_read in rows if is_read and said != text}
        return tuple(notice for notice in self.notices if notice not in whole)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The texts with a positive weight."""
        return tuple(text for text, weight in zip(self.texts, self.weights, strict=True) if weight > 0)


def prompt_texts(
    prompts: Sequence[Prompt], negative: str, fit: Callable[[str], str], sounds: SoundReader | None = None
) -> PromptTexts:
    """Collect the weighted parts of all prompts; `core.prompt_text.parse_prompt` parses their syntax.

    Args:
        prompts: Each part's weight is multiplied by its prompt's weight.
        negative: Texts in the same syntax that every picture should avoid.
        fit: Cuts a text to what the perceptor can read (see `Perceptor.fit`).
        sounds: Names the sounds among the parts; None: their names are words.
    """
    parts = [_scaled(part, prompt.weight) for prompt in prompts for part in parse_prompt(prompt.text)]
    parts += [part._replace(weight=NEGATIVE_WEIGHT * abs(part.weight)) for part in parse_prompt(negative)]
    parts, sentences, pending = _with_sounds(parts, sounds)
    parts = sorted((part for part in parts if part.weight), key=lambda part: part.weight < 0)
    fitted = [fit(part.text) for part in parts]
    cut = (_cut_notice(part.text, kept) for part, kept in zip(parts, fitted, strict=True) if kept != part.text)
    weights, stops = tuple(part.weight for part in parts), tuple(part.stop for part in parts)
    pairs = zip(parts, fitted, strict=True)
    said = tuple(kept if script_language(part.text) == ENGLISH else part.text for part, kept in pairs)
    return PromptTexts(tuple(fitted), weights, stops, (*sentences, *cut), pending, said)


def _scaled(part: PromptPart, factor: float) -> PromptPart:
    return part._replace(weight=part.weight * factor)


def _with_sounds(parts: Sequence[PromptPart], sounds: SoundReader | None) -> tuple[list[PromptPart], list[str], bool]:
    """The parts with words in place of sounds, a sentence for each sound, and whether one is still being heard."""
    found: list[PromptPart] = []
    sentences: list[str] = []
    pending = False
    for part in parts:
        path = sounds.path(part.text) if sounds is not None else None
        if sounds is None or path is None:
            found.append(part)
        elif heard := sounds.heard(path):
            found += [_scaled(part._replace(text=words), share) for words, share in heard.words]
            sentences.append(heard.sentence)
        else:
            pending = True
    return found, sentences, pending


def _cut_notice(text: str, kept: str) -> str:
    last = kept.split()[-1] if kept else ""
    quoted = text if len(text) <= QUOTED_LENGTH else text[: QUOTED_LENGTH - 1].rstrip() + "…"
    return f"The perceptor reads '{quoted}' only as far as '{last}' ({len(kept)} of {len(text)} characters)."


def stop_cosines(texts: PromptTexts, average: Floats) -> Floats:
    """Return from which cosine on each text acts, see `PromptTarget.stops`. -> [k].

    Pushing away from an unwanted text stops at the cosine of the average picture, if not at its own stop: below that, a
    picture does not show what the text says, and moving on only distorts it.

    Args:
        texts: Their stops are spherical distances, as in VQGAN+CLIP, whose stops of unwanted texts are negative.
        average: [k], the cosine of each text and the average picture.
    """
    cosines = [
        math.cos(min(math.sqrt(2.0 * abs(stop)), math.pi)) if stop is not None else (1.0 if weight > 0 else floor)
        for stop, weight, floor in zip(texts.stops, texts.weights, average.tolist(), strict=True)
    ]
    return np.array(cosines, np.float32)


@dataclass(frozen=True)
class PromptTarget:
    """The embedded texts of a dream with their weights.

    Attributes:
        texts: [k, d], unit rows.
        weights: [k]; negative ones push away.
        stops: [k], cosines: a wanted text pulls only pictures below it, an unwanted one pushes only those above it.
        loss_kind: How the distance from a wanted text is measured.
    """

    texts: Tensor
    weights: Tensor
    stops: Tensor
    loss_kind: LossKind = "spherical"

    def resized(self, size: int) -> PromptTarget:
        """Return a copy with `size` texts, at least 2, so that all targets have tensors of one shape.

        Texts of weight 0 are appended. If there are too many texts, the lightest of them are merged: the wanted ones
        into their weighted mean direction with their total weight, and the unwanted ones likewise.
        """
        target = self if len(self.weights) <= size else self._merged(size)
        missing = size - len(target.weights)
        return PromptTarget(
            F.pad(target.texts, (0, 0, 0, missing)),
            F.pad(target.weights, (0, missing)),
            F.pad(target.stops, (0, missing)),
            self.loss_kind,
        )

    def _merged(self, size: int) -> PromptTarget:
        heaviest = self.weights.abs().argsort(descending=True)
        kept, others = heaviest[: size - 2], heaviest[size - 2 :]
        texts, weights, stops = [self.texts[kept]], [self.weights[kept]], [self.stops[kept]]
        for rows in (others[self.weights[others] > 0.0], others[self.weights[others] < 0.0]):
            if len(rows):
                total = self.weights[rows].sum()
                share = self.weights[rows] / total
                texts.append(F.normalize(share @ self.texts[rows], dim=0)[None])
                weights.append(total[None])
                stops.append((share @ self.stops[rows])[None])
        return PromptTarget(torch.cat(texts), torch.cat(weights), torch.cat(stops), self.loss_kind)

    def copy_from(self, other: PromptTarget) -> None:
        """Overwrite the tensors in place with those of `other`, which has as many texts."""
        self.texts.copy_(other.texts)
        self.weights.copy_(other.weights)
        self.stops.copy_(other.stops)

    def score(self, embeddings: Tensor) -> Tensor:
        """Return the weighted mean cosine of pictures and wanted texts, 0 without any. [n, d] -> [n]."""
        wanted = self.weights.clamp(min=0.0)
        return self._nearness(embeddings) @ wanted / self._total_weight

    def rating(self, embeddings: Tensor) -> Tensor:
        """Return the score minus the nearness to unwanted texts, to compare pictures by. [n, d] -> [n]."""
        return self.score(embeddings) - self._nearness_to_unwanted(embeddings)

    def loss(self, embeddings: Tensor) -> Tensor:
        """Return the loss of one step, the mean of `losses`. [n, d] -> scalar."""
        return self.losses(embeddings).mean()

    def losses(self, embeddings: Tensor) -> Tensor:
        """Return the distance from the wanted texts plus the nearness to the unwanted ones. [n, d] -> [n]."""
        wanted = self.weights.clamp(min=0.0)
        nearness = self._nearness(embeddings)
        distances = 1.0 - nearness if self.loss_kind == "cosine" else spherical_distance(nearness)
        return distances @ wanted / self._total_weight + self._nearness_to_unwanted(embeddings)

    def _nearness(self, embeddings: Tensor) -> Tensor:
        """The cosines, for wanted texts up to their stops. -> [n, k]."""
        return torch.minimum(cosine(embeddings, self.texts), self.stops)

    def _nearness_to_unwanted(self, embeddings: Tensor) -> Tensor:
        above = (cosine(embeddings, self.texts) - self.stops).clamp(min=0.0)
        return above @ self.weights.clamp(max=0.0).neg() / self._total_weight

    @property
    def _total_weight(self) -> Tensor:
        wanted = self.weights.clamp(min=0.0).sum()
        return torch.where(wanted > 0.0, wanted, self.weights.abs().sum()).clamp(min=1e-6)
