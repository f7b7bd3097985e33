"""Who takes the stage when: live prompts, queued prompts, moderation and approval."""

from __future__ import annotations

import pytest

from installation.conductor.conductor import Conductor
from installation.core.messages import MessageRejected, Notice, Origin, QueueChanged, SetParam, Trigger
from installation.show.settings import AudienceSettings, CueSettings, ModerationSettings, QueueSettings, Show
from tests.conductor.harness import changes, draw, make_conductor, on_stage, rejections, send, speak, trigger, waiting

HOLD = ModerationSettings(hold=True)

# -- live prompts ----------------------------------------------------------------------------------------------------


def test_a_live_prompt_interrupts_a_prompt_that_has_been_seen_for_a_second() -> None:
    conductor = make_conductor()
    send(conductor, "one", 1.0)
    send(conductor, "two", 9.0)
    assert (on_stage(conductor), waiting(conductor)) == (["one"], ["two"])  # nobody has seen "one" yet
    draw(conductor, 9.1)
    conductor.advance(10.0)
    assert on_stage(conductor) == ["one"]
    conductor.advance(10.1)
    assert on_stage(conductor) == ["two"]
    draw(conductor, 10.2)
    send(conductor, "three", 11.2)
    assert (on_stage(conductor), waiting(conductor)) == (["three"], [])


def test_of_live_prompts_from_one_sender_the_latest_wins() -> None:
    conductor = make_conductor()
    for i in range(20):  # /prompt "word 0" … "word 19" within a second
        assert not rejections(send(conductor, f"word {i}", 1.0 + i / 20, source="osc"))
    assert (on_stage(conductor), waiting(conductor)) == (["word 0"], ["word 19"])
    draw(conductor, 2.0)
    conductor.advance(3.0)
    assert (on_stage(conductor), waiting(conductor)) == (["word 19"], [])


def test_the_same_words_at_sixty_hertz_are_one_prompt() -> None:
    conductor = make_conductor()
    ids = set()
    for frame in range(180):  # /prompt "a fox", three seconds long
        send(conductor, "a fox", frame / 60, source="osc")
        draw(conductor, frame / 60)
        conductor.advance(frame / 60)
        ids.add(conductor.direction.prompts[0].id)
    assert (len(ids), waiting(conductor)) == (1, [])


def test_repeated_words_do_not_come_back_after_a_cue_until_the_sender_was_silent_for_ten_seconds() -> None:
    conductor = make_conductor(cue=(CueSettings(words="a cue"),))
    send(conductor, "a fox", 0.0, source="osc")
    draw(conductor, 0.1)
    trigger(conductor, "go", 2.0)
    draw(conductor, 2.1)
    send(conductor, "a fox", 9.9, source="osc")
    assert on_stage(conductor) == ["a cue"]
    send(conductor, "a fox", 19.9, source="osc")
    assert on_stage(conductor) == ["a fox"]


def test_another_sender_and_other_words_are_no_repetition() -> None:
    conductor = make_conductor()
    for now, text, source in (
        (0.0, "a fox", "osc"),
        (2.0, "a fox", "web"),
        (4.0, "a wolf", "osc"),
        (6.0, "a fox", "osc"),
    ):
        before = conductor.direction.prompts
        send(conductor, text, now, source=source)
        draw(conductor, now)
        assert conductor.direction.prompts != before


def test_words_from_many_senders_wait_for_each_other() -> None:
    conductor = make_conductor(queue=QueueSettings(limit=32))
    reasons = [reason for i in range(200) for reason in rejections(send(conductor, f"word {i}", 0.0, source=f"s{i}"))]
    assert waiting(conductor) == [f"word {i}" for i in range(1, 33)]
    assert reasons == ["the queue is full: 32 prompts are waiting already."] * (200 - 33)


def test_words_sent_in_a_pause_are_kept_and_reported_and_appear_after_it() -> None:
    conductor = make_conductor()
    send(conductor, "one", 0.0)
    draw(conductor, 0.1)
    trigger(conductor, "pause", 5.0)
    notices = [each.text for each in send(conductor, "two", 6.0) if isinstance(each, Notice)]
    assert notices == ["The show is paused: new words appear after F6 or /laterna/resume."]
    speak(conductor, "three four five", 7.0, stable=15)
    assert (on_stage(conductor), waiting(conductor)) == (["one"], ["two"])
    trigger(conductor, "resume", 20.0)
    conductor.advance(20.0)
    assert on_stage(conductor) == ["two"]


