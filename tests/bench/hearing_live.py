"""Hearing in real time with real weights: delays, the picture beside it, its cost."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import psutil

from installation.core import clock
from installation.core.messages import SpeechRejected, Transcription
from installation.speech.audio_source import AudioChunk
from installation.speech.endpointing import VENUES
from installation.speech.interfaces import SAMPLE_RATE, Samples
from installation.speech.pipeline import SpeechPipeline
from installation.speech.recognizers.whisper import WhisperRecognizer
from tests.bench.hearing_clips import Options, Row
from tests.bench.hearing_texts import FREE, SCRIPT
from tests.bench.speech_show import SentenceResult, measure_sentences, measure_typed
from tests.speech import flite
from tests.speech.real_whisper import real_whisper
from tests.speech.recordings import silence

BLOCK_SECONDS = 0.02
SETTLE_SECONDS = 2.0  # after each sentence
DELAY_IN_DECODINGS = (1.2, 1.6)  # median and 95th percentile, at most
LEAST_RATE = 0.9  # of the picture, beside hearing
SHOW, SHOW_LINES, SHOW_ROUNDS = "first_light", 6, 2


def quantiles(values: Sequence[float], unit: str = "") -> str:
    """Median and 95th percentile."""
    return " / ".join(f"{value:.2f}{unit}" for value in np.percentile(values, [50, 95]))


def measure_time(options: Options) -> Iterator[Row]:
    """CPU time of a decoding and memory."""
    recognizer = options.load("en")
    clips = [flite.synthesize(text, "rms") for text in options.some(SCRIPT, 4)]
    for name, decode in (("partial", recognizer.decode_partial), ("final", recognizer.decode_final)):
        began = time.process_time()
        for number, samples in enumerate(clips):
            decode(number, samples)
        yield Row(f"CPU of a {name}", f"{(time.process_time() - began) / len(clips):.2f} s")
    yield Row("memory of the process", f"{psutil.Process().memory_info().rss >> 20} MB")


@dataclass
class Delays:
    """Of sentences that were spoken in real time, in seconds."""

    finals: list[float] = field(default_factory=list)  # from the end of the voice to the final
    decodings: list[float] = field(default_factory=list)  # that these finals took
    partials: list[float] = field(default_factory=list)  # from the onset of the voice to the first partial
    rejected: list[str] = field(default_factory=list)
    _utterance: int = 0  # the last one with a partial

    def receive(self, message: Transcription | SpeechRejected, decode_seconds: float) -> None:
        """Take a result at the moment it is published."""
        if isinstance(message, SpeechRejected):
            self.rejected.append(message.reason)
        elif message.final:
            self.finals.append(clock.now() - message.ended)
            self.decodings.append(decode_seconds)
        elif message.utterance != self._utterance:
            self._utterance = message.utterance
            self.partials.append(clock.now() - message.began)


def delays(recognizer: WhisperRecognizer, clips: Sequence[Samples]) -> Delays:
    """Play clips to a pipeline in real time."""
    found = Delays()
    pipeline = SpeechPipeline(
        recognizer, VENUES["quiet"], lambda message: found.receive(message, pipeline.decoder.decode_seconds)
    )
    sound = np.concatenate([silence(1.0), *(piece for clip in clips for piece in (clip, silence(SETTLE_SECONDS)))])
    block, began = round(BLOCK_SECONDS * SAMPLE_RATE), clock.now()
    for start in range(0, len(sound), block):
        samples = sound[start : start + block]
        end = began + (start + len(samples)) / SAMPLE_RATE
        time.sleep(max(0.0, end - clock.now()))
        pipeline.process(AudioChunk(samples, end))
    while not pipeline.decoder.idle:
        time.sleep(BLOCK_SECONDS)
    pipeline.close()
    return found


def measure_delay(options: Options) -> Iterator[Row]:
    """From the end of a voice to its final."""
    voices = ("rms",) if options.quick else ("rms", "slt")
    clips = [flite.synthesize(text, voice) for text in options.some((*SCRIPT, *FREE)) for voice in voices]
    found = delays(options.load("en"), clips)
    ratios = [delay / decoding for delay, decoding in zip(found.finals, found.decodings, strict=True)]
    most = [float(value) for value in np.percentile(ratios, [50, 95])]
    target = " / ".join(map(str, DELAY_IN_DECODINGS))
    holds = all(value <= limit for value, limit in zip(most, DELAY_IN_DECODINGS, strict=True))
    yield Row(f"{len(clips)} sentences in real time, a decoding, median / p95", quantiles(found.decodings, " s"))
    yield Row("end of a voice to its final, median / p95", quantiles(found.finals, " s"))
    yield Row("the same, in decodings", quantiles(ratios), target, holds)
    yield Row("onset of a voice to its first partial", quantiles(found.partials, " s"))
    yield Row(
        "sentences with a partial; finals; rejected", f"{len(found.partials)}; {len(found.finals)}; {found.rejected}"
    )


def measure_show(options: Options) -> Iterator[Row]:
    """From a voice to the picture, and the picture's rate beside hearing."""
    folder, lines = Path(mkdtemp(prefix="laterna-hearing-")), options.some(SCRIPT[:SHOW_LINES])
    heard: list[SentenceResult] = []
    typed: list[SentenceResult] = []
    for number in range(1 if options.quick else SHOW_ROUNDS):  # in turn, as the machine may have other work
        typed.append(measure_typed(lines, folder / f"typed-{number}", SHOW))
        heard.append(measure_sentences(lines, folder / f"heard-{number}", SHOW, model=str(real_whisper())))
    for what, name in (
        ("final in main", "final_text"),
        ("first visible change", "first_change"),
        ("the change by the whole sentence", "whole_change"),
    ):
        values = [value for result in heard for value in getattr(result, name)]
        count = f" ({len(values)} of {len(lines) * len(heard)})"
        yield Row(f"end of a voice to {what}, median / p95", quantiles(values, " s") + count)
    for what, name in (("presented", "presented_fps"), ("generated", "generated_fps")):
        beside, alone = (float(np.mean([getattr(each, name) for each in results])) for results in (heard, typed))
        holds = beside >= LEAST_RATE * alone
        figure = f"{beside:.1f} of {alone:.1f} ({beside / alone:.0%})"
        yield Row(f"{what} frames a second beside hearing", figure, "90 %", holds)
    yield Row("samples lost; restarts", f"{sum(e.lost for e in heard)}; {sum(e.restarts for e in heard)}")
