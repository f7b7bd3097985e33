"""One message for each fault, and one when it is over."""

from __future__ import annotations

from installation.site.faults import REPEAT_SECONDS, FaultBook

GONE = {"microphone": "The microphone is missing."}


def test_a_fault_that_lasts_is_one_message_and_so_is_its_end() -> None:
    book = FaultBook(30.0)
    messages = [(now, text) for now in range(0, 600, 10) for text in book.update(GONE if now < 300 else {}, float(now))]
    assert messages == [
        (30, "Fault: The microphone is missing."),
        (320, "Over after 5 min: The microphone is missing."),
    ]


def test_a_fault_that_is_over_at_once_is_no_message() -> None:
    book = FaultBook(30.0)
    assert [book.update(GONE if now % 20 else {}, float(now)) for now in range(0, 600, 10)] == [[]] * 60


def test_a_fault_that_comes_and_goes_is_sent_once_an_hour() -> None:
    book = FaultBook(30.0)
    sent = [
        (now, text)
        for now in range(0, round(REPEAT_SECONDS), 10)
        for text in book.update(GONE if now % 200 < 100 else {}, float(now))
    ]
    assert [text.partition(":")[0] for _, text in sent] == ["Fault", "Over after 2 min"]


def test_different_faults_are_different_messages() -> None:
    book = FaultBook(0.0)
    assert book.update({**GONE, "disk": "The disk is full."}, 0.0) == [
        "Fault: The microphone is missing.",
        "Fault: The disk is full.",
    ]
    assert book.present == ("The microphone is missing.", "The disk is full.")
