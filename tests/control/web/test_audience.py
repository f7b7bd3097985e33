"""The words of visitors: limits, and what becomes of them."""

from __future__ import annotations

import pytest

from installation.control.submissions import MAX_KEPT, NOT_CHOSEN
from installation.control.web.audience import Audience
from installation.core.errors import Rejected
from installation.core.messages import EntryState, MessageRejected, Origin, QueueChanged, QueueEntry
from installation.show.settings import AudienceSettings

HOST = "10.0.0.7"


def audience(**settings: float) -> Audience:
    return Audience(AudienceSettings(enabled=True, **settings))  # type: ignore[arg-type]


def entry(origin: Origin, state: EntryState, text: str = "a fox") -> QueueEntry:
    return QueueEntry(7, text, origin, state)


def state(one: Audience, visitor: str = "ada") -> tuple[str, int, str]:
    row = one.listed(visitor)[0]
    return row["state"], row["position"], row["reason"]


def test_words_are_followed_from_the_field_to_the_wall() -> None:
    one = audience()
    message = one.submit(" a \n fox ", "ada", HOST, 0.0)
    assert (message.name, message.args, message.origin.sender) == ("queue/add", ("a fox",), f"audience:{HOST}")
    states = [state(one)]
    other = entry(Origin("say"), "queued", "first")
    for queue in (
        QueueChanged((entry(message.origin, "held"),)),
        QueueChanged((other, entry(message.origin, "queued"))),
        QueueChanged((entry(message.origin, "queued"),)),
        QueueChanged((), (entry(message.origin, "shown"),)),
    ):
        one.take_queue(queue)
        states.append(state(one))
    one.take_shown("a fox")
    states.append(state(one))
    one.take_shown("a wolf")
    states.append(state(one))
    assert [each[:2] for each in states] == [
        ("sent", 0),
        ("held", 0),
        ("waiting", 2),
        ("waiting", 1),
        ("wall", 0),
        ("wall", 0),
        ("shown", 0),
    ]


def test_words_that_the_operator_changed_are_followed_as_changed() -> None:
    one = audience()
    message = one.submit("a fix", "ada", HOST, 0.0)
    one.take_queue(QueueChanged((), (entry(message.origin, "shown", "a fox"),)))
    one.take_shown("a fox")
    assert one.listed("ada")[0]["text"] == "a fox"
    assert state(one)[0] == "wall"


@pytest.mark.parametrize("left", ["rejected", "removed", "replaced"])
def test_words_that_were_not_chosen_are_told_so_kindly(left: EntryState) -> None:
    one = audience()
    message = one.submit("a fox", "ada", HOST, 0.0)
    one.take_queue(QueueChanged((), (entry(message.origin, left),)))
    assert state(one) == ("refused", 0, NOT_CHOSEN)


def test_a_rejection_by_the_show_reaches_its_visitor_only() -> None:
    one = audience()
    message = one.submit("a fox", "ada", HOST, 0.0)
    one.submit("a wolf", "bob", HOST, 0.0)
    one.take_rejection(MessageRejected(message.origin, "queue/add", "the show does not allow these words."))
    assert state(one) == ("refused", 0, "The show does not allow these words.")
    assert state(one, "bob")[0] == "sent"
    assert one.listed("eve") == []


def test_a_visitor_pauses_and_an_address_has_a_rate() -> None:
    one = audience(pause_seconds=15.0, per_minute=3.0)
    one.submit("a fox", "ada", HOST, 0.0)
    with pytest.raises(Rejected, match=r"send more words in 10 s\."):
        one.submit("a wolf", "ada", HOST, 5.0)
    one.submit("a wolf", "ada", HOST, 15.0)
    one.submit("a wolf", "bob", HOST, 15.0)
    with pytest.raises(Rejected, match="from your network"):
        one.submit("a wolf", "eve", HOST, 16.0)
    one.submit("a wolf", "kim", "10.0.0.8", 16.0)
    one.submit("a wolf", "kim", HOST, 61.0)


@pytest.mark.parametrize(("text", "reason"), [("  \n\t ", "Write some words"), ("x" * 121, "At most 120 characters")])
def test_empty_and_long_words_are_refused_and_cost_nothing(text: str, reason: str) -> None:
    one = audience()
    with pytest.raises(Rejected, match=reason):
        one.submit(text, "ada", HOST, 0.0)
    one.submit("a fox", "ada", HOST, 0.0)


def test_words_are_forgotten_when_their_time_is_over() -> None:
    one = audience(keep_minutes=10.0, pause_seconds=0.0)
    one.submit("a fox", "ada", HOST, 0.0)
    one.expire(599.0)
    assert len(one.listed("ada")) == 1
    one.expire(601.0)
    assert one.listed("ada") == []


def test_a_crowd_fills_no_memory() -> None:
    one = audience(pause_seconds=0.0, per_minute=600.0)
    for number in range(MAX_KEPT + 500):
        one.submit("a fox", f"visitor {number}", f"10.0.{number // 250}.{number % 250}", 0.0)
    assert one.listed("visitor 0") == []
    assert len(one.listed(f"visitor {MAX_KEPT + 499}")) == 1
