"""Cues: GO, timers, and what the operator sees of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from installation.conductor.conductor import Conductor
from installation.core.messages import CuesChanged, Origin, SetParam
from installation.core.prompt_text import captions
from installation.show.settings import CueSettings, Show
from tests.conductor.harness import (
    changes,
    draw,
    make_conductor,
    make_reading,
    on_stage,
    rejections,
    send,
    trigger,
    waiting,
)

THREE = tuple(CueSettings(words=words) for words in ("one", "two", "three"))


def test_a_cue_sets_its_prompt_its_fade_and_its_values() -> None:
    cue = CueSettings(name="first", words="one", fade_seconds=7, params={"walk/speed": 0.9})
    conductor = make_conductor(cue=(cue,))
    effects = trigger(conductor, "go", 1.0)
    assert (conductor.direction.fade_seconds, conductor.direction.params["walk/speed"]) == (7, 0.35)
    assert on_stage(conductor) == ["one"]
    conductor.advance(8.0)
    assert conductor.direction.params["walk/speed"] == 0.9
    assert (changes(effects)["cue/current/index"], changes(effects)["cue/current/name"]) == (1, "first")


def test_a_cue_with_a_timer_is_followed_by_the_next_one() -> None:
    conductor = make_conductor(cue=(CueSettings(words="one", seconds=3), CueSettings(words="two")))
    trigger(conductor, "go", 1.0)
    conductor.advance(3.9)
    assert on_stage(conductor) == ["one"]
    conductor.advance(4.0)
    assert on_stage(conductor) == ["two"]
    (reason,) = rejections(trigger(conductor, "go", 9.0))
    assert reason.startswith("that was the last cue: /laterna/playhead/previous goes back")


def test_a_cue_without_a_timer_stays_until_go() -> None:
    conductor = make_conductor(cue=(CueSettings(words="one"), CueSettings(words="two")))
    trigger(conductor, "go", 1.0)
    conductor.advance(1000.0)
    assert on_stage(conductor) == ["one"]


def test_go_is_rejected_during_a_panic_and_skips_no_cue() -> None:
    conductor = make_conductor(cue=(CueSettings(words="one"), CueSettings(words="two")))
    trigger(conductor, "panic", 1.0)
    assert len(rejections(trigger(conductor, "go", 2.0))) == 1
    trigger(conductor, "reset", 3.0)
    trigger(conductor, "go", 4.0)
    assert on_stage(conductor) == ["one"]


def test_a_panic_stops_the_timer_and_the_interrupted_cue_comes_again_with_its_picture() -> None:
    conductor = make_conductor(cue=(CueSettings(words="one", seconds=3), CueSettings(words="two")))
    trigger(conductor, "go", 1.0)
    (shown,) = conductor.direction.prompts
    trigger(conductor, "panic", 2.0)
    trigger(conductor, "reset", 3.0)
    conductor.advance(100.0)
    assert (on_stage(conductor), conductor.values["cue/next/index"]) == ([], 1)
    trigger(conductor, "go", 101.0)
    assert conductor.direction.prompts == (replace(shown, picture=f"prompt:{shown.id}"),)
    conductor.advance(104.0)
    assert on_stage(conductor) == ["two"]


def test_a_cue_may_have_a_caption_of_its_own() -> None:
    conductor = make_conductor(cue=(CueSettings(words="a burning city", caption="Troy"),))
    trigger(conductor, "go", 1.0)
    assert captions(conductor.direction.prompts) == "Troy"


def test_a_second_go_within_half_a_second_is_ignored_as_a_double_press() -> None:
    conductor = make_conductor(cue=(CueSettings(words="one"), CueSettings(words="two"), CueSettings(words="three")))
    for now in (1.0, 1.3):
        trigger(conductor, "go", now)
    assert on_stage(conductor) == ["one"]
    trigger(conductor, "go", 1.6)
    assert on_stage(conductor) == ["two"]


def test_go_after_the_last_cue_leaves_the_waiting_words_alone() -> None:
    conductor = make_conductor(cue=(CueSettings(words="one"),))
    conductor.receive(SetParam("queue/hold", 1, Origin("osc")), 0.0)
    send(conductor, "two", 0.0, "queue/add")
    trigger(conductor, "go", 1.0)
    assert len(rejections(trigger(conductor, "go", 2.0))) == 1
    assert (on_stage(conductor), waiting(conductor)) == (["one"], ["two"])


def test_a_rejected_value_or_an_empty_prompt_in_a_cue_stops_neither_its_other_parts_nor_the_following_cues() -> None:
    talk: dict[str, object] = {"speech/talk": True}  # this show has no push to talk
    cues = (
        CueSettings(words="one", seconds=3),
        CueSettings(words="two", seconds=3, params=talk),
        CueSettings(words="a:0", seconds=3),
        CueSettings(),
    )
    conductor = make_conductor(cue=cues)
    trigger(conductor, "go", 1.0)
    assert [reason.split(";")[0] for reason in rejections(conductor.advance(4.0))] == ["this show does not listen"]
    assert on_stage(conductor) == ["two"]
    assert rejections(conductor.advance(7.0)) == ["the prompt is empty: say what is to be seen."]
    assert changes(conductor.advance(10.0))["cue/current/index"] == 4


def test_the_operator_sees_the_current_cue_and_what_go_brings() -> None:
    cues = (
        CueSettings(words="a fox:2 | snow"),
        CueSettings(words="night", caption="Night falls."),
        CueSettings(name="dim"),
    )
    conductor = make_conductor(cue=cues)
    seen = [conductor.cue_status]
    for now in (1.0, 2.0, 3.0):
        trigger(conductor, "go", now)
        seen.append(conductor.cue_status)
    assert seen == [
        "cue 0 of 3 · GO brings: a fox, snow",
        "cue 1 of 3 · GO brings: Night falls.",
        "cue 2 of 3 · GO brings: dim",
        "cue 3 of 3 · that was the last",
    ]
    assert make_conductor().cue_status == ""


# -- the playhead ----------------------------------------------------------------------------------------------------


def at_three() -> Conductor:
    conductor = make_conductor(cue=THREE)
    for now in (1.0, 2.0, 3.0):
        trigger(conductor, "go", now)
        draw(conductor, now)
    return conductor


def test_previous_brings_back_the_same_picture_and_go_goes_on_from_there() -> None:
    conductor = make_conductor(cue=THREE)
    trigger(conductor, "go", 1.0)
    (first,) = conductor.direction.prompts
    trigger(conductor, "go", 2.0)
    trigger(conductor, "playhead/previous", 3.0)
    assert conductor.direction.prompts == (replace(first, picture=f"prompt:{first.id}"),)
    assert (conductor.values["cue/current/index"], conductor.values["cue/next/words"]) == (1, "two")
    assert rejections(trigger(conductor, "playhead/previous", 4.0)) == ["there is no cue before this one."]
    trigger(conductor, "go", 5.0)
    assert on_stage(conductor) == ["two"]


def test_going_back_to_a_cue_without_words_brings_the_picture_that_it_had() -> None:
    cues = (CueSettings(words="one"), CueSettings(params={"walk/speed": 0.9}), CueSettings(words="three"))
    conductor = make_conductor(cue=cues)
    for now in (1.0, 2.0, 3.0):
        trigger(conductor, "go", now)
    trigger(conductor, "playhead/previous", 4.0)
    assert (on_stage(conductor), conductor.values["cue/current/index"]) == (["one"], 2)


def test_previous_goes_back_in_the_script_while_that_is_read() -> None:
    conductor = make_reading()
    trigger(conductor, "go", 1.0)
    trigger(conductor, "go", 2.0)
    trigger(conductor, "playhead/previous", 3.0)
    assert conductor.values["script/line"] == 1
    assert rejections(trigger(conductor, "playhead/previous", 4.0)) == ["there is no line before."]


def test_cues_are_jumped_to_stood_by_skipped_and_started_over() -> None:
    conductor = at_three()
    trigger(conductor, "cue/2/start", 4.0)
    assert on_stage(conductor) == ["two"]
    trigger(conductor, "playhead/1", 5.0)
    assert (on_stage(conductor), conductor.values["cue/next/index"]) == (["two"], 1)
    trigger(conductor, "playhead/next", 6.0)
    trigger(conductor, "playhead/next", 6.0)
    assert conductor.values["cue/next/words"] == "three"
    trigger(conductor, "go", 7.0)
    assert on_stage(conductor) == ["three"]


@pytest.mark.parametrize("name", ["cue/4/start", "playhead/4", "cue/4/load"])
def test_a_cue_that_does_not_exist_is_rejected(name: str) -> None:
    conductor = at_three()
    assert rejections(trigger(conductor, name, 5.0)) == ["there is no cue 4; this show has 3."]
    assert on_stage(conductor) == ["three"]


def test_load_to_time_joins_a_cue_in_its_middle() -> None:
    cue = CueSettings(words="one", fade_seconds=4, seconds=10, params={"walk/speed": 0.9})
    conductor = make_conductor(cue=(cue, CueSettings(words="two")))
    trigger(conductor, "cue/1/load", 0.0, 3.0)
    trigger(conductor, "go", 100.0)
    assert (conductor.direction.fade_seconds, conductor.values["cue/remaining"]) == (1.0, 7.0)
    conductor.advance(101.0)
    assert conductor.values["walk/speed"] == 0.9
    conductor.advance(107.0)
    assert on_stage(conductor) == ["two"]


def test_a_cue_waits_before_it_fires_and_a_second_go_ends_the_wait() -> None:
    conductor = make_conductor(cue=(CueSettings(words="one", wait_seconds=5), CueSettings(words="two", wait_seconds=5)))
    trigger(conductor, "go", 1.0)
    conductor.advance(3.0)
    assert (on_stage(conductor), conductor.values["cue/remaining"]) == ([], 3.0)
    conductor.advance(6.0)
    assert on_stage(conductor) == ["one"]
    trigger(conductor, "go", 7.0)
    trigger(conductor, "go", 8.0)
    assert on_stage(conductor) == ["two"]


def test_a_panic_during_the_wait_of_a_cue_does_not_lose_it() -> None:
    conductor = make_conductor(cue=(CueSettings(words="one"), CueSettings(words="two", wait_seconds=5)))
    trigger(conductor, "go", 1.0)
    trigger(conductor, "go", 2.0)
    trigger(conductor, "panic", 3.0)
    trigger(conductor, "reset", 4.0)
    assert conductor.values["cue/next/words"] == "two"
    conductor.advance(20.0)
    assert on_stage(conductor) == []


def test_a_cue_that_continues_fires_the_next_one_with_it() -> None:
    cues = (CueSettings(name="light", continues=True, params={"blackout": False}), CueSettings(words="one"))
    conductor = make_conductor(cue=(*cues, CueSettings(words="two")))
    trigger(conductor, "go", 1.0)
    conductor.advance(1.02)
    assert (on_stage(conductor), conductor.values["cue/current/index"]) == (["one"], 2)
    conductor.advance(500.0)
    assert on_stage(conductor) == ["one"]


def test_a_countdown_shows_when_the_next_cue_follows() -> None:
    conductor = make_conductor(cue=(CueSettings(words="one", seconds=3), CueSettings(words="two")))
    trigger(conductor, "go", 1.0)
    seen = [changes(conductor.advance(now)).get("cue/remaining") for now in (1.1, 1.15, 2.0, 4.0)]
    assert seen == [2.9, None, 2.0, 0.0]  # by tenths of a second


# -- pause -----------------------------------------------------------------------------------------------------------


def test_a_pause_stops_the_clock_of_a_cue_and_its_fades() -> None:
    cue = CueSettings(words="one", seconds=10, fade_seconds=4, params={"walk/speed": 0.85})
    conductor = make_conductor(cue=(cue, CueSettings(words="two")))
    conductor.receive(SetParam("transition/curve", "linear", Origin("osc")), 0.0)
    trigger(conductor, "go", 0.0)
    conductor.advance(2.0)
    trigger(conductor, "pause", 2.0)
    for now in range(3, 100):
        conductor.advance(float(now))
    assert conductor.values["walk/speed"] == pytest.approx(0.6)
    trigger(conductor, "resume", 100.0)
    conductor.advance(101.0)
    assert conductor.values["walk/speed"] == pytest.approx(0.725)
    conductor.advance(107.9)
    assert on_stage(conductor) == ["one"]
    conductor.advance(108.0)
    assert on_stage(conductor) == ["two"]


@pytest.mark.parametrize("name", ["go", "cue/2/start", "playhead/previous", "queue/skip"])
def test_go_in_a_pause_is_rejected_and_changes_nothing(name: str) -> None:
    conductor = at_three()
    before = conductor.direction.prompts, conductor.values["cue/next/index"]
    trigger(conductor, "pause", 4.0)
    assert rejections(trigger(conductor, name, 5.0)) == ["the show is paused: F6 or /laterna/resume ends the pause."]
    trigger(conductor, "resume", 6.0)
    conductor.advance(6.1)
    assert (conductor.direction.prompts, conductor.values["cue/next/index"]) == before


def test_go_a_moment_after_a_cue_that_followed_by_itself_skips_nothing() -> None:
    conductor = make_conductor(cue=(CueSettings(words="one", seconds=3), *THREE[1:]))
    trigger(conductor, "go", 1.0)
    conductor.advance(4.0)
    trigger(conductor, "go", 4.2)
    assert on_stage(conductor) == ["two"]
    trigger(conductor, "go", 4.6)
    assert on_stage(conductor) == ["three"]


# -- a list that is read again ---------------------------------------------------------------------------------------


def test_a_reloaded_list_keeps_the_playhead_at_its_cue() -> None:
    conductor = make_conductor(cue=THREE)
    trigger(conductor, "go", 1.0)
    trigger(conductor, "go", 2.0)
    effects = conductor.reload(Show(cue=(CueSettings(words="zero"), *THREE, CueSettings(words="four"))))
    (listing,) = (each for each in effects if isinstance(each, CuesChanged))
    assert [cue.words for cue in listing.cues] == ["zero", "one", "two", "three", "four"]
    assert (conductor.values["cue/current/index"], conductor.values["cue/next/words"]) == (3, "three")
    trigger(conductor, "playhead/previous", 3.0)
    assert on_stage(conductor) == ["one"]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_reloaded_list_may_be_shorter(count: int) -> None:
    conductor = at_three()
    conductor.reload(Show(cue=THREE[:count]))
    conductor.advance(50.0)
    assert (conductor.values["cue/current/index"], conductor.values["cue/count"]) == (count, count)
    assert len(rejections(trigger(conductor, "go", 60.0))) == 1


# -- pictures --------------------------------------------------------------------------------------------------------


def test_a_cue_names_stored_latents_or_a_seed() -> None:
    conductor = make_conductor(
        cue=(CueSettings(words="one", picture="one.safetensors"), CueSettings(picture=7, words="x"))
    )
    trigger(conductor, "go", 1.0)
    assert [(each.picture, each.seed) for each in conductor.direction.prompts] == [("one.safetensors", 0)]
    trigger(conductor, "go", 2.0)
    assert [(each.picture, each.seed) for each in conductor.direction.prompts] == [("", 7)]
    trigger(conductor, "dream/reseed", 3.0)
    assert [(each.picture, each.seed) for each in conductor.direction.prompts] == [("", 0)]
