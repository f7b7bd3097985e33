"""What a perceptor knows: of pictures that it never saw, of captions, of words that it was taught or never taught."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch

from installation.models.interfaces import Floats, Perceptor
from installation.models.theatre.vocabulary import GROUPS, NUM_CLASSES
from installation.training.data.captions import caption
from installation.training.data.lexicon import BORROWED, LANGUAGES, PLACES, LexiconEntry, held, spoken, taught
from installation.training.data.nonsense import scribble
from installation.training.data.render_store import RenderStore
from installation.training.perceptor.image_tower import tensor_of

FRAMES = ("{}", "a {}", "the {}")
BATCH = 64
POOL = 1000  # pictures among which a caption's is looked for
SCRIBBLES = 300
TARGETS = {
    "sky": 0.88,
    "tint": 0.92,
    "celestial": 0.75,
    "weather": 0.98,
    "terrain": 0.93,
    "subject": 0.93,
    "subject_colour": 0.85,
    "lexicon": 0.95,
    "held words": 0.6,
    "held words, in three": 0.8,
    "captions": 0.65,
}

Read = Callable[[Sequence[str]], Floats]  # texts -> unit rows


def figures_of(perceptor: Perceptor, renders: RenderStore, usual: RenderStore, seed: int) -> dict[str, float]:
    """All figures, shares of 0 to 1 and cosines, by name; of pictures drawn evenly, and of the theatre's usual ones.

    The evenly drawn are harder: half of them are tinted, and every class comes as often as any other.
    """
    seen = _seen(perceptor, renders)
    read, classes = perceptor.embed_text, np.asarray(renders.classes, np.intp)
    centred = prototypes(seen, classes)
    even = {f"{name}, drawn evenly": value for name, value in zero_shot(read, seen, classes).items()}
    return {
        **zero_shot(read, _seen(perceptor, usual), np.asarray(usual.classes, np.intp)),
        **even,
        **_words(read, centred),
        **_retrieval(read, renders, seen, seed),
        **_placing(read, seen, seed),
    }


def zero_shot(read: Read, seen: Floats, classes: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> dict[str, float]:
    """How often a picture's class is the likeliest by its plain name, among the classes of its group.

    Neutral classes, and the pictures that have them, are left out, and the colour where there is nobody. [n, d] and
    [n, groups]
    """
    found = {}
    subject = next(column for column, group in enumerate(GROUPS) if group.name == "subject")
    somebody = classes[:, subject] != GROUPS[subject].neutral
    for column, group in enumerate(GROUPS):
        frames = FRAMES if spoken(group.name, "") == "" else FRAMES[:1]
        named = _mean([read([frame.format(spoken(group.name, label)) for label in group.labels]) for frame in frames])
        scores = seen @ named.T
        some = np.ones(len(seen), bool)
        if group.neutral is not None:
            scores[:, group.neutral] = -np.inf
            some = classes[:, column] != group.neutral
        if group.name == BORROWED:
            some &= somebody
        found[group.name] = float((scores.argmax(axis=1) == classes[:, column])[some].mean())
    return found


def prototypes(seen: Floats, classes: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> Floats:
    """What the pictures of each class have in common and the others have not: [classes, d]"""
    mean = seen.mean(axis=0)
    rows = np.zeros((NUM_CLASSES, seen.shape[1]), np.float32)
    for column, where in enumerate(PLACES.values()):
        for index in np.unique(classes[:, column]):
            rows[where.start + index] = seen[classes[:, column] == index].mean(axis=0) - mean
    return rows


def table(figures: Mapping[str, float]) -> str:
    """The figures beside their targets, as a table of Markdown."""
    lines = ["| figure | value | target |", "|---|---|---|"]
    for name, value in figures.items():
        wanted = f"{TARGETS[name]:.2f}" if name in TARGETS else ""
        lines.append(f"| {name.replace('_', ' ')} | {value:.3f} | {wanted} |")
    return "\n".join(lines)


def _seen(perceptor: Perceptor, renders: RenderStore) -> Floats:
    rows = []
    with torch.inference_mode():
        for begin in range(0, len(renders), BATCH):
            rows.append(perceptor.embed_image(tensor_of(renders.pictures[begin : begin + BATCH])).numpy())
    return np.concatenate(rows)


def _words(read: Read, centred: Floats) -> dict[str, float]:
    """How often a word's own class is the nearest, or among the nearest three, of its group, as pictures show them."""
    english = [entry for entry in taught() if entry.kind in PLACES and entry.kind != BORROWED]
    unknown = [entry for entry in held() if entry.kind in PLACES and entry.kind != BORROWED]
    hues = PLACES[BORROWED]  # which mean the tint by themselves
    foreign = [one for one in taught() if one.kind in LANGUAGES and not hues.start <= one.index < hues.stop]
    moods = [[entry for entry in some if entry.kind == "mood"] for some in (taught(), held())]
    return {
        "lexicon": _ranked(read, centred, english, 1),
        "held words": _ranked(read, centred, unknown, 1),
        "held words, in three": _ranked(read, centred, unknown, 3),
        "other languages": _ranked(read, centred, foreign, 1),
        "moods": _staged(read, centred, moods[0]),
        "held moods": _staged(read, centred, moods[1]),
    }


def _ranked(read: Read, centred: Floats, entries: Sequence[LexiconEntry], among: int) -> float:
    scores = read([entry.text for entry in entries]) @ centred.T
    right = 0
    for entry, row in zip(entries, scores, strict=True):
        where = next(where for where in PLACES.values() if where.start <= entry.index < where.stop)
        right += entry.index - where.start in np.argsort(-row[where])[:among]
    return right / len(entries)


def _staged(read: Read, centred: Floats, entries: Sequence[LexiconEntry]) -> float:
    """Of the classes that stage a mood, the share that is first in its group."""
    scores = read([entry.text for entry in entries]) @ centred.T
    right = []
    for entry, row in zip(entries, scores, strict=True):
        for index, _ in entry.said:
            where = next(where for where in PLACES.values() if where.start <= index < where.stop)
            right.append(int(row[where].argmax()) == index - where.start)
    return float(np.mean(right))


def _retrieval(read: Read, renders: RenderStore, seen: Floats, seed: int) -> dict[str, float]:
    """How often a caption's own picture is the nearest of a thousand: of whole captions, and of all, short ones too."""
    random = np.random.default_rng(seed)
    pool = np.arange(min(POOL, len(renders)))
    found = {}
    for name, short in (("captions", 0.0), ("captions, short ones too", 0.4)):
        texts = [caption(renders.labels(int(row)), random, short).text for row in pool]
        order = np.argsort(-(read(texts) @ seen[pool].T), axis=1)
        found[name] = float((order[:, 0] == pool).mean())
        found[f"{name}, in ten"] = float((order[:, :10] == pool[:, None]).any(axis=1).mean())
    return found


def _placing(read: Read, seen: Floats, seed: int) -> dict[str, float]:
    """The best cosine to any picture, of words of the lexicon and of nonsense."""
    random = np.random.default_rng(seed)
    spoken = [entry.text for entry in taught() if entry.kind in PLACES][::10]
    nonsense = [scribble(random) for _ in range(SCRIBBLES)]
    best = {name: (read(texts) @ seen.T).max(axis=1) for name, texts in (("words", spoken), ("nonsense", nonsense))}
    return {f"best cosine of {name}": float(np.median(rows)) for name, rows in best.items()}


def _mean(rows: Sequence[Floats]) -> Floats:
    mean: Floats = np.stack(rows).mean(axis=0)
    return mean
