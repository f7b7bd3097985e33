"""The poses in which jointed people do what marks say: push with both arms, run, read, argue with a raised hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from installation.models.figure_traits import trait
from installation.models.theatre.jointed_body import STANDING
from installation.models.theatre.marks import DOINGS

STATE_POSES: Mapping[str, str] = {  # states of a figure -> its pose
    "crying": "weeping",
    "singing": "singing",
    "loving": "loving",
    "leaving": "walking away",
    **{name: name for name in ("splashing", "skipping")},
    **{name: name for name in DOINGS},
}
FIRST: Mapping[str, str] = {  # marks -> the pose of the first figure
    "leash": "leading",
    "pulling": "pulling",
    "pushing": "pushing",
    "chasing": "running",
    "lifting": "lifting",
    "tossing": "throwing",
    "giving": "offering",
    "stealing": "running",
    "eating": "eating",
    "embracing": "embracing",
    "dancing": "dancing",
    "fighting": "arguing",
    "feeding": "feeding",
    "climbing": "climbing",
    "falling": "falling",
    "dropping": "offering",
    "at": "working",
    "gazing": "looking up",
    "waiting": "relaxed",
    "over sky": "jumping",
}
PIGGYBACK = ("bearing", "on a back")  # poses of who carries another person on his back, and of that one
SECOND: Mapping[str, str] = {  # marks -> the pose of the second
    "riding": "astride",
    "chasing": "running",
    "embracing": "embracing",
    "dancing": "dancing",
    "fighting": "arguing",
    "leaping": "jumping",
}
SAT_ON = (  # before which people sit
    *("bench", "chair", "sofa", "rocking chair", "armchair", "throne", "wheelchair", "stool", "deckchair", "hammock"),
)
SEATED_ON = (*SAT_ON, "swing")  # on which they sit whatever words say
HELD = "held"  # a mark
ROWED = ("rowing boat", "canoe", "kayak", "gondola")  # in which people sit at the oars
UNLIKE = {
    "door": "offering",
    "stairs": "stepping up",
    **dict.fromkeys(("ladder", "stone wall", "brick wall", "fence", "farm gate"), "climbing up"),
}  # poses at things, and on them
OWN = ("kicking",)  # poses that say how somebody does what a mark says
CYCLES = {  # on which people sit with their hands at a bar, and their pose there
    "bicycle": "cycling",
    "motorcycle": "on a motorcycle",
    "scooter": "on a scooter",
}
READ = ("book", "newspaper", "letter", "map", "smartphone")
UP = ("balloon", "toy balloon", "kite", "umbrella", "flag", "wine glass")  # what is held up
IN_BOTH_ARMS = ("baby", "cat", "dog", "rabbit", "gift", "pumpkin", "bread")
LUGGED = ("suitcase", "handbag", "basket", "bucket")  # hang from a hand beside the legs
PLAYED = frozenset(trait("instruments"))
_PEOPLE = frozenset(trait("people"))


def holding_pose(thing: str) -> str:
    """The pose of who holds a thing."""
    if thing in READ:
        return "reading"
    if thing in PLAYED:
        return "playing"
    if thing == "telephone":
        return "phoning"
    if thing in LUGGED:
        return "lugging"
    if thing in IN_BOTH_ARMS:
        return "carrying"
    return "offering" if thing in UP else "holding"


def acting_pose(marks: Collection[str], states: Collection[str], second: bool, other: str) -> str:
    """The pose of a person.

    Args:
        marks: Of the scene.
        states: Of the person.
        second: Whether it is the second figure.
        other: The kind of the other figure, or "".
    """
    said = next((STATE_POSES[state] for state in states if state in STATE_POSES), "")
    if "riding" in marks and other in _PEOPLE:
        return PIGGYBACK[second]
    if second and "riding" in marks and other in CYCLES:
        return CYCLES[other]
    if not second and HELD in marks and other:
        return holding_pose(other)
    acted = next((pose for mark, pose in (SECOND if second else FIRST).items() if mark in marks), "")
    if acted in (FIRST["at"], FIRST["climbing"]):
        acted = UNLIKE.get(other, acted)
    if second and other in ROWED and not {"on", "inside", "riding"}.isdisjoint(marks):
        return "rowing"
    return said if said in OWN else acted or said or STANDING