def test_waiting_live_prompts_come_before_queued_ones() -> None:
    conductor = make_conductor()
    send(conductor, "one", 1.0)
    send(conductor, "queued", 1.0, "queue/add")
    send(conductor, "live", 1.0)
    assert waiting(conductor) == ["live", "queued"]


# -- queued prompts --------------------------------------------------------------------------------------------------


def test_a_queued_prompt_waits_until_the_one_before_has_had_its_time() -> None:
    conductor = make_conductor()
    for text in ("one", "two"):
        send(conductor, text, 0.0, "queue/add")
    conductor.advance(5.0)
    assert on_stage(conductor) == ["one"]
    draw(conductor, 6.0)
    conductor.advance(13.9)
    assert on_stage(conductor) == ["one"]
    conductor.advance(14.0)
    assert on_stage(conductor) == ["two"]


def test_queued_prompts_wait_until_the_renderer_draws() -> None:
    conductor = Conductor(Show())
    send(conductor, "one", 0.0, "queue/add")
    conductor.advance(5.0)
    assert on_stage(conductor) == []
    conductor.frame_drawn(0, 5.0)
    conductor.advance(5.0)
    assert on_stage(conductor) == ["one"]


def test_a_held_queue_stands_still_but_go_and_skip_move_it() -> None:
    conductor = make_conductor()
    conductor.receive(SetParam("queue/hold", 1, Origin("osc")), 0.0)
    for text in ("one", "two", "three"):
        send(conductor, text, 0.0, "queue/add")
    conductor.advance(100.0)
    assert on_stage(conductor) == []
    trigger(conductor, "go", 100.0)
    assert on_stage(conductor) == ["one"]
    trigger(conductor, "queue/skip", 100.1)
    assert (on_stage(conductor), waiting(conductor)) == (["two"], ["three"])


def test_clearing_drops_live_and_queued_prompts_but_not_the_one_on_the_stage() -> None:
    conductor = make_conductor()
    for text, name in (("a wolf", "prompt"), ("a fox", "prompt"), ("a bear", "queue/add")):
        send(conductor, text, 1.0, name)
    assert waiting(conductor) == ["a fox", "a bear"]
    assert changes(trigger(conductor, "queue/clear", 1.1)) == {"queue/length": 0, "queue/next": "", "queue/next/id": 0}
    assert (on_stage(conductor), waiting(conductor)) == (["a wolf"], [])


def test_a_full_queue_rejects_and_tells_how_many_are_waiting() -> None:
    conductor = make_conductor(queue=QueueSettings(limit=1))
    assert not rejections(send(conductor, "one", 0.0, "queue/add"))
    assert rejections(send(conductor, "two", 0.0, "queue/add")) == ["the queue is full: 1 prompts are waiting already."]


# -- moderation ------------------------------------------------------------------------------------------------------


def test_refused_words_are_never_shown_unless_a_cue_contains_them() -> None:
    conductor = make_conductor(
        moderation=ModerationSettings(refused_words=("blood",)), cue=(CueSettings(words="blood"),)
    )
    refused = ["the show does not allow these words."]
    for name in ("prompt", "queue/add"):
        assert rejections(send(conductor, "blood on the snow", 1.0, name)) == refused
    speak(conductor, "a moon of blood", 2.0, stable=15)
    assert on_stage(conductor) == []
    assert rejections(speak(conductor, "a moon of blood", 2.5)) == refused
    assert on_stage(conductor) == []
    trigger(conductor, "go", 3.0)
    assert on_stage(conductor) == ["blood"]


def test_a_rejected_prompt_is_counted_and_reported_with_its_source() -> None:
    conductor = make_conductor(moderation=ModerationSettings(refused_words=("blood",)))
    changed = changes(send(conductor, "blood", 1.0, source="osc:a"))
    assert changed == {"queue/refused": "osc:a: the show does not allow these words.", "queue/refusals": 1}


def test_the_rate_of_one_source_does_not_limit_another() -> None:
    conductor = make_conductor(moderation=ModerationSettings(words_per_minute=5))
    assert not rejections(send(conductor, "one two three four", 1.0, source="osc:a"))
    assert "too many words" in rejections(send(conductor, "five six", 2.0, source="osc:a"))[0]
    assert not rejections(send(conductor, "five six", 2.0, source="osc:b"))


# -- approval --------------------------------------------------------------------------------------------------------


