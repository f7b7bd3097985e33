"""Hearing in real time with real weights: delays, the picture beside it, its cost."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import psutil

from installation.core import clock
from installation.core.speech_messages import SpeechRejected, Transcription
from installation.speech.audio_source import AudioChunk
from installation.speech.endpointing import VENUES
from installation.speech.interfaces import SAMPLE_RATE, DecodingAbandoned, RecognizedText, Recognizer, Samples
from installation.speech.pipeline import SpeechPipeline
from tests.bench.hearing_clips import Measurement, Options, Result, Row, quantiles
from tests.bench.hearing_texts import SCRIPT
from tests.bench.speech_show import measure_sentences, measure_typed
from tests.speech import flite
from tests.speech.real_whisper import real_whisper
from tests.speech.recordings import silence

BLOCK_SECONDS = 0.02
SETTLE_SECONDS = 2.0  # after each sentence
DELAY_IN_DECODINGS = (1.2, 1.6)  # median and 95th percentile, at most
PACES = (0.3, 0.6, 0.9, 1.6)  # seconds of a decoding
JUDGED = ("decodings of 0.9 s", "real weights, rms", "real weights, slt")  # 0.9 s: what the real weights take
POLL_SECONDS = 0.02  # between two questions whether a decoding is still needed
LEAST_RATE = 0.9  # of the picture, beside hearing
SHOW, SHOW_LINES = "first_light", 6


def _costs(options: Options) -> Result:
    recognizer = options.load("en")
    clips = [flite.synthesize(text, "rms") for text in options.some(SCRIPT[:4])]
    began = time.process_time()
    for samples in clips:
        recognizer.decode(samples)
    seconds = (time.process_time() - began) / len(clips)
    return {"seconds": seconds, "megabytes": psutil.Process().memory_info().rss >> 20}


def _cost_rows(results: Mapping[str, Result]) -> Iterator[Row]:
    for result in results.values():
        yield Row("CPU of a decoding", f"{result['seconds']:.2f} s")
        yield Row("memory of the process", f"{result['megabytes']} MB")


COST = Measurement({"decoding": _costs}, _cost_rows)


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


def delays(recognizer: Recognizer, clips: Sequence[Samples]) -> Delays:
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


@dataclass
class PacedRecognizer(Recognizer):
    """Takes a constant time for a decoding, however busy the machine is, and costs nothing."""

    seconds: float
    name: str = "paced"

    def decode_partial(self, utterance: int, samples: Samples) -> RecognizedText:
        """Wait, and return another word for each utterance."""
        return replace(self.decode(samples), text=f"utterance{utterance}")

    decode_final = decode_partial

    def decode(self, samples: Samples) -> RecognizedText:
        """Wait. Raises DecodingAbandoned."""
        del samples
        end = time.perf_counter() + self.seconds
        while (left := end - time.perf_counter()) > 0:
            if self.abandoned():
                raise DecodingAbandoned
            time.sleep(min(left, POLL_SECONDS))
        return RecognizedText("", decode_seconds=self.seconds)


def _delay(recognizer: Recognizer | None, voice: str, options: Options) -> Result:
    clips = [flite.synthesize(text, voice) for text in options.some(SCRIPT)]
    found = delays(recognizer or options.load("en"), clips)
    return {
        "sentences": len(clips),
        "finals": found.finals,
        "decodings": found.decodings,
        "partials": found.partials,
        "rejected": found.rejected,
    }


def _delay_rows(results: Mapping[str, Result]) -> Iterator[Row]:
    for name, result in results.items():
        finals, decodings, sentences = result["finals"], result["decodings"], result["sentences"]
        ratios = [delay / decoding for delay, decoding in zip(finals, decodings, strict=True)]
        pairs = zip(np.percentile(ratios, [50, 95]), DELAY_IN_DECODINGS, strict=True)
        holds = all(value <= limit for value, limit in pairs)
        judged = (" / ".join(map(str, DELAY_IN_DECODINGS)), holds) if name in JUDGED else ("", None)
        yield Row(f"{name}: end of a voice to its final, median / p95", quantiles(finals, " s"))
        yield Row("the same, in decodings", quantiles(ratios), *judged)
        yield Row(
            "finals; partials before them, of sentences", f"{len(finals)}; {len(result['partials'])}, {sentences}"
        )
        yield from (Row("", each) for each in result["rejected"])


DELAY = Measurement(
    {f"decodings of {seconds} s": partial(_delay, PacedRecognizer(seconds), "rms") for seconds in PACES}
    | {f"real weights, {voice}": partial(_delay, None, voice) for voice in ("rms", "slt")},
    _delay_rows,
)


def _show(options: Options) -> Result:
    """A show without hearing, and one with it right after, as the machine may have other work."""
    folder, lines = Path(mkdtemp(prefix="laterna-hearing-")), options.some(SCRIPT[:SHOW_LINES])
    typed = measure_typed(lines, folder / "typed", SHOW)
    heard = measure_sentences(lines, folder / "heard", SHOW, model=str(real_whisper()))
    return {"typed": asdict(typed), "heard": asdict(heard)}


def _show_rows(results: Mapping[str, Result]) -> Iterator[Row]:
    heard, typed = ([result[key] for result in results.values()] for key in ("heard", "typed"))
    for what, name in (
        ("final in main", "final_text"),
        ("first visible change", "first_change"),
        ("the change by the whole sentence", "whole_change"),
    ):
        values = [value for result in heard for value in result[name]]
        count = f" ({len(values)} of {sum(result['sentences'] for result in heard)})"
        yield Row(f"end of a voice to {what}, median / p95", quantiles(values, " s") + count)
    for name in ("presented", "generated"):
        beside, alone = (float(np.mean([each[f"{name}_fps"] for each in shows])) for shows in (heard, typed))
        figure = f"{beside:.1f} of {alone:.1f} ({beside / alone:.0%})"
        holds = beside >= LEAST_RATE * alone
        yield Row(f"{name} frames a second beside hearing", figure, f"{LEAST_RATE:.0%}", holds)
    lost, restarts = (sum(result[key] for result in heard) for key in ("lost", "restarts"))
    yield Row("samples lost; restarts", f"{lost}; {restarts}")


SHOWS = Measurement({"first": _show, "second": _show}, _show_rows)
