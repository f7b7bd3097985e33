"""A poem read aloud, as sound: through voice activity, the embedded recogniser and the Conductor, onto the stage.

Time is the recording's own. A decoding counts as `DECODE_SECONDS` of it, whatever this machine takes;
`tests/bench/hearing.py` measures the same reading through a microphone, in real time.
"""

from __future__ import annotations

import statistics
import wave
from collections import deque
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from installation.conductor.conductor import Conductor, Effect
from installation.core.messages import Changed, Direction, SpeechRejected, Transcription
from installation.show.loader import load_show
from installation.speech.audio_source import RecordingSource
from installation.speech.endpointing import VENUES
from installation.speech.interfaces import RATE, RecognizedText, Recognizer, Samples
from installation.speech.pipeline import SpeechPipeline
from installation.speech.recognizers.sphinx import SphinxRecognizer
from tests.speech.readings import Reading, reading
from tests.speech.virtual_microphone import until

LINES = 44  # of the poem: enough, and a minute of processor time
TURN_SECONDS = 0.02
DECODE_SECONDS = 0.1  # of the latest sound, on a machine that draws as well; .05 s where it does not
DRAW_SECONDS = 0.3  # until the renderer has drawn a frame of new words


@dataclass
class Timed:
    """A Follower that is told how long it took."""

    recognizer: SphinxRecognizer
    seconds: float
    name: str = "timed"

    def warm(self) -> None:
        """As the recogniser does."""
        self.recognizer.warm()

    def decode(self, samples: Samples) -> RecognizedText:
        """As the recogniser does, in other seconds."""
        return replace(self.recognizer.decode(samples), seconds=self.seconds)

    def follow(self, utterance: int, samples: Samples) -> RecognizedText:
        """As the recogniser does, in other seconds."""
        return replace(self.recognizer.follow(utterance, samples), seconds=self.seconds)

    def finish(self, utterance: int, samples: Samples) -> RecognizedText:
        """As the recogniser does, in other seconds."""
        return replace(self.recognizer.finish(utterance, samples), seconds=self.seconds)


@dataclass
class Evening:
    """The show that follows the reading."""

    conductor: Conductor
    recognizer: Recognizer
    fired: list[tuple[int, float]] = field(default_factory=list)  # lines, counted from 0, with seconds
    captions: dict[int, str] = field(default_factory=dict)  # that took the stage, by their prompts' ids
    utterances: list[int] = field(default_factory=list)  # that became final, or were refused
    told: deque[Transcription | SpeechRejected] = field(default_factory=deque)
    _directed: deque[tuple[float, int]] = field(default_factory=deque)

    def hear(self, recording: Path) -> None:
        """The whole recording, at its own pace on its own clock."""
        self.recognizer.warm()  # a machine that is busy loads longer than it waits for a decoding
        listener = SpeechPipeline(self.recognizer, VENUES["quiet"], self.told.append)
        source, now = RecordingSource(recording), 0.0
        arriving: deque[tuple[float, Transcription | SpeechRejected]] = deque()
        while not (source.ended and not arriving):
            listener.hear(source.read(now))
            until(lambda: _idle(listener))
            while self.told:
                arriving.append((now + DECODE_SECONDS, self.told.popleft()))
            while arriving and arriving[0][0] <= now:
                self._receive(arriving.popleft()[1], now)
            self._note(self.conductor.advance(now), now)
            self._draw(now)
            now += TURN_SECONDS
        listener.close()

    def _receive(self, heard: Transcription | SpeechRejected, now: float) -> None:
        if isinstance(heard, SpeechRejected) or heard.final:
            self.utterances.append(heard.utterance)
        self._note(self.conductor.receive(heard, now), now)

    def _note(self, effects: list[Effect], now: float) -> None:
        for effect in effects:
            if isinstance(effect, Changed) and effect.name == "script/line":
                self.fired.append((int(effect.value) - 1, now))
            if isinstance(effect, Direction) and effect.prompts:
                self.captions[effect.prompts[0].id] = effect.prompts[0].caption

    def _draw(self, now: float) -> None:
        """A frame of the words that were on the stage a little before."""
        prompts = self.conductor.direction.prompts
        self._directed.append((now, prompts[0].id if prompts else 0))
        if self._directed[0][0] <= now - DRAW_SECONDS:
            self.conductor.frame_drawn(self._directed.popleft()[1], now)


def _idle(listener: SpeechPipeline) -> bool:
    with listener.decoder._awake:
        return listener.decoder.idle


def written(reading: Reading, path: Path) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(reading.sound.tobytes())
    return path


def test_a_reading_with_skips_repeats_a_cough_and_talk_brings_its_lines_once_in_order_and_soon(tmp_path: Path) -> None:
    show = load_show("reading")
    conductor = Conductor(show)
    read = reading(conductor.script_lines[:LINES])
    assert len(read.begins) >= 40
    evening = Evening(conductor, Timed(SphinxRecognizer(conductor.script_lines), DECODE_SECONDS))
    evening.hear(written(read, tmp_path / "reading.wav"))
    delays = read.delays(evening.fired)
    lines = [line for line, _ in evening.fired]
    assert all(first < second for first, second in pairwise(lines))
    assert set(lines) <= set(read.begins)
    assert len(lines) / len(read.begins) >= 0.95
    assert list(evening.captions.values()) == [conductor.script_lines[line] for line in lines]
    assert evening.utterances == sorted(set(evening.utterances))
    assert min(delays) > 0.0
    assert statistics.median(delays) <= 1.5