def test_held_prompts_are_shown_when_they_are_approved_and_dropped_when_they_are_rejected() -> None:
    conductor = make_conductor(moderation=HOLD)
    assert changes(send(conductor, "a fox", 1.0))["queue/pending/words"] == "a fox"
    speak(conductor, "a red sun over", 1.1, stable=9)
    speak(conductor, "a red sun", 1.2)
    send(conductor, "a wolf", 1.3, "queue/add")
    conductor.advance(60.0)
    assert (on_stage(conductor), conductor.values["queue/pending"]) == ([], 3)
    trigger(conductor, "queue/reject", 61.0)
    trigger(conductor, "queue/approve", 62.0)
    assert on_stage(conductor) == ["A red sun"]
    trigger(conductor, "queue/approve", 63.0)
    assert waiting(conductor) == ["a wolf"]
    assert rejections(trigger(conductor, "queue/approve", 64.0)) == ["no prompts are waiting for approval."]


def test_the_operator_may_decide_by_number_in_any_order() -> None:
    conductor = make_conductor(moderation=HOLD)
    for text in ("a fox", "a wolf", "an owl"):
        send(conductor, text, 1.0)
    assert conductor.values["queue/pending/list"] == "1: a fox · 2: a wolf · 3: an owl"
    assert conductor.pending_approvals == "1: a fox · 2: a wolf · 3: an owl"
    trigger(conductor, "queue/approve", 2.0, 2)
    assert (on_stage(conductor), conductor.values["queue/pending/id"]) == (["a wolf"], 1)
    trigger(conductor, "queue/reject", 3.0, 1.0)
    assert conductor.pending_approvals == "3: an owl"
    trigger(conductor, "queue/reject", 3.0)
    pending = (conductor.pending_approvals, conductor.values["queue/pending/id"])
    assert (pending, on_stage(conductor)) == (("", 0), ["a wolf"])


def test_a_number_that_has_been_decided_is_rejected_and_never_used_again() -> None:
    conductor = make_conductor(moderation=HOLD)
    for text in ("a fox", "a wolf"):
        send(conductor, text, 1.0)
    trigger(conductor, "queue/reject", 2.0, 2)
    send(conductor, "an owl", 3.0)
    assert rejections(trigger(conductor, "queue/approve", 4.0, 2)) == [
        "no prompt with the number 2 is waiting for approval; waiting: 1, 3."
    ]
    assert on_stage(conductor) == []
    assert rejections(trigger(conductor, "queue/approve", 5.0, "owl")) == [
        "'queue/approve' takes the number of a prompt on hold."
    ]


def test_an_approved_prompt_stays_on_hold_while_the_queue_is_full() -> None:
    conductor = make_conductor(moderation=HOLD, queue=QueueSettings(limit=2))
    full = ["the queue is full: 2 prompts are waiting already."]
    for text in ("a fox", "a wolf"):
        send(conductor, text, 1.0, "queue/add")
    send(conductor, "an owl", 2.0)
    assert conductor.pending_approvals == "1: a fox · 2: a wolf"  # as many are held as the queue may hold
    trigger(conductor, "queue/approve", 3.0)
    trigger(conductor, "queue/approve", 3.0)
    send(conductor, "an owl", 4.0)
    assert rejections(send(conductor, "a swan", 4.0, "queue/add")) == full
    trigger(conductor, "queue/approve", 5.0)  # a live prompt needs no room in the queue
    assert (on_stage(conductor), waiting(conductor)) == (["an owl"], ["a fox", "a wolf"])


def test_an_approved_queued_prompt_without_room_can_be_approved_later() -> None:
    conductor = make_conductor(moderation=HOLD, queue=QueueSettings(limit=2))
    send(conductor, "a fox", 1.0, "queue/add")
    send(conductor, "a wolf", 1.0, "queue/add")
    trigger(conductor, "queue/approve", 2.0)
    send(conductor, "an owl", 2.0, "queue/add")
    trigger(conductor, "queue/approve", 2.0)
    assert rejections(trigger(conductor, "queue/approve", 2.0)) == ["the queue is full: 2 prompts are waiting already."]
    assert conductor.pending_approvals == "3: an owl"
    conductor.advance(2.0)
    trigger(conductor, "queue/approve", 2.0)
    assert (on_stage(conductor), waiting(conductor)) == (["a fox"], ["a wolf", "an owl"])


def test_a_panic_drops_the_prompts_on_hold() -> None:
    conductor = make_conductor(moderation=HOLD)
    send(conductor, "a fox", 1.0)
    assert changes(trigger(conductor, "panic", 2.0))["queue/pending"] == 0


@pytest.mark.parametrize(("held", "listed", "last"), [(10, 10, "10: fox 9"), (11, 11, "and 1 more")])
def test_the_list_of_held_prompts_shows_the_ten_oldest(held: int, listed: int, last: str) -> None:
    conductor = make_conductor(moderation=HOLD)
    for number in range(held):
        send(conductor, f"fox {number}", 1.0)
    rows = conductor.pending_approvals.split(" · ")
    assert (len(rows), rows[-1]) == (listed, last)


