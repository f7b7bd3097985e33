"""Words for people who are joined: in a ring, hand in hand, or arm in arm.

"Children dance in a ring round the fire", "a boy walks hand in hand with his grandfather", "she takes her son by the
hand", "two friends arm in arm" and "a bride and groom under an umbrella" become a mark of an `Arrangeable` generator;
the words themselves name no hand, arm or ring that could be seen alone.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from installation.dream.everyday_places import EVERYDAY_PLACES
from installation.dream.table_words import (
    ORDERS,
    PEOPLE,
    NamedFigure,
    kept_marks,
    marks_of_figures,
    named_figures,
    number_of_people,
    without_figures,
)
from installation.models.figure_traits import trait

RING, HAND_IN_HAND, ARM_IN_ARM = "ring", "hand in hand", "arm in arm"  # marks
_ABOUT = r"(?P<about>\s+(?:a?round|about)\b)?"
_ARE = r"\b(?:(?:is|are|was|were|all|while)\s+)*"
_DANCING = (
    r"(?:(?:danc|hold|play|skip|mov|turn)\w*(?:\s+hands)?(?:\s+(?:and\s+danc\w+|together|happily|slowly))?\s*,?\s*)"
)
_OF_RING = r"(?:ring|circle|round)(?!\s+of\b)(?:\s+dance)?"
_RING = re.compile(
    rf"{_ARE}(?:{_DANCING}+(?:in|into)\s+(?:an?|the|one)\s+(?:(?!the)\w+\s+)?{_OF_RING}"
    r"|(?:in\s+an?\s+(?:\w+\s+)?(?:ring|circle),?\s+)(?:hold\w*\s+hands|hand\s+in\s+hand)"
    r"|(?:form|mak|danc)\w*\s+an?\s+(?:\w+\s+)?(?:ring|circle|round|ring\s+dance|round\s+dance)"
    r"|danc\w*\s+(?:ring[- ]a[- ]\w+|in\s+the\s+round|in\s+circles)"
    rf"|play\w*\s+ring[- ]a[- ](?:ring[- ]o[- ])?ros\w+){_ABOUT}",
    re.I,
)
_ABOUT_IT = re.compile(
    rf"{_ARE}(?:danc|skipp)\w*\s+(?:together\s+)?(?:(?:a?round|about)(?=\s+(?:an?|the)\b)|beside(?=\s+an?\s+campfire))",
    re.I,
)
_HANDS = re.compile(
    rf"{_ARE}(?:hold(?:s|ing)?\s+(?:each\s+other's\s+)?hands|held\s+hands|hand[- ]in[- ]hand"
    r"|by\s+(?:the|his|her|its|their|my)\s+hands?)(?!\s+in\s+(?:the|his|her)\s)",
    re.I,
)
_ARMS = re.compile(rf"{_ARE}(?:arm[- ]in[- ]arm|link(?:s|ing|ed)?\s+arms|(?:with\s+)?arms\s+linked)", re.I)
_UMBRELLA = re.compile(
    r"\b(?:under|beneath|below|shar(?:e|es|ed|ing))\s+(?:an?|the|one|their|his|her|my|our)\s+(?:same\s+)?(?:\w+\s+)?"
    r"(?:umbrella|parasol)\b",
    re.I,
)
_SEVERAL = re.compile(r"\b(?:two|three|four|five|six|seven|\d+)\b", re.I)
_HANDS_ALONE = ("hand", "diamond ring", "heart")  # figures that such words are read as
_CHILDREN = frozenset(["child", "boy", "baby", "teenager", "teenage girl"])
_HEADLESS = frozenset(trait("headless"))
_RING_OF = "six"  # how many are in a ring where words do not say it


class Joined(NamedTuple):
    """How words say that people are joined: the mark, the text without these words, and whether it says how many.

    `joining` is false where one alone would be seen like that too: under an umbrella.
    """

    mark: str
    rest: str
    counted: bool
    joining: bool = True


def joined_said(text: str, known: Container[str]) -> Joined | None:
    """How an English text says that people are joined, or None.

    Args:
        text: Of any case.
        known: The marks of the generator.
    """
    if RING not in known:
        return None
    counted = bool(_SEVERAL.search(text))
    if found := _RING.search(text) or _ABOUT_IT.search(text):
        about = "about" not in found.groupdict() or found["about"]
        return _said(RING, text, found, " and" if about else "", counted)
    if found := _ARMS.search(text):
        return _said(ARM_IN_ARM, text, found, "", counted)
    if found := _HANDS.search(text):
        return _said(HAND_IN_HAND, text, found, "", counted)
    return Joined(ARM_IN_ARM, text, counted, joining=False) if _UMBRELLA.search(text) else None


def _said(mark: str, text: str, found: re.Match[str], instead: str, counted: bool) -> Joined | None:
    rest = " ".join(f"{text[: found.start()]} {instead} {text[found.end() :]}".split()).replace(" ,", ",")
    return Joined(mark, rest, counted) if rest.strip(" ,.!") else None


def with_joined(
    classes: Mapping[str, str], marks: Sequence[str], joined: Joined, known: Container[str]
) -> tuple[dict[str, str], tuple[str, ...]] | None:
    """The classes and marks of people who are joined, or of animals in a ring; None where there are not several.

    Args:
        classes: Of the reading of the text without the words that say it.
        marks: Of that reading.
        joined: How the words say it.
        known: The marks of the generator.
    """
    named = [one for one in named_figures(classes, marks) if one.label not in _HANDS_ALONE]
    who = [one for one in named if one.label in PEOPLE]
    living = [one for one in named if one.label not in _HEADLESS]
    if joined.mark == RING:
        who = _in_ring(who or living[:1], joined)
    elif joined.joining and len(living) == 1 and who and who[0].label in _CHILDREN and not who[0].number:
        who = [NamedFigure("woman"), *who]
    if not joined.joining and any(number_of_people(one._replace(number="")) > 1 for one in who):
        return None  # a couple is one figure
    if sum(map(number_of_people, who)) < 2:
        joins = joined.mark == HAND_IN_HAND and len(living) == 2 and living == named
        return (dict(classes), tuple(dict.fromkeys((*marks, "dancing")))) if joins else None  # so that they touch
    labels = {one.label for one in who}
    order = [*who[:3], *(one for one in named if one.label not in labels)][: len(ORDERS)]
    found = {**without_figures(classes), "subject": order[0].label}
    if order[0].paper:
        found["subject_colour"] = order[0].paper
    kept = tuple(mark for mark in marks if mark in ("mixed", *EVERYDAY_PLACES))
    arranged = (*marks_of_figures(order, known), *kept, *kept_marks(marks), joined.mark)
    return found, tuple(dict.fromkeys(arranged))


def _in_ring(who: Sequence[NamedFigure], joined: Joined) -> list[NamedFigure]:
    """Who is in a ring: as many as words say, or several."""
    if len(who) == 1 and not joined.counted:
        return [who[0]._replace(number=_RING_OF)]
    return list(who)
