"""What a reader takes for one character: a letter with its marks, an emoji with its joiners (after UAX 29)."""

from __future__ import annotations

import unicodedata

JOINER = "\u200d"
_SKIN = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)


def clings(character: str) -> bool:
    """Whether it belongs to the character before: marks, joiners, variation selectors, skin tones."""
    if unicodedata.category(character) in ("Mn", "Mc", "Me"):
        return True
    return character in (JOINER, "\u200c") or ord(character) in _SKIN or ord(character) in _TAGS


def is_flag_half(character: str) -> bool:
    """Whether it is a regional indicator, of which two make a flag."""
    return ord(character) in _FLAGS


def starts(text: str) -> list[int]:
    """Where each cluster of `text` begins; empty for no text."""
    found: list[int] = []
    flags = 0
    for place, character in enumerate(text):
        flags = flags + 1 if is_flag_half(character) else 0
        joined = place > 0 and (clings(character) or text[place - 1] == JOINER or (flags > 0 and flags % 2 == 0))
        if not joined:
            found.append(place)
    return found
