"""A script that is followed while somebody reads it aloud, and the operator's control of it."""

from __future__ import annotations

import pytest

from installation.conductor.conductor import Conductor
from installation.core.errors import ShowError
from installation.core.messages import Changed, Origin, Prompt, SetParam
from installation.core.prompt_text import captions
from installation.core.speech_messages import RecognizerHints, SpeechRejected
from installation.show.settings import ScriptSettings, Show
from tests.conductor.harness import (
    changes,
    draw,
    make_conductor,
    make_reading,
    on_stage,
    rejections,
    speak,
    trigger,
    waiting,
)


def test_a_line_that_is_read_brings_its_prompt_its_values_its_fade_and_its_own_caption() -> None:
    conductor = make_reading()
    changed = changes(speak(conductor, "the lamb is lit", 1.0, stable=0))
    line = "The lamp is lit and the room is dark"
    assert conductor.direction.prompts == (Prompt(1, "a golden moon", 1.0, Origin("script"), 1.0, line),)
    assert conductor.direction.fade_seconds == 5.0
    conductor.advance(6.0)
    assert conductor.direction.params["walk/speed"] == 0.2
    assert (changed["script/line"], changed["script/text"]) == (1, line)
    assert captions(conductor.direction.prompts) == line


def test_a_line_that_was_overtaken_while_it_waited_is_not_shown_late() -> None:
    conductor = make_reading()
    speak(conductor, "the lamp is lit and the room is dark one white ship is leaving look a red sun sinks", 1.0)
    assert conductor.values["script/line"] == 3
    assert on_stage(conductor) == ["a golden moon"]
    draw(conductor, 1.1)
    conductor.advance(2.2)
    assert on_stage(conductor) == ["Look, a red sun sinks into the sea"]
    assert conductor.queued_prompts == ()


def test_speech_that_is_not_in_the_script_is_ignored_while_the_script_is_followed() -> None:
    conductor = make_reading()
    speak(conductor, "a purple elephant", 1.0)
    assert on_stage(conductor) == []
    conductor.receive(SetParam("script/follow", 0, Origin("osc")), 1.5)
    speak(conductor, "a purple elephant", 2.0, 2)
    assert on_stage(conductor) == ["A purple elephant"]


def test_the_reading_goes_on_with_a_new_speech_worker() -> None:
    conductor = make_reading()
    speak(conductor, "the lamp is lit", 1.0, utterance=1)
    speak(conductor, "one", 2.0, utterance=2, stable=3)
    conductor.speech_lost()
    speak(conductor, "one white ship is leaving", 4.0, utterance=1)
    assert conductor.values["script/line"] == 2
    speak(conductor, "look a red sun", 6.0, utterance=2)
    assert conductor.values["script/line"] == 3


def test_a_line_stays_on_the_stage_however_long_the_reader_is_silent() -> None:
    conductor = make_reading()
    trigger(conductor, "go", 1.0)
    draw(conductor, 1.1)
    conductor.advance(1000.0)
    assert on_stage(conductor) == ["a golden moon"]


def test_a_line_with_a_rejected_value_is_shown_all_the_same() -> None:
    conductor = make_conductor(script=ScriptSettings(text="The lamp is lit => a lamp; speech/talk = 1"))
    assert len(rejections(trigger(conductor, "script/next", 1.0))) == 1
    assert on_stage(conductor) == ["a lamp"]


def test_a_line_that_was_misheard_is_taken_back_from_the_stage() -> None:
    conductor = make_reading()
    speak(conductor, "the lamp is lit and the room is dark", 1.0)
    draw(conductor, 1.1)
    misheard = "and a red sun sinks"
    speak(conductor, misheard, 4.0, 2, stable=len(misheard))
    assert conductor.values["script/line"] == 3
    draw(conductor, 4.1)
    speak(conductor, "and the room is dark", 7.0, 2)
    assert (conductor.values["script/line"], on_stage(conductor)) == (1, ["a golden moon"])
    draw(conductor, 7.1)
    speak(conductor, "one white ship is leaving", 10.0, 3)
    assert conductor.values["script/line"] == 2


def test_a_line_begun_by_what_was_no_speech_is_taken_back() -> None:
    conductor = make_reading()
    heard = "the city burns behind me"
    speak(conductor, heard, 1.0, 1, stable=len(heard))
    assert (conductor.values["script/line"], conductor.values["script/next/text"]) == (4, "")
    conductor.receive(SpeechRejected(1, "", "Sounds, no words."), 2.0)
    assert (conductor.values["script/line"], conductor.values["script/text"]) == (0, "")
    assert conductor.values["script/next/text"] == conductor.script_lines[0]


# -- the operator ----------------------------------------------------------------------------------------------------


