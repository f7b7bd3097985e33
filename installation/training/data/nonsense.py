"""Texts without meaning: function words, random letters, invented words and numbers."""

from __future__ import annotations

import numpy as np

_FUNCTION_WORDS = """
the a an and or but if so as of in on at by to for from with about into than then that this these those it its he she
they we you me him us them his her our your their mine who whom whose which what when how why be is are was were been
being am do does did done has have had having will would shall should can could may might must not no yes too very just
also only even much more most some any each every both few other such own same again here there all because until while
through during before after above below between against further well now ever never always often perhaps maybe quite
rather almost however therefore although though since unless whether yet still already indeed etc okay please thing
things something anything everything kind sort way one two three whatever somehow really actually basically according
regarding percent via per upon amongst
"""
FUNCTION_WORDS = tuple(_FUNCTION_WORDS.split())
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ONSETS = (
    *("", *"bcdfghjklmnprstvwxyz"),
    *("bl", "br", "ch", "dr", "fl", "gn", "gr", "kr", "pl", "qu", "sh", "sn", "thr", "vl", "zw"),
)
VOWELS = (*"aeiou", "ae", "ee", "ou", "oo", "y")
CODAS = ("", "", "", *"bdfgklmnprstxz", "ck", "lm", "mp", "nk", "rb", "sk", "wazz")


def nonsense_text(random: np.random.Generator) -> str:
    """Random letters, invented words, numbers, or function words in a row."""
    kind = int(random.integers(5))
    if kind == 0:
        return " ".join(_letters(random) for _ in range(random.integers(1, 4)))
    if kind in (1, 2):
        return " ".join(_invented_word(random) for _ in range(random.integers(1, 5)))
    if kind == 3:
        return " ".join(str(number) for number in random.integers(0, 10_000, random.integers(1, 4)))
    return " ".join(FUNCTION_WORDS[i] for i in random.integers(0, len(FUNCTION_WORDS), random.integers(1, 8)))


def _letters(random: np.random.Generator) -> str:
    return "".join(LETTERS[i] for i in random.integers(0, len(LETTERS), random.integers(2, 10)))


def _invented_word(random: np.random.Generator) -> str:
    parts = (ONSETS, VOWELS, CODAS) * int(random.integers(2, 4))
    return "".join(part[int(random.integers(len(part)))] for part in parts)
