"""The Conductor's rules, without a process, a window or a second of waiting."""

from __future__ import annotations

from installation.conductor.conductor import Conductor
from installation.core.messages import Bundle, Changed, Direction, Prompt, SetParam, Trigger
from installation.core.params import PARAMS
from installation.show.settings import CueSettings, QueueSettings, Show
from tests.conductor.rules import conductor, present, refusals, say, see


def test_words_said_now_take_the_stage_at_once_with_the_default_fade() -> None:
    made = conductor()
    effects = say(made, "  a red\x00 sun ", 1.0)
    directions = [effect for effect in effects if isinstance(effect, Direction)]
    assert [(each.take, each.prompts, each.fade_seconds) for each in directions] == [
        (1, (Prompt(1, "a red sun", 1.0, "keyboard", 1.0),), 2.5)
    ]
    assert Changed("prompt/current", "a red sun") in effects
    assert Changed("mode", "live") in effects


def test_words_said_while_the_words_before_are_not_yet_seen_wait_and_none_is_lost() -> None:
    made = conductor()
    for i in range(5):
        assert not refusals(say(made, f"word {i}", 1.0))
    played, now = present(made), 1.0
    for _ in range(200):
        see(made, now)
        now += 0.05
        made.advance(now)
        if present(made)[-1] != played[-1]:
            played += present(made)
    assert played == [f"word {i}" for i in range(5)]


def test_two_hundred_words_in_a_second_are_played_or_refused_aloud() -> None:
    made = conductor(queue=QueueSettings(limit=32))
    refused = sum(len(refusals(say(made, f"word {i}", i / 200))) for i in range(200))
    assert len(made.queued_prompts) == 32
    assert refused == 200 - 32 - 1


def test_waiting_words_take_turns_by_time_and_only_when_the_renderer_draws() -> None:
    made = Conductor(Show())
    say(made, "one", 0.0, "queue/add")
    say(made, "two", 0.0, "queue/add")
    made.advance(5.0)
    assert present(made) == []
    made.frame_drawn(0, 5.0)
    made.advance(5.0)
    assert present(made) == ["one"]
    see(made, 6.0)
    made.advance(13.9)
    assert present(made) == ["one"]
    made.advance(14.0)
    assert present(made) == ["two"]


def test_a_lost_renderer_stops_the_queue_until_its_successor_has_drawn_the_present_words() -> None:
    made = conductor()
    for text in ("one", "two"):
        say(made, text, 0.0, "queue/add")
    made.advance(0.0)
    see(made, 0.1)
    made.renderer_lost(1)
    made.advance(60.0)
    assert present(made) == ["one"]
    see(made, 60.0)
    made.advance(68.0)
    assert present(made) == ["two"]


def test_hold_keeps_the_queue_and_go_and_skip_move_it() -> None:
    made = conductor()
    made.receive(SetParam("queue/hold", 1, "osc"), 0.0)
    for text in ("one", "two", "three"):
        say(made, text, 0.0, "queue/add")
    made.advance(100.0)
    assert present(made) == []
    made.receive(Trigger("go"), 100.0)
    assert present(made) == ["one"]
    made.receive(Trigger("queue/skip"), 100.1)
    assert present(made) == ["two"]
    made.receive(Trigger("queue/clear"), 100.2)
    assert not made.queued_prompts


def test_clear_forgets_all_words_that_wait_those_said_now_too() -> None:
    made = conductor()
    for name in ("prompt", "prompt", "queue/add"):
        say(made, "a wolf", 1.0, name)
    assert len(made.queued_prompts) == 2
    effects = made.receive(Trigger("queue/clear"), 1.1)
    assert Changed("queue/length", 0) in effects
    assert not made.queued_prompts
    assert present(made) == ["a wolf"]


def test_a_full_queue_refuses_aloud() -> None:
    made = conductor(queue=QueueSettings(limit=1))
    assert not refusals(say(made, "one", 0.0, "queue/add"))
    assert refusals(say(made, "two", 0.0, "queue/add")) == ["the queue is full: 1 wait already."]


def test_a_second_go_within_half_a_second_is_a_double_press() -> None:
    made = conductor(cue=(CueSettings(words="one"), CueSettings(words="two"), CueSettings(words="three")))
    for now in (1.0, 1.3):
        made.receive(Trigger("go"), now)
    assert present(made) == ["one"]
    made.receive(Trigger("go"), 1.6)
    assert present(made) == ["two"]


def test_a_cue_brings_words_fade_and_values_and_the_next_may_follow_by_itself() -> None:
    cues = (
        CueSettings(name="first", words="one", fade_seconds=7, seconds=3, params={"walk/speed": 0.9}),
        CueSettings(words="two"),
    )
    made = conductor(cue=cues)
    effects = made.receive(Trigger("go"), 1.0)
    assert made.direction.fade_seconds == 7
    assert made.direction.params["walk/speed"] == 0.9
    assert Changed("cue/current/name", "first") in effects
    made.advance(3.9)
    assert present(made) == ["one"]
    made.advance(4.0)
    assert present(made) == ["two"]
    assert refusals(made.receive(Trigger("go", (), "keyboard"), 9.0)) == ["there is no next cue, and no words wait."]


def test_a_cue_that_follows_by_itself_is_refused_to_the_operator_and_ends_no_show() -> None:
    talk: dict[str, object] = {"speech/talk": True}  # this show has no push to talk
    cues = (
        CueSettings(words="one", seconds=3),
        CueSettings(words="two", seconds=3, params=talk),
        CueSettings(words="a:0", seconds=3),
        CueSettings(),
    )
    made = conductor(cue=cues)
    made.receive(Trigger("go"), 1.0)
    assert [reason.split(";")[0] for reason in refusals(made.advance(4.0))] == ["this show hears all the time"]
    assert present(made) == ["two"]
    assert refusals(made.advance(7.0)) == ["nothing was said: words are needed."]
    assert Changed("cue/current/index", 4) in made.advance(10.0)


