"""The rules of a show that concern no single part of it: parameters, triggers, modes, and the loss of a worker."""

from __future__ import annotations

from typing import Any

import pytest

from installation.conductor.active_prompt import LED_SECONDS
from installation.conductor.conductor import Conductor
from installation.core.errors import Rejected
from installation.core.messages import (
    KEYBOARD,
    Bundle,
    Changed,
    Direction,
    MessageRejected,
    Origin,
    Prompt,
    SetParam,
    Trigger,
    Value,
)
from installation.core.params import PARAMS, default_values
from installation.show.projection import ProjectedWindow
from installation.show.settings import CueSettings, OutputSettings, QueueSettings, Show
from tests.conductor.harness import changes, draw, make_conductor, make_reading, on_stage, rejections, send, trigger

# -- parameters ------------------------------------------------------------------------------------------------------


def test_a_show_begins_with_the_values_of_the_stage_and_the_first_direction() -> None:
    conductor = Conductor(Show(params={"master/opacity": 0.5}), {"walk/speed": 0.9})
    *values, window, direction = conductor.begin()
    stage: dict[str, Value] = {**default_values("stage"), "master/opacity": 0.5}
    assert values == [SetParam(name, value, Origin("show")) for name, value in stage.items()]
    assert window == ProjectedWindow()
    assert isinstance(direction, Direction)
    assert (direction.prompts, direction.params["walk/speed"]) == ((), 0.9)


def test_a_value_is_clipped_fed_back_and_sent_to_its_owner() -> None:
    conductor = make_conductor()
    effects = conductor.receive(SetParam("walk/speed", 7, Origin("osc", "a")), 0.0)
    assert effects == [Changed("walk/speed", 1.0), conductor.direction]  # the sender is told, since it was clipped
    assert conductor.direction.params["walk/speed"] == 1.0
    assert conductor.receive(SetParam("blackout", True, Origin("osc", "a"), seconds=2.0), 0.0) == [
        Changed("blackout", True, Origin("osc", "a")),
        SetParam("blackout", True, Origin("osc", "a"), seconds=2.0),
    ]
    assert conductor.receive(SetParam("queue/seconds", 3, Origin("osc", "a")), 0.0) == [
        Changed("queue/seconds", 3.0, Origin("osc", "a"))
    ]


def test_a_reading_is_reported_only_when_it_changes() -> None:
    conductor = make_conductor()
    readings = {"status/fps": 30.0, "status/alive": 1}
    assert changes(conductor.update_readings(readings)) == readings
    assert conductor.update_readings(readings) == []


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (SetParam("walk/sped", 1, Origin("x")), "there is no parameter 'walk/sped'; did you mean 'walk/speed'?"),
        (SetParam("walk/speed", float("nan"), Origin("x")), "'walk/speed' takes a number from 0 to 1."),
        (SetParam("go", 1, Origin("x")), "'go' is a trigger and cannot be set; "),
        (Trigger("walk/speed", (), Origin("x")), "'walk/speed' is not a trigger: give it a value."),
        (Trigger("prompt", ("  ",), Origin("x")), "the prompt is empty: say what is to be seen."),
        (Trigger("queue/skip", (), Origin("x")), "no prompts are waiting."),
        (Trigger("panicInTime", ("soon",), Origin("x")), "'panicInTime' takes a number of seconds."),
        (Trigger("dream/reseed", (), Origin("x")), "no prompt is on the stage."),
    ],
)
def test_a_message_that_cannot_be_carried_out_is_rejected_with_the_reason(
    message: SetParam | Trigger, reason: str
) -> None:
    (found,) = rejections(make_conductor().receive(message, 0.0))
    assert found.startswith(reason)


