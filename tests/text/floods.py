"""Texts as long as a prompt may be, of one word, one letter or one sign, behind words that begin a pattern."""

from __future__ import annotations

from installation.core.prompt_text import MAX_CHARACTERS

BEGINNINGS = (
    *("not ", "not a cat, not ", "the ships that are not ", "neither ", "without ", "anything but ", "instead of "),
    *("nicht ", "kein ", "pas de ", "sin ", "senza ", "zonder ", "bez ", "без ", "olmadan ", "two cats, no, ", "a "),
)
FLOODS = ("a" * MAX_CHARACTERS, "a-" * 250, "the " * 125, "he's " * 100, "no wait " * 63, ", " * 250, "is " * 167)


def flood_of(beginning: str, flood: str) -> str:
    """A text of the greatest length that is read."""
    return (beginning + flood)[:MAX_CHARACTERS]
