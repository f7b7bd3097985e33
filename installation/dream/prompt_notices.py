"""What an operator is told of a prompt: what is not pictured, what nobody knows, and pictures that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from installation.dream.dream_models import DreamModels
from installation.dream.picture_prompts import picture_path, picture_problem
from installation.dream.text_reading import Reading

UNKNOWN_EVIDENCE = 0.4  # below it a text names nothing that the perceptor knows


def word_notices(readings: Sequence[Reading], weights: Sequence[float]) -> list[str]:
    """What the texts ask for and the picture cannot show, and what it shows instead: up to two sentences.

    Args:
        readings: Of the texts, in their order.
        weights: Of the texts; what a text of no positive weight asks for is not wanted.
    """
    wanted = [one for one, weight in zip(readings, weights, strict=True) if weight > 0]
    missing = dict.fromkeys(word for reading in wanted for word in reading.missing)
    others = dict.fromkeys(f"{word} shown as {label}" for reading in wanted for word, label in reading.shown_as)
    notices = [", ".join(others)] if others else []
    return [*notices, f"not pictured: {', '.join(missing)}"] if missing else notices


def unknown_text_notices(models: DreamModels, wanted: Sequence[str]) -> list[str]:
    """A sentence for each text that neither reader nor perceptor knows; none for a generator without classes."""
    if not models.generator.groups:
        return []

    def strongest(text: str) -> float:
        embedding = models.embed_texts([text])
        return float(models.evidence.of_texts(embedding, np.ones(1, np.float32)).max())

    words, reader = [text for text in wanted if models.are_words(text)], models.reader
    readings = {text: reader.read(text) for text in words} if reader else {}
    unread = [text for text in words if not (reader and _is_read(readings[text]))]
    unknown = [text for text in unread if (reader and readings[text].guessed) or strongest(text) < UNKNOWN_EVIDENCE]
    return [f"The perceptor hardly knows '{text}': the picture may not match it." for text in unknown]


def picture_notices(texts: Sequence[str], folder: str) -> list[str]:
    """A sentence for each text that names a picture of this folder ("": of none) which cannot be used."""
    problems = [picture_problem(path) for path in (picture_path(text, folder) for text in texts) if path]
    return [f"{problem} Its name is taken as words." for problem in problems if problem]


def _is_read(reading: Reading) -> bool:
    """Whether a reading knows more of a text than the perceptor."""
    return not reading.guessed and bool(reading.classes or reading.missing or reading.english or reading.pending)
