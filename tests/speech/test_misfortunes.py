"""What befalls a listener in the middle of a show: finals stay in order and are counted, and it goes on hearing."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from installation.core.messages import Transcription
from installation.core.worker_status import WorkerStatus
from tests.speech.ears import Counter
from tests.speech.running import RunningListener
from tests.speech.test_worker import LINES, config, recorded, said
from tests.speech.virtual_microphone import VirtualMicrophone


def test_whatever_becomes_of_the_device_the_next_sentence_is_heard_and_counted(
    microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    def unplugged() -> None:
        microphone.unplug()
        listener.status(state="failed", health="reopening")
        microphone.plug_in()

    def suspended() -> None:
        microphone.suspend(True)
        listener.status(health="stalled")
        microphone.suspend(False)

    def killed() -> None:
        microphone.kill()
        listener.status(state="failed", health="reopening")
        microphone.start()

    heard: list[Transcription] = []
    with RunningListener(config(tmp_path)) as listener:
        listener.status(state="running", health="live")
        for befalls in (unplugged, suspended, killed):
            befalls()
            listener.status(state="running", health="live")
            microphone.play(said([LINES[0]], gap=0.3))
            heard += listener.finals(1)
        assert listener.status(finals=3, waiting=0).state == "running"
    assert [each.utterance for each in heard] == sorted({each.utterance for each in heard})
    assert all(before.ended < after.began for before, after in pairwise(heard))


def test_a_sentence_that_breaks_off_with_the_device_is_heard_as_far_as_it_came(
    microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    with RunningListener(config(tmp_path)) as listener:
        listener.status(state="running", health="live")
        microphone.play(said([LINES[1] * 3], gap=0.2))
        listener.receive(lambda message: isinstance(message, Transcription))  # a partial: it is well under way
        microphone.unplug()
        assert len(listener.finals(1)) == 1


def test_a_recogniser_that_takes_three_seconds_holds_up_nobody_and_loses_no_sentence(tmp_path: Path) -> None:
    recording = recorded(tmp_path, said(LINES[:2], gap=0.6))
    with RunningListener(config(tmp_path, Counter(seconds=3.0), audio=recording, speed=0.0)) as listener:
        messages = listener.receive(lambda message: isinstance(message, WorkerStatus) and message.state == "done")
    finals = [number for number, each in enumerate(messages) if isinstance(each, Transcription) and each.final]
    assert [messages[number].utterance for number in finals] == [1, 2]
    meanwhile = [each for each in messages[finals[0] : finals[1]] if isinstance(each, WorkerStatus)]
    assert len(meanwhile) > 3  # while the second was decoded
    assert messages[-1].figures.finals == 2