def test_a_bundle_is_applied_as_a_whole_and_a_rejection_in_it_stops_nothing_else() -> None:
    conductor = make_conductor()
    messages = (
        SetParam("walk/speed", 1, Origin("x")),
        SetParam("walk/sped", 1, Origin("x")),
        Trigger("prompt", ("one",), Origin("x")),
    )
    assert len(rejections(conductor.receive(Bundle(messages), 0.0))) == 1
    assert conductor.direction.params["walk/speed"] == 1.0
    assert on_stage(conductor) == ["one"]


# -- triggers --------------------------------------------------------------------------------------------------------


def scene() -> Conductor:
    """A show in the middle of a script, with one prompt on the stage that has been seen, and two that wait."""
    conductor = make_reading()
    trigger(conductor, "script/next", 0.0)
    trigger(conductor, "script/next", 0.0)
    draw(conductor, 0.1)
    conductor.advance(2.0)
    draw(conductor, 2.0)
    for text in ("a fox", "a wolf"):
        send(conductor, text, 2.0, "queue/add")
    return conductor


WHITE_SHIP = "One white ship is leaving without a sound"
OF_TRIGGERS: dict[str, tuple[tuple[Value, ...], dict[str, object]]] = {  # arguments, and what is different afterwards
    "prompt": (("a bear",), {"prompt/current": "a bear"}),
    "queue/add": (("a bear",), {"queue/length": 3}),
    "queue/skip": ((), {"prompt/current": "a fox", "queue/length": 1}),
    "queue/clear": ((), {"queue/length": 0}),
    "queue/approve": ((), {"rejected": "no prompts are waiting for approval."}),
    "queue/reject": ((), {"rejected": "no prompts are waiting for approval."}),
    "go": ((), {"prompt/current": "Look, a red sun sinks into the sea", "script/line": 3}),
    "tempo/tap": ((), {"effect": None}),  # one tap is no tempo yet: see test_tempo
    "tempo/beat": (("three",), {"rejected": "'tempo/beat' takes a beat of the bar."}),
    "resume": ((), {"paused": False}),
    "panic": ((), {"mode": "panic", "effect": ("panic", (1.5,)), "queue/length": 0}),
    "panicInTime": ((), {"mode": "panic", "effect": ("panic", (1.5,)), "queue/length": 0}),
    "reset": ((), {"mode": "attract", "effect": ("reset", ()), "prompt/current": ""}),
    "dream/reseed": ((), {"new id": True}),
    "playhead/next": ((), {"rejected": "that was the last cue."}),
    "playhead/previous": ((), {"script/line": 1}),
    "snapshot/morph": ((1, 2, 0.5), {"rejected": "there is no snapshot 1; stored: none."}),
    "system/reload": ((), {"effect": ("system/reload", ())}),
    "script/next": ((), {"script/line": 3}),
    "script/previous": ((), {"script/line": 1}),
    "script/load": (("other.txt",), {"effect": ("script/load", ("other.txt",))}),
    "record/still": ((), {"effect": ("record/still", ())}),
    "record/start": ((0.0,), {"rejected": "'record/start' takes a number of seconds above 0."}),
    "record/stop": ((), {"effect": ("record/stop", ())}),
    **{
        f"output/corner/{name}": ((x, y), {f"output/corner/{name}/x": x, f"output/corner/{name}/y": y})
        for name, x, y in (("tl", 0.1, 0.2), ("tr", 0.9, 0.2), ("br", 0.8, 0.9), ("bl", 0.2, 0.9))
    },
    "output/corner/reset": ((), {"effect": None}),  # it is where it was: see test_projection_control
    "output/mesh/size": ((2, 2), {"output/mesh": "0,0 1,0; 0,1 1,1"}),
    "output/mesh/point": ((1, 1, 0.1, 0.1), {"rejected": "there is no mesh; give it a size first."}),
    "output/testcard/next": ((), {"output/testcard": 1}),
    "output/undo": ((), {"rejected": "there is no change of the projection to take back."}),
}


def test_this_file_knows_every_trigger() -> None:
    assert set(OF_TRIGGERS) == {row.name for row in PARAMS.values() if row.access == "trigger"}


