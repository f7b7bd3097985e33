"""What the filters let through and what they refuse, with real weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np

from installation.core.messages import SpeechRejected, Transcription
from installation.speech.audio_source import AudioChunk
from installation.speech.endpointing import VENUES
from installation.speech.hallucination_filter import VENUE_LIMITS
from installation.speech.interfaces import SAMPLE_RATE, Recognizer, Samples
from installation.speech.pipeline import SpeechPipeline
from installation.speech.transcriber import Hearing
from tests.bench.hearing_clips import Options, Row, pink_noise, spoken
from tests.bench.hearing_texts import SHORT
from tests.speech.music import music
from tests.speech.non_speech import Wave, applause, breathing, hum, silence, to_samples
from tests.speech.recordings import silence as pause

MINUTES = 5.0  # of each sound
LEVELS = (0.05, 0.3)  # of full scale
BLOCK = SAMPLE_RATE // 10
MOST_REFUSED = 0.05

SOUNDS: dict[str, Callable[[float, int], Wave]] = {
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


def measure_sounds(options: Options) -> Iterator[Row]:
    """Invented finals in sounds without speech."""
    recognizer = options.load("en")
    seconds = 60.0 * (0.2 if options.quick else MINUTES) / len(LEVELS)
    invented = rejected = 0
    for name, sound in SOUNDS.items():
        for number, level in enumerate(LEVELS):
            results = transcribed(recognizer, to_samples(sound(seconds, number), level), "quiet")
            finals = [each.text for each in results if isinstance(each, Transcription)]
            invented, rejected = invented + len(finals), rejected + len(results) - len(finals)
            if finals:
                yield Row(f"invented in {name}", str(finals))
    minutes = len(LEVELS) * seconds * len(SOUNDS) / 60
    yield Row(f"invented finals in {minutes:.0f} minutes of {', '.join(SOUNDS)}", str(invented), "0", invented == 0)
    yield Row("sounds taken for a voice at first, and rejected", str(rejected))


def measure_short(options: Options) -> Iterator[Row]:
    """Short true words that are refused, or heard as others."""
    recognizer = options.load("en")
    total = 0
    refused: list[str] = []
    for voice, clips in spoken(options.some(SHORT)):
        for text, samples in clips:
            results = transcribed(recognizer, np.concatenate([pause(1.0), samples, pause(1.0)]), "quiet")
            total += 1
            refused += [f"{text}, {voice}: {each.reason}" for each in results if isinstance(each, SpeechRejected)]
            refused += [] if results else [f"{text}, {voice}: not noticed"]
    holds = len(refused) <= MOST_REFUSED * total
    yield Row("short true words refused", f"{len(refused)} of {total}", f"{MOST_REFUSED:.0%}", holds)
    yield from (Row("", each) for each in refused)
