"""Spoken commands: exactly one, whole, and nothing that nobody could take back."""

from __future__ import annotations

import pytest

from installation.core.errors import ShowError
from installation.core.messages import RecognizerHints, SetParam
from installation.show.loader import override, parse_show
from installation.show.settings import CueSettings, ListenSettings, Show
from tests.conductor.rules import conductor, following, hear, present


def test_a_whole_utterance_that_is_a_command_does_it_and_is_never_a_prompt() -> None:
    made = conductor(listen=ListenSettings(commands=True), cue=(CueSettings(words="one"), CueSettings(words="two")))
    hear(made, "Next.", 1.0)
    assert present(made) == ["one"]
    assert SetParam("blackout", True, "speech") in hear(made, "black", 2.0, 2)
    assert SetParam("blackout", False, "speech") in hear(made, "Light!", 3.0, 3)
    hear(made, "stop", 4.0, 4)
    assert made.mode == "paused"
    hear(made, "uhm, go on", 5.0, 5)  # not exactly the command
    assert made.mode == "paused"
    hear(made, "Go on", 6.0, 6)
    assert made.mode == "live"


def test_a_command_within_a_sentence_or_in_a_partial_does_nothing() -> None:
    made = conductor(listen=ListenSettings(commands=True), cue=(CueSettings(words="one"),))
    hear(made, "next", 1.0, stable=4)
    hear(made, "next to the river", 1.5)
    assert present(made) == ["Next to the river"]
    hear(made, "go on", 3.0, 2, stable=5)
    assert present(made) == ["Next to the river"]  # it may become a command
    hear(made, "go on the water", 3.5, 2)
    made.advance(3.5)
    assert made.mode == "live"


def test_without_being_asked_for_there_are_no_commands() -> None:
    made = conductor(cue=(CueSettings(words="one"),))
    hear(made, "next", 1.0)
    assert present(made) == ["Next"]


def test_a_show_may_have_commands_of_its_own_and_a_double_one_is_guarded_like_a_key() -> None:
    cues = (CueSettings(words="one"), CueSettings(words="two"), CueSettings(words="three"))
    made = conductor(listen=ListenSettings(commands={"Open, Sesame": "go", "louder": "walk/speed = 0.9"}), cue=cues)
    hear(made, "open sesame", 1.0)
    hear(made, "open sesame", 1.2, 2)
    assert present(made) == ["one"]
    hear(made, "louder", 2.0, 3)
    assert made.direction.params["walk/speed"] == 0.9
    assert RecognizerHints(("one", "two", "three", "open sesame", "louder"), False) == made.recognizer_hints


def test_a_line_of_the_script_is_no_command() -> None:
    made = following(listen=ListenSettings(commands={"the city burns behind me": "pause", "next": "go"}))
    hear(made, "next", 0.5, 1)
    assert made.values["script/line"] == 1
    made.receive(SetParam("script/line", 3, "x"), 1.0)
    hear(made, "the city burns behind me", 2.0, 2)
    assert (made.mode, made.values["script/line"]) == ("live", 4)


@pytest.mark.parametrize(
    ("commands", "said"),
    [
        ('{ "help" = "panic" }', "cannot bring 'panic', which nobody could take back; 'blackout = 1'?"),
        ('{ "yes" = "queue/approve" }', "cannot bring 'queue/approve', which nobody could take back"),
        ('{ "next" = "goo" }', "there is no parameter 'goo'; did you mean 'go'?"),
        ('{ "say" = "prompt" }', "the command 'say' cannot bring 'prompt'; "),
        ('{ "black" = "blackout" }', "says 'blackout' without a value: 'blackout = 1'."),
        ('{ "fast" = "walk/speed = much" }', "'walk/speed' takes a number from 0 to 1, not 'much'."),
        ('{ "..." = "go" }', "the command '...' has no words."),
        ("3", "it should be true, false, or a table of words and what they bring, not 3."),
        ('{ "next" = 3 }', "it should be true, false, or a table of words and what they bring, not {'next': 3}."),
    ],
)
def test_a_command_that_cannot_be_is_one_sentence_with_its_line(commands: str, said: str) -> None:
    with pytest.raises(ShowError) as error:
        parse_show(f"[listen]\nenabled = true\ncommands = {commands}\n", "my.toml")
    assert str(error.value).startswith("my.toml, line 3: listen.commands: ")
    assert said in str(error.value)


def test_commands_may_be_switched_on_by_the_command_line() -> None:
    show, _ = override(Show(), {"listen.commands": "true"})
    assert show.listen.commands is True
