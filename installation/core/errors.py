"""What can go wrong, as a tree.

LaternaError
├── ShowError    a mistake that the operator can mend: one sentence that says what, where, and what would be right
└── Refusal      a message that cannot be taken now; the show goes on and the sender is told the reason
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class LaternaError(Exception):
    """Root of all errors that Laterna raises on purpose."""


class ShowError(LaternaError):
    """A mistake that the operator can mend; its text is one sentence, ready to be shown."""


class Rejected(LaternaError):
    """A message that is not taken; its text is the reason, ready to be sent back."""


def suggest(name: str, known: Iterable[str]) -> str:
    """What would be right instead of `name`: the nearest of the known names, or all of them."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"known: {', '.join(names)}."
