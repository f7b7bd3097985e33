"""Voice commands: an utterance that is exactly a command is carried out, and never shown."""

from __future__ import annotations

from installation.core.messages import Origin, SetParam
from installation.show.settings import CueSettings, ListenSettings
from tests.conductor.harness import make_conductor, make_reading, on_stage, speak

COMMANDS = ListenSettings(commands=True)


def test_the_default_commands_are_carried_out() -> None:
    conductor = make_conductor(listen=COMMANDS, cue=(CueSettings(words="one"), CueSettings(words="two")))
    speak(conductor, "Next.", 1.0)
    assert on_stage(conductor) == ["one"]
    assert SetParam("blackout", True, Origin("speech")) in speak(conductor, "black", 2.0, 2)
    assert SetParam("blackout", False, Origin("speech")) in speak(conductor, "Light!", 3.0, 3)
    speak(conductor, "stop", 4.0, 4)
    assert conductor.mode == "paused"
    speak(conductor, "uhm, go on", 5.0, 5)  # not exactly the command
    assert conductor.mode == "paused"
    speak(conductor, "Go on", 6.0, 6)
    assert conductor.mode == "live"


def test_a_command_inside_a_sentence_or_in_a_partial_is_not_carried_out() -> None:
    conductor = make_conductor(listen=COMMANDS, cue=(CueSettings(words="one"),))
    speak(conductor, "next", 1.0, stable=4)
    speak(conductor, "next to the river", 1.5)
    assert on_stage(conductor) == ["Next to the river"]
    speak(conductor, "go on", 3.0, 2, stable=5)
    speak(conductor, "go on the water", 3.5, 2)
    conductor.advance(3.5)
    assert (conductor.mode, on_stage(conductor)) == ("live", ["Next to the river"])


def test_a_partial_that_may_become_a_command_does_not_move_the_picture() -> None:
    conductor = make_conductor(listen=COMMANDS)
    speak(conductor, "go on", 3.0, stable=5)
    assert on_stage(conductor) == []
    speak(conductor, "go on the water", 3.5, stable=15)
    assert on_stage(conductor) == ["Go on the water"]


def test_a_command_restores_the_picture_that_its_own_partial_has_moved() -> None:
    conductor = make_conductor(listen=ListenSettings(commands={"a red sun please": "pause"}))
    speak(conductor, "a red sun over", 3.0, stable=14)
    assert on_stage(conductor) == ["A red sun over"]
    speak(conductor, "a red sun please", 3.5)
    assert (conductor.mode, on_stage(conductor)) == ("paused", [])


def test_without_commands_in_the_show_their_words_are_a_prompt() -> None:
    conductor = make_conductor(cue=(CueSettings(words="one"),))
    speak(conductor, "next", 1.0)
    assert on_stage(conductor) == ["Next"]


def test_a_show_may_define_its_own_commands_and_a_repeated_go_is_guarded_like_a_double_press() -> None:
    cues = (CueSettings(words="one"), CueSettings(words="two"), CueSettings(words="three"))
    commands: dict[str, str] = {"Open, Sesame": "go", "louder": "walk/speed = 0.9"}
    conductor = make_conductor(listen=ListenSettings(commands=commands), cue=cues)
    speak(conductor, "open sesame", 1.0)
    speak(conductor, "open sesame", 1.2, 2)
    assert on_stage(conductor) == ["one"]
    speak(conductor, "louder", 2.0, 3)
    assert conductor.direction.params["walk/speed"] == 0.9


def test_a_line_of_the_script_is_not_a_command() -> None:
    commands: dict[str, str] = {"the city burns behind me": "pause", "next": "go"}
    conductor = make_reading(listen=ListenSettings(commands=commands))
    speak(conductor, "next", 0.5, 1)
    assert conductor.values["script/line"] == 1
    conductor.receive(SetParam("script/line", 3, Origin("x")), 1.0)
    speak(conductor, "the city burns behind me", 2.0, 2)
    assert (conductor.mode, conductor.values["script/line"]) == ("live", 4)
