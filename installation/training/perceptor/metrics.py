"""Metrics of a perceptor: zero-shot classification, words of the lexicon, and retrieval of images by captions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from installation.models.interfaces import Floats, Perceptor
from installation.models.theatre.vocabulary import GROUPS, NUM_CLASSES
from installation.training.data.captions import caption
from installation.training.data.lexicon import (
    COLOUR_GROUP,
    GROUP_SLICES,
    LANGUAGES,
    LexiconEntry,
    class_phrase,
    group_of,
    held_out_entries,
    training_entries,
)
from installation.training.data.nonsense import nonsense_text
from installation.training.data.render_store import RenderStore, to_tensor

PROMPT_TEMPLATES = ("{}", "a {}", "the {}")
BATCH = 64
RETRIEVAL_POOL = 1000  # images
NONSENSE_TEXTS = 300
TARGETS = {
    "sky": 0.88,
    "tint": 0.92,
    "celestial": 0.75,
    "weather": 0.98,
    "terrain": 0.93,
    "subject": 0.93,
    "subject_colour": 0.85,
    "lexicon": 0.95,
    "held-out words": 0.6,
    "held-out words, top 3": 0.8,
    "captions": 0.65,
}

EmbedText = Callable[[Sequence[str]], Floats]  # texts -> unit rows [n, d]
Classes = NDArray[np.intp]  # [n, groups], indices within each group


def measure_perceptor(perceptor: Perceptor, balanced: RenderStore, typical: RenderStore, seed: int) -> dict[str, float]:
    """All metrics by name: shares in 0..1, and cosines.

    `balanced` are images with balanced classes, `typical` images of the theatre's own samples. Balanced images are
    harder: half of them are tinted, and rare classes are as frequent as common ones.
    """
    embed_text, classes = perceptor.embed_text, np.asarray(balanced.classes, np.intp)
    images = _embed_images(perceptor, balanced)
    typical_images, typical_classes = _embed_images(perceptor, typical), np.asarray(typical.classes, np.intp)
    phrases = embed_classes(embed_text)
    zero_shot = zero_shot_accuracy(phrases, images, classes)
    return {
        **zero_shot_accuracy(phrases, typical_images, typical_classes),
        **{f"{name}, balanced": value for name, value in zero_shot.items()},
        **_word_accuracy(embed_text, class_prototypes(images, classes)),
        **_retrieval(embed_text, balanced, images, seed),
        **_greatest_cosines(embed_text, images, seed),
    }


def embed_classes(embed_text: EmbedText) -> list[Floats]:
    """The embeddings of the phrases of each group's classes, each [classes, d]."""
    embedded = []
    for group in GROUPS:
        templates = PROMPT_TEMPLATES if class_phrase(group.name, "") == "" else PROMPT_TEMPLATES[:1]
        rows = [
            embed_text([template.format(class_phrase(group.name, label)) for label in group.labels])
            for template in templates
        ]
        embedded.append(np.stack(rows).mean(axis=0))
    return embedded


def zero_shot_accuracy(phrases: Sequence[Floats], images: Floats, classes: Classes) -> dict[str, float]:
    """Zero-shot accuracy in each group, with image embeddings [n, d] and those of the classes (see `embed_classes`).

    Neutral classes and images that have them are left out, as is the subject's colour if there is no subject. Classes
    that the perceptor is not taught are no candidates.
    """
    accuracy = {}
    subject = next(column for column, group in enumerate(GROUPS) if group.name == "subject")
    has_subject = classes[:, subject] != GROUPS[subject].neutral
    for column, group in enumerate(GROUPS):
        scores = images @ phrases[column].T
        scores[:, [label in dict(group.like) for label in group.labels]] = -np.inf
        rows = np.ones(len(images), bool)
        if group.neutral is not None:
            scores[:, group.neutral] = -np.inf
            rows = classes[:, column] != group.neutral
        if group.name == COLOUR_GROUP:
            rows &= has_subject
        accuracy[group.name] = float((scores.argmax(axis=1) == classes[:, column])[rows].mean())
    return accuracy


def class_prototypes(images: Floats, classes: Classes) -> Floats:
    """The mean embedding of the images of each class minus the mean of all images: [n, d] -> [classes, d]."""
    mean = images.mean(axis=0)
    rows = np.zeros((NUM_CLASSES, images.shape[1]), np.float32)
    for column, where in enumerate(GROUP_SLICES.values()):
        for index in np.unique(classes[:, column]):
            rows[where.start + index] = images[classes[:, column] == index].mean(axis=0) - mean
    return rows


