"""Voice commands in a show file."""

from __future__ import annotations

import pytest

from installation.core.errors import ShowError
from installation.core.messages import Origin, SetParam, Trigger
from installation.show.loader import override, parse_show
from installation.show.settings import Show
from installation.show.voice_commands import DEFAULT_COMMANDS, parse_commands


def test_commands_are_keyed_by_their_tokens() -> None:
    assert parse_commands({"Open, Sesame!": "go", "louder": "walk/speed = 7"}) == {
        ("open", "sesame"): Trigger("go", (), Origin("speech")),
        ("louder",): SetParam("walk/speed", 1.0, Origin("speech")),
    }


def test_true_stands_for_the_default_commands_and_false_for_none() -> None:
    assert len(parse_commands(True)) == len(DEFAULT_COMMANDS["en"])
    assert len(parse_commands(True, ("de", "en"))) == 2 * len(DEFAULT_COMMANDS["en"])
    assert parse_commands(True, ("fi",)) == parse_commands(True)
    assert set(parse_commands(True)) < set(parse_commands(True, ()))
    assert parse_commands(False) == {}


@pytest.mark.parametrize(
    ("commands", "said"),
    [
        ('{ "help" = "panic" }', "the voice command 'help' cannot trigger 'panic', which cannot be undone; use 'bl"),
        ('{ "yes" = "queue/approve" }', "cannot trigger 'queue/approve', which cannot be undone; "),
        ('{ "next" = "goo" }', "there is no parameter 'goo'; did you mean 'go'?"),
        ('{ "say" = "prompt" }', "the voice command 'say' cannot trigger 'prompt'; "),
        ('{ "black" = "blackout" }', "the voice command 'black' needs a value: 'blackout = 1'."),
        ('{ "fast" = "walk/speed = much" }', "'walk/speed' takes a number from 0 to 1, not 'much'."),
        ('{ "..." = "go" }', "the voice command '...' has no words."),
        ("3", "input should be true, false, or a table of words and triggers, not 3."),
        ('{ "next" = 3 }', "input should be true, false, or a table of words and triggers."),
    ],
)
def test_an_invalid_command_is_reported_with_its_line(commands: str, said: str) -> None:
    with pytest.raises(ShowError) as error:
        parse_show(f"[listen]\nenabled = true\ncommands = {commands}\n", "my.toml")
    assert str(error.value).startswith("my.toml, line 3: listen.commands: ")
    assert said in str(error.value)


def test_commands_can_be_switched_on_from_the_command_line() -> None:
    show, _ = override(Show(), {"listen.commands": "true"})
    assert show.listen.commands is True
