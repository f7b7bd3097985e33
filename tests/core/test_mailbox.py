"""What waits: for main, for its time, for permission to be answered."""

from __future__ import annotations

import math

import pytest

from installation.control.bundle_scheduler import BundleScheduler
from installation.control.rate_limit import RateLimit
from installation.core.errors import Rejected
from installation.core.mailbox import MAX_WORDS, RESERVE, ControlMailbox, ToMain
from installation.core.messages import Bundle, SetParam, Trigger, WorkerStatus


def speed(value: float) -> SetParam:
    return SetParam("walk/speed", value, "osc:1:1")


def words(text: str) -> Trigger:
    return Trigger("prompt", (text,), "osc:1:1")


def test_of_a_fader_the_latest_waits_and_comes_after_what_is_older() -> None:
    box = ControlMailbox()
    amount = SetParam("walk/amount", 0.2, "")
    messages: list[ToMain] = [speed(0.1), amount, words("a fox"), *(speed(n / 1000) for n in range(1000))]
    for message in messages:
        box.put(message)
    assert box.take() == [amount, words("a fox"), speed(0.999)]
    box.close()
    assert box.take() == []


def test_words_texts_and_blackouts_are_kept_each_in_order() -> None:
    messages: list[ToMain] = [
        words("one"),
        SetParam("prompt/negative", "fog", ""),
        SetParam("blackout", True, ""),
        SetParam("prompt/negative", "snow", ""),
        SetParam("blackout", False, ""),
        words("one"),
        Bundle((speed(0.1),)),
        Bundle((speed(0.2),)),
    ]
    box = ControlMailbox()
    for message in messages:
        box.put(message)
    assert box.take() == messages


def test_a_full_box_refuses_words_but_has_room_for_faders_signs_and_panic() -> None:
    box = ControlMailbox()
    for number in range(MAX_WORDS):
        box.put(words(str(number)))
    with pytest.raises(Rejected, match="waits already"):
        box.put(words("one too many"))
    box.put(speed(0.5))
    box.put(WorkerStatus("control", "running"))
    for _ in range(RESERVE):
        box.put(Trigger("panic"))
    with pytest.raises(Rejected):
        box.put(Trigger("panic"))
    assert len(box) == MAX_WORDS + RESERVE + 2
    box.take()
    box.put(words("again"))


def test_a_bundle_takes_the_room_of_its_words() -> None:
    box = ControlMailbox(limit=4)
    box.put(Bundle((words("a"), words("b"), speed(0.5), speed(0.6))))
    with pytest.raises(Rejected):
        box.put(Bundle((words("c"), words("d"), words("e"))))
    box.put(Bundle((speed(0.1), speed(0.2), speed(0.3))))
    box.put(words("f"))
    assert len(box) == 3


def test_a_bundle_leaves_the_scheduler_at_its_time_in_order() -> None:
    scheduler = BundleScheduler()
    late, early, next_early = (Bundle((words(text),)) for text in ("late", "early", "next early"))
    scheduler.add(late, 3.0)
    scheduler.add(early, 2.0)
    scheduler.add(next_early, 2.0)
    assert scheduler.wait(0.5) == 1.5
    assert [scheduler.due(now) for now in (1.99, 2.0, 10.0)] == [[], [early, next_early], [late]]
    assert scheduler.wait(10.0) == math.inf


def test_the_scheduler_holds_so_many_messages_and_no_more() -> None:
    scheduler = BundleScheduler(limit=3)
    scheduler.add(Bundle((words("a"), words("b"))), 1.0)
    with pytest.raises(Rejected, match="3 messages"):
        scheduler.add(Bundle((words("c"), words("d"))), 1.0)
    scheduler.due(1.0)
    scheduler.add(Bundle((words("c"), words("d"))), 2.0)


def test_answers_to_one_and_to_all_are_limited_and_come_back_with_time() -> None:
    allowance = RateLimit(each=10.0, total=15.0)
    assert sum(allowance.take("a", 0.0) for _ in range(100)) == 10
    assert sum(allowance.take(sender, 0.0) for sender in range(100)) == 5
    assert sum(allowance.take("a", 0.5) for _ in range(100)) == 5
    assert sum(allowance.take("a", 100.0) for _ in range(100)) == 10
