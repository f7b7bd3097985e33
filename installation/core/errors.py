"""Exceptions.

LaternaError
├── ShowError    a mistake that the operator can fix; the show does not start, or the request is not carried out
└── Rejected     a message that cannot be carried out; the show goes on and the sender gets the reason
    └── Busy     not now: the same message may be taken later
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import accumulate

MIN_SIMILARITY = 0.5  # difflib's ratio, 0 to 1, from which on a known name is suggested
MAX_LINE = 300  # characters of a line of a message
MAX_WORD = 120  # characters of a word of it, such as a path
MAX_LISTED = 150  # characters of a list of known names
MAX_COMPARED = 100  # characters of a name that are compared with the known ones

_LONG_WORD = re.compile(rf"\S{{{MAX_WORD + 1},}}")
_CONTROL_CHARACTERS = re.compile(  # with those that reverse text, and halves of surrogate pairs
    r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


class LaternaError(Exception):
    """Base class of all errors that Laterna raises deliberately.

    The message has a line for each sentence. It may quote names and values from files and the network: control
    characters are escaped, and a word or a line that is too long loses its middle.
    """

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(map(_presentable, sentences)))


class ShowError(LaternaError):
    """A mistake that the operator can fix. The text says what is wrong, where, and what would be right."""


class Rejected(LaternaError):
    """A message that cannot be carried out. The text is the reason, addressed to the sender."""


class Busy(Rejected):
    """A message that cannot be carried out now; it may be later, unchanged. The text is the reason."""


def suggest(name: str, known: Iterable[str]) -> str:
    """Return "did you mean 'x'?" with the known name closest to `name`, or the first of all if none is close."""
    names = sorted(known)
    close = get_close_matches(name[:MAX_COMPARED], names, n=1, cutoff=MIN_SIMILARITY)
    if close:
        return f"did you mean '{close[0]}'?"
    fitting = sum(length <= MAX_LISTED for length in accumulate(len(each) + 2 for each in names)) or 1
    return f"known: {', '.join(names[:fitting])}{'.' if fitting == len(names) else ', …'}"


def _presentable(line: str) -> str:
    escaped = _CONTROL_CHARACTERS.sub(lambda found: repr(found[0])[1:-1], line)
    return _elide(_LONG_WORD.sub(lambda found: _elide(found[0], MAX_WORD), escaped), MAX_LINE)


def _elide(text: str, limit: int) -> str:
    """Replace the middle of text that is longer than `limit`, an even number, by an ellipsis."""
    half = limit // 2
    return text if len(text) <= limit else f"{text[: half - 1]}…{text[-half:]}"
