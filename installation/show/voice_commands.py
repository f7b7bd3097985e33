"""Voice commands: utterances that trigger something instead of becoming a prompt.

Only a whole utterance with exactly the words of a command counts. Because a recogniser may mishear, commands are
limited to what can be undone: "black" is a blackout, not a panic.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from installation.core.errors import Rejected, suggest
from installation.core.messages import SPEECH, SetParam, Trigger
from installation.core.params import PARAMS, coerce, find_param, find_value
from installation.text.tokenization import tokens

Command = SetParam | Trigger

DEFAULT_COMMANDS = {
    "next": "go",
    "stop": "pause",
    "go on": "resume",
    "black": "blackout = 1",
    "light": "blackout = 0",
}
IRREVERSIBLE = frozenset({"panic", "panicInTime", "queue/clear", "queue/approve", "queue/reject"})

_ASSIGNMENT = re.compile(r"^\s*([\w/]+)\s*=\s*(.+?)\s*$")


def parse_commands(commands: bool | Mapping[str, str]) -> dict[tuple[str, ...], Command]:
    """Parse voice commands: spoken words mapped to a trigger's name, or to `name = value`.

    True stands for the default commands, False for none. The result is keyed by the tokens of the words.

    Raises:
        Rejected: a command has no words, or triggers something that is unknown or not allowed.
    """
    if isinstance(commands, bool):
        commands = DEFAULT_COMMANDS if commands else {}
    return {_tokens(words): _command(words, action) for words, action in commands.items()}


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
