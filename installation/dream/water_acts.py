"""What is done at water: who splashes needs no puddle beside, and animals drink from a river where none is named."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

SPLASHING, DRINKING = "splashing", "drinking"  # marks of an `Arrangeable` generator
PUDDLE, RIVER = "second puddle", "river"
_FROM = frozenset(["bowl", "cup", "bucket", "trough", "fountain", "glass", "bottle", "dish", "saucer", "milk", "tea"])


class AtWater(NamedTuple):
    """The classes and the marks of a reading, and words that these show."""

    classes: dict[str, str]
    marks: tuple[str, ...]
    shown: frozenset[str] = frozenset()


def at_water(
    classes: Mapping[str, str], marks: Sequence[str], words: Sequence[str], terrains: Container[str]
) -> AtWater | None:
    """A reading whose figures do something at water; None for any other.

    Args:
        classes: Of the reading.
        marks: Of the reading.
        words: Of the text.
        terrains: That the generator has.
    """
    if SPLASHING in marks and PUDDLE in marks:
        own = (PUDDLE, *(mark for mark in marks if mark.startswith(f"{PUDDLE} ")))
        kept = tuple(mark for mark in marks if mark not in own and not mark.startswith("second "))
        return AtWater({**classes}, kept, frozenset(["puddle", "puddles"]))
    if DRINKING in marks and "terrain" not in classes and RIVER in terrains and _FROM.isdisjoint(words):
        return AtWater({**classes, "terrain": RIVER}, tuple(marks))
    return None
