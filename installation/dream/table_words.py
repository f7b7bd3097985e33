"""Words for people at a table: what they eat, drink, play or write there, and whether they sit at one at all.

"A family having breakfast", "two women chatting over coffee", "children doing their homework" and "four men playing
cards" become people around a table (a mark of an `Arrangeable` generator) with what belongs to it. Who eats an apple,
or eats on a bench, needs no table.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from installation.dream.arrangement_words import COUNTS, PAPERS, READABLE, SIZE_MARKS
from installation.dream.calm_places import INDOORS
from installation.dream.meal_words import (
    CHILDREN,
    DISHES,
    DRINKS,
    DRUNK,
    EATEN,
    EATS,
    ELSEWHERE,
    FOOD,
    GAMES,
    GIRLS,
    MEALS,
    OUTSIDE,
    PLACES,
    PLAYS,
    PREPARES,
    READS,
    SERVERS,
    SHOWN,
    STUDY,
    WRITES,
    WRITTEN,
)
from installation.dream.scene_words import FURTHER_ORDERS, NOBODY, ROOMS, SECOND, THIRD, named_by
from installation.dream.state_words import KIND_OF
from installation.models.figure_traits import jointed_people, trait

AT_TABLE = "at table"  # a mark
HELD = "held"  # a mark: what is read is in the hands of who sits at the table
FACES = ("laughing", "singing", "shouting", "crying", "yawning", "sleeping")  # states
SHARED_FACES = ("laughing", "singing")  # of those who do it with each other
ORDERS = ("", SECOND, THIRD, *FURTHER_ORDERS)
_FURTHER_COUNTS = {"four": "three", "five": "six", "many": "six"}
PEOPLE = jointed_people()
BOARDS = ("box", "dartboard")  # figures that stand for games elsewhere
OUTDOORS = trait("outdoors")
SURROUNDING = ("campfire", "fireworks", "shore", "street")  # marks of what is around people
FURNITURE = ("table", "chair", "bench", "stove", "lamp")  # there is a table with chairs anyway
ON_TABLES = frozenset((*trait("on_tables"), *trait("food"), *trait("of_a_hand")))
_LIVELY = frozenset(["working", "dancing", "singing", "at", "fighting", "embracing", "giving"])  # of who does not sit
_SEATING = re.compile(r"\b(at|around|round) (a|an|the|their|our|his|her|my|one)?( \w+)? ?tables?\b")


class NamedFigure(NamedTuple):
    """A figure that a reading has.

    Attributes:
        label: Its kind.
        number: One of COUNTS, or "".
        paper: Its colour, or "".
        faces: The states that its face shows.
    """

    label: str
    number: str = ""
    paper: str = ""
    faces: tuple[str, ...] = ()


class AtTable(NamedTuple):
    """The classes and marks of people at a table, and the words that these show."""

    classes: dict[str, str]
    marks: tuple[str, ...]
    shown: frozenset[str] = SHOWN


def at_table(
    classes: Mapping[str, str], marks: Sequence[str], words: Sequence[str], known: Container[str]
) -> AtTable | None:
    """People of a reading at a table, if its words say that they sit at one.

    Args:
        classes: Of the reading.
        marks: Of the reading.
        words: Of the text.
        known: The marks of the generator.
    """
    if AT_TABLE not in known:
        return None
    named = named_figures(classes, marks)
    sitters = [
        one for one in named if one.label in PEOPLE and not (one.label == "waiter" and SERVERS.isdisjoint(words))
    ]
    things = [one for one in named if one.label not in PEOPLE and one.label not in FURNITURE]
    if not sitters or not _sits(words, marks, sitters, things):
        return None
    sitters = _in_one_mood(sitters, words)
    others = [one for one in things if one.label not in (*ON_TABLES, *(BOARDS if GAMES & {*words} else ()))]
    laid = [one for one in things if one.label in ON_TABLES]
    laid += [NamedFigure(label) for label in _expected(words, laid, sum(map(number_of_people, sitters)))]
    order = [*sitters[:2], *laid[:3], *others][: len(ORDERS)]
    held = (HELD,) if not READS.isdisjoint(words) and any(one.label in READABLE for one in laid) else ()
    shown = (*marks_of_figures(order, known), *held, *kept_marks(marks), AT_TABLE)
    return AtTable(_classes(classes, words, order), shown)


def _in_one_mood(sitters: Sequence[NamedFigure], words: Sequence[str]) -> list[NamedFigure]:
    """The sitters, all of whom laugh if one laughs with the others."""
    if "with" not in words and "and" not in words:
        return list(sitters)
    shared = tuple(dict.fromkeys(face for one in sitters for face in one.faces if face in SHARED_FACES))
    return [one if one.faces else one._replace(faces=shared[:1]) for one in sitters]


def named_figures(classes: Mapping[str, str], marks: Sequence[str]) -> list[NamedFigure]:
    """The figures of a reading, in their order."""
    found: list[NamedFigure] = []
    colour = classes.get("subject_colour", "")
    for order in ORDERS:
        own = [mark.removeprefix(order) for mark in marks if mark.startswith(order)] if order else list(marks)
        label = next((mark for mark in own if order and not _is_said_of(mark)), "")
        label = label or (classes.get("subject", "") if not order else "")
        if order == SECOND and not label:
            label = classes.get("companion", "")
        if label and label != NOBODY:
            count = next((mark for mark in own if mark in COUNTS), "")
            paper = next((mark for mark in own if mark in PAPERS), "" if order else colour)
            found.append(NamedFigure(label, count, paper, tuple(mark for mark in own if mark in FACES)))
    return found


def _is_said_of(mark: str) -> bool:
    """Whether a mark of a figure is its number, its colour, its size or a state."""
    return mark in COUNTS or mark in PAPERS or mark in SIZE_MARKS or mark in KIND_OF


def number_of_people(one: NamedFigure) -> int:
    """How many people a figure is."""
    if one.number:
        return COUNTS.index(one.number) + 2
    return {"couple": 2, "dancing couple": 2, "family": 4, "group": 4}.get(one.label, 1)


def _sits(
    words: Sequence[str], marks: Sequence[str], sitters: Sequence[NamedFigure], things: Sequence[NamedFigure]
) -> bool:
    """Whether words say that people sit at a table."""
    said = frozenset(words)
    labels = {one.label for one in things}
    several = sum(map(number_of_people, sitters)) > 1
    if said & ELSEWHERE or "riding" in marks:
        return False
    if _SEATING.search(" ".join(words)) or said & STUDY or (said & GAMES and said & PLAYS):
        return True
    if said & WRITES and labels & WRITTEN:
        return True
    if said & PREPARES:
        return False
    if {"candle", "cake"} <= labels and said & {"blowing", "blows", "blow"}:
        return True
    if said & EATEN or ("birthday" in said and (several or "cake" in labels)):
        return True
    consumes = bool(said & EATS) and bool(labels & FOOD or said & DRUNK)
    if consumes:
        return several or bool(labels & (DISHES | DRINKS)) or bool(said & (PLACES | DRUNK))
    guests = any(one.label not in ("waiter", "cook") for one in sitters)
    return _is_out(words) and guests and labels <= ON_TABLES | {*WRITTEN} and _LIVELY.isdisjoint(marks)


def _is_out(words: Sequence[str]) -> bool:
    """Whether words name a place where guests sit at tables."""
    return not PLACES.isdisjoint(words) or {"coffee", "shop"} <= {*words}


def _expected(words: Sequence[str], laid: Sequence[NamedFigure], number: int) -> list[str]:
    """What stands on the table that the words name only by the meal or the game."""
    labels = {one.label for one in laid}
    if _is_out(words) and not READS.isdisjoint(words) and not labels & WRITTEN:
        return ["book", *_expected(words, [*laid, NamedFigure("book")], number)]
    drunk = bool(labels & DRINKS)  # "drinks the tea": there is something to drink
    word = next((word for word in words if word in MEALS and not (drunk and word in ("drink", "drinks"))), "")
    expected = MEALS.get(word, ())
    if labels <= {*expected, "cup"}:  # the words for some meals mean a cup
        return [one for one in expected if one not in labels][: len(expected) if number > 1 else 1]
    if word in ("breakfast", "brunch"):
        return [one for one in ("cup",) if one not in labels]
    if word == "dinner" and ("couple" in words or "candlelight" in words or "romantic" in words or "two" in words):
        expected = ("wine glass", "candle", "bread")
    if word == "birthday" or word in GAMES or word in STUDY:
        return [one for one in expected if one not in labels and not (word in STUDY and labels & WRITTEN)]
    return [] if labels & FOOD else [one for one in expected if one not in labels]


def _classes(classes: Mapping[str, str], words: Sequence[str], order: Sequence[NamedFigure]) -> dict[str, str]:
    found = {**without_figures(classes), "subject": order[0].label}
    if order[0].paper:
        found["subject_colour"] = order[0].paper
    outside = not {"celestial", "weather"}.isdisjoint(classes) or not OUTSIDE.isdisjoint(words)
    outside = outside or any(one.label in OUTDOORS for one in order)
    found.setdefault("terrain", "field" if outside else INDOORS)
    return found


def marks_of_figures(order: Sequence[NamedFigure], known: Container[str]) -> tuple[str, ...]:
    """The marks of figures in this order, without the kind of the first."""
    found: list[str] = []
    for prefix, one in zip(ORDERS, order, strict=False):
        count = _FURTHER_COUNTS.get(one.number, one.number) if prefix in FURTHER_ORDERS else one.number
        parts = [one.label if prefix else "", count, one.paper if prefix else ""]
        faces = one.faces if one.label in PEOPLE else ()
        found += [prefix + part for part in (*parts, *faces) if part and prefix + part in known]
    return tuple(found)


def without_figures(classes: Mapping[str, str]) -> dict[str, str]:
    """The classes of a reading, by group, that do not say who is there."""
    return {group: label for group, label in classes.items() if group not in ("subject", "companion", "subject_colour")}


def kept_marks(marks: Sequence[str]) -> tuple[str, ...]:
    """The marks that say where it is."""
    rooms = {room for room, _ in ROOMS}
    return tuple(
        mark for mark in marks if mark in rooms or mark in SURROUNDING or named_by(mark).endswith((" sky", " water"))
    )


def mixed_children(classes: Mapping[str, str], marks: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """The mark of several children who are boys and girls, if the words say neither of them."""
    said = frozenset(words)
    several = any(one.label == "child" and one.number for one in named_figures(classes, marks))
    free = "attic" not in marks and not any(mark.endswith("sky") for mark in marks)
    return ("mixed",) if several and free and said & CHILDREN and not said & GIRLS else ()
