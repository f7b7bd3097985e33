"""Kinds of people of jointed paper and what they look like, from `people.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from installation.models.theatre.body_heads import INK, Head
from installation.models.theatre.jointed_body import STANDING

BLACK = "000000"


class Look(NamedTuple):
    """What somebody looks like.

    Attributes:
        head: Of them.
        top: The garment of the trunk and its colour.
        below: The garment of the legs and its colour, or None for bare ones.
        shoes: Their colour; with boots if there is a second word.
        extras: Names and colours of what is worn over it or held.
        stance: The pose in which they stand.
        stockings: The colour of legs below a skirt, "" for bare ones.
    """

    head: Head
    top: tuple[str, ...]
    below: tuple[str, ...] | None
    shoes: tuple[str, ...]
    extras: tuple[tuple[str, ...], ...]
    stance: str
    stockings: str


class Person(NamedTuple):
    """A kind of people.

    Attributes:
        build: A name of BUILDS.
        slim: Whether the waist is narrow.
        looks: At least one, unless there are members.
        members: Those of whom it consists, if it is several people.
    """

    build: str
    slim: bool
    looks: tuple[Look, ...]
    members: tuple[Member, ...] = ()

    @property
    def variants(self) -> int:
        """How many looks there are."""
        return len(self.looks) or 4


class Member(NamedTuple):
    """One of several who are one figure.

    Attributes:
        who: A name of a person.
        x: Of the middle, in sides of the square from the middle of that, forwards.
        size: Relative to one who is a figure alone.
        pose: Of `body_poses.toml`.
        look: Which one, relative to that of the whole.
        back: Whether it faces backwards.
    """

    who: str
    x: float
    size: float = 1.0
    pose: str = STANDING
    look: int = 0
    back: bool = False


@cache
def people() -> dict[str, Person]:
    """All people by the names of their figures."""
    rows = tomllib.loads(Path(__file__).with_name("people.toml").read_text(encoding="utf-8"))
    return {name: _person(row) for name, row in rows.items()}


def _person(row: dict[str, Any]) -> Person:
    if "members" in row:
        return Person("", False, (), tuple(Member(**one) for one in row["members"]))
    shared = {key: value for key, value in row.items() if key not in ("build", "slim", "looks")}
    looks = row.get("looks", [{}])
    return Person(
        str(row.get("build", "adult")), bool(row.get("slim", False)), tuple(_look(shared | one) for one in looks)
    )


def _look(row: dict[str, Any]) -> Look:
    extras_of = (_named(part) for part in str(row.get("extras", "")).split(","))
    return Look(
        _head(row),
        _named(row["top"]),
        _named(row.get("below", "")) or None,
        tuple(str(row.get("shoes", INK)).split()),
        tuple(extra for extra in extras_of if extra),
        str(row.get("stance", STANDING)),
        str(row.get("stockings", "")),
    )


def _head(row: dict[str, Any]) -> Head:
    hair, beard = _named(row.get("hair", "")), _named(row.get("beard", ""))
    return Head(
        str(row["skin"]),
        (hair[0], hair[1] if len(hair) > 1 else BLACK) if hair else ("bald", BLACK),
        (beard[0], beard[1]) if beard else None,
        _named(row.get("hat", "")) or None,
        bool(row.get("glasses", False)),
    )


def _named(text: str) -> tuple[str, ...]:
    """A name, which may have several words, and the colours behind it; nothing of an empty text."""
    words = text.split()
    colours = [word for word in words if _is_colour(word)]
    return (" ".join(word for word in words if word not in colours), *colours) if words else ()


def _is_colour(word: str) -> bool:
    bare = word.rstrip("*")
    return len(bare) == 6 and all(letter in "0123456789abcdef" for letter in bare)
