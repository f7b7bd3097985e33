"""The Conductor's rules, without a process, a window or a second of waiting."""

from __future__ import annotations

from typing import Any

from installation.conductor import Conductor, Effect
from installation.messages import Bundle, Changed, Direction, Heard, Prompt, Refused, SetParam, Trigger, Unheard
from installation.params import TABLE
from installation.show import Cue, ModerationSettings, Queue, ScriptSettings, Show
from installation.words import captions


def conductor(**keys: Any) -> Conductor:
    """A Conductor whose renderer draws already."""
    made = Conductor(Show(**keys))
    made.drawn(0, 0.0)
    return made


def say(made: Conductor, text: str, now: float, name: str = "prompt", source: str = "keyboard") -> list[Effect]:
    return made.receive(Trigger(name, (text,), source), now)


def see(made: Conductor, now: float) -> None:
    """The renderer has drawn the present words."""
    made.drawn(made.direction.prompts[0].id if made.direction.prompts else 0, now)


def present(made: Conductor) -> list[str]:
    return [prompt.text for prompt in made.direction.prompts]


def refusals(effects: list[Effect]) -> list[str]:
    return [effect.reason for effect in effects if isinstance(effect, Refused)]


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
    made = conductor(queue=Queue(limit=32))
    refused = sum(len(refusals(say(made, f"word {i}", i / 200))) for i in range(200))
    assert len(made.waiting) == 32
    assert refused == 200 - 32 - 1


def test_waiting_words_take_turns_by_time_and_only_when_the_renderer_draws() -> None:
    made = Conductor(Show())
    say(made, "one", 0.0, "queue/add")
    say(made, "two", 0.0, "queue/add")
    made.advance(5.0)
    assert present(made) == []
    made.drawn(0, 5.0)
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
    made.lost()
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
    assert made.waiting == ()


def test_a_full_queue_refuses_aloud() -> None:
    made = conductor(queue=Queue(limit=1))
    assert not refusals(say(made, "one", 0.0, "queue/add"))
    assert refusals(say(made, "two", 0.0, "queue/add")) == ["the queue is full: 1 wait already."]


def test_a_second_go_within_half_a_second_is_a_double_press() -> None:
    made = conductor(cue=(Cue(words="one"), Cue(words="two"), Cue(words="three")))
    for now in (1.0, 1.3):
        made.receive(Trigger("go"), now)
    assert present(made) == ["one"]
    made.receive(Trigger("go"), 1.6)
    assert present(made) == ["two"]


def test_a_cue_brings_words_fade_and_values_and_the_next_may_follow_by_itself() -> None:
    cues = (Cue(name="first", words="one", fade_seconds=7, seconds=3, params={"walk/speed": 0.9}), Cue(words="two"))
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


def test_a_fade_of_nothing_is_a_cut_and_begins_a_new_take() -> None:
    made = conductor()
    made.receive(SetParam("transition/time", 0, "osc"), 0.0)
    say(made, "one", 1.0)
    assert (made.direction.take, made.direction.fade_seconds) == (2, 0.0)


def test_panic_fades_and_empties_a_second_panic_cuts_and_reset_leaves_it() -> None:
    made = conductor()
    say(made, "one", 0.0, "queue/add")
    assert Trigger("panic", (1.5,), "osc") in made.receive(Trigger("panic", (), "osc"), 1.0)
    assert made.waiting == ()
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
    made = conductor(queue=Queue(attract_after_seconds=30))
    say(made, "one", 0.0)
    see(made, 1.0)
    made.advance(30.9)
    assert made.mode == "live"
    made.advance(31.0)
    assert made.mode == "attract"


def test_a_show_may_keep_its_words_for_ever() -> None:
    made = conductor(queue=Queue(attract_after_seconds=0))
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
    for row in TABLE.values():
        if row.access == "trigger":
            made = conductor()
            before = (made.direction, made.mode)
            effects = made.receive(Trigger(row.name, ("a fox",) if row.arguments == "s" else (), "x"), 1.0)
            quiet = row.name in ("queue/clear",)
            assert effects or (made.direction, made.mode) != before or quiet, row.name


# -- what is heard ---------------------------------------------------------------------------------------------------

POEM = """
The lamp is lit and the room is dark => a golden moon; fade = 5; walk/speed = 0.2
One white ship is leaving without a sound
Look, a red sun sinks into the sea
The city burns behind me => a burning city at night | people:-1
"""