def markdown_table(metrics: Mapping[str, float]) -> str:
    """The metrics with their targets as a Markdown table."""
    lines = ["| metric | value | target |", "|---|---|---|"]
    for name, value in metrics.items():
        target = f"{TARGETS[name]:.2f}" if name in TARGETS else ""
        lines.append(f"| {name.replace('_', ' ')} | {value:.3f} | {target} |")
    return "\n".join(lines)


def _embed_images(perceptor: Perceptor, renders: RenderStore) -> Floats:
    rows = []
    with torch.inference_mode():
        for begin in range(0, len(renders), BATCH):
            rows.append(perceptor.embed_image(to_tensor(renders.images[begin : begin + BATCH])).numpy())
    return np.concatenate(rows)


def _word_accuracy(embed_text: EmbedText, prototypes: Floats) -> dict[str, float]:
    """How often a word's class is the nearest of its group, by the prototypes of the images."""
    english, held_out = (
        [entry for entry in entries if entry.kind in GROUP_SLICES and entry.kind != COLOUR_GROUP]
        for entries in (training_entries(), held_out_entries())
    )
    foreign = [
        entry
        for entry in training_entries()
        if entry.kind in LANGUAGES and group_of(entry.main_class) != COLOUR_GROUP  # alone, a colour means the tint
    ]
    moods, held_out_moods = (
        [entry for entry in entries if entry.kind == "mood"] for entries in (training_entries(), held_out_entries())
    )
    return {
        "lexicon": _top_k_accuracy(embed_text, prototypes, english, 1),
        "held-out words": _top_k_accuracy(embed_text, prototypes, held_out, 1),
        "held-out words, top 3": _top_k_accuracy(embed_text, prototypes, held_out, 3),
        "other languages": _top_k_accuracy(embed_text, prototypes, foreign, 1),
        "moods": _mood_accuracy(embed_text, prototypes, moods),
        "held-out moods": _mood_accuracy(embed_text, prototypes, held_out_moods),
    }


def _top_k_accuracy(embed_text: EmbedText, prototypes: Floats, entries: Sequence[LexiconEntry], k: int) -> float:
    scores = embed_text([entry.text for entry in entries]) @ prototypes.T
    right = 0
    for entry, row in zip(entries, scores, strict=True):
        where = GROUP_SLICES[group_of(entry.main_class)]
        right += entry.main_class - where.start in np.argsort(-row[where])[:k]
    return right / len(entries)


def _mood_accuracy(embed_text: EmbedText, prototypes: Floats, entries: Sequence[LexiconEntry]) -> float:
    """The share of the moods' classes that are the nearest of their group."""
    scores = embed_text([entry.text for entry in entries]) @ prototypes.T
    right = []
    for entry, row in zip(entries, scores, strict=True):
        for index, _ in entry.labels:
            where = GROUP_SLICES[group_of(index)]
            right.append(int(row[where].argmax()) == index - where.start)
    return float(np.mean(right))


def _retrieval(embed_text: EmbedText, renders: RenderStore, images: Floats, seed: int) -> dict[str, float]:
    """How often the image of a caption is the nearest, or among the nearest ten, of `RETRIEVAL_POOL` images."""
    random = np.random.default_rng(seed)
    pool = np.arange(min(RETRIEVAL_POOL, len(renders)))
    accuracy = {}
    for name, short in (("captions", 0.0), ("captions, some short", 0.4)):
        texts = [caption(renders.labels(int(row)), random, short).text for row in pool]
        order = np.argsort(-(embed_text(texts) @ images[pool].T), axis=1)
        accuracy[name] = float((order[:, 0] == pool).mean())
        accuracy[f"{name}, top 10"] = float((order[:, :10] == pool[:, None]).any(axis=1).mean())
    return accuracy


def _greatest_cosines(embed_text: EmbedText, images: Floats, seed: int) -> dict[str, float]:
    """The median of the greatest cosine to any image, for words of the lexicon and for nonsense."""
    random = np.random.default_rng(seed)
    texts = {
        "words": [entry.text for entry in training_entries() if entry.kind in GROUP_SLICES][::10],
        "nonsense": [nonsense_text(random) for _ in range(NONSENSE_TEXTS)],
    }
    return {
        f"greatest cosine of {name}": float(np.median((embed_text(some) @ images.T).max(axis=1)))
        for name, some in texts.items()
    }