def test_go_shows_the_next_line_and_setting_the_line_shows_nothing() -> None:
    conductor = make_reading(start_line=2)
    assert conductor.values["script/line"] == 1
    trigger(conductor, "go", 1.0)
    assert on_stage(conductor) == ["One white ship is leaving without a sound"]
    draw(conductor, 1.1)
    assert Changed("script/line", 3, Origin("osc", "a")) in conductor.receive(
        SetParam("script/line", 3, Origin("osc", "a")), 2.0
    )
    assert on_stage(conductor) == ["One white ship is leaving without a sound"]
    speak(conductor, "the city burns", 3.0, stable=0)
    assert on_stage(conductor) == ["a burning city at night | people:-1"]
    draw(conductor, 3.1)
    assert rejections(trigger(conductor, "go", 4.0)) == ["there is no next cue, and no prompts are waiting."]


def test_a_line_number_is_limited_to_the_script() -> None:
    conductor = make_reading()
    assert Changed("script/line", 4) in conductor.receive(SetParam("script/line", 99, Origin("x")), 5.0)
    assert conductor.values["script/text"] == "The city burns behind me"
    conductor.receive(SetParam("script/line", 1, Origin("x")), 6.0)
    assert conductor.values["script/text"] == "The lamp is lit and the room is dark"
    conductor.receive(SetParam("script/line", 0, Origin("x")), 7.0)
    assert conductor.values["script/text"] == ""


def test_the_next_line_is_a_reading_wherever_the_reader_is() -> None:
    conductor = make_reading()
    assert conductor.values["script/next/text"] == "The lamp is lit and the room is dark"
    speak(conductor, "the lamp is lit", 1.0)
    assert conductor.values["script/next/text"] == "One white ship is leaving without a sound"
    trigger(conductor, "script/next", 2.0)
    assert conductor.values["script/next/text"] == "Look, a red sun sinks into the sea"
    trigger(conductor, "script/previous", 3.0)
    assert conductor.values["script/next/text"] == "One white ship is leaving without a sound"
    conductor.receive(SetParam("script/line", 4, Origin("x")), 4.0)
    assert conductor.values["script/next/text"] == ""
    assert Conductor(Show()).values["script/next/text"] == ""


def test_the_operator_can_step_through_the_script_in_both_directions() -> None:
    conductor = make_reading()
    for name, line in (("next", 1), ("next", 2), ("previous", 1)):
        trigger(conductor, f"script/{name}", float(line))
        assert conductor.values["script/line"] == line
        draw(conductor, 10.0)
        conductor.advance(20.0)
    assert captions(conductor.direction.prompts) == "The lamp is lit and the room is dark"
    assert rejections(trigger(conductor, "script/previous", 30.0)) == ["there is no line before."]
    conductor.receive(SetParam("script/line", 4, Origin("x")), 30.0)
    assert rejections(trigger(conductor, "script/next", 30.0)) == ["that was the last line."]


def test_a_panic_stops_the_script_and_skips_no_line() -> None:
    conductor = make_reading()
    trigger(conductor, "panic", 31.0)
    assert len(rejections(trigger(conductor, "script/next", 32.0))) == 1
    assert (conductor.values["script/line"], on_stage(conductor)) == (0, [])
    trigger(conductor, "reset", 33.0)
    trigger(conductor, "script/next", 34.0)
    assert on_stage(conductor) == ["a golden moon"]


def test_a_line_that_is_read_during_a_panic_is_not_shown() -> None:
    conductor = make_reading()
    trigger(conductor, "panic", 31.0)
    assert rejections(speak(conductor, "the lamp is lit", 32.0)) == []
    assert (conductor.values["script/line"], on_stage(conductor)) == (0, [])


def test_a_show_without_a_script_rejects_its_controls() -> None:
    conductor = Conductor(Show())
    for effects in (
        conductor.receive(SetParam("script/line", 3, Origin("x")), 1.0),
        trigger(conductor, "script/next", 1.0),
    ):
        assert rejections(effects) == ["this show has no script."]
    assert conductor.values["script/line"] == 0


def test_a_loaded_script_starts_at_its_first_line_and_replaces_the_recognisers_hints() -> None:
    conductor = make_reading()
    trigger(conductor, "go", 1.0)
    draw(conductor, 1.1)
    assert changes(conductor.load_script("Winter is here\nThe snow is deep\n", "winter.txt")) == {
        "script/lines": 2,
        "script/name": "winter.txt",
        "script/line": 0,
        "script/text": "",
        "script/next/text": "Winter is here",
    }
    assert conductor.recognizer_hints == RecognizerHints(("Winter is here", "The snow is deep"), True)
    speak(conductor, "winter is here", 5.0)
    assert captions(conductor.direction.prompts) == "Winter is here"


def test_a_line_of_the_old_script_that_waits_is_dropped_when_another_script_is_loaded() -> None:
    conductor = make_reading()
    trigger(conductor, "script/next", 1.0)
    trigger(conductor, "script/next", 1.1)
    assert waiting(conductor) == ["One white ship is leaving without a sound"]
    assert changes(conductor.load_script("Winter is here\n", "winter.txt"))["queue/length"] == 0


def test_an_invalid_script_is_not_loaded() -> None:
    conductor = make_reading()
    with pytest.raises(ShowError, match=r"bad\.txt, line 1"):
        conductor.load_script("a => b; c", "bad.txt")
    assert conductor.values["script/lines"] == 4
    assert conductor.script_lines[0] == "The lamp is lit and the room is dark"
