"""One end of a pipe, with the test at the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

import pytest

from installation.core.message_pipe import MessagePipe
from installation.core.os_support import end_of_file
from tests.running import until

PATIENCE = 10.0


@pytest.fixture
def ends() -> Iterator[tuple[MessagePipe, Connection]]:
    ours, theirs = Pipe(duplex=True)
    pipe = MessagePipe("test", ours, inbox_limit=4, outbox_limit=4)
    yield pipe, theirs
    pipe.close()
    pipe.discard()
    theirs.close()


Ends = tuple[MessagePipe, Connection]


def gather(pipe: MessagePipe, count: int) -> list[Any]:
    """At least so many messages."""
    received: list[Any] = []
    while len(received) < count:
        messages = pipe.receive(PATIENCE)
        assert messages, "no message came"
        received += messages
    return received


def test_messages_arrive_in_order_in_both_directions(ends: Ends) -> None:
    pipe, other = ends
    for number in range(3):
        other.send(number)
        assert pipe.send(-number)
    assert [other.recv() for _ in range(3)] == [0, -1, -2]
    assert gather(pipe, 3) == [0, 1, 2]


def test_a_message_that_cannot_be_pickled_is_an_error_of_its_sender_only(ends: Ends) -> None:
    pipe, other = ends
    pipe.send("before")
    with pytest.raises(TypeError, match="cannot pickle"):
        pipe.send(threading.Lock())
    pipe.send("after")
    assert [other.recv(), other.recv()] == ["before", "after"]


def test_a_message_that_cannot_be_unpickled_closes_the_pipe(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    crashes: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", crashes.append)
    pipe, other = ends
    other.send("before")
    other.send_bytes(b"no pickle")
    assert pipe.wait(PATIENCE)
    assert pipe.receive() == ["before"]
    assert pipe.exhausted
    until(lambda: crashes, PATIENCE, "the report of the error")


def test_half_a_message_closes_the_pipe(ends: Ends) -> None:
    pipe, other = ends
    with open(other.fileno(), "wb", closefd=False) as raw:
        raw.write((1000).to_bytes(4, "big") + b"half")
    end_of_file(other)
    assert pipe.wait(PATIENCE)
    assert pipe.exhausted


def test_a_closed_pipe_is_exhausted_when_everything_is_received(ends: Ends) -> None:
    pipe, other = ends
    other.send("last")
    other.close()
    assert pipe.wait(PATIENCE)
    assert not pipe.exhausted
    assert pipe.receive() == ["last"]
    assert pipe.exhausted


def test_more_messages_than_the_inbox_holds_wait_in_the_pipe(ends: Ends) -> None:
    pipe, other = ends
    for number in range(20):
        other.send(number)
    assert gather(pipe, 20) == list(range(20))


def test_closing_sends_what_is_queued_and_then_an_end_of_file(ends: Ends) -> None:
    pipe, other = ends
    pipe.send("last")
    pipe.close(PATIENCE)
    assert not pipe.send("too late")
    assert other.recv() == "last"
    with pytest.raises(EOFError):
        other.recv()
    other.send("an answer")
    assert pipe.receive(PATIENCE) == ["an answer"]


def test_a_sender_that_waits_for_room_is_released_when_the_other_end_is_gone(ends: Ends) -> None:
    pipe, other = ends
    results: list[bool] = []

    def fill() -> None:
        while pipe.send(bytes(100_000), wait=True):  # until the pipe and the outbox are full
            pass
        results.append(False)

    thread = threading.Thread(target=fill)
    thread.start()
    until(lambda: not pipe.send(b""), PATIENCE, "a full outbox")
    other.close()
    thread.join(PATIENCE)
    assert results == [False]


def test_discarded_messages_are_never_received_and_do_not_block_the_other_end(ends: Ends) -> None:
    pipe, other = ends
    other.send("unwanted")
    pipe.discard()
    for _ in range(100):
        other.send(bytes(100_000))
    assert pipe.receive() == []