@pytest.mark.parametrize("name", OF_TRIGGERS)
def test_every_trigger_does_what_it_is_for(name: str) -> None:
    conductor = scene()
    if name == "resume":
        trigger(conductor, "pause", 3.0)
    before = conductor.direction
    args, expected = OF_TRIGGERS[name]
    effects = trigger(conductor, name, 4.0, *args)
    found: dict[str, object] = {**changes(effects), **dict.fromkeys(["rejected"], "".join(rejections(effects)))}
    found["effect"] = next(((each.name, each.args) for each in effects if isinstance(each, Trigger)), None)
    found["paused"] = conductor.direction.paused
    prompts = conductor.direction.prompts
    found["new id"] = [each.text for each in prompts] == [WHITE_SHIP] and prompts[0].id != before.prompts[0].id
    assert {key: found.get(key) for key in expected} == expected
    assert bool(found["rejected"]) == ("rejected" in expected)


def test_reseeding_keeps_the_take_and_starts_a_new_dream_of_the_same_text() -> None:
    conductor = make_conductor()
    send(conductor, "one", 0.0)
    before = conductor.direction
    trigger(conductor, "dream/reseed", 1.0)
    after = conductor.direction
    assert (after.take, [prompt.text for prompt in after.prompts]) == (before.take, ["one"])
    assert after.prompts[0].id != before.prompts[0].id


# -- modes -----------------------------------------------------------------------------------------------------------


def test_a_panic_fades_out_and_clears_the_queue_a_second_one_cuts_and_reset_ends_it() -> None:
    conductor = make_conductor()
    send(conductor, "one", 0.0, "queue/add")
    assert Trigger("panic", (1.5,), Origin("osc")) in trigger(conductor, "panic", 1.0)
    assert not conductor.queued_prompts
    assert conductor.mode == "panic"
    assert rejections(send(conductor, "two", 1.1)) == ["the show is in panic: F10 or /laterna/reset leaves it."]
    assert Trigger("panic", (0.0,), Origin("osc")) in trigger(conductor, "panic", 1.9)
    assert Trigger("reset", (), Origin("osc")) in trigger(conductor, "reset", 3.0)
    assert conductor.mode == "attract"
    assert not rejections(send(conductor, "two", 4.0))


def test_a_panic_may_have_a_fade_of_its_own() -> None:
    assert Trigger("panic", (4.0,), Origin("osc")) in trigger(make_conductor(), "panicInTime", 1.0, 4)
    assert Trigger("panic", (0.0,), Origin("osc")) in trigger(make_conductor(), "panicInTime", 1.0, -4)


def test_a_pause_freezes_the_picture_and_the_queue_until_resume() -> None:
    conductor = make_conductor()
    send(conductor, "one", 0.0)
    draw(conductor, 0.1)
    send(conductor, "two", 0.1, "queue/add")
    trigger(conductor, "pause", 1.0)
    assert conductor.direction.paused
    conductor.advance(100.0)
    assert on_stage(conductor) == ["one"]
    trigger(conductor, "resume", 100.0)
    conductor.advance(107.0)  # "one" has been on the stage for 7.9 s without the pause
    assert on_stage(conductor) == ["one"]
    conductor.advance(107.2)
    assert on_stage(conductor) == ["two"]


def test_the_attract_walk_resumes_after_a_silence() -> None:
    conductor = make_conductor(queue=QueueSettings(attract_after_seconds=30))
    send(conductor, "one", 0.0)
    draw(conductor, 1.0)
    conductor.advance(30.9)
    assert conductor.mode == "live"
    conductor.advance(31.0)
    assert conductor.mode == "attract"


def test_a_reseeded_prompt_starts_the_silence_again() -> None:
    conductor = make_conductor(queue=QueueSettings(attract_after_seconds=30))
    send(conductor, "one", 0.0)
    draw(conductor, 1.0)
    trigger(conductor, "dream/reseed", 20.0)
    conductor.advance(49.9)
    assert conductor.mode == "live"
    conductor.advance(50.0)
    assert conductor.mode == "attract"


