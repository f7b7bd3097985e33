"""Where figures of everyday life are if a text names no place, and the weather that some words bring with them.

What stands in a flat makes a room of the place, and what has wheels stands on a road. A snowman stands in snow, skaters
need ice, and on a windy day leaves fly.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from installation.models.figure_traits import trait

INDOORS = "room"
FURNISHING = frozenset(  # what makes a room of the place where it is
    (
        *("washing machine", "bathtub", "sofa", "television", "computer", "radio", "stove", "vacuum cleaner", "toilet"),
        *("gramophone", "rocking chair", "toaster", "dentist's chair", "frying pan", "pot", "fridge", "armchair"),
        *("chandelier", "wardrobe", "bookshelf", "typewriter", "teapot", "telephone", "bed", "mirror", "vase", "piano"),
        *("table", "chair", "clock", "smartphone", "gamepad", "fork", "knife", "spoon", "soap", "toothbrush", "scales"),
        "grandfather clock",
    )
)
WHEELED = frozenset(
    (
        *("car", "bicycle", "truck", "motorcycle", "scooter", "police car", "racing car", "camper van", "rickshaw"),
        *("cyclist", "skateboard", "ambulance", "bus", "roller skate", "pram"),
    )
)
EVERYDAY_PEOPLE = frozenset(
    (
        *("man", "woman", "child", "boy", "old man", "old woman", "mother", "baby", "family", "group", "couple"),
        "walker",
        *("teacher", "doctor", "nurse", "cook", "waiter", "postman", "policeman", "fireman", "builder", "reader"),
    )
)
TAME = frozenset(("dog", "cat", "mouse", "parrot", "rabbit", "goldfish", "spider", "butterfly", "bee", "teddy bear"))
THINGS = frozenset((*trait("household"), *trait("of_a_hand"), *trait("on_tables"), *trait("holdable")))
_ROOM_OF = {  # rooms with the figures that make a place one of them; the first that has one counts
    "bathroom": frozenset(("bathtub", "toilet", "soap", "toothbrush")),
    "kitchen": frozenset(
        (*trait("food"), "stove", "pot", "frying pan", "fridge", "toaster", "fork", "knife", "spoon", "teapot", "cup")
    ),
    "bedroom": frozenset(("bed", "wardrobe")),
    "library": frozenset(("bookshelf", "globe", "telescope")),
}
_LIVING_ROOM = frozenset((*FURNISHING, *trait("household"), *trait("on_tables")))
_WINTRY = frozenset(
    (
        *("snowman", "snowmen", "snowball", "snowballs", "skiing", "skier", "skiers", "ski", "skis", "sledge"),
        *("sledges", "sledging", "sled", "sledding", "toboggan", "tobogganing", "snowboard", "snowboarding"),
        *("snowboarder", "igloo", "sleds", "sleigh", "snowflake", "snowflakes"),
    )
)
_SKATING = frozenset(["skating", "skate", "skates", "skater", "skaters"])
_NO_ICE = frozenset(["roller", "inline", "rollerblade", "park", "board"])
_WINDY = frozenset(["windy", "gusty", "gust", "gusts", "blustery", "gale"])
WINDS = frozenset(("wind", "winds", "gust", "gusts", "gale"))  # that are seen where leaves fly
_BLOWN = frozenset(["blew", "blown", "blowing", "blows"])
_AWAY = frozenset(["away", "off", "over", "inside", "across", "along", "through", "wind"])
_FROZEN = ("lake", "river")  # places that are ice for skaters


def calm_place(figures: Collection[str], outside: bool) -> str:
    """The terrain of figures of everyday life, or "" for others.

    Args:
        figures: The labels of all that is shown.
        outside: Whether they are under the open sky for certain.
    """
    named = frozenset(figures)
    living = EVERYDAY_PEOPLE | TAME
    if not outside and named & FURNISHING and named <= FURNISHING | THINGS | living:
        return INDOORS
    if named & WHEELED and named <= WHEELED | THINGS | living:
        return "road"
    return ""


def room_of(figures: Collection[str]) -> str:
    """The mark of the room where figures are at home, or ""."""
    named = frozenset(figures)
    own = next((room for room, labels in _ROOM_OF.items() if named & labels), "")
    return own or ("lamp room" if named & _LIVING_ROOM else "")


def brought_along(classes: Mapping[str, str], words: Sequence[str]) -> dict[str, str]:
    """The place and the weather that words imply, by group, where the text names no others."""
    said = frozenset(words)
    if classes.get("terrain") == INDOORS:
        return {}
    skates = bool(said & _SKATING) and not said & _NO_ICE
    found: dict[str, str] = {}
    if (said & _WINTRY and "paper" not in said) or skates:
        found = {"sky": "winter", "weather": "snow", "terrain": "hills"}
    elif said & _WINDY or (said & _BLOWN and said & _AWAY):
        found = {"weather": "autumn leaves"}
    if "celestial" in classes or "weather" in classes:
        found.pop("sky", None)
    found = {group: label for group, label in found.items() if group not in classes}
    if skates and classes.get("terrain", "ice") in ("ice", *_FROZEN):
        found["terrain"] = "ice"
    return found