def following(**keys: Any) -> Conductor:
    return conductor(script=ScriptSettings(text=POEM, **keys))


def hear(made: Conductor, text: str, now: float, utterance: int = 1, stable: int | None = None) -> list[Effect]:
    """A final, or a partial of which so many characters are stable."""
    final = stable is None
    return made.receive(Heard(utterance, text, final, stable or 0, now - 2.0, now - 0.5 if final else 0.0), now)


def test_what_somebody_has_said_takes_the_stage_without_the_sounds_of_thinking() -> None:
    made = conductor()
    effects = hear(made, "Um, a red sun, uh, over the sea.", 5.0)
    assert made.direction.prompts == (Prompt(1, "A red sun over the sea", 1.0, "speech", 5.0),)
    assert Changed("speech/final", "Um, a red sun, uh, over the sea.") in effects
    assert Changed("speech/latency", 0.5) in effects


def test_a_sentence_moves_the_picture_gently_once_two_of_its_words_are_certain() -> None:
    made = conductor()
    effects = hear(made, "a red sum", 1.0, stable=4)
    assert Changed("speech/partial", "a red sum") in effects
    assert present(made) == []  # "red" may still become "ready"
    hear(made, "a red sun over", 1.5, stable=9)
    assert made.direction.prompts == (Prompt(1, "A red sun", 0.4, "speech", 1.5),)
    hear(made, "a red sun over the sea", 2.0, stable=22)
    assert present(made) == ["A red sun"]
    hear(made, "a red sun over the sea", 2.5)
    assert made.direction.prompts == (Prompt(2, "A red sun over the sea", 1.0, "speech", 2.5),)


def test_a_final_of_the_same_words_confirms_them_without_a_new_dream() -> None:
    made = conductor()
    hear(made, "a wolf", 1.0, stable=6)
    hear(made, "A wolf.", 1.4)
    assert made.direction.prompts == (Prompt(1, "A wolf", 1.0, "speech", 1.0),)


def test_a_sentence_that_has_begun_never_pushes_other_words_aside() -> None:
    made = conductor()
    say(made, "a fox", 1.0)
    hear(made, "a red sun", 1.1, stable=9)
    assert present(made) == ["a fox"]
    hear(made, "a red sun", 1.2)
    assert present(made) == ["a fox"]
    see(made, 1.3)
    made.advance(2.4)
    assert present(made) == ["A red sun"]


def test_beginnings_of_sentences_can_be_switched_off_and_so_can_hearing() -> None:
    made = conductor()
    made.receive(SetParam("speech/partials", 0, "osc"), 0.0)
    hear(made, "a red sun", 1.0, stable=9)
    assert present(made) == []
    mute = SetParam("speech/enabled", False, "osc")
    assert mute in made.receive(mute, 1.1)  # the listener is told too
    hear(made, "a red sun", 1.2)
    assert present(made) == []


def test_a_sound_that_was_not_taken_for_words_says_why_and_moves_nothing() -> None:
    made = conductor()
    effects = made.receive(Unheard(1, "Thank you.", "hardly any voice"), 1.0)
    assert Changed("speech/unheard", "hardly any voice") in effects
    hear(made, "Uh ...", 2.0)
    assert present(made) == []


def test_what_is_said_in_panic_is_refused_aloud() -> None:
    made = conductor()
    made.receive(Trigger("panic"), 1.0)
    assert refusals(hear(made, "a wolf", 2.0)) == ["the show is in panic: F10 or /laterna/reset leaves it."]


def test_a_line_that_is_read_brings_its_words_its_values_and_its_own_caption() -> None:
    made = following()
    effects = hear(made, "the lamb is lit", 1.0, stable=0)
    assert made.direction.prompts == (
        Prompt(1, "a golden moon", 1.0, "script", 1.0, "The lamp is lit and the room is dark"),
    )
    assert (made.direction.fade_seconds, made.direction.params["walk/speed"]) == (5.0, 0.2)
    assert Changed("script/line", 1) in effects
    assert Changed("script/text", "The lamp is lit and the room is dark") in effects
    assert captions(made.direction.prompts) == "The lamp is lit and the room is dark"


def test_a_line_that_was_overtaken_before_anybody_saw_it_is_not_shown_late() -> None:
    made = following()
    hear(made, "the lamp is lit and the room is dark one white ship is leaving look a red sun sinks", 1.0)
    assert made.values["script/line"] == 3
    assert present(made) == ["a golden moon"]
    see(made, 1.1)
    made.advance(2.2)
    assert present(made) == ["Look, a red sun sinks into the sea"]
    assert made.waiting == ()