def test_a_show_may_keep_its_prompt_for_ever() -> None:
    conductor = make_conductor(queue=QueueSettings(attract_after_seconds=0))
    send(conductor, "one", 0.0)
    draw(conductor, 1.0)
    conductor.advance(1e6)
    assert on_stage(conductor) == ["one"]


# -- the loss of the renderer ----------------------------------------------------------------------------------------


def test_a_lost_renderer_stops_the_queue_until_the_next_one_has_drawn_the_prompt() -> None:
    conductor = make_conductor()
    for text in ("one", "two"):
        send(conductor, text, 0.0, "queue/add")
    conductor.advance(0.0)
    draw(conductor, 0.1)
    conductor.renderer_lost("killed", 1.0)
    assert not conductor.renderer_ready
    conductor.advance(60.0)
    assert on_stage(conductor) == ["one"]
    draw(conductor, 60.0)
    conductor.advance(68.0)
    assert on_stage(conductor) == ["two"]


def test_a_lost_renderer_does_not_renew_the_time_of_the_prompt() -> None:
    conductor = make_conductor()
    conductor.receive(SetParam("queue/seconds", 20.0, Origin("keyboard")), 0.0)
    for text in ("one", "two", "three"):
        send(conductor, text, 0.0, "queue/add")
    conductor.advance(0.0)
    for now in range(1, 60):
        draw(conductor, float(now))
        if now % 18 == 0:
            conductor.renderer_lost("killed", float(now))
        conductor.advance(float(now) + 0.5)
    assert on_stage(conductor) == ["three"]


def test_a_prompt_under_which_two_renderers_die_is_dropped_and_the_next_is_shown() -> None:
    conductor = make_conductor()
    send(conductor, "poison", 0.0, "queue/add")
    send(conductor, "a fox", 0.0, "queue/add")
    conductor.advance(0.0)
    draw(conductor, 0.5)
    assert rejections(conductor.renderer_lost("killed by SIGSEGV", 1.5)) == []
    assert on_stage(conductor) == ["poison"]
    effects = conductor.renderer_lost("killed by SIGSEGV", 3.0)
    assert rejections(effects) == ["'poison' stopped the renderer twice (killed by SIGSEGV)."]
    assert on_stage(conductor) == ["a fox"]


@pytest.mark.parametrize("settings", [{}, {"queue": QueueSettings(attract_after_seconds=0.0)}])
def test_without_another_prompt_a_dropped_one_gives_way_to_the_attract_walk(settings: dict[str, Any]) -> None:
    conductor = make_conductor(**settings)
    send(conductor, "poison", 0.0)
    for now in (1.0, 2.0):
        conductor.renderer_lost("hung", now)
    assert on_stage(conductor) == []
    assert rejections(send(conductor, "poison", 3.0)) == [
        "this prompt stopped the renderer twice; /laterna/reset allows it again."
    ]
    trigger(conductor, "reset", 4.0)
    send(conductor, "poison", 5.0)
    assert on_stage(conductor) == ["poison"]


def test_a_prompt_that_was_drawn_for_long_is_not_blamed() -> None:
    conductor = make_conductor()
    send(conductor, "a fox", 0.0)
    for hours in range(1, 5):
        draw(conductor, 3600.0 * hours)
        assert rejections(conductor.renderer_lost("out of memory", 3600.0 * hours + 1800.0)) == []
    assert on_stage(conductor) == ["a fox"]


# -- takes -----------------------------------------------------------------------------------------------------------


