"""How well and how fast the recognisers hear: `python -m tests.bench.recognizers [--cache FOLDER]`.

Twenty spoken lines and five improvised sentences in flite's voices. Word error is the edit distance in words over the
number of words said; seconds are of the processor, for a line of about 2.7 s. Whisper models are measured where their
files lie in the cache folder.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from installation.models import default_place
from installation.speech.interfaces import RATE, Recognizer
from installation.speech.local_agreement import LocalAgreement
from installation.speech.recognizers.registry import load_recognizer
from installation.speech.recognizers.whisper_files import PUBLISHED
from installation.text.tokenization import words_of
from tests.speech.spoken import spoken

VOICES = ("rms", "slt", "awb")
LINES = (
    "The lighthouse turns its slow eye over the harbour.",
    "Seven white horses run along the shore.",
    "A clock without hands hangs in the empty station.",
    "Snow is falling on the roofs of the old town.",
    "The moon climbs out of a well.",
    "Green fire burns between the stones.",
    "An owl carries a letter through the dark wood.",
    "The river forgets the name of the mountain.",
    "Children fly paper kites above the cathedral.",
    "A violin sleeps in a bed of moss.",
    "Red leaves drift across the frozen lake.",
    "The baker feeds his bread to the pigeons.",
    "A whale is singing under the city.",
    "Light pours through the broken window.",
    "My grandmother planted roses beside the railway.",
    "A thousand lanterns float into the sky.",
    "The tiger waits behind a curtain of rain.",
    "Somebody has painted the desert blue.",
    "Ships of glass sail over the wheat fields.",
    "In the morning the garden is full of birds.",
)
IMPROVISED = (
    "Sorry, I lost my place for a moment.",
    "Please turn the sound down a little.",
    "I think we should begin again from the top.",
    "Thank you all for coming here this evening.",
    "Let me tell you a story about my father.",
)


@dataclass(frozen=True)
class Result:
    """One recogniser, one voice."""

    lines_error: float  # word error of the twenty lines
    improvised_error: float  # word error of the sentences that are in no text
    seconds: float  # of the processor, for one line
    first_stable: float  # seconds of speech after which two partials, .3 s apart, first agreed on a word; median


def distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """Levenshtein's distance in words: insertions, deletions and substitutions."""
    row = list(range(len(heard) + 1))
    for i, mine in enumerate(said, 1):
        above, row = row, [i]
        for j, yours in enumerate(heard, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (mine != yours)))
    return row[-1]


def word_error(recognizer: Recognizer, texts: Sequence[str], voice: str) -> float:
    """Wrong words over said words, of all texts together."""
    wrong = said = 0
    for text in texts:
        words = words_of(text)
        wrong += distance(words, words_of(recognizer.decode(spoken(text, voice)).text))
        said += len(words)
    return wrong / said


def first_stable(recognizer: Recognizer, text: str, voice: str, step: float = 0.3) -> float:
    """Seconds of the sound that it takes until a first word is stable; the whole sound where none becomes so."""
    sound, agreement = spoken(text, voice), LocalAgreement()
    for end in range(int(step * RATE), len(sound), int(step * RATE)):
        if agreement.add(recognizer.decode(sound[:end]).text).stable:
            return end / RATE
    return len(sound) / RATE


def measure(recognizer: Recognizer, voice: str) -> Result:
    """One row of the table."""
    began = time.process_time()
    lines_error = word_error(recognizer, LINES, voice)
    seconds = (time.process_time() - began) / len(LINES)
    stable = sorted(first_stable(recognizer, line, voice) for line in LINES[:5])
    return Result(lines_error, word_error(recognizer, IMPROVISED, voice), seconds, stable[2])


def candidates(cache: Path) -> Iterator[tuple[str, Recognizer]]:
    """What there is to be measured on this machine, each with what it was told."""
    yield "sphinx, its own English", load_recognizer("sphinx", cache)
    yield "sphinx, told the lines", load_recognizer("sphinx", cache, words=LINES)
    for name, model in PUBLISHED.items():
        if (cache / model.file).is_file():
            yield f"whisper {name}", load_recognizer(name, cache)
            yield f"whisper {name}, told the lines", load_recognizer(name, cache, words=LINES)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=default_place().cache, help="folder of the models")
    arguments = parser.parse_args()
    table = Table(title="Recognisers")
    for heading in ("recogniser", "voice", "word error", "improvised", "cpu s a line", "first stable word after s"):
        table.add_column(heading)
    for label, recognizer in candidates(arguments.cache):
        recognizer.warm()
        for voice in VOICES:
            found = measure(recognizer, voice)
            figures = (found.lines_error, found.improvised_error, found.seconds, found.first_stable)
            table.add_row(label, voice, *(f"{figure:.2f}" for figure in figures))
    Console().print(table)


if __name__ == "__main__":
    main()
