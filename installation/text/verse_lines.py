"""The lines of a verse as one sentence: "frog on a wet stone / the pond holds its breath".

A line ends a thought, even if no comma says so. But a line that begins with a preposition or with what the line before
needs goes on: "your voice is a boat / on the lake".
"""

from __future__ import annotations

import re

_BREAK = re.compile(r"\s*\n\s*|\s+/\s+")
_SLASH = re.compile(r"\s/\s")  # nobody wraps prose with it


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GOES_ON = _words(  # words with which a line goes on
    "in on at of to from with by into over under through along across between behind beside beneath below above before "
    "after around against among within without until till towards upon like as than is are was were that which who "
    "whose auf unter mit von vom im am aus bei wie zu zum zur sur sous dans avec de du des en con su sotto nel nella "
    "come"
)
_NEEDS_MORE = _words(  # words after which it does
    "a an the my your his her our their its this that these those of in on at to from with by into over under through "
    "and or but is are was were no not like as than very so too"
)
_WORD = re.compile(r"[^\W\d_]+")
MOST_WORDS = 11  # of a line of verse without a slash; longer ones are prose that was wrapped


def in_one_line(text: str) -> str:
    """Join the lines of a verse, which stand below each other or are parted by " / ", with the commas they lack."""
    lines = [line for line in _BREAK.split(text.strip()) if line]
    wrapped = not _SLASH.search(text) and any(len(_WORD.findall(line)) > MOST_WORDS for line in lines)
    if len(lines) < 2 or wrapped:
        return " ".join(lines)
    joined = lines[0]
    for line in lines[1:]:
        before, after = _WORD.findall(joined.lower()), _WORD.findall(line.lower())
        ended = before[-2:-1] and before[-1] == "like" and before[-2] in ("is", "are", "was", "were", "looked", "felt")
        needs_more = bool(before) and before[-1] in _NEEDS_MORE and not ended  # "what the sea was like"
        open_end = bool(after) and (needs_more or (bool(before) and after[0] in _GOES_ON))
        closed = not joined[-1].isalnum()
        joined += (" " if closed or open_end else ", ") + line
    return joined