def test_a_fade_of_nothing_is_a_cut_and_begins_a_new_take() -> None:
    made = conductor()
    made.receive(SetParam("transition/time", 0, "osc"), 0.0)
    say(made, "one", 1.0)
    assert (made.direction.take, made.direction.fade_seconds) == (2, 0.0)


def test_panic_fades_and_empties_a_second_panic_cuts_and_reset_leaves_it() -> None:
    made = conductor()
    say(made, "one", 0.0, "queue/add")
    assert Trigger("panic", (1.5,), "osc") in made.receive(Trigger("panic", (), "osc"), 1.0)
    assert not made.queued_prompts
    assert made.mode == "panic"
    assert refusals(say(made, "two", 1.1)) == ["the show is in panic: F10 or /laterna/reset leaves it."]
    assert Trigger("panic", (0.0,), "osc") in made.receive(Trigger("panic", (), "osc"), 1.9)
    assert Trigger("reset", (), "osc") in made.receive(Trigger("reset", (), "osc"), 3.0)
    assert made.mode == "attract"
    assert not refusals(say(made, "two", 4.0))


def test_pause_freezes_and_resume_goes_on() -> None:
    made = conductor()
    say(made, "one", 0.0)
    see(made, 0.1)
    say(made, "two", 0.1, "queue/add")
    made.receive(Trigger("pause"), 1.0)
    assert made.direction.paused
    assert made.mode == "paused"
    made.advance(100.0)
    assert present(made) == ["one"]
    made.receive(Trigger("resume"), 100.0)
    made.advance(100.0)
    assert present(made) == ["two"]


def test_the_attract_walk_goes_on_when_nobody_has_spoken_for_long() -> None:
    made = conductor(queue=QueueSettings(attract_after_seconds=30))
    say(made, "one", 0.0)
    see(made, 1.0)
    made.advance(30.9)
    assert made.mode == "live"
    made.advance(31.0)
    assert made.mode == "attract"


def test_a_show_may_keep_its_words_for_ever() -> None:
    made = conductor(queue=QueueSettings(attract_after_seconds=0))
    say(made, "one", 0.0)
    see(made, 1.0)
    made.advance(1e6)
    assert present(made) == ["one"]


def test_values_are_clipped_fed_back_and_reach_who_applies_them() -> None:
    made = conductor()
    effects = made.receive(SetParam("walk/speed", 7, "osc:a"), 0.0)
    assert Changed("walk/speed", 1.0, "osc:a") in effects
    assert made.direction.params["walk/speed"] == 1.0
    effects = made.receive(SetParam("blackout", 1, "osc:a", seconds=2.0), 0.0)
    assert SetParam("blackout", True, "osc:a", seconds=2.0) in effects


def test_what_cannot_be_taken_comes_back_with_the_reason() -> None:
    made = conductor()
    cases: list[tuple[SetParam | Trigger, str]] = [
        (SetParam("walk/sped", 1, "x"), "did you mean 'walk/speed'?"),
        (SetParam("walk/speed", float("nan"), "x"), "takes a number"),
        (SetParam("go", 1, "x"), "is no value"),
        (Trigger("walk/speed", (), "x"), "is a value"),
        (Trigger("prompt", ("  ",), "x"), "nothing was said"),
        (Trigger("queue/skip", (), "x"), "no words wait"),
        (Trigger("panicInTime", ("soon",), "x"), "a number of seconds"),
        (Trigger("dream/reseed", (), "x"), "nobody's words"),
    ]
    for message, reason in cases:
        told = refusals(made.receive(message, 0.0))
        assert len(told) == 1, message
        assert reason in told[0]


def test_a_bundle_is_applied_whole() -> None:
    made = conductor()
    made.receive(Bundle((SetParam("walk/speed", 1, "x"), Trigger("prompt", ("one",), "x"))), 0.0)
    assert made.direction.params["walk/speed"] == 1.0
    assert present(made) == ["one"]


def test_reseed_dreams_the_same_words_anew() -> None:
    made = conductor()
    say(made, "one", 0.0)
    before = made.direction.prompts[0]
    made.receive(Trigger("dream/reseed"), 1.0)
    assert made.direction.prompts[0].text == before.text
    assert made.direction.prompts[0].id != before.id


def test_every_trigger_of_the_table_does_something_or_says_why_not() -> None:
    for row in PARAMS.values():
        if row.access == "trigger":
            made = conductor()
            before = (made.direction, made.mode)
            effects = made.receive(Trigger(row.name, ("a fox",) if row.arguments == "s" else (), "x"), 1.0)
            quiet = row.name in ("queue/clear",)
            assert effects or (made.direction, made.mode) != before or quiet, row.name


def test_the_operator_sees_what_go_brings() -> None:
    made = conductor(
        cue=(
            CueSettings(words="a fox:2 | snow"),
            CueSettings(words="night", caption="Night falls."),
            CueSettings(name="dim"),
        )
    )
    told = [made.cue_status]
    for now in (1.0, 2.0, 3.0):
        made.receive(Trigger("go"), now)
        told.append(made.cue_status)
    assert told == [
        "cue 0 of 3 · GO brings: a fox, snow",
        "cue 1 of 3 · GO brings: Night falls.",
        "cue 2 of 3 · GO brings: dim",
        "cue 3 of 3 · that was the last",
    ]
    assert conductor().cue_status == ""
