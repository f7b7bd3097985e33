"""Windows, doors and roofs that belong to a building: "a yellow house with blue windows", "the roof of the church".

They are no things of their own: otherwise a window would show the room behind it, and a roof a second house.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from installation.dream.term import COLOUR_GROUPS
from installation.models.lexicon import Meaning

BUILDINGS = (
    *("house", "castle", "church", "tower", "lighthouse", "windmill", "train", "tram", "bus", "car", "airplane"),
    *("truck", "tractor", "helicopter", "airship", "submarine", "ship", "boat", "rocket", "school", "igloo"),
    *("ambulance", "fire engine", "ufo", "tent", "water mill", "factory", "hospital", "skyscraper", "carriage"),
    *("phone box", "hotel", "shop", "office building", "museum", "mosque", "hindu temple", "japanese castle", "pagoda"),
    *("hut", "circus tent", "stadium", "camper van", "greenhouse", "barn", "chicken coop"),
    *("shopfront", "bakery", "butcher's shop", "barber shop", "log cabin", "stone tower", "thatched cottage"),
)
BUILT_UP = ("city", "village")  # places with buildings
CHIMNEYS = ("chimney", "chimneys")
WINDOWS = (  # of any building that is named
    *("window", "windows", "windowsill", "wall", "walls", "curtain", "curtains"),
    *CHIMNEYS,
)
ROOFS = ("roof", "roofs")
DOORS = ("door", "doors", "gate", "gates", *ROOFS)  # of the building that they are said to be of
_WITH = frozenset(["with", "mit", "avec", "à", "au", "aux", "con", "com", "met"])
_OF = frozenset(["of", "de", "du", "des", "del", "della", "dello", "dell'", "delle", "do", "da", "von", "vom", "der"])


class Thing(NamedTuple):
    """What the words from `start` to `end` name: its English name, and the classes."""

    start: int
    end: int
    name: str
    meanings: tuple[Meaning, ...]

    @property
    def is_building(self) -> bool:
        """Whether it is a building or a vehicle with windows and doors."""
        return self.name not in (*DOORS, *CHIMNEYS) and any(
            one.group == "subject" and one.label in BUILDINGS for one in self.meanings
        )

    @property
    def is_built_up(self) -> bool:
        """Whether it is a place with buildings."""
        return any(one.group == "terrain" and one.label in BUILT_UP for one in self.meanings)

    @property
    def is_room(self) -> bool:
        """Whether it is a room that is called by its name."""
        return self.name not in WINDOWS and any(one.group == "terrain" and one.label == "room" for one in self.meanings)

    @property
    def is_colour(self) -> bool:
        """Whether it is nothing but a colour."""
        return bool(self.meanings) and all(one.group in COLOUR_GROUPS for one in self.meanings)


def parts_of_buildings(things: Sequence[Thing], words: Sequence[str]) -> frozenset[int]:
    """The places in the text where a part of a building begins.

    Args:
        things: What the text names, in its order.
        words: Of the text, in lower case.
    """
    plain = [thing for thing in things if not thing.is_colour]
    built = any(thing.is_building or thing.is_built_up for thing in plain)
    indoors = any(thing.is_room for thing in plain)  # "rain on the roof" is heard in a kitchen
    return frozenset(
        thing.start
        for index, thing in enumerate(plain)
        if (thing.name in WINDOWS and built)
        or (thing.name in DOORS and _has_owner(plain, index, words))
        or (thing.name in ROOFS and indoors)
    )


def _has_owner(things: Sequence[Thing], index: int, words: Sequence[str]) -> bool:
    """Whether a door is "with" the building named before it, or "of" that named after it."""
    door = things[index]
    with_door = any(
        before.is_building and not _WITH.isdisjoint(words[before.end : door.start])
        for before in things[max(0, index - 1) : index]
    )
    return with_door or any(
        after.is_building and not _OF.isdisjoint(words[door.end : after.start])
        for after in things[index + 1 : index + 2]
    )
