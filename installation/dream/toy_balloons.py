"""Balloons on a string, and those that people fly in: "a child with a red balloon", "a balloon over the hills"."""

from __future__ import annotations

import re

_FLOWN = re.compile(
    r"\b(?:hot[- ]air|gas|weather|baskets?|balloonists?|passengers?|rides?|flights?|over|above|across|skies|sky|"
    r"clouds?|mountains?|valleys?|landscapes?|fl(?:y|ies|ew|ying)|lands?|landing|sails?|sailing|drifts?|drifting|journey|world|"
    r"earth|moon|stars?|sunrise|dawn|horizon)\b",
    re.IGNORECASE,
)
_TOYS = re.compile(
    r"\b(?:child|children|kids?|boys?|girls?|toddlers?|bab(?:y|ies)|clowns?|part(?:y|ies)|birthdays?|tied|strings?|"
    r"bunch|helium|toy|pops?|bursts?|hold(?:s|ing)?|hands?|chairs?|tables?|rooms?|cakes?|gifts?|presents?|fairs?|funfair|"
    r"sell(?:s|er|ing)|balloon man|let go|lets go|letting go|seller's|dogs?|cats?|mouse|mice|"
    r"rabbits?|elephants?|bears?)\b",
    re.IGNORECASE,
)
_HOT = re.compile(r"\bhot[- ]air\b|\bballoonists?\b", re.IGNORECASE)
_BALLOON = re.compile(r"\b(?:(?:party|toy|birthday|helium|rubber|latex) )?balloon(s?)\b", re.IGNORECASE)


def with_toy_balloons(text: str) -> str:
    """An English text in which balloons that nobody flies in are called toy balloons."""
    if _HOT.search(text) or (_FLOWN.search(text) and not _TOYS.search(text)):
        return text
    return _BALLOON.sub(r"toy balloon\1", text)
