"""What is done at water.

Who splashes needs no puddle beside, animals drink from a river where no water is named, and who casts a net from a boat
stands in it. Who fishes, throws or carries something on a bridge or a pier stands on it.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from installation.dream.table_words import PEOPLE

SPLASHING, DRINKING = "splashing", "drinking"  # marks of an `Arrangeable` generator
PUDDLE, RIVER = "second puddle", "river"
CAST_NET, ON_THIRD = "second castnet", "on third"  # two more
AT_WORK, HELD = "at work", "held"  # two more
BOATS = frozenset(f"third {boat}" for boat in ("boat", "rowing boat", "ship", "canoe", "gondola", "raft"))
_RODS = ("second fishing rod", "third fishing rod")
_DECKS = ("bridge", "pier")
_CARRIED = frozenset(["tossing", "held", "lifting"])
_CARRIES = frozenset(["carry", "carries", "carrying", "carried"])
_UPON = frozenset(["on", "from", "off"])
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
    if {"tossing", CAST_NET} <= {*marks} and not BOATS.isdisjoint(marks):
        return AtWater({**classes}, (*marks, ON_THIRD))
    if DRINKING in marks and "terrain" not in classes and RIVER in terrains and _FROM.isdisjoint(words):
        return AtWater({**classes, "terrain": RIVER}, tuple(marks))
    if classes.get("subject") in _DECKS and not _CARRIES.isdisjoint(words):
        return _carried_over(classes, marks)
    deck = next((one for one in _DECKS if f"second {one}" in marks or f"third {one}" in marks), "")
    return _upon(classes, marks, deck) if deck and not _UPON.isdisjoint(words) else None


def _upon(classes: Mapping[str, str], marks: Sequence[str], deck: str) -> AtWater | None:
    """Who fishes or throws on a bridge or a pier, on top of that; None for who does neither."""
    if not _CARRIED.isdisjoint(marks) and f"third {deck}" in marks:
        return AtWater({**classes}, (*marks, ON_THIRD))
    if _RODS[1] in marks and f"second {deck}" in marks:
        swapped = {_RODS[1]: _RODS[0], f"second {deck}": f"third {deck}"}
        order = sorted((swapped.get(mark, mark) for mark in marks), key=lambda mark: mark.startswith("third "))
        return AtWater({**classes}, (*(mark for mark in order if mark != AT_WORK), HELD, ON_THIRD))
    return None


def _carried_over(classes: Mapping[str, str], marks: Sequence[str]) -> AtWater | None:
    """One person who carries something over a bridge, on top of that instead of beside it."""
    carriers = [mark for mark in marks if mark.startswith("third ")]
    if len(carriers) != 1 or carriers[0].removeprefix("third ") not in PEOPLE or "on" not in marks:
        return None
    kept = tuple(mark for mark in marks if mark not in (*carriers, "on"))
    shown = {**classes, "subject": carriers[0].removeprefix("third ")}
    return AtWater(shown, (*kept, f"third {classes['subject']}", HELD, ON_THIRD))
