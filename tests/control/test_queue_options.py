"""How messages of control surfaces wait for main."""

from __future__ import annotations

from installation.control.worker import queue_options
from installation.core.mailbox import Mailbox
from installation.core.messages import PROGRAM, Bundle, Inbox, Origin, SetParam, Trigger


def put(box: Mailbox[Inbox], *messages: Inbox) -> list[bool]:
    return [box.put(message, **queue_options(message)) for message in messages]


def speed(value: float) -> SetParam:
    return SetParam("walk/speed", value, Origin("osc", "1:1"))


def words(text: str) -> Trigger:
    return Trigger("prompt", (text,), Origin("osc", "1:1"))


def test_of_a_fader_only_the_latest_value_waits_behind_older_messages() -> None:
    box: Mailbox[Inbox] = Mailbox(256)
    amount = SetParam("walk/amount", 0.2, PROGRAM)
    put(box, speed(0.1), amount, words("a fox"), *(speed(n / 1000) for n in range(1000)))
    assert box.take() == [amount, words("a fox"), speed(0.999)]


def test_prompts_texts_blackouts_and_bundles_are_all_kept_in_order() -> None:
    messages: list[Inbox] = [
        words("one"),
        SetParam("prompt/negative", "fog", PROGRAM),
        SetParam("blackout", True, PROGRAM),
        SetParam("prompt/negative", "snow", PROGRAM),
        SetParam("blackout", False, PROGRAM),
        words("one"),
        Bundle((speed(0.1),)),
        Bundle((speed(0.2),)),
    ]
    box: Mailbox[Inbox] = Mailbox(256)
    put(box, *messages)
    assert box.take() == messages


def test_when_prompts_fill_the_mailbox_there_is_still_room_for_faders_and_panic() -> None:
    box: Mailbox[Inbox] = Mailbox(2, reserve=1)
    assert put(box, words("1"), words("2"), words("3")) == [True, True, False]
    assert put(box, speed(0.5), Trigger("panic"), Trigger("panic")) == [True, True, False]
    assert box.take() == [words("1"), words("2"), speed(0.5), Trigger("panic")]


def test_a_bundle_counts_as_its_messages_that_are_not_continuous() -> None:
    box: Mailbox[Inbox] = Mailbox(4)
    assert put(box, Bundle((words("a"), words("b"), speed(0.5)))) == [True]
    assert put(box, Bundle((words("c"), words("d"), words("e")))) == [False]
    assert put(box, Bundle((speed(0.1), speed(0.2))), words("f"), words("g")) == [True, True, False]
