"""Exceptions.

LaternaError
├── ShowError    a mistake that the operator can fix; the show does not start, or the request is not carried out
└── Rejected     a message that cannot be carried out; the show goes on and the sender is told the reason
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MIN_SIMILARITY = 0.5  # difflib's ratio, 0 to 1, from which on a known name is suggested


class LaternaError(Exception):
    """Base class of all errors that Laterna raises deliberately."""


class ShowError(LaternaError):
    """A mistake that the operator can fix. The text says what is wrong, where, and what would be right."""


class Rejected(LaternaError):
    """A message that cannot be carried out. The text is the reason, addressed to the sender."""


def suggest(name: str, known: Iterable[str]) -> str:
    """Return "did you mean 'x'?" with the known name closest to `name`, or a list of all if none is close."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=MIN_SIMILARITY)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"known: {', '.join(names)}."