def test_long_prompts_are_cut_in_the_list_of_held_prompts() -> None:
    conductor = make_conductor(moderation=HOLD)
    send(conductor, "word " * 40, 1.0)
    assert conductor.pending_approvals == "1: " + ("word " * 40)[:80]


# -- fairness --------------------------------------------------------------------------------------------------------


def send_from(conductor: Conductor, peer: str, text: str, name: str = "queue/add", source: str = "osc") -> list[str]:
    """Send a prompt from a peer of a control surface; return the reasons of its rejection."""
    return rejections(conductor.receive(Trigger(name, (text,), Origin(source, peer)), 0.0))


def test_a_flood_of_queued_prompts_from_one_host_leaves_room_for_others() -> None:
    conductor = make_conductor(queue=QueueSettings(limit=10))
    send(conductor, "on the stage", 0.0)
    flood = [send_from(conductor, f"10.0.0.1:{port}", f"flood {port}") for port in range(1000)]
    assert flood == [[]] * 5 + [["too many prompts from one sender: 5 are waiting already."]] * 995
    assert send_from(conductor, "10.0.0.2:1", "a fox") == []
    assert waiting(conductor)[:2] == ["flood 0", "a fox"]


def test_a_flood_of_live_prompts_from_one_host_delays_another_by_one_prompt() -> None:
    conductor = make_conductor()
    send(conductor, "on the stage", 0.0)
    for port in range(1000):
        assert send_from(conductor, f"10.0.0.1:{port}", f"flood {port}", "prompt") == []
    assert send_from(conductor, "10.0.0.2:1", "a fox", "prompt") == []
    assert waiting(conductor) == ["flood 999", "a fox"]


def test_senders_take_turns_and_each_keeps_its_order() -> None:
    conductor = make_conductor()
    send(conductor, "on the stage", 0.0)
    for peer, text in (("a:1", "a1"), ("a:2", "a2"), ("a:1", "a3"), ("b:1", "b1"), ("c:1", "c1"), ("b:1", "b2")):
        send_from(conductor, peer, text)
    order = ["a1", "b1", "c1", "a2", "b2", "a3"]
    assert waiting(conductor) == order
    shown = []
    for now in range(1, 7):
        trigger(conductor, "queue/skip", float(now))
        shown += on_stage(conductor)
    assert shown == order


# -- the operator's queue --------------------------------------------------------------------------------------------


def numbered(conductor: Conductor) -> dict[str, int]:
    """The numbers of the waiting and held prompts, by their texts."""
    (listing,) = (each for each in conductor.listings if isinstance(each, QueueChanged))
    return {entry.text: entry.id for entry in listing.waiting}


def history(conductor: Conductor) -> list[tuple[str, str]]:
    (listing,) = (each for each in conductor.listings if isinstance(each, QueueChanged))
    return [(entry.text, entry.state) for entry in listing.history]


def queued() -> Conductor:
    conductor = make_conductor()
    send(conductor, "on the stage", 0.0)
    for text in ("one", "two", "three"):
        send(conductor, text, 0.0, "queue/add")
    return conductor


def test_the_operator_reorders_edits_and_removes_by_number() -> None:
    conductor = queued()
    ids = numbered(conductor)
    trigger(conductor, f"queue/{ids['three']}/move", 1.0, 1)
    trigger(conductor, f"queue/{ids['two']}/text", 1.0, "two doves")
    trigger(conductor, f"queue/{ids['one']}/remove", 1.0)
    assert waiting(conductor) == ["three", "two doves"]
    send(conductor, "four", 2.0, "queue/add", source="web")
    assert waiting(conductor) == ["three", "two doves", "four"]
    assert history(conductor)[0] == ("one", "removed")
    assert conductor.values["queue/next"] == "three"


def test_a_moved_prompt_stays_within_the_queue() -> None:
    conductor = queued()
    trigger(conductor, f"queue/{numbered(conductor)['one']}/move", 1.0, 99)
    assert waiting(conductor) == ["two", "three", "one"]
    trigger(conductor, f"queue/{numbered(conductor)['one']}/move", 1.0, -5)
    assert waiting(conductor) == ["one", "two", "three"]


@pytest.mark.parametrize("what", ["approve", "reject", "remove", "text", "move"])
def test_a_number_that_is_not_in_the_queue_is_rejected(what: str) -> None:
    (reason,) = rejections(trigger(queued(), f"queue/999/{what}", 1.0, *((1,) if what == "move" else ())))
    assert "waiting" in reason


