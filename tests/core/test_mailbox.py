"""The mailbox: order, replacement, bounds, blocking and closing."""

from __future__ import annotations

import threading

import pytest

from installation.core.mailbox import Mailbox


def test_messages_come_out_in_order_and_all_at_once() -> None:
    box: Mailbox[str] = Mailbox(10)
    assert [box.put(text) for text in ("a", "b", "c")] == [True] * 3
    assert box.take() == ["a", "b", "c"]
    assert len(box) == 0


def test_a_message_replaces_the_queued_one_with_its_key_and_moves_to_the_end() -> None:
    box: Mailbox[str] = Mailbox(10)
    box.put("speed 1", key="speed")
    box.put("a fox")
    box.put("amount 1", key="amount")
    box.put("speed 2", key="speed")
    assert box.take() == ["a fox", "amount 1", "speed 2"]


def test_only_messages_without_a_key_use_up_the_room() -> None:
    box: Mailbox[int] = Mailbox(2)
    assert [box.put(number) for number in range(3)] == [True, True, False]
    assert all(box.put(number, key=number) for number in range(100))
    assert box.take() == [0, 1, *range(100)]
    assert box.put(3)


def test_critical_messages_may_use_the_reserve() -> None:
    box: Mailbox[str] = Mailbox(1, reserve=2)
    assert box.put("words")
    assert not box.put("more words")
    assert [box.put("panic", critical=True) for _ in range(3)] == [True, True, False]


def test_a_large_message_takes_the_room_of_its_size() -> None:
    box: Mailbox[str] = Mailbox(4)
    assert box.put("bundle", size=3)
    assert not box.put("bundle", size=2)
    assert box.put("word")


def test_a_message_removes_the_one_that_it_supersedes() -> None:
    box: Mailbox[str] = Mailbox(10)
    box.put("partial", key=("partial", 1))
    box.put("other partial", key=("partial", 2))
    box.put("final", supersedes=("partial", 1))
    assert box.take() == ["other partial", "final"]


def test_a_full_mailbox_can_make_the_sender_wait() -> None:
    box: Mailbox[str] = Mailbox(1)
    box.put("first")
    sender = threading.Thread(target=box.put, args=("second",), kwargs={"wait": True})
    sender.start()
    assert box.take() == ["first"]
    sender.join(10.0)
    assert box.take() == ["second"]


def test_taking_waits_for_a_message_up_to_a_timeout() -> None:
    box: Mailbox[str] = Mailbox(1)
    assert box.take(0.0) == []
    threading.Timer(0.05, box.put, ("late",)).start()
    assert box.take(10.0) == ["late"]


@pytest.mark.parametrize("key", [None, "key"])
def test_a_closed_mailbox_takes_nothing_more_and_can_still_be_drained(key: str | None) -> None:
    box: Mailbox[str] = Mailbox(1)
    box.put("last")
    box.close()
    assert not box.put("too late", key=key)
    assert box.take() == ["last"]
    assert box.take() == []


def test_closing_releases_waiting_senders_and_receivers() -> None:
    full: Mailbox[int] = Mailbox(1)
    full.put(1)
    empty: Mailbox[int] = Mailbox(1)
    results: list[object] = []
    threads = [
        threading.Thread(target=lambda: results.append(full.put(2, wait=True))),
        threading.Thread(target=lambda: results.append(empty.take())),
    ]
    for thread in threads:
        thread.start()
    full.close()
    empty.close()
    for thread in threads:
        thread.join(10.0)
    assert sorted(map(str, results)) == ["False", "[]"]
