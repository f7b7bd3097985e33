"""The speech worker in its own process; the test takes the place of main."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from installation.core.messages import Notice
from installation.core.speech_messages import MicrophoneGate, Transcription
from installation.core.worker_status import SpeechFigures, WorkerStatus
from installation.show.settings import ListenSettings
from installation.speech.interfaces import SAMPLE_RATE, SpeechConfig
from tests.speech.fake_recognizers import BlockedRecognizer, DurationRecognizer, FailingRecognizer
from tests.speech.flite import synthesize
from tests.speech.recordings import LINES, SIX_SENTENCES_MODEL, spoken_lines, write_encoded, write_wav
from tests.speech.speech_worker import RunningSpeechWorker, config, is_done
from tests.speech.virtual_microphone import VirtualMicrophone


@pytest.mark.slow
def test_a_recording_is_transcribed_at_full_speed_and_then_the_worker_is_done(tmp_path: Path) -> None:
    recording = write_wav(tmp_path / "lines.wav", spoken_lines(LINES * 4))
    recognizer = DurationRecognizer(seconds=0.02)
    with RunningSpeechWorker(config(tmp_path, recognizer, audio=recording, speed=0.0)) as worker:
        messages = worker.receive(is_done)
    finals = [each for each in messages if isinstance(each, Transcription) and each.final]
    assert [each.utterance for each in finals] == list(range(1, 13))
    assert messages[-1].figures.finals == 12
    assert all(before.ended < after.began for before, after in pairwise(finals))


@pytest.mark.slow
def test_a_recording_starts_when_the_recogniser_is_loaded_and_its_end_is_reported(tmp_path: Path) -> None:
    recording = write_wav(tmp_path / "line.wav", spoken_lines(LINES[:1], 0.2))
    ready = tmp_path / "ready"
    with RunningSpeechWorker(config(tmp_path, BlockedRecognizer(ready=ready), audio=recording, speed=4.0)) as worker:
        statuses = [worker.status() for _ in range(10)]  # for two seconds: longer than the recording
        assert [each.state for each in statuses] == ["starting"] * 10
        ready.touch()
        messages = worker.receive(is_done)
    finals = [each.utterance for each in messages if isinstance(each, Transcription) and each.final]
    notices = [each.text for each in messages if isinstance(each, Notice)]
    assert finals == [1]
    assert notices[-1] == "line.wav is over: 1 sentence transcribed."


@pytest.mark.slow
def test_a_recording_that_ends_within_a_word_is_transcribed_to_its_end(tmp_path: Path) -> None:
    listening = ListenSettings(end_seconds=3.0)
    recording = write_wav(tmp_path / "line.wav", spoken_lines(LINES[:1])[: 2 * SAMPLE_RATE])
    with RunningSpeechWorker(config(tmp_path, audio=recording, speed=0.0, listening=listening)) as worker:
        messages = worker.receive(is_done)
    assert [each.utterance for each in messages if isinstance(each, Transcription) and each.final] == [1]


@pytest.mark.slow
def test_a_recording_that_is_damaged_at_its_end_is_transcribed_to_there_and_then_reported(tmp_path: Path) -> None:
    minute = np.zeros(60 * SAMPLE_RATE, np.int16)  # longer than what is checked at the start
    samples = np.concatenate([spoken_lines(LINES[:1]), minute, spoken_lines(LINES[1:])])
    recording = write_encoded(tmp_path / "lines.flac", samples, "flac")
    recording.write_bytes(recording.read_bytes()[:-20_000])
    with RunningSpeechWorker(config(tmp_path, audio=recording, speed=0.0)) as worker:
        messages = worker.receive(lambda message: isinstance(message, WorkerStatus) and message.state == "failed")
        assert worker.status(state="failed").reason == messages[-1].reason
    assert [each.utterance for each in messages if isinstance(each, Transcription) and each.final][:2] == [1, 2]
    assert messages[-1].reason.startswith(f"{recording} is damaged")


@pytest.mark.slow
@pytest.mark.usefixtures("microphone")
@pytest.mark.parametrize(("name", "hint"), [("Pulsar", "did you mean 'pulse'?"), ("xyz", "known: ")])
def test_a_microphone_that_does_not_exist_is_missing_with_the_closest_names(
    tmp_path: Path, name: str, hint: str
) -> None:
    with RunningSpeechWorker(config(tmp_path, listening=ListenSettings(device=name))) as worker:
        status = worker.status(health="missing", device=name)
    assert status.state == "failed"
    assert status.reason.startswith(f"there is no microphone '{name}'; {hint}")


@pytest.mark.slow
def test_what_is_said_into_the_microphone_is_transcribed_without_loss(
    microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    with RunningSpeechWorker(config(tmp_path)) as worker:
        worker.status(state="running", health="live", device="pulse", lost=0)
        microphone.play(spoken_lines(("snow", LINES[0]), 0.5))
        first, second = worker.finals(2)
        assert second.utterance == first.utterance + 1
        assert worker.status(finals=2, lost=0).state == "running"


@pytest.mark.slow
def test_whisper_transcribes_the_microphone_exactly(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    listening = ListenSettings(device=microphone.NAME, model=str(SIX_SENTENCES_MODEL))
    with RunningSpeechWorker(SpeechConfig(listening, tmp_path)) as worker:
        figures = worker.status(state="running", health="live").figures
        assert isinstance(figures, SpeechFigures)
        assert figures.recognizer == "whisper (whisper-six-sentences)"
        texts = []
        for text, voice in (("An old ship in a storm.", "rms"), ("A forest of glass trees in the rain.", "slt")):
            microphone.play(synthesize(text, voice))
            texts += [final.text for final in worker.finals(1)]
    assert texts == ["An old ship in a storm", "A forest of glass trees in the rain"]  # a prompt has no full stop


@pytest.mark.slow
def test_a_stopped_main_gets_every_final_when_it_continues(tmp_path: Path) -> None:
    recording = write_wav(tmp_path / "lines.wav", spoken_lines(LINES * 4, 0.6))
    with RunningSpeechWorker(config(tmp_path, audio=recording, speed=0.0)) as worker:
        time.sleep(2.5)  # main does not read its pipe
        assert [each.utterance for each in worker.finals(12)] == list(range(1, 13))


@pytest.mark.slow
def test_after_a_kill_the_next_worker_can_open_the_microphone(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    with RunningSpeechWorker(config(tmp_path)) as worker:
        worker.status(state="running", health="live")
        assert worker.process.pid is not None
        children = psutil.Process(worker.process.pid).children(recursive=True)
        worker.process.kill()
        with pytest.raises((EOFError, OSError)):
            worker.receive(lambda _: False)
        assert not any(child.is_running() for child in children)
    with RunningSpeechWorker(config(tmp_path)) as worker:
        worker.status(state="running", health="live")
        microphone.play(spoken_lines(["snow"], 0.3))
        assert worker.finals(1)[0].utterance == 1


@pytest.mark.slow
def test_an_unplugged_microphone_and_its_return_are_reported(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    with RunningSpeechWorker(config(tmp_path)) as worker:
        worker.status(state="running", health="live")
        microphone.unplug()
        worker.status(health="stalled")
        failed = worker.status(state="failed")
        assert failed.reason == "pulse delivers no sound; it is opened when it is back."
        microphone.plug_in()
        messages = worker.receive(lambda message: isinstance(message, Notice))
        assert messages[-1].text == "pulse is open."
        lost = {each.reason for each in messages if isinstance(each, WorkerStatus) and each.state == "failed"}
        assert lost <= {failed.reason}  # one reason, whatever each attempt to open it says
        assert worker.status(health="live").state == "running"


@pytest.mark.slow
def test_the_gate_is_set_at_the_start_and_by_messages(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    with RunningSpeechWorker(config(tmp_path, gate="shut")) as worker:
        worker.status(state="running", health="live", gate="shut")
        worker.pipe.send(MicrophoneGate("auto"))
        worker.status(gate="auto")
        worker.pipe.send(MicrophoneGate("talk"))
        worker.status(gate="talk")
        microphone.play(spoken_lines(["snow"], 0.2))
        worker.status(speaking=True)
        worker.receive(lambda message: isinstance(message, Transcription))
        worker.pipe.send(MicrophoneGate("shut"))
        assert len(worker.finals(1)) == 1


@pytest.mark.slow
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
    del microphone  # present, under its own name
    recognizer = DurationRecognizer() if listening.recognizer == "auto" else None
    with RunningSpeechWorker(SpeechConfig(listening, tmp_path, recognizer=recognizer)) as worker:
        assert worker.status(state="failed", reason=reason).worker == "speech"
        assert worker.status(state="failed").reason == reason


@pytest.mark.slow
def test_a_recogniser_that_raises_ends_the_process_so_that_it_is_replaced(tmp_path: Path) -> None:
    recording = write_wav(tmp_path / "line.wav", spoken_lines(LINES[:1]))
    with RunningSpeechWorker(config(tmp_path, FailingRecognizer(), audio=recording, speed=0.0)) as worker:
        messages: list[Any] = []

        def collect(message: Any) -> bool:
            messages.append(message)
            return False

        with pytest.raises((EOFError, OSError)):
            worker.receive(collect)
        failures = [each.reason for each in messages if isinstance(each, WorkerStatus) and each.state == "failed"]
        assert any("cannot decode" in reason for reason in failures)
    assert worker.process.exitcode == 1
