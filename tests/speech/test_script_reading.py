"""A poem read aloud, from audio to the stage: VAD, the embedded recogniser, the Conductor.

Time is that of the recording, and a decoding counts as `DECODE_SECONDS` of it, whatever this machine takes.
`tests/bench/speech.py` measures the same reading through a microphone in real time.
"""

from __future__ import annotations

import statistics
from collections import deque
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pytest

from installation.conductor.conductor import Conductor, Effect
from installation.core.messages import Changed, Direction
from installation.core.speech_messages import SpeechRejected, Transcription
from installation.show.loader import load_show
from installation.speech.audio_source import RecordingSource
from installation.speech.endpointing import VENUES
from installation.speech.interfaces import RecognizedText, Recognizer, Samples
from installation.speech.pipeline import SpeechPipeline
from installation.speech.recognizers.sphinx import SphinxRecognizer
from tests.speech.recordings import write_wav
from tests.speech.simulated_reading import simulated_reading
from tests.speech.virtual_microphone import until

LINES = 24  # of the poem that is read
TURN_SECONDS = 0.02
DECODE_SECONDS = 0.1  # of the newest audio, on a machine that also renders; 0.05 s on an idle one
RENDER_SECONDS = 0.3  # until the first frame of new words


@dataclass
class TimedRecognizer(Recognizer):
    """Another recogniser that reports a constant decoding time."""

    recognizer: Recognizer
    seconds: float
    name: str = "timed"

    def __post_init__(self) -> None:
        self.incremental = self.recognizer.incremental

    def load(self, predecessor: Recognizer | None = None) -> None:
        self.recognizer.load(predecessor)

    def decode(self, samples: Samples) -> RecognizedText:
        return replace(self.recognizer.decode(samples), decode_seconds=self.seconds)

    def decode_partial(self, utterance: int, samples: Samples) -> RecognizedText:
        return replace(self.recognizer.decode_partial(utterance, samples), decode_seconds=self.seconds)

    def decode_final(self, utterance: int, samples: Samples) -> RecognizedText:
        return replace(self.recognizer.decode_final(utterance, samples), decode_seconds=self.seconds)


@dataclass
class ScriptedShow:
    """A Conductor that follows a recording, with a renderer that draws after `RENDER_SECONDS`."""

    conductor: Conductor
    recognizer: Recognizer
    begun: list[tuple[int, float]] = field(default_factory=list)  # lines, counted from 0, with seconds
    captions: dict[int, str] = field(default_factory=dict)  # of the prompts shown, by id
    utterances: list[int] = field(default_factory=list)  # that became final or were rejected
    _published: deque[Transcription | SpeechRejected] = field(default_factory=deque)
    _to_draw: deque[tuple[float, int]] = field(default_factory=deque)

    def play(self, recording: Path) -> None:
        """Play the whole recording."""
        self.recognizer.load()  # here, as it takes longer than `until` waits
        pipeline = SpeechPipeline(self.recognizer, VENUES["quiet"], self._published.append)
        source, now = RecordingSource(recording), 0.0
        in_decoder: deque[tuple[float, Transcription | SpeechRejected]] = deque()
        while not (source.ended and not in_decoder):
            pipeline.process(source.read(now))
            until(lambda: pipeline.decoder.idle)
            while self._published:
                in_decoder.append((now + DECODE_SECONDS, self._published.popleft()))
            while in_decoder and in_decoder[0][0] <= now:
                self._receive(in_decoder.popleft()[1], now)
            self._apply(self.conductor.advance(now), now)
            self._draw(now)
            now += TURN_SECONDS
        pipeline.close()

    def _receive(self, message: Transcription | SpeechRejected, now: float) -> None:
        if isinstance(message, SpeechRejected) or message.final:
            self.utterances.append(message.utterance)
        self._apply(self.conductor.receive(message, now), now)

    def _apply(self, effects: list[Effect], now: float) -> None:
        for effect in effects:
            if isinstance(effect, Changed) and effect.name == "script/line":
                self.begun.append((int(effect.value) - 1, now))
            if isinstance(effect, Direction) and effect.prompts:
                self.captions[effect.prompts[0].id] = effect.prompts[0].caption

    def _draw(self, now: float) -> None:
        prompts = self.conductor.direction.prompts
        self._to_draw.append((now, prompts[0].id if prompts else 0))
        if self._to_draw[0][0] <= now - RENDER_SECONDS:
            self.conductor.frame_drawn(self._to_draw.popleft()[1], now)


@pytest.mark.slow
def test_a_reading_with_skips_repetitions_and_talk_shows_its_lines_once_in_order_and_soon(tmp_path: Path) -> None:
    conductor = Conductor(load_show("reading"))
    reading = simulated_reading(conductor.script_lines[:LINES])
    show = ScriptedShow(conductor, TimedRecognizer(SphinxRecognizer(conductor.script_lines), DECODE_SECONDS))
    show.play(write_wav(tmp_path / "reading.wav", reading.samples))
    begun = [line for line, _ in show.begun]
    assert all(first < second for first, second in pairwise(begun))
    assert set(begun) <= set(reading.begins)
    assert len(begun) / len(reading.begins) >= 0.95
    assert list(show.captions.values()) == [conductor.script_lines[line] for line in begun]
    assert show.utterances == sorted(set(show.utterances))
    delays = reading.delays(show.begun)
    assert min(delays) > 0.0
    assert statistics.median(delays) <= 1.5
