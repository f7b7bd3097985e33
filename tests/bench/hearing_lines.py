"""A text that is read aloud, followed with real weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from installation.conductor.conductor import Conductor
from installation.core.messages import Changed, SpeechRejected, Transcription
from installation.show.script_file import Script
from installation.show.settings import ListenSettings, ScriptSettings, Show
from installation.speech.endpointing import SpeechSegment
from installation.speech.interfaces import SAMPLE_RATE, Samples
from installation.speech.recognizers.whisper import WhisperRecognizer
from installation.speech.transcriber import Hearing, TimedSegment, Transcriber
from tests.bench.hearing_clips import Options, Row
from tests.bench.hearing_texts import GERMAN
from tests.speech import flite, pico
from tests.speech.recordings import silence

POEM = Path(__file__).parents[2] / "shows" / "reading.txt"
ENGLISH_LINES = 40
LEAST_FOLLOWED = 0.97
LINE_SECONDS = 5.0  # from one line to the next
PARTIAL_SECONDS = (1.2, 2.0)  # of a line, at which a partial is decoded


def follow(
    recognizer: WhisperRecognizer, language: str, lines: Sequence[str], speak: Callable[[str], Samples]
) -> tuple[int, list[str]]:
    """Read the lines to a Conductor, with partials before each final.

    Returns:
        How many began while they were read, and what began wrongly.
    """
    show = Show(script=ScriptSettings(text="\n".join(lines)), listen=ListenSettings(language=language))
    conductor, transcriber = Conductor(show), Transcriber(recognizer, Hearing(language))
    followed, wrong = 0, list[str]()
    for number, line in enumerate(lines, 1):
        samples = np.concatenate([silence(0.5), speak(line), silence(0.4)])
        recognizer.context = conductor.reading_position.lines
        for message in _heard(transcriber, number, samples):
            for effect in conductor.receive(message, number * LINE_SECONDS):
                if isinstance(effect, Changed) and effect.name == "script/line":
                    followed += effect.value == number
                    wrong += [f"{effect.value} at '{message.text}' ({number})"] if effect.value != number else []
    return followed, wrong


def _heard(transcriber: Transcriber, number: int, samples: Samples) -> Iterator[Transcription | SpeechRejected]:
    """Partials of the beginning, as far as it is one, and the final."""
    for seconds in PARTIAL_SECONDS:
        beginning = samples[: round(seconds * SAMPLE_RATE)]
        if len(beginning) < len(samples) and (partial := transcriber.partial(_timed(number, beginning))):
            yield partial
    yield transcriber.final(_timed(number, samples))


def _timed(number: int, samples: Samples) -> TimedSegment:
    seconds, began = len(samples) / SAMPLE_RATE, number * LINE_SECONDS
    return TimedSegment(SpeechSegment(number, samples, 0, len(samples), 0.9, seconds), began, began + seconds)


def _row(language: str, followed: int, wrong: list[str], count: int) -> Iterator[Row]:
    yield Row(f"lines followed, {language}", f"{followed} of {count}", "97 %", followed >= LEAST_FOLLOWED * count)
    yield Row(f"lines begun wrongly, {language}", str(len(wrong)), "0", not wrong)
    yield from (Row("", each) for each in wrong)


def measure_lines_en(options: Options) -> Iterator[Row]:
    """Forty lines of a poem in English, by two voices in turn."""
    poem = [line.text for line in Script.parse(POEM.read_text(encoding="utf-8")).lines]
    lines = options.some(poem[:ENGLISH_LINES])
    voices = {line: ("rms", "slt")[number % 2] for number, line in enumerate(lines)}
    found = follow(options.load("en"), "en", lines, lambda line: flite.synthesize(line, voices[line]))
    yield from _row("English", *found, len(lines))


def measure_lines_de(options: Options) -> Iterator[Row]:
    """Twenty lines in German, read twice: at once, and slowly."""
    german, lines = options.load("de"), options.some(GERMAN)
    for speed in (1.0, 0.85):
        found = follow(german, "de", lines, partial(pico.synthesize, language="de", speed=speed))
        yield from _row(f"German, speed {speed}", *found, len(lines))
