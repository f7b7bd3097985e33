"""Measures how many nouns of twelve languages are shown as what they mean.

    python -m tests.bench.languages [--half held]

Each noun is the whole prompt. `lists` are the words of `languages.toml` and the perceptor, `encoder` adds the sentence
encoder. A noun is right if the class that it means is in the first guess of the dream, before any picture is rated;
wrong if another figure or celestial body is; otherwise nothing was named.
"""

from __future__ import annotations

import argparse
import os
import time
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil

from installation.dream.class_search import find_candidates, first_guess
from installation.dream.dream_models import DreamModels
from installation.dream.text_reading import TextReader, text_reader
from installation.dream.word_classes import decide_classes
from tests.bench.dreaming import load_session

NOUNS = Path(__file__).with_name("foreign_nouns.toml")
RIGHT, WRONG, NOTHING = "right", "wrong", "nothing"


def load_nouns(halves: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """The nouns by language, each with the label of its class."""
    table = tomllib.loads(NOUNS.read_text(encoding="utf-8"))
    rows = [row for half in halves for row in table[half].items()]
    return {
        language: [(words[column], label) for label, words in rows]
        for column, language in enumerate(table["languages"])
    }


def guessed(models: DreamModels, reader: TextReader, text: str) -> list[str]:
    """The labels of the classes that a dream of a text begins with, without neutral ones."""
    groups, reading = models.generator.groups, reader.read(text)
    embedding = models.embed_texts([reading.english or text])
    evidence, words = decide_classes(
        groups, models.evidence.of_texts(embedding, np.ones(1, np.float32)), [reading], [1]
    )
    start = np.array([group.neutral or 0 for group in groups])
    candidates = [words.restricted(one) for one in find_candidates(models.knowledge, evidence, start)]
    choice = first_guess(candidates, start)
    return [group.labels[i] for group, i in zip(groups, choice, strict=True) if i != group.neutral]


def verdict(models: DreamModels, reader: TextReader, text: str, label: str) -> str:
    """Whether a noun is shown."""
    labels = guessed(models, reader, text)
    figures = [
        one for group in models.generator.groups if group.name in ("subject", "celestial") for one in group.labels
    ]
    return RIGHT if label in labels else WRONG if set(labels) & set(figures) else NOTHING


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("tune", "held", "both"), default="both")
    options = parser.parse_args()
    models = load_session("theatre").models
    lists, encoder = text_reader(models.generator.groups), text_reader(models.generator.groups)
    if lists is None or encoder is None:
        raise RuntimeError("the theatre has no lexicon.")
    process = psutil.Process(os.getpid())
    before, began = process.memory_info().rss, time.process_time()
    encoder.load()
    print(f"encoder: {time.process_time() - began:.2f} s to load, {(process.memory_info().rss - before) / 1e6:.0f} MB")
    nouns = load_nouns(("tune", "held") if options.half == "both" else (options.half,))
    began = time.process_time()
    for words in nouns.values():
        for text, _ in words:
            encoder.read(text)
    print(f"reading: {1e3 * (time.process_time() - began) / sum(map(len, nouns.values())):.1f} ms a noun\n")
    print("language   nouns   lists: right wrong   encoder: right wrong   not right")
    totals: Counter[str] = Counter()
    for language, words in nouns.items():
        old = Counter(verdict(models, lists, *word) for word in words)
        each = [verdict(models, encoder, *word) for word in words]
        new, missed = Counter(each), [text for (text, _), one in zip(words, each, strict=True) if one != RIGHT]
        totals.update({f"old {key}": count for key, count in old.items()})
        totals.update(new)
        row = f"{old[RIGHT]:12} {old[WRONG]:5} {new[RIGHT]:16} {new[WRONG]:5}"
        print(f"{language:8} {len(words):7} {row}   {', '.join(missed)}")
    count = sum(map(len, nouns.values()))
    print(f"all {count:12} {totals['old right']:12} {totals['old wrong']:5} {totals[RIGHT]:16} {totals[WRONG]:5}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
