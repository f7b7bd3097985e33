"""Words for how one figure is joined to another: tied to it, in its mouth, worn by it, leaning on it, over its face."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache

from installation.dream.actors import PEOPLE
from installation.models.figure_traits import FOLDER, trait
from installation.text.rewriting import Rules, rewritten, rules_of

JOINS = ("tied", "in mouth", "clad", "leaning", "over face")  # marks
PILED, TETHERED = "piled", "tethered"  # marks of who is joined to others of its kind, or to nothing that is named
FOOTWEAR = frozenset(trait("footwear"))
_ON_NECKS = ("scarf", "necktie", "hair bow", "necklace", "medal", "gloves", "hand fan")
CLOTHES = frozenset(trait("clothes")) - {*_ON_NECKS}  # that are cut from the outline of who wears them
COVERS = frozenset(trait("covers"))  # what lies on a face
_LIFELESS = frozenset((*trait("headless"), *trait("of_a_house"), "campfire")) - {
    *("whale", "bat", "turtle", "spider", "octopus", "butterfly", "ant", "ladybird", "crab", "walrus", "lobster"),
    *("bee", "moth", "dragonfly", "teddy bear"),
}
_MANY_LEGGED = ("spider", "octopus", "crab", "lobster", "ant", "ladybird", "bee", "butterfly", "moth", "dragonfly")
LINES = frozenset(trait("lines"))  # what goes round others
_TIED = frozenset(
    [
        "tied",
        "ties",
        "moored",
        "fastened",
        "chained",
        "hitched",
        "tethered",
        "roped",
        "anchored",
        "attached",
        "bound",
        "leashed",
        "lashed",
        "knotted",
    ]
)
_TO = frozenset(["to", "on", "onto", "by", "at"])
_MOUTHS = frozenset(["mouth", "beak", "bill", "jaws", "teeth", "lips", "muzzle", "snout", "fangs", "mouths", "beaks"])
_WORN = frozenset(["wearing", "wears", "wear", "wore", "in", "with", "dressed", "having"])
_ROUND = frozenset(["around", "round", "entwining", "encircling", "wound", "coiled", "wrapped", "twined", "draped"])
_LEANS = frozenset(["leaning", "leans", "leant", "leaned", "propped", "slumped"])
_FACES = frozenset(["face", "faces", "eyes", "head"])
_ON_FACE = frozenset(["over", "on", "across", "covering", "covers"])


def is_living(label: str) -> bool:
    """Whether a figure has a head, a mouth and feet."""
    return bool(label) and label not in _LIFELESS


def joined_plainly(text: str) -> str:
    """An English text in which the joins of figures are said in the words that the reader of places knows."""
    return rewritten(text, _rules())


@cache
def _rules() -> Rules:
    """The patterns of the table, and what is said instead."""
    rows: dict[str, str] = tomllib.loads((FOLDER / "join_phrases.toml").read_text(encoding="utf-8"))
    return rules_of(rows.items())


def join_between(between: Sequence[str], after: Sequence[str], label: str, first: str) -> str:
    """How the second of two figures is joined to the first, one of JOINS, or "".

    Args:
        between: The words from the end of the first figure to the beginning of the second.
        after: The words behind the second one.
        label: Of the second.
        first: Of the first.
    """
    said = {*between}
    if "facecovered" in said or (label in COVERS and _is_on_face(after)):
        return "over face" if is_living(first) else ""
    if is_living(first) and _is_in_mouth(after) and not said & {"tied", "under"}:
        return "in mouth"
    place = next((place for place, word in enumerate(between) if word in _TIED), None)
    if place is not None and not _TO.isdisjoint(between[place + 1 :]):
        return "tied"
    place = next((place for place, word in enumerate(between) if word in _LEANS), None)
    if place is not None and {"against", "on", "at"} & {*between[place + 1 :]}:
        return "leaning"
    if between[:1] == ["against"] and label not in CLOTHES:
        return "leaning"
    if label == "mask" and is_living(first) and said & {*_WORN, "behind"}:
        return "over face"
    if first in LINES and said & _ROUND and label and label != first:
        return "wrapping"
    worn = bool(said & _WORN) and is_living(first)
    if worn and label in FOOTWEAR and first not in _MANY_LEGGED:
        return "clad"
    if worn and label in CLOTHES - FOOTWEAR and first not in PEOPLE:
        return "clad"
    return ""


def _is_in_mouth(after: Sequence[str]) -> bool:
    """Whether words say that it is in a mouth: "in its beak", "between his teeth"."""
    return after[:1] in (["in"], ["between"], ["from"]) and not _MOUTHS.isdisjoint(after[1:4])


def _is_on_face(after: Sequence[str]) -> bool:
    """Whether words say that it lies on a face: "over his face"."""
    return bool(after) and after[0] in _ON_FACE and not {"face", "faces", "eyes"}.isdisjoint(after[1:3])
