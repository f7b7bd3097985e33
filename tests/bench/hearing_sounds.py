"""What the filters let through and what they refuse, with real weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np

from installation.core.speech_messages import SpeechRejected, Transcription
from installation.speech.audio_source import AudioChunk
from installation.speech.endpointing import VENUES
from installation.speech.hallucination_filter import VENUE_LIMITS
from installation.speech.interfaces import SAMPLE_RATE, Recognizer, Samples
from installation.speech.pipeline import SpeechPipeline
from installation.speech.transcriber import Hearing
from tests.bench.hearing_clips import VOICES, Measurement, Options, Result, Row, pink_noise, synthesized, total
from tests.bench.hearing_texts import SHORT
from tests.speech.music import music
from tests.speech.non_speech import Wave, applause, breathing, hum, silence, to_samples
from tests.speech.recordings import silence as pause

MINUTES = 5.0  # of each sound
LEVELS = (0.05, 0.3)  # of full scale
BLOCK = SAMPLE_RATE // 10
MOST_REFUSED = 0.05

NON_SPEECH: dict[str, Callable[[float, int], Wave]] = {
    "silence": silence,
    "pink noise": lambda seconds, seed: _scaled(pink_noise(round(seconds * SAMPLE_RATE), seed)),
    "hum": hum,
    "applause": applause,
    "music": lambda seconds, seed: _scaled(music(100.0 + 20 * seed, seconds, hats=True).astype(np.float64)),
    "breathing": breathing,
}


def _scaled(wave: Wave) -> Wave:
    return np.asarray(wave / np.abs(wave).max())


def transcribed(recognizer: Recognizer, sound: Samples, venue: str) -> list[Transcription | SpeechRejected]:
    """What a pipeline makes of a sound, as fast as possible."""
    results: list[Transcription | SpeechRejected] = []
    hearing = Hearing("en", VENUE_LIMITS[venue])
    pipeline = SpeechPipeline(recognizer, VENUES[venue], results.append, hearing, partials=False)
    for start in range(0, len(sound), BLOCK):
        pipeline.process(AudioChunk(sound[start : start + BLOCK], (start + BLOCK) / SAMPLE_RATE))
        while pipeline.decoder.pending_finals > 1:
            time.sleep(0.01)
    while not pipeline.decoder.idle:
        time.sleep(0.01)
    pipeline.close()
    return results


def _sound(name: str, options: Options) -> Result:
    recognizer = options.load("en")
    seconds = 60.0 * (0.2 if options.quick else MINUTES) / len(LEVELS)
    found: list[Transcription | SpeechRejected] = []
    for number, level in enumerate(LEVELS):
        found += transcribed(recognizer, to_samples(NON_SPEECH[name](seconds, number), level), "quiet")
    return {
        "invented": [f"{name}: {each.text}" for each in found if isinstance(each, Transcription) and each.final],
        "rejected": sum(isinstance(each, SpeechRejected) for each in found),
        "minutes": seconds * len(LEVELS) / 60,
    }


def _sound_rows(results: Mapping[str, Result]) -> Iterator[Row]:
    invented, minutes = total(results, "invented"), total(results, "minutes")
    what = f"invented finals in {minutes:.0f} minutes of {', '.join(results)}"
    yield Row(what, str(len(invented)), "0", not invented)
    yield from (Row("", each) for each in invented)
    yield Row("of these sounds taken for a voice at first, and rejected", str(total(results, "rejected")))


SOUNDS = Measurement({name: partial(_sound, name) for name in NON_SPEECH}, _sound_rows)


def _short(voice: str, options: Options) -> Result:
    recognizer = options.load("en")
    texts, refused = options.some(SHORT), list[str]()
    for text in texts:
        spoken = np.concatenate([pause(1.0), synthesized(text, voice), pause(1.0)])
        finals = [each for each in transcribed(recognizer, spoken, "quiet") if not _is_partial(each)]
        refused += [f"{text}, {voice}: {each.reason}" for each in finals if isinstance(each, SpeechRejected)]
        refused += [] if finals else [f"{text}, {voice}: not noticed"]
    return {"refused": refused, "count": len(texts)}


def _is_partial(message: Transcription | SpeechRejected) -> bool:
    return isinstance(message, Transcription) and not message.final


def _short_rows(results: Mapping[str, Result]) -> Iterator[Row]:
    refused, count = total(results, "refused"), total(results, "count")
    holds = len(refused) <= MOST_REFUSED * count
    what = f"short true words refused, {', '.join(results)}"
    yield Row(what, f"{len(refused)} of {count}", f"{MOST_REFUSED:.0%}", holds)
    yield from (Row("", each) for each in refused)


SHORT_WORDS = Measurement({voice: partial(_short, voice) for voice in VOICES}, _short_rows)
