"""Words for people on seats: in a train or a bus, in a waiting room, on a sofa before the television."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from installation.dream.act_words import forms
from installation.dream.calm_places import INDOORS
from installation.dream.table_words import (
    ORDERS,
    PEOPLE,
    NamedFigure,
    kept_marks,
    marks_of_figures,
    named_figures,
    without_figures,
)
from installation.models.figure_traits import trait

ON_SEATS = "on seats"  # a mark
CARRIAGE = "carriage"  # a room
_COACHES = ("train", "tram", "bus", "airplane", "cable car")  # figures in which people sit
_COACH_WORDS = frozenset(["train", "trains", "tram", "bus", "subway", "metro", "underground", "tube", "plane", "coach"])
_ROOMS = frozenset(["doctor's", "dentist's", "hospital", "clinic", "surgery", "room", "hall", "airport", "vet's"])
_WAITING = frozenset(["waiting", "wait", "waits", "queue", "patients"])
_OUTSIDE = frozenset(  # words that show a coach from outside
    [
        *(
            "driver",
            "drives",
            "driving",
            "driven",
            "waving",
            "waves",
            "wave",
            "passing",
            "passes",
            "station",
            "stop",
            "roof",
        ),
        *("arrives", "leaves", "leaving", "arriving", "missed", "chasing", "toy", "model", "under", "beside", "behind"),
        *(
            "platform",
            "conductor",
            "roof",
            "full",
            "school",
            "track",
            "tracks",
            "above",
            "through",
            "bridge",
            "night-bus",
        ),
    ]
)
_STANDING = frozenset(["standing", "stands", "stand", "dancing", "fighting", "kissing", "hugging", "running", "doctor"])
_EVERYBODY = frozenset(["everybody", "everyone", "we", "they", "people", "passengers", "all"])
_WATCHES = frozenset(["watching", "watches", "watch", "watched"])
_FAR_BIRDS = "distant birds"  # a detail, which nobody feeds
_FEEDS = forms("feed") | {"fed"}
_KNITS = forms("knit") | forms("crochet")
_NOT_KNITTING = frozenset(["knitted", "crocheted", "brows", "brow", "wears", "wearing"])
_KNITTED = frozenset(["scarf", "wool", "needles", "sock", "socks", "jumper", "sweater", "hat", "blanket", "pullover"])
_MADE = ("needle", "scarf", "socks", "dress", "t-shirt", "hat")  # figures of what is on the needles
_WOOL = "ball of wool"
_SEATS = ("sofa", "bench", "armchair", "rocking chair", "chair")
_RELATED = frozenset(("on", "inside", "under", "riding", "at"))  # marks of who sits with something
_PLAYED = frozenset(trait("instruments"))  # which who plays stands for
_HELD = ("book", "newspaper", "smartphone", "letter", "map", "headphones")


_LAP = frozenset(["lap", "laps"])  # on which somebody has somebody
ON_LAP = "second sitting"  # a mark of whom somebody on a seat has on the lap
_LOW = frozenset(  # words of who sits on no chair
    [
        *("floor", "ground", "carpet", "rug", "mat", "bed", "stairs", "steps", "step", "stool", "cushion", "pillow"),
        *("throne", "edge", "wheelchair", "doorstep", "threshold", "sill", "windowsill", "roof", "mattress", "tree"),
        *("log", "suitcase", "suitcases", "box", "grass", "cross-legged", "bench", "swing", "table", "desk"),
    ]
)


class OnSeats(NamedTuple):
    """The classes and marks of people on seats, and the words that these show."""

    classes: dict[str, str]
    marks: tuple[str, ...]
    shown: frozenset[str]


def on_seats(
    classes: Mapping[str, str], marks: Sequence[str], words: Sequence[str], known: Container[str]
) -> OnSeats | None:
    """People of a reading on seats, if its words say that they are where one sits.

    Args:
        classes: Of the reading.
        marks: Of the reading.
        words: Of the text.
        known: The marks of the generator.
    """
    said = frozenset(words)
    named = named_figures(classes, marks)
    sitters = [one for one in named if one.label in PEOPLE]
    if not sitters and said & _EVERYBODY:
        sitters = [NamedFigure("group", "four")]
    if ON_SEATS not in known or not sitters or said & _STANDING:
        return None
    things = [one for one in named if one.label not in PEOPLE]
    labels = {one.label for one in things}
    coach = labels & {*_COACHES}
    if labels & _PLAYED:
        return None
    aboard = {"carriage", "compartment"} & said and classes.get("terrain") == INDOORS
    if aboard or CARRIAGE in marks or (coach and "inside" in marks and said & _COACH_WORDS and not said & _OUTSIDE):
        held = [one for one in things if one.label not in (*_COACHES, *_SEATS, CARRIAGE)]
        return _seated(classes, marks, [*sitters[:2], *held], known, (CARRIAGE,))
    free = [one for one in named if one.label not in _SEATS]
    bearer = next((place for place, one in enumerate(free[:-1]) if one.label in PEOPLE), None)
    if said & _LAP and bearer is not None:
        seats = [one for one in named if one.label in _SEATS]
        watched = [one for one in free if one.label == "television"]
        others = free[bearer + 1 :]
        held = [one for one in others if one.label in _HELD]
        on_lap = next((one for one in others if one not in held), others[0])
        seat = (seats or [NamedFigure("armchair")])[0]
        order = [free[bearer], on_lap, seat, *(one for one in (*watched, *held) if one != on_lap)]
        return _with_lap(classes, marks, order, known)
    seats = [one for one in things if one.label in _SEATS]
    if said & _FEEDS and "bench" in labels:
        fed = [one for one in things if one.label not in _SEATS] or [NamedFigure("pigeon", "three")]
        order = [*sitters[:2], *seats[:1], *fed]
        classes = {group: label for group, label in classes.items() if label != _FAR_BIRDS}
        found = _seated(classes, marks, order, known, ())
        indoors = {"terrain": classes["terrain"]} if "terrain" in classes else {}
        where = {**{group: label for group, label in found.classes.items() if group != "terrain"}, **indoors}
        return found._replace(classes=where)
    if said & _KNITS and not said & _NOT_KNITTING:
        others = [one for one in things if one.label not in (*_SEATS, _WOOL, *_MADE)]
        order = [*sitters[:1], *(seats[:1] or [NamedFigure("armchair")]), NamedFigure(_WOOL), *others]
        found = _seated(classes, marks, order, known, ())
        where = {**found.classes, "terrain": classes.get("terrain", INDOORS)}
        return found._replace(classes=where, shown=found.shown | _KNITS | _KNITTED)
    seated = "sitting" in marks and classes.get("terrain") == INDOORS and not said & _LOW
    if seated and {one.label for one in things} <= {*_HELD} and not _RELATED & {*marks}:
        return _seated(classes, marks, [*sitters[:2], *things], known, ())
    if said & _WAITING and said & _ROOMS:
        held = [one for one in things if one.label in _HELD]
        return _seated(classes, marks, [*sitters[:2], *held], known, ())
    if "television" in labels and (said & _WATCHES or seats) and not said & {"sleeping", "asleep"}:
        watched = [one for one in things if one.label == "television"]
        return _seated(classes, marks, [*sitters[:2], *(seats or [NamedFigure("sofa")]), *watched], known, ())
    return None


def _with_lap(
    classes: Mapping[str, str], marks: Sequence[str], order: Sequence[NamedFigure], known: Container[str]
) -> OnSeats:
    """Somebody on the third of these figures, a seat, with the second figure on the lap."""
    first, second, *others = order
    outside = others[0].label == "bench" or "terrain" in classes
    found = _seated(classes, (), [first, second._replace(number=""), *others], known, ())
    asleep = ("second sleeping",) if "second sleeping" in marks else ()
    kept = tuple(dict.fromkeys((*kept_marks(marks), *(() if outside else ("lamp room",)))))
    own = {group: label for group, label in found.classes.items() if group != "terrain"}
    where = {"terrain": classes.get("terrain", INDOORS)} if "terrain" in classes or not outside else {}
    return OnSeats({**own, **where}, (*found.marks, ON_LAP, *asleep, *kept), _LAP)


def _seated(
    classes: Mapping[str, str],
    marks: Sequence[str],
    order: Sequence[NamedFigure],
    known: Container[str],
    more: Sequence[str],
) -> OnSeats:
    order = order[: len(ORDERS)]
    found = {**without_figures(classes), "subject": order[0].label, "terrain": INDOORS}
    states = [state for state in ("sleeping",) if {state, f"second {state}"} & {*marks}]
    where = tuple(dict.fromkeys((*kept_marks(marks), *more)))
    return OnSeats(found, (*marks_of_figures(order, known), *states, *where, ON_SEATS), _COACH_WORDS | {"window"})
