"""What people may put on the wall, and what the operator has to decide."""

from __future__ import annotations

from installation.core.messages import Changed, Trigger
from installation.show.settings import CueSettings, ModerationSettings, QueueSettings
from tests.conductor.rules import conductor, hear, present, refusals, say


def test_refused_words_of_anybody_are_refused_aloud_and_never_shown() -> None:
    made = conductor(moderation=ModerationSettings(refused_words=("blood",)), cue=(CueSettings(words="blood"),))
    for name in ("prompt", "queue/add"):
        assert refusals(say(made, "blood on the snow", 1.0, name)) == ["the show does not take these words."]
    hear(made, "a moon of blood", 2.0, stable=15)
    assert present(made) == []
    assert refusals(hear(made, "a moon of blood", 2.5)) == ["the show does not take these words."]
    assert present(made) == []
    made.receive(Trigger("go"), 3.0)
    assert present(made) == ["blood"]  # the artist's own


def test_held_words_are_shown_when_the_operator_approves_and_forgotten_when_not() -> None:
    made = conductor(moderation=ModerationSettings(hold=True))
    effects = say(made, "a fox", 1.0)
    assert Changed("queue/pending/words", "a fox") in effects
    hear(made, "a red sun over", 1.1, stable=9)
    hear(made, "a red sun", 1.2)
    say(made, "a wolf", 1.3, "queue/add")
    made.advance(60.0)
    assert (present(made), made.values["queue/pending"]) == ([], 3)
    made.receive(Trigger("queue/reject"), 61.0)
    made.receive(Trigger("queue/approve"), 62.0)
    assert present(made) == ["A red sun"]
    made.receive(Trigger("queue/approve"), 63.0)
    assert [prompt.text for prompt in made.queued_prompts] == ["a wolf"]
    assert refusals(made.receive(Trigger("queue/approve"), 64.0)) == ["no words wait for approval."]


def test_a_source_that_says_too_much_is_told_so_and_others_are_not() -> None:
    made = conductor(moderation=ModerationSettings(words_per_minute=5))
    assert not refusals(say(made, "one two three four", 1.0, source="osc:a"))
    assert "too much" in refusals(say(made, "five six", 2.0, source="osc:a"))[0]
    assert not refusals(say(made, "five six", 2.0, source="osc:b"))


def test_the_operator_decides_by_number_in_any_order_and_sees_what_waits() -> None:
    made = conductor(moderation=ModerationSettings(hold=True))
    for text in ("a fox", "a wolf", "an owl"):
        say(made, text, 1.0)
    assert made.values["queue/pending/list"] == made.pending_approvals == "2: a fox · 3: a wolf · 4: an owl"
    made.receive(Trigger("queue/approve", (3,), "osc"), 2.0)
    assert (present(made), made.values["queue/pending/id"]) == (["a wolf"], 2)
    made.receive(Trigger("queue/reject", (2.0,), "osc"), 3.0)
    assert made.pending_approvals == "4: an owl"
    made.receive(Trigger("queue/reject", (), "osc"), 3.0)
    assert (made.pending_approvals, made.values["queue/pending/id"], present(made)) == ("", 0, ["a wolf"])


def test_a_number_that_is_decided_already_is_one_sentence_and_is_never_given_again() -> None:
    made = conductor(moderation=ModerationSettings(hold=True))
    for text in ("a fox", "a wolf"):
        say(made, text, 1.0)
    made.receive(Trigger("queue/reject", (3,), "osc"), 2.0)
    say(made, "an owl", 3.0)
    stale = made.receive(Trigger("queue/approve", (3,), "osc"), 4.0)
    assert refusals(stale) == ["no words with the number 3 wait for approval, but 2, 4."]
    assert present(made) == []
    assert "takes the number" in refusals(made.receive(Trigger("queue/approve", ("owl",), "osc"), 5.0))[0]


def test_approved_words_for_which_there_is_no_room_go_on_waiting() -> None:
    made = conductor(moderation=ModerationSettings(hold=True), queue=QueueSettings(limit=2))
    for text in ("a fox", "a wolf"):
        say(made, text, 1.0, "queue/add")
        made.receive(Trigger("queue/approve", (), "osc"), 1.0)
    say(made, "an owl", 2.0)
    say(made, "a bear", 2.0)
    made.receive(Trigger("queue/approve", (4,), "osc"), 2.0)  # said now: it needs no room in the queue
    assert (present(made), made.pending_approvals) == (["an owl"], "5: a bear")
    for text in ("a swan", "a fish"):
        assert refusals(say(made, text, 3.0, "queue/add")) == ["the queue is full: 2 wait already."]


def test_a_long_list_of_what_waits_stays_readable() -> None:
    made = conductor(moderation=ModerationSettings(hold=True))
    for number in range(13):
        say(made, f"{'word ' * 40}{number}", 1.0)
    listed = made.pending_approvals.split(" · ")
    assert (len(listed), listed[-1]) == (11, "and 3 more")
    assert max(map(len, listed)) < 90