def test_a_prompt_takes_the_stage_at_once_with_the_default_fade() -> None:
    conductor = make_conductor()
    effects = send(conductor, "  a red\x00 sun ", 1.0)
    (direction,) = [effect for effect in effects if isinstance(effect, Direction)]
    assert direction.prompts == (Prompt(1, "a red sun", 1.0, Origin("keyboard"), 1.0),)
    assert (direction.take, direction.fade_seconds) == (1, 2.5)
    assert changes(effects) == {
        "prompt/current": "a red sun",
        "queue/now": "a red sun",
        "mode": "live",
        "mode/index": 1,
    }


def test_a_fade_of_zero_is_a_cut_and_begins_a_new_take() -> None:
    conductor = make_conductor()
    conductor.receive(SetParam("transition/time", 0, Origin("osc")), 0.0)
    send(conductor, "one", 1.0)
    assert (conductor.direction.take, conductor.direction.fade_seconds) == (2, 0.0)


# -- walls in step ----------------------------------------------------------------------------------------------------


def led(*texts: str, take: int = 1, fade_seconds: float = 1.0, paused: bool = False) -> Direction:
    """A Direction of the leader."""
    prompts = tuple(Prompt(100 + number, text) for number, text in enumerate(texts))
    return Direction(take, prompts, fade_seconds, paused=paused)


def test_a_follower_shows_what_its_leader_shows_and_nothing_else() -> None:
    conductor = make_conductor(cue=(CueSettings(words="a ship"),))
    conductor.follow(led("a fox"), 10.0)
    refused = rejections([*send(conductor, "a wolf", 10.5), *trigger(conductor, "go", 10.5)])
    conductor.advance(11.0)
    assert on_stage(conductor) == ["a fox"]
    assert refused == 2 * ["this wall follows another show: send it there."]


def test_the_same_word_of_the_leader_again_changes_nothing() -> None:
    conductor = make_conductor()
    conductor.follow(led("a fox"), 10.0)
    before = conductor.direction
    assert [each for each in conductor.follow(led("a fox"), 11.0) if isinstance(each, Direction)] == []
    assert conductor.direction == before


def test_a_hard_cut_of_the_leader_is_one_here() -> None:
    conductor = make_conductor()
    conductor.follow(led("a fox", take=7), 10.0)
    take = conductor.direction.take
    conductor.follow(led("a wolf", take=7), 11.0)
    assert conductor.direction.take == take
    conductor.follow(led("a ship", take=8, fade_seconds=0.0), 12.0)
    assert (conductor.direction.take, conductor.direction.fade_seconds) == (take + 1, 0.0)


def test_a_show_whose_leader_is_gone_goes_on_alone() -> None:
    conductor = make_conductor()
    conductor.follow(led("a fox", paused=True), 10.0)
    conductor.advance(10.0 + 0.9 * LED_SECONDS)
    assert conductor.direction.paused
    conductor.advance(10.0 + LED_SECONDS)
    assert (conductor.direction.paused, on_stage(conductor)) == (False, ["a fox"])
    draw(conductor, 20.0)
    send(conductor, "a wolf", 30.0)
    assert on_stage(conductor) == ["a wolf"]


def test_an_output_is_switched_by_its_number_and_one_that_the_show_does_not_have_is_refused() -> None:
    show = Show(output=(OutputSettings(kind="mjpeg"), OutputSettings(kind="ndi")))
    conductor = Conductor(show, {"output/2/active": False})
    assert (conductor.values["output/1/active"], conductor.values["output/2/active"]) == (True, False)
    effects = conductor.receive(SetParam("output/1/active", 0, KEYBOARD), 1.0)
    assert [each for each in effects if isinstance(each, Changed)] == [Changed("output/1/active", False, KEYBOARD)]
    assert conductor.saved_state.values == {"output/1/active": False}
    for name in ("output/0/active", "output/3/active"):
        (refused,) = conductor.receive(SetParam(name, 1, KEYBOARD), 2.0)
        assert isinstance(refused, MessageRejected)
        assert refused.reason == f"there is no output {name[7]}; the show has 2."
    with pytest.raises(Rejected, match="there is no output 3"):
        Conductor(show, {"output/3/active": False})
