"""Device failures and slow recognisers in the speech worker: no final is lost or out of order."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from installation.core.speech_messages import Transcription
from installation.core.worker_status import WorkerStatus
from tests.speech.fake_recognizers import DurationRecognizer
from tests.speech.recordings import LINES, spoken_lines, write_wav
from tests.speech.speech_worker import RunningSpeechWorker, config, is_done
from tests.speech.virtual_microphone import VirtualMicrophone


@pytest.mark.slow
def test_after_each_failure_of_the_device_the_next_utterance_is_transcribed(
    microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    def unplug() -> None:
        microphone.unplug()
        worker.status(state="failed", health="reopening")
        microphone.plug_in()

    def suspend() -> None:
        microphone.suspend(True)
        worker.status(health="stalled")
        microphone.suspend(False)

    def kill_server() -> None:
        microphone.kill()
        worker.status(state="failed", health="reopening")
        microphone.start()

    finals: list[Transcription] = []
    with RunningSpeechWorker(config(tmp_path)) as worker:
        worker.status(state="running", health="live")
        for fail in (unplug, suspend, kill_server):
            fail()
            worker.status(state="running", health="live")
            microphone.play(spoken_lines([LINES[0]], 0.3))
            finals += worker.finals(1)
        assert worker.status(finals=3, waiting=0).state == "running"
    assert [each.utterance for each in finals] == sorted({each.utterance for each in finals})
    assert all(before.ended < after.began for before, after in pairwise(finals))


@pytest.mark.slow
def test_an_utterance_that_the_device_cuts_off_is_transcribed_so_far(
    microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    with RunningSpeechWorker(config(tmp_path)) as worker:
        worker.status(state="running", health="live")
        microphone.play(spoken_lines([LINES[1] * 3], 0.2))
        worker.receive(lambda message: isinstance(message, Transcription))  # a partial
        microphone.unplug()
        assert len(worker.finals(1)) == 1


@pytest.mark.slow
def test_a_slow_recogniser_delays_no_status_and_loses_no_final(tmp_path: Path) -> None:
    recording = write_wav(tmp_path / "lines.wav", spoken_lines(LINES[:2], 0.6))
    recognizer = DurationRecognizer(seconds=3.0)
    with RunningSpeechWorker(config(tmp_path, recognizer, audio=recording, speed=0.0)) as worker:
        messages = worker.receive(is_done)
    finals = [number for number, each in enumerate(messages) if isinstance(each, Transcription) and each.final]
    assert [messages[number].utterance for number in finals] == [1, 2]
    meanwhile = [each for each in messages[finals[0] : finals[1]] if isinstance(each, WorkerStatus)]
    assert len(meanwhile) > 3  # while the second was decoded
    assert messages[-1].figures.finals == 2
