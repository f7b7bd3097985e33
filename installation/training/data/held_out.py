"""Held prompts and common words: what people would say, and what a picture of it must hold. See the two files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from installation.models.interfaces import Group

HERE = Path(__file__).parent
PROMPTS, WORDS = HERE / "held_prompts.toml", HERE / "common_words.txt"
SUBJECT, COMPANION, NOBODY = "subject", "companion", "nobody"

Labels = Mapping[str, tuple[str, ...]]  # of each group that is asked for, the labels of which one will do


@dataclass(frozen=True)
class HeldOutPrompt:
    """A prompt with what it asks for. `may` are figures that it does not ask for but lets in."""

    text: str
    kind: str  # plain, poetic or short
    asked: Labels
    may: tuple[str, ...] = ()

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures that are asked for, as subject or companion; nobody is no figure."""
        named = (*self.asked.get(SUBJECT, ()), *self.asked.get(COMPANION, ()))
        return tuple(label for label in named if label != NOBODY)


def held_prompts(limit: int | None = None) -> tuple[HeldOutPrompt, ...]:
    """All held prompts, or `limit` of them, spread evenly over the file."""
    kinds = tomllib.loads(PROMPTS.read_text(encoding="utf-8"))
    prompts = [_held(kind, row) for kind, rows in kinds.items() for row in rows]
    if limit is None or limit >= len(prompts):
        return tuple(prompts)
    return tuple(prompts[index * len(prompts) // limit] for index in range(limit))


def common_words() -> dict[str, Labels]:
    """The common words, with what their picture should hold where that is clear: any label of any group will do."""
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    return dict(_word(line) for line in lines if line and not line.startswith("#"))


def unknown_labels(asked: Labels, groups: Sequence[Group]) -> list[str]:
    """What is asked for that the groups do not have, as "group label"."""
    known = {group.name: group.labels for group in groups}
    return [f"{name} {label}" for name, labels in asked.items() for label in labels if label not in known.get(name, ())]


def _held(kind: str, row: Mapping[str, str | list[str]]) -> HeldOutPrompt:
    asked = {name: _tuple(value) for name, value in row.items() if name not in ("text", "may")}
    return HeldOutPrompt(str(row["text"]), kind, asked, _tuple(row.get("may", [])))


def _tuple(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _word(line: str) -> tuple[str, Labels]:
    word, _, wanted = line.partition("|")
    asked = {}
    for part in filter(None, (part.strip() for part in wanted.split(";"))):
        name, _, labels = part.partition(" ")
        asked[name] = tuple(label.strip() for label in labels.split(","))
    return word.strip(), asked
