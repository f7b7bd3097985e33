"""Grapheme clusters: what a reader takes for one character, such as a letter with its marks or an emoji sequence.

A simplification of Unicode Standard Annex 29 that covers marks, joiners, variation selectors, skin tones, flags and
tags. It does not join the letters of Hangul or the conjuncts of Indic scripts.
"""

from __future__ import annotations

import unicodedata

ZERO_WIDTH_JOINER = "\u200d"
ZERO_WIDTH_NON_JOINER = "\u200c"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)


def extends_cluster(character: str) -> bool:
    """Whether a character belongs to the cluster before it."""
    if unicodedata.category(character) in ("Mn", "Mc", "Me"):  # marks, variation selectors among them
        return True
    code = ord(character)
    return character in (ZERO_WIDTH_JOINER, ZERO_WIDTH_NON_JOINER) or code in _SKIN_TONES or code in _TAGS


def is_regional_indicator(character: str) -> bool:
    """Whether a character is one half of a flag."""
    return ord(character) in _REGIONAL_INDICATORS


def cluster_starts(text: str) -> list[int]:
    """The index at which each cluster of a text begins."""
    starts: list[int] = []
    indicators = 0  # in a row
    for index, character in enumerate(text):
        indicators = indicators + 1 if is_regional_indicator(character) else 0
        completes_flag = indicators > 0 and indicators % 2 == 0
        after_joiner = index > 0 and text[index - 1] == ZERO_WIDTH_JOINER
        if index == 0 or not (extends_cluster(character) or after_joiner or completes_flag):
            starts.append(index)
    return starts
