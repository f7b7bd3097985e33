"""Accuracy and speed of the recognisers: `python -m tests.bench.recognizers [--models FOLDER]`.

Twenty lines and five improvised sentences in flite's voices. The word error rate is the edit distance in words over the
number of words spoken; the CPU time is for a line of about 2.7 s. Whisper checkpoints are measured if they are in the
models folder.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from installation.core.speech_messages import RecognizerHints
from installation.models import default_place
from installation.speech.interfaces import SAMPLE_RATE, Recognizer, RecognizerRequest
from installation.speech.local_agreement import LocalAgreement
from installation.speech.recognizers.registry import create_recognizer
from installation.speech.recognizers.whisper_files import PUBLISHED
from installation.text.tokenization import words_of
from installation.text.word_similarity import edit_distance
from tests.speech.flite import VOICES, synthesize

PARTIAL_SECONDS = 0.3  # of speech between partials
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
class RecognizerResult:
    """One recogniser with one voice."""

    lines_error: float  # word error rate of the lines
    improvised_error: float  # word error rate of the improvised sentences
    cpu_seconds: float  # per line
    first_stable_seconds: float  # of speech, until a first word is stable; median


def word_error(recognizer: Recognizer, texts: Sequence[str], voice: str) -> float:
    """Return the word error rate over all texts."""
    errors = spoken = 0
    for text in texts:
        words = words_of(text)
        errors += edit_distance(words, words_of(recognizer.decode(synthesize(text, voice)).text))
        spoken += len(words)
    return errors / spoken


def first_stable_seconds(recognizer: Recognizer, text: str, voice: str) -> float:
    """Return the seconds of speech until a first word is stable, or all of them if none is."""
    samples, agreement = synthesize(text, voice), LocalAgreement()
    step = int(PARTIAL_SECONDS * SAMPLE_RATE)
    for end in range(step, len(samples), step):
        if agreement.update(recognizer.decode(samples[:end]).text).stable:
            return end / SAMPLE_RATE
    return len(samples) / SAMPLE_RATE


def measure(recognizer: Recognizer, voice: str) -> RecognizerResult:
    """Measure one row of the table."""
    began = time.process_time()
    lines_error = word_error(recognizer, LINES, voice)
    seconds = (time.process_time() - began) / len(LINES)
    stable = sorted(first_stable_seconds(recognizer, line, voice) for line in LINES[:5])
    return RecognizerResult(lines_error, word_error(recognizer, IMPROVISED, voice), seconds, stable[2])


def candidates(models: Path) -> Iterator[tuple[str, Recognizer]]:
    """Yield the recognisers of this machine, without and with the lines as hints."""
    names = ["sphinx", *(name for name, model in PUBLISHED.items() if (models / model.file).is_file())]
    for name in names:
        yield name, create_recognizer(name, RecognizerRequest(models))
        yield f"{name} with hints", create_recognizer(name, RecognizerRequest(models, hints=RecognizerHints(LINES)))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=default_place().cache, help="folder of the models")
    arguments = parser.parse_args()
    table = Table(title="Recognisers")
    for heading in ("recogniser", "voice", "word error", "improvised", "CPU s per line", "first stable word after s"):
        table.add_column(heading)
    for label, recognizer in candidates(arguments.models):
        recognizer.load()
        for voice in VOICES:
            result = measure(recognizer, voice)
            figures = (result.lines_error, result.improvised_error, result.cpu_seconds, result.first_stable_seconds)
            table.add_row(label, voice, *(f"{figure:.2f}" for figure in figures))
    Console().print(table)


if __name__ == "__main__":
    main()
