"""Cues: GO, timers, and what the operator sees of them."""

from __future__ import annotations

from installation.core.messages import Origin, SetParam
from installation.core.prompt_text import captions
from installation.show.settings import CueSettings
from tests.conductor.harness import changes, make_conductor, on_stage, rejections, send, trigger


def test_a_cue_sets_its_prompt_its_fade_and_its_values() -> None:
    cue = CueSettings(name="first", words="one", fade_seconds=7, params={"walk/speed": 0.9})
    conductor = make_conductor(cue=(cue,))
    effects = trigger(conductor, "go", 1.0)
    assert (conductor.direction.fade_seconds, conductor.direction.params["walk/speed"]) == (7, 0.9)
    assert on_stage(conductor) == ["one"]
    assert (changes(effects)["cue/current/index"], changes(effects)["cue/current/name"]) == (1, "first")


def test_a_cue_with_a_timer_is_followed_by_the_next_one() -> None:
    conductor = make_conductor(cue=(CueSettings(words="one", seconds=3), CueSettings(words="two")))
    trigger(conductor, "go", 1.0)
    conductor.advance(3.9)
    assert on_stage(conductor) == ["one"]
    conductor.advance(4.0)
    assert on_stage(conductor) == ["two"]
    assert rejections(trigger(conductor, "go", 9.0)) == ["there is no next cue, and no prompts are waiting."]


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


def test_a_panic_stops_the_timer_of_a_cue() -> None:
    conductor = make_conductor(cue=(CueSettings(words="one", seconds=3), CueSettings(words="two")))
    trigger(conductor, "go", 1.0)
    trigger(conductor, "panic", 2.0)
    trigger(conductor, "reset", 3.0)
    conductor.advance(100.0)
    assert on_stage(conductor) == []
    trigger(conductor, "go", 101.0)
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


def test_after_the_last_cue_go_shows_queued_prompts_even_while_the_queue_is_held() -> None:
    conductor = make_conductor(cue=(CueSettings(words="one"),))
    conductor.receive(SetParam("queue/hold", 1, Origin("osc")), 0.0)
    send(conductor, "two", 0.0, "queue/add")
    for now, text in ((1.0, "one"), (2.0, "two")):
        trigger(conductor, "go", now)
        assert on_stage(conductor) == [text]


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
    assert [reason.split(";")[0] for reason in rejections(conductor.advance(4.0))] == ["this show always listens"]
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
