"""Words from the broker to the show, and when the broker may forget them."""

from __future__ import annotations

from installation.control.broker.relay import BATCH, BUSY_SECONDS, News, WordRelay
from installation.control.submissions import NOT_CHOSEN
from installation.core.errors import Rejected
from installation.core.messages import (
    Answer,
    Changed,
    EntryState,
    Inbox,
    MessageRejected,
    Origin,
    Query,
    QueueChanged,
    QueueEntry,
    Trigger,
)


def origin(number: int) -> Origin:
    return Origin("audience", f"10.0.0.7:ada-{number}")


class Show:
    """What the relay sends to; `full` is a show that takes no messages."""

    def __init__(self, ahead: int = 50) -> None:
        self.sent: list[Inbox] = []
        self.full = False
        self.relay = WordRelay(ahead, self._send)

    def _send(self, message: Inbox) -> None:
        if self.full:
            raise Rejected("too many messages are waiting; this one is dropped.")
        self.sent.append(message)

    def give(self, *numbers: int, now: float = 0.0) -> None:
        for number in numbers:
            self.relay.take(f"{number}-0", f"key {number}", f"a fox {number}", origin(number), now)
        self.relay.pass_on(now)

    def words(self) -> list[str]:
        """What was sent since the last call, without the questions."""
        sent, self.sent = self.sent, []
        return [str(each.args[0]) for each in sent if isinstance(each, Trigger)]

    def answer(self, now: float = 0.0) -> None:
        """Answer the questions, as the Conductor does."""
        for each in [each for each in self.sent if isinstance(each, Query)]:
            self.relay.feedback(Answer(each.name, 1, each.origin), now)

    def queue(self, waiting: dict[int, EntryState], history: dict[int, EntryState], now: float = 0.0) -> None:
        rows = [
            tuple(QueueEntry(n, f"a fox {n}", origin(n), state) for n, state in part.items())
            for part in (waiting, history)
        ]
        self.relay.feedback(QueueChanged(*rows), now)


def test_words_are_finished_with_once_they_were_shown() -> None:
    show = Show()
    show.give(1, 2)
    assert show.words() == ["a fox 1", "a fox 2"]
    show.answer()
    show.queue({2: "queued"}, {1: "shown"})
    assert list(show.relay.finished) == ["1-0"]
    assert show.relay.news() == [News("key 1", "a fox 1", "wall", 0, ""), News("key 2", "a fox 2", "waiting", 1, "")]
    show.relay.feedback(Changed("prompt/current", "a fox 2"), 0.0)
    assert show.relay.news() == [News("key 1", "a fox 1", "shown", 0, "")]
    assert show.relay.news() == []


def test_words_on_hold_stay_in_the_broker_until_the_operator_decides() -> None:
    show = Show()
    show.give(1)
    show.answer()
    show.queue({1: "held"}, {})
    assert (list(show.relay.finished), show.relay.news()[0].state) == ([], "held")
    show.queue({}, {1: "rejected"})
    assert list(show.relay.finished) == ["1-0"]
    assert show.relay.news() == [News("key 1", "a fox 1", "refused", 0, NOT_CHOSEN)]


def test_refused_words_are_finished_with_and_their_visitor_gets_the_reason() -> None:
    show = Show()
    show.give(1)
    show.relay.feedback(MessageRejected(origin(1), "queue/add", "the show does not allow these words."), 0.0)
    assert list(show.relay.finished) == ["1-0"]
    assert show.relay.news()[0] == News("key 1", "a fox 1", "refused", 0, "The show does not allow these words.")


def test_a_busy_show_is_asked_again_after_a_while() -> None:
    show = Show()
    show.give(1, now=0.0)
    show.words()
    show.relay.feedback(MessageRejected(origin(1), "queue/add", "the queue is full.", busy=True), 0.0)
    show.give(2, now=0.5 * BUSY_SECONDS)
    assert (show.words(), list(show.relay.finished)) == ([], [])
    show.relay.pass_on(BUSY_SECONDS)
    assert show.words() == ["a fox 1", "a fox 2"]


def test_a_show_that_takes_no_messages_gets_them_later() -> None:
    show = Show()
    show.full = True
    show.give(1, 2)
    show.full = False
    show.relay.pass_on(BUSY_SECONDS)
    assert show.words() == ["a fox 1", "a fox 2"]


def test_nothing_is_sent_during_a_panic() -> None:
    show = Show()
    show.relay.feedback(Changed("mode", "panic"), 0.0)
    show.give(1)
    assert show.words() == []
    show.relay.feedback(Changed("mode", "attract"), 0.0)
    show.give()
    assert show.words() == ["a fox 1"]


def test_words_whose_traces_are_gone_were_shown_but_not_before_the_show_has_taken_them() -> None:
    show = Show()
    show.give(1)
    show.queue({}, {})  # from before the words arrived
    assert list(show.relay.finished) == []
    show.answer()
    assert list(show.relay.finished) == []
    show.queue({}, {2: "shown"})
    assert list(show.relay.finished) == ["1-0"]
    assert show.relay.news()[0].state == "shown"


def test_the_same_words_from_the_stream_again_are_sent_once() -> None:
    show = Show()
    show.give(1)
    show.give(1)
    assert show.words() == ["a fox 1"]
    show.answer()
    show.queue({}, {1: "shown"})
    show.give(1)
    assert show.words() == []


def test_a_bounded_number_of_words_is_in_the_show() -> None:
    show = Show(ahead=BATCH + 4)
    show.give(*range(BATCH + 4))
    assert (len(show.words()), show.relay.room) == (BATCH, 0)
    show.give()
    assert len(show.words()) == 4
    show.queue({}, {0: "shown"})
    assert show.relay.room == 1


def test_the_next_process_tells_when_words_have_left_the_wall() -> None:
    show = Show()
    show.give(1)
    show.queue({}, {1: "shown"})
    show.relay.news()
    successor = WordRelay(50, lambda _message: None, show.relay.on_the_wall)
    successor.news()
    successor.feedback(Changed("prompt/current", "a wolf"), 0.0)
    assert successor.news() == [News("key 1", "a fox 1", "shown", 0, "")]
