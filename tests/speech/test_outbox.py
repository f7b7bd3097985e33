"""What waits for main: finals in order, of the rest the latest."""

from __future__ import annotations

import threading

from installation.core.messages import Notice, SpeechRejected, Transcription, WorkerStatus
from installation.speech.outbox import SpeechMailbox


def partial(utterance: int, text: str) -> Transcription:
    return Transcription(utterance, text, False)


def test_of_signs_and_partials_only_the_latest_waits_and_finals_all_do() -> None:
    box = SpeechMailbox()
    finals = [Transcription(number, f"line {number}", True) for number in range(1, 4)]
    for number, final in enumerate(finals, 1):
        box.put(WorkerStatus("speech", "running", {"finals": number}))
        box.put(partial(number, "li"))
        box.put(partial(number, "line"))
        box.put(final)
    box.put(partial(4, "the"))
    box.put(partial(4, "the next"))
    assert box.take() == [
        *finals[:2],
        WorkerStatus("speech", "running", {"finals": 3}),
        finals[2],
        partial(4, "the next"),
    ]


def test_a_refusal_replaces_the_partials_that_were_refused() -> None:
    box = SpeechMailbox()
    box.put(partial(1, "thank you"))
    box.put(SpeechRejected(1, "thank you", "hardly a voice"))
    assert box.take() == [SpeechRejected(1, "thank you", "hardly a voice")]


def test_a_full_box_makes_finals_wait_and_signs_not() -> None:
    box = SpeechMailbox(room=2)
    box.put(Notice("speech", "one"))
    box.put(Notice("speech", "two"))
    waiter = threading.Thread(target=box.put, args=(Transcription(1, "snow", True),))
    waiter.start()
    box.put(WorkerStatus("speech", "running"))
    assert box.take() == [Notice("speech", "one"), Notice("speech", "two"), WorkerStatus("speech", "running")]
    waiter.join(5.0)
    assert box.take() == [Transcription(1, "snow", True)]


def test_a_closed_box_lets_everybody_go() -> None:
    box = SpeechMailbox()
    box.put(Notice("speech", "last"))
    box.close()
    assert box.take() == [Notice("speech", "last")]
    assert box.take() == []