def test_a_listener_that_begins_anew_counts_from_one_again_and_the_reading_goes_on() -> None:
    made = following()
    hear(made, "the lamp is lit", 1.0, utterance=1)
    hear(made, "one", 2.0, utterance=2, stable=3)
    assert Changed("speech/partial", "") in made.deaf()
    hear(made, "one white ship is leaving", 4.0, utterance=1)
    assert made.values["script/line"] == 2
    hear(made, "look a red sun", 6.0, utterance=2)
    assert made.values["script/line"] == 3


def test_a_sentence_that_a_lost_listener_has_begun_is_no_beginning_of_its_successors() -> None:
    made = conductor()
    hear(made, "a red sun over", 1.0, stable=9)
    made.drawn(1, 1.2)
    made.deaf()
    assert present(made) == []
    hear(made, "a wolf in the snow", 1.5)
    assert made.direction.prompts == (Prompt(2, "A wolf in the snow", 1.0, "speech", 1.5),)


def test_what_is_not_in_the_script_moves_nothing_unless_it_is_not_followed() -> None:
    made = following()
    hear(made, "a purple elephant", 1.0)
    assert present(made) == []
    made.receive(SetParam("script/follow", 0, "osc"), 1.5)
    hear(made, "a purple elephant", 2.0, 2)
    assert present(made) == ["A purple elephant"]


def test_go_brings_the_next_line_and_the_operator_says_which_was_the_last() -> None:
    made = following(start_line=2)
    assert made.values["script/line"] == 1
    made.receive(Trigger("go"), 1.0)
    assert present(made) == ["One white ship is leaving without a sound"]
    see(made, 1.1)
    effects = made.receive(SetParam("script/line", 3, "osc:a"), 2.0)
    assert Changed("script/line", 3, "osc:a") in effects
    assert present(made) == ["One white ship is leaving without a sound"]
    hear(made, "the city burns", 3.0, stable=0)
    assert present(made) == ["a burning city at night | people:-1"]
    see(made, 3.1)
    assert refusals(made.receive(Trigger("go", (), "x"), 4.0)) == ["there is no next cue, and no words wait."]
    assert Changed("script/line", 4, "x") in made.receive(SetParam("script/line", 99, "x"), 5.0)


def test_a_line_stays_however_long_the_reader_is_silent() -> None:
    made = following()
    made.receive(Trigger("go"), 1.0)
    see(made, 1.1)
    made.advance(1000.0)
    assert present(made) == ["a golden moon"]


def test_a_cue_may_have_a_caption_of_its_own() -> None:
    made = conductor(cue=(Cue(words="a burning city", caption="Troy"),))
    made.receive(Trigger("go"), 1.0)
    assert captions(made.direction.prompts) == "Troy"


# -- moderation ------------------------------------------------------------------------------------------------------


def test_refused_words_of_anybody_are_refused_aloud_and_never_shown() -> None:
    made = conductor(moderation=ModerationSettings(refused_words=("blood",)), cue=(Cue(words="blood"),))
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
    assert [prompt.text for prompt in made.waiting] == ["a wolf"]
    assert refusals(made.receive(Trigger("queue/approve"), 64.0)) == ["no words wait for approval."]


def test_a_source_that_says_too_much_is_told_so_and_others_are_not() -> None:
    made = conductor(moderation=ModerationSettings(words_per_minute=5))
    assert not refusals(say(made, "one two three four", 1.0, source="osc:a"))
    assert "too much" in refusals(say(made, "five six", 2.0, source="osc:a"))[0]
    assert not refusals(say(made, "five six", 2.0, source="osc:b"))


def test_the_operator_sees_what_go_brings() -> None:
    made = conductor(cue=(Cue(words="a fox:2 | snow"), Cue(words="night", caption="Night falls."), Cue(name="dim")))
    told = [made.outlook]
    for now in (1.0, 2.0, 3.0):
        made.receive(Trigger("go"), now)
        told.append(made.outlook)
    assert told == [
        "cue 0 of 3 · GO brings: a fox, snow",
        "cue 1 of 3 · GO brings: Night falls.",
        "cue 2 of 3 · GO brings: dim",
        "cue 3 of 3 · that was the last",
    ]
    assert conductor().outlook == ""
