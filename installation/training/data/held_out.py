"""The validation sets of the evaluation: prompts with what their images must show, and two hundred common words.

No file is used in training. `held_out_prompts.toml`, `category_prompts.toml` and `common_words.txt` describe their own
format.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from installation.models.interfaces import Group

FOLDER = Path(__file__).parent
PROMPTS, COMMON_WORDS = FOLDER / "held_out_prompts.toml", FOLDER / "common_words.txt"
CATEGORY_PROMPTS = FOLDER / "category_prompts.toml"
SUBJECT, COMPANION, PROGRAM = "subject", "companion", "nobody"
ANYTHING = "any"  # among allowed figures: whatever there is

_Row = TypeVar("_Row")
ExpectedLabels = Mapping[str, tuple[str, ...]]  # group name -> the labels that are accepted


@dataclass(frozen=True)
class HeldOutPrompt:
    """A prompt with what its image must show: one of the expected labels in each named group.

    Figures in `allowed` are not asked for, but are not counted as unrequested either.
    """

    text: str
    kind: str  # "plain", "poetic" or "short"
    expected: ExpectedLabels
    allowed: tuple[str, ...] = ()

    @property
    def figures(self) -> tuple[str, ...]:
        """The expected figures, as subject or companion, without "nobody"."""
        figures = (*self.expected.get(SUBJECT, ()), *self.expected.get(COMPANION, ()))
        return tuple(label for label in figures if label != PROGRAM)


def held_out_prompts(limit: int | None = None) -> tuple[HeldOutPrompt, ...]:
    """All held-out prompts, or `limit` of them, spread evenly over the file."""
    kinds = tomllib.loads(PROMPTS.read_text(encoding="utf-8"))
    prompts = [_parse_prompt(kind, row) for kind, rows in kinds.items() for row in rows]
    return _spread(prompts, limit)


@dataclass(frozen=True)
class CategoryPrompt:
    """A prompt of one of the categories that the evaluation reports by.

    Attributes:
        text: The prompt.
        category: "concrete", "counts", "relations", "verse", "abstract", "everyday", "languages", "speech", "unknown".
        expected: Group -> labels of which one must be shown.
        allowed: Figures and weather that are not asked for, but fit; ANYTHING for all.
        marks: How the figures must be arranged; alternatives are separated by "/".
        told: Words of which the operator must be told that they are not shown, or shown as something else.
        keep: Whether the text asks for nothing, so that the picture stays.
    """

    text: str
    category: str
    expected: ExpectedLabels
    allowed: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    keep: bool = False


def category_prompts(limit: int | None = None) -> tuple[CategoryPrompt, ...]:
    """All prompts by category, or `limit` of them, spread evenly over the file."""
    table = tomllib.loads(CATEGORY_PROMPTS.read_text(encoding="utf-8"))
    prompts = [_parse_category_prompt(category, row) for category, rows in table.items() for row in rows]
    return _spread(prompts, limit)


def common_words() -> dict[str, ExpectedLabels]:
    """The common words with their expected labels; a match in any one group is enough.

    Words without an unambiguous image have no expected labels.
    """
    lines = COMMON_WORDS.read_text(encoding="utf-8").splitlines()
    return dict(_parse_word(line) for line in lines if line and not line.startswith("#"))


def unknown_labels(expected: ExpectedLabels, groups: Sequence[Group]) -> list[str]:
    """The expected labels that the groups do not have, as "group label"."""
    known = {group.name: group.labels for group in groups}
    return [
        f"{name} {label}" for name, labels in expected.items() for label in labels if label not in known.get(name, ())
    ]


def _parse_prompt(kind: str, row: Mapping[str, str | list[str]]) -> HeldOutPrompt:
    expected = {name: _as_tuple(value) for name, value in row.items() if name not in ("text", "may")}
    return HeldOutPrompt(str(row["text"]), kind, expected, _as_tuple(row.get("may", [])))


def _parse_category_prompt(category: str, row: Mapping[str, Any]) -> CategoryPrompt:
    own = ("text", "may", "marks", "told", "keep")
    return CategoryPrompt(
        row["text"],
        category,
        {name: _as_tuple(value) for name, value in row.items() if name not in own},
        _as_tuple(row.get("may", [])),
        tuple(row.get("marks", [])),
        tuple(row.get("told", [])),
        row.get("keep", False),
    )


def _spread(items: Sequence[_Row], limit: int | None) -> tuple[_Row, ...]:
    if limit is None or limit >= len(items):
        return tuple(items)
    return tuple(items[index * len(items) // limit] for index in range(limit))


def _as_tuple(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _parse_word(line: str) -> tuple[str, ExpectedLabels]:
    word, _, rest = line.partition("|")
    expected = {}
    for part in filter(None, (part.strip() for part in rest.split(";"))):
        name, _, labels = part.partition(" ")
        expected[name] = tuple(label.strip() for label in labels.split(","))
    return word.strip(), expected
