"""The speech worker in a process of its own, with the test in main's place."""

from __future__ import annotations

import time
import wave
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from installation.core import clock
from installation.core.messages import Notice, SetParam, Transcription
from installation.core.worker_status import WorkerStatus
from installation.show.settings import ListenSettings
from installation.speech.interfaces import RATE, Recognizer, Samples
from installation.speech.worker import SpeechConfig
from tests.speech.ears import Broken, Counter, Late
from tests.speech.running import RunningListener
from tests.speech.spoken import spoken
from tests.speech.virtual_microphone import VirtualMicrophone

SIX = Path(__file__).parent / "fixtures" / "whisper-six-sentences.pt"
LINES = ("a red sun over the sea", "the night is full of birds and of rain", "there is a lonely house in the snow")


def said(lines: Sequence[str], gap: float = 1.0) -> Samples:
    silence = np.zeros(round(gap * RATE), np.int16)
    return np.concatenate([silence, *(piece for line in lines for piece in (spoken(line, "rms"), silence))])


def recorded(folder: Path, samples: Samples) -> Path:
    with wave.open(str(folder / "said.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return folder / "said.wav"


def config(folder: Path, recognizer: Recognizer | None = None, **others: Any) -> SpeechConfig:
    listening = others.pop("listening", ListenSettings(device=VirtualMicrophone.NAME))
    return SpeechConfig(listening, folder, recognizer=recognizer or Counter(), **others)


def test_a_recording_is_transcribed_at_full_speed_and_then_the_worker_is_done(tmp_path: Path) -> None:
    recording = recorded(tmp_path, said(LINES * 4))
    with RunningListener(config(tmp_path, Counter(seconds=0.02), audio=recording, speed=0.0)) as listener:
        messages = listener.receive(lambda message: isinstance(message, WorkerStatus) and message.state == "done")
    finals = [each for each in messages if isinstance(each, Transcription) and each.final]
    assert [each.utterance for each in finals] == list(range(1, 13))
    assert messages[-1].figures.finals == 12
    assert all(before.ended < after.began for before, after in pairwise(finals))


def test_a_recording_starts_when_the_recogniser_is_loaded_and_its_end_is_reported(tmp_path: Path) -> None:
    recording = recorded(tmp_path, said(LINES[:1], gap=0.2))
    loaded = tmp_path / "loaded"
    with RunningListener(config(tmp_path, Late(loaded=loaded), audio=recording, speed=4.0)) as listener:
        signs = [listener.status() for _ in range(10)]  # of two seconds: it would be over, and long
        assert [(sign.state, getattr(sign.figures, "health", "live")) for sign in signs] == [("starting", "live")] * 10
        loaded.touch()
        messages = listener.receive(lambda message: isinstance(message, WorkerStatus) and message.state == "done")
        listener.status(state="done")
    heard = next(each for each in messages if isinstance(each, Transcription) and each.final)
    told = [each.text for each in messages if isinstance(each, Notice)]
    assert heard.utterance == 1
    assert told[-1] == "said.wav is over: 1 sentence transcribed."


def test_a_recording_that_ends_within_a_word_is_transcribed_to_its_end(tmp_path: Path) -> None:
    listening = ListenSettings(end_seconds=3.0)
    recording = recorded(tmp_path, said(LINES[:1])[: 2 * RATE])
    with RunningListener(config(tmp_path, audio=recording, speed=0.0, listening=listening)) as listener:
        messages = listener.receive(lambda message: isinstance(message, WorkerStatus) and message.state == "done")
    assert [each.utterance for each in messages if isinstance(each, Transcription) and each.final] == [1]


def test_a_final_comes_soon_after_the_voice_ends(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    with RunningListener(config(tmp_path)) as listener:
        listener.status(state="running", health="live", device="pulse", lost=0)
        microphone.play(said(("snow", LINES[0]), gap=0.5))
        first = listener.finals(1)[0]
        assert clock.now() - first.ended < 1.5  # .45 s when the machine is quiet
        assert listener.finals(1)[0].utterance == first.utterance + 1
        assert listener.status(finals=2, lost=0).state == "running"


def test_whisper_transcribes_the_microphone_exactly(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    """With sentences that its checkpoint knows whatever comes before them."""
    listening = ListenSettings(device=microphone.NAME, model=str(SIX))
    with RunningListener(SpeechConfig(listening, tmp_path)) as listener:
        sign = listener.status(state="running", health="live")
        assert getattr(sign.figures, "recognizer", "") == "whisper (whisper-six-sentences)"
        texts = []
        for text, voice in (("An old ship in a storm.", "rms"), ("A forest of glass trees in the rain.", "slt")):
            microphone.play(spoken(text, voice))
            texts += [heard.text for heard in listener.finals(1)]
    assert texts == ["An old ship in a storm", "A forest of glass trees in the rain"]  # a prompt has no full stop


def test_a_stopped_main_gets_every_final_when_it_continues(tmp_path: Path) -> None:
    recording = recorded(tmp_path, said(LINES * 4, gap=0.6))
    with RunningListener(config(tmp_path, audio=recording, speed=0.0)) as listener:
        time.sleep(2.5)  # nobody reads the pipe
        assert [each.utterance for each in listener.finals(12)] == list(range(1, 13))


def test_after_a_kill_the_next_worker_can_open_the_microphone(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    with RunningListener(config(tmp_path)) as listener:
        listener.status(state="running", health="live")
        process = psutil.Process(listener.process.pid)
        children = process.children(recursive=True)
        listener.process.kill()
        with pytest.raises((EOFError, OSError)):
            listener.receive(lambda _: False)
        assert not any(child.is_running() for child in children)
    with RunningListener(config(tmp_path)) as listener:
        listener.status(state="running", health="live")
        microphone.play(said(["snow"], gap=0.3))
        assert listener.finals(1)[0].utterance == 1


def test_an_unplugged_microphone_and_its_return_are_reported(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    with RunningListener(config(tmp_path)) as listener:
        listener.status(state="running", health="live")
        microphone.unplug()
        gone = clock.now()
        listener.status(health="stalled")
        assert clock.now() - gone < 1.2
        failed = listener.status(state="failed")
        assert failed.reason.startswith("the microphone 'pulse' cannot be opened")
        microphone.plug_in()
        notices = listener.receive(lambda message: isinstance(message, Notice) and "open" in message.text)
        assert notices[-1].text == "pulse is open."
        assert listener.status(health="live").state == "running"


def test_speech_can_be_switched_off_and_on(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    with RunningListener(config(tmp_path, values={"speech/enabled": False})) as listener:
        listener.status(state="running", health="live", gate="shut")
        listener.pipe.send(SetParam("speech/enabled", True, "test"))
        listener.status(gate="auto")
        listener.pipe.send(SetParam("speech/talk", True, "test"))
        listener.status(gate="talk")
        microphone.play(said(["snow"], gap=0.2))
        listener.status(speaking=True)
        listener.receive(lambda message: isinstance(message, Transcription))
        listener.pipe.send(SetParam("speech/talk", False, "test"))
        assert len(listener.finals(1)) == 1


@pytest.mark.parametrize(
    ("listening", "reason"),
    [
        (ListenSettings(device="puls-e"), "there is no microphone 'puls-e'; did you mean 'pulse'?"),
        (ListenSettings(device="pulse", recognizer="wisper"), "No recogniser 'wisper'; did you mean 'whisper'?"),
    ],
)
def test_a_wrong_setting_is_reported_in_one_sentence_and_the_worker_stays(
    microphone: VirtualMicrophone, tmp_path: Path, listening: ListenSettings, reason: str
) -> None:
    del microphone  # it is there all the time
    recognizer = Counter() if listening.recognizer == "auto" else None
    with RunningListener(SpeechConfig(listening, tmp_path, recognizer=recognizer)) as listener:
        assert listener.status(state="failed", reason=reason).worker == "speech"
        assert listener.status(state="failed").reason == reason


def test_a_recogniser_that_raises_ends_the_process_so_that_it_is_replaced(tmp_path: Path) -> None:
    recording = recorded(tmp_path, said(LINES[:1]))
    with RunningListener(config(tmp_path, Broken(), audio=recording, speed=0.0)) as listener:
        messages: list[Any] = []
        with pytest.raises((EOFError, OSError)):
            listener.receive(lambda message: messages.append(message) or False)
        failed = [each.reason for each in messages if isinstance(each, WorkerStatus) and each.state == "failed"]
        assert any("cannot decode" in reason for reason in failed)
    assert listener.process.exitcode == 1
