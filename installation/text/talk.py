"""What people say around what they want to see, by language: the word lists and patterns of `talk.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("talk.toml")


@dataclass(frozen=True)
class Talk:
    """The talk of one language.

    Attributes:
        determiners: Words that begin what is named: "a", "the", "three".
        fillers: Patterns that mean nothing wherever they stand.
        openers: Words before a wish, dropped where a wish or a determiner follows.
        frames: Patterns of a wish, dropped at the beginning.
        endings: Patterns dropped at the end.
        corrections: Patterns after which the last wish begins.
        without: Words before what is not wanted, anywhere.
        no: Words before what is not wanted, at the beginning of a clause.
        away: Verbs around what is not wanted, before `gone`: "take the tree away".
        gone: Words after what is not wanted.
        fixed: Words after `without` and `no` that make it no negation: "without end", "no man".
        function: Words that name nothing.
        alone: Words of `function` that are a wish where nothing else is said: "nothing".
        denials: Patterns of what is not wanted, `{name}` in them: "not {name} but".
        whole: Patterns of a whole text that is a wish although all its words are talk: "who am I".
        asides: Patterns of a whole clause that is no wish: "where can I park", "my name is Anna".
        chatter: Words of greetings, thanks, wonder and questions about the machine.
    """

    determiners: str
    fillers: tuple[str, ...]
    openers: str
    frames: tuple[str, ...]
    endings: tuple[str, ...]
    corrections: tuple[str, ...]
    without: str
    no: str
    away: str
    gone: str
    fixed: str
    function: frozenset[str]
    chatter: frozenset[str]
    alone: frozenset[str]
    denials: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()


@cache
def talk_of(language: str) -> Talk | None:
    """The talk of a language (two letters); None if there are no rules for it."""
    table = _tables().get(language)
    if table is None:
        return None
    return Talk(
        determiners=table["determiners"],
        fillers=tuple(table["fillers"]),
        openers=table["openers"],
        frames=tuple(table["frames"]),
        endings=tuple(table["endings"]),
        corrections=tuple(table["corrections"]),
        without=table["without"],
        no=table["no"],
        away=table["away"],
        gone=table["gone"],
        fixed=table["fixed"],
        function=frozenset(table["function"].split()),
        chatter=frozenset(table["chatter"].split()),
        alone=frozenset(table.get("alone", "").split()),
        denials=tuple(table.get("denials", ())),
        asides=tuple(table.get("asides", ())),
        whole=tuple(table.get("whole", ())),
    )


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
