"""Spoken commands, where a show asks for them: a whole utterance that is exactly one, and never a part of a sentence.

Whoever speaks may be misheard, so that only what can be taken back is done by voice: black is a blackout, no panic.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from installation.core.errors import Rejected, suggest
from installation.core.messages import SetParam, Trigger
from installation.core.params import PARAMS, coerce, find_param, find_value
from installation.text.tokenization import tokens

SOURCE = "speech"
USUAL = {
    "next": "go",
    "stop": "pause",
    "go on": "resume",
    "black": "blackout = 1",
    "light": "blackout = 0",
}
FINAL = frozenset({"panic", "panicInTime", "queue/clear", "queue/approve", "queue/reject"})  # nobody can take it back

Command = SetParam | Trigger

_SETTING = re.compile(r"^\s*([\w/]+)\s*=\s*(.+?)\s*$")


def parse_commands(asked: bool | Mapping[str, str]) -> dict[tuple[str, ...], Command]:
    """What each command does, by its words as they are compared. True: the usual ones. Raises Refusal.

    `asked`: words and what they bring, a trigger's name or `name = value`.
    """
    wanted = (USUAL if asked else {}) if isinstance(asked, bool) else asked
    commands: dict[tuple[str, ...], Command] = {}
    for words, does in wanted.items():
        if not tokens(words):
            raise Rejected(f"the command '{words}' has no words.")
        commands[tokens(words)] = _meant(words, does)
    return commands


def _meant(words: str, does: str) -> Command:
    setting = _SETTING.match(does)
    if setting:
        row = find_value(setting[1])
        return SetParam(row.name, coerce(row, setting[2]), SOURCE)
    row = find_param(does.strip())
    spoken = [each.name for each in PARAMS.values() if each.access == "trigger" and each.arguments in ("", "[i]")]
    known = [name for name in spoken if name not in FINAL]
    if row.access == "value":
        raise Rejected(f"the command '{words}' says '{row.name}' without a value: '{row.name} = 1'.")
    if row.name in FINAL:
        raise Rejected(
            f"the command '{words}' cannot bring '{row.name}', which nobody could take back; 'blackout = 1'?"
        )
    if row.name not in known:
        raise Rejected(f"the command '{words}' cannot bring '{row.name}'; {suggest(row.name, known)}")
    return Trigger(row.name, (), SOURCE)
