"""A text that is read aloud, followed with real weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from installation.conductor.conductor import Conductor
from installation.core.messages import Changed
from installation.core.speech_messages import SpeechRejected, Transcription
from installation.show.script_file import Script
from installation.show.settings import ListenSettings, ScriptSettings, Show
from installation.speech.endpointing import SpeechSegment
from installation.speech.interfaces import SAMPLE_RATE, Samples
from installation.speech.recognizers.whisper import WhisperRecognizer
from installation.speech.transcriber import Hearing, TimedSegment, Transcriber
from tests.bench.hearing_clips import Measurement, Options, Result, Row, total
from tests.bench.hearing_texts import GERMAN
from tests.speech import flite, pico
from tests.speech.recordings import silence

POEM = Path(__file__).parents[2] / "shows" / "reading.txt"
LEAST_FOLLOWED = 0.97
LINE_SECONDS = 5.0  # from one line to the next
PARTIAL_SECONDS = 1.6  # of a line, at which a partial is decoded


def follow(
    recognizer: WhisperRecognizer, language: str, lines: Sequence[str], speak: Callable[[str], Samples]
) -> Result:
    """Read the lines to a Conductor, with a partial before each final; return how many began, and what did wrongly."""
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
    return {"followed": followed, "wrong": wrong, "count": len(lines)}


def _heard(transcriber: Transcriber, number: int, samples: Samples) -> Iterator[Transcription | SpeechRejected]:
    """A partial of the beginning, and the final."""
    beginning = samples[: round(PARTIAL_SECONDS * SAMPLE_RATE)]
    if len(beginning) < len(samples) and (partial := transcriber.partial(_timed(number, beginning))):
        yield partial
    yield transcriber.final(_timed(number, samples))


def _timed(number: int, samples: Samples) -> TimedSegment:
    seconds, began = len(samples) / SAMPLE_RATE, number * LINE_SECONDS
    return TimedSegment(SpeechSegment(number, samples, 0, len(samples), 0.9, seconds), began, began + seconds)


def _english(lines: slice, options: Options) -> Result:
    """Lines of a poem, by two voices in turn."""
    poem = [line.text for line in Script.parse(POEM.read_text(encoding="utf-8")).lines]
    read = options.some(poem[lines])
    voices = {line: ("rms", "slt")[number % 2] for number, line in enumerate(read)}
    return follow(options.load("en"), "en", read, lambda line: flite.synthesize(line, voices[line]))


def _german(speed: float, options: Options) -> Result:
    return follow(options.load("de"), "de", options.some(GERMAN), partial(pico.synthesize, language="de", speed=speed))


def _rows(results: Mapping[str, Result]) -> Iterator[Row]:
    followed, wrong, count = (total(results, key) for key in ("followed", "wrong", "count"))
    what = f"lines followed, {', '.join(results)}"
    yield Row(what, f"{followed} of {count}", f"{LEAST_FOLLOWED:.0%}", followed >= LEAST_FOLLOWED * count)
    yield Row("lines begun wrongly", str(len(wrong)), "0", not wrong)
    yield from (Row("", each) for each in wrong)


LINES = Measurement(
    {
        "English 1-20": partial(_english, slice(0, 20)),
        "English 21-40": partial(_english, slice(20, 40)),
        "German": partial(_german, 1.0),
        "German, slowly": partial(_german, 0.85),
    },
    _rows,
)
