"""Voice commands: utterances that trigger something instead of becoming a prompt.

Only a whole utterance with exactly the words of a command counts. Because a recogniser may mishear, commands are
limited to what can be undone: "black" is a blackout, not a panic.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from installation.core.errors import Rejected, suggest
from installation.core.messages import SPEECH, SetParam, Trigger
from installation.core.params import PARAMS, coerce, find_param, find_value
from installation.text.tokenization import tokens

Command = SetParam | Trigger

_ACTIONS = ("go", "pause", "resume", "blackout = 1", "blackout = 0")
DEFAULT_COMMANDS = {
    language: dict(zip(words, _ACTIONS, strict=True))
    for language, words in {
        "en": ("next", "stop", "go on", "black", "light"),
        "de": ("weiter", "halt", "fortfahren", "dunkel", "licht an"),
        "fr": ("suivant", "arrête", "continue", "noir", "lumière"),
        "es": ("siguiente", "para", "continúa", "negro", "luz"),
        "it": ("avanti", "ferma", "continua", "buio", "luce"),
    }.items()
}
IRREVERSIBLE = frozenset({"panic", "panicInTime", "queue/clear", "queue/approve", "queue/reject"})

_ASSIGNMENT = re.compile(r"^\s*([\w/]+)\s*=\s*(.+?)\s*$")


def parse_commands(
    commands: bool | Mapping[str, str], languages: Sequence[str] = ("en",)
) -> dict[tuple[str, ...], Command]:
    """Parse voice commands: spoken words mapped to a trigger's name, or to `name = value`.

    True stands for the default commands of the languages (two letters each; none: of all), False for none. The result
    is keyed by the tokens of the words.

    Raises:
        Rejected: a command has no words, or triggers something that is unknown or not allowed.
    """
    if isinstance(commands, bool):
        commands = _default_commands(languages) if commands else {}
    return {_tokens(words): _command(words, action) for words, action in commands.items()}


def _default_commands(languages: Sequence[str]) -> dict[str, str]:
    """The default commands of these languages (none: of all); English ones where there are no others."""
    known = [each for each in languages or DEFAULT_COMMANDS if each in DEFAULT_COMMANDS] or ["en"]
    return {words: action for language in known for words, action in DEFAULT_COMMANDS[language].items()}


def _tokens(words: str) -> tuple[str, ...]:
    found = tokens(words)
    if not found:
        raise Rejected(f"the voice command '{words}' has no words.")
    return found


def _command(words: str, action: str) -> Command:
    assignment = _ASSIGNMENT.match(action)
    if assignment:
        param = find_value(assignment[1])
        return SetParam(param.name, coerce(param, assignment[2]), SPEECH)
    row = find_param(action.strip())
    name = row.name
    if row.access == "value" and row.arguments == "[i]":
        return SetParam(name, True, SPEECH)
    if row.access == "value":
        raise Rejected(f"the voice command '{words}' needs a value: '{name} = 1'.")
    if name in IRREVERSIBLE:
        raise Rejected(
            f"the voice command '{words}' cannot trigger '{name}', which cannot be undone; use 'blackout = 1'."
        )
    if name not in _triggers():
        raise Rejected(f"the voice command '{words}' cannot trigger '{name}'; {suggest(name, _triggers())}")
    return Trigger(name, (), SPEECH)


def _triggers() -> list[str]:
    """The triggers that a command may use: those that need no argument and can be undone."""
    rows = (row for row in PARAMS.values() if row.access == "trigger" and row.arguments in ("", "[i]"))
    return [row.name for row in rows if row.name not in IRREVERSIBLE]