def test_held_prompts_are_edited_approved_and_rejected_by_number() -> None:
    conductor = make_conductor(moderation=HOLD)
    for text in ("a fox", "a wolf"):
        send(conductor, text, 1.0, "queue/add")
    ids = numbered(conductor)
    trigger(conductor, f"queue/{ids['a fox']}/text", 2.0, "a red fox")
    trigger(conductor, f"queue/{ids['a fox']}/approve", 2.0)
    trigger(conductor, f"queue/{ids['a wolf']}/reject", 2.0)
    assert (waiting(conductor), conductor.pending_approvals) == (["a red fox"], "")
    assert history(conductor) == [("a wolf", "rejected")]


def test_an_edit_to_nothing_is_rejected() -> None:
    conductor = queued()
    number = numbered(conductor)["one"]
    assert rejections(trigger(conductor, f"queue/{number}/text", 1.0, " ")) == [
        "the prompt is empty: say what is to be seen."
    ]
    assert waiting(conductor) == ["one", "two", "three"]


def test_the_history_tells_what_became_of_each_prompt() -> None:
    conductor = make_conductor()
    for text in ("one", "two", "three"):
        send(conductor, text, 0.0)
    assert history(conductor) == [("two", "replaced"), ("one", "shown")]


def test_the_listing_is_sent_when_it_changes_and_only_then() -> None:
    conductor = queued()
    assert not [each for each in conductor.advance(0.5) if isinstance(each, QueueChanged)]
    effects = trigger(conductor, "queue/clear", 1.0)
    assert [each.waiting for each in effects if isinstance(each, QueueChanged)] == [()]


def test_words_of_the_audience_wait_for_approval_unless_the_show_says_otherwise() -> None:
    visitor = Origin("audience", "10.0.0.7:ada-1")
    for hold, held in ((True, 1), (False, 0)):
        conductor = Conductor(Show(audience=AudienceSettings(enabled=True, hold=hold)))
        conductor.receive(Trigger("queue/add", ("a fox",), visitor), 0.0)
        conductor.receive(Trigger("queue/add", ("a wolf",), Origin("osc", "10.0.0.7:9000")), 0.0)
        assert conductor.values["queue/pending"] == held


def test_words_of_the_audience_leave_the_history_when_their_time_is_over() -> None:
    show = Show(audience=AudienceSettings(enabled=True, hold=False, keep_minutes=1.0))
    conductor = Conductor(show)
    conductor.frame_drawn(0, 0.0)
    for origin, text in ((Origin("audience", "10.0.0.7:ada-1"), "a fox"), (Origin("osc", "10.0.0.7:9000"), "a wolf")):
        conductor.receive(Trigger("queue/add", (text,), origin), 0.0)
        conductor.receive(Trigger("queue/skip", (), origin), 0.0)
    (before,) = [each for each in conductor.listings if isinstance(each, QueueChanged)]
    assert [entry.text for entry in before.history] == ["a wolf", "a fox"]
    (listing,) = [each for each in conductor.advance(61.0) if isinstance(each, QueueChanged)]
    assert [entry.text for entry in listing.history] == ["a wolf"]


def test_the_same_message_of_a_visitor_again_is_ignored() -> None:
    conductor = make_conductor(audience=AudienceSettings(hold=False))
    send(conductor, "a ship", 0.0)
    for _ in range(3):
        assert send_from(conductor, "10.0.0.7:ada-1", "a fox", source="audience") == []
    send_from(conductor, "10.0.0.7:ada-2", "a fox", source="audience")
    assert waiting(conductor) == ["a fox", "a fox"]


def test_a_visitor_is_told_later_or_never() -> None:
    conductor = make_conductor(queue=QueueSettings(limit=2), moderation=ModerationSettings(refused_words=("blood",)))
    for number, text in enumerate(("a fox", "a wolf")):  # on hold
        conductor.receive(Trigger("queue/add", (text,), Origin("audience", f"10.0.0.{number}:ada-{number}")), 0.0)
    full = conductor.receive(Trigger("queue/add", ("a ship",), Origin("audience", "10.0.0.9:bob-1")), 0.0)
    conductor.receive(Trigger("queue/reject"), 0.0)
    refused = conductor.receive(Trigger("queue/add", ("blood",), Origin("audience", "10.0.0.9:bob-2")), 0.0)
    conductor.receive(Trigger("panic"), 0.0)
    panic = conductor.receive(Trigger("queue/add", ("a ship",), Origin("audience", "10.0.0.9:bob-3")), 0.0)
    busy = [each.busy for effects in (full, refused, panic) for each in effects if isinstance(each, MessageRejected)]
    assert busy == [True, False, True]
