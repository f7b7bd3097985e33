"""How alike two words are when one was read and the other was heard: homophones, inflections, slips of a recogniser."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LEAST = 0.6  # two words that are less alike have nothing to do with each other
SAME_SOUND = 0.9
SAME_STEM = 0.85
SAME_CONSONANTS = 0.6  # of three at most: "luck" and "look"; longer words are alike by their letters too

# scripts that put no spaces between words: each of their characters counts as one
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+")

_NUMBERS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty seventy eighty ninety
"""
_ONES, _TENS = _NUMBERS.split()[:20], _NUMBERS.split()[20:]

# English spelling to something like sound, in this order; letters of other scripts pass through
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"^wh", "w"),
        (r"mb$", "m"),
        (r"tch", "C"),
        (r"ch|sh|tion", "C"),
        (r"igh", "i"),
        (r"gh(?=t|$)", ""),
        (r"ph", "f"),
        (r"dge?", "d"),
        (r"ck|c(?![eiy])|q", "k"),
        (r"c", "s"),
        (r"x", "ks"),
        (r"z", "s"),
        (r"th", "T"),
        (r"(?<=.)h", ""),
        (r"ea|ee|ie|ei", "i"),
        (r"oo|ou|ew|ue|eu", "u"),
        (r"ai|ay|ey", "e"),
        (r"oa|ow", "o"),
        (r"(?<=[^aeiou])e$", ""),
        (r"(.)\1+", r"\1"),
    )
)
_VOWELS = re.compile(r"(?<!^)[aeiouy]")
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|es|s|er|ly|en|d|e|y|ies)$")


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text for comparing: small letters without marks, numbers spelt out, `'s` and the like joined."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in folded if unicodedata.category(c) != "Mn" and c not in "'\u2019\u02bc_")
    return tuple(word for found in _WORD.findall(unicodedata.normalize("NFC", bare)) for word in _spelt(found))


def _spelt(word: str) -> tuple[str, ...]:
    if not (word.isascii() and word.isdigit()) or len(word) > 4:
        return (word,)
    return tuple(_number(int(word)))


def _number(number: int) -> list[str]:
    """A number below ten thousand as it is read aloud, in English: 1842 as a year, eighteen forty two."""
    if number < 20:
        return [_ONES[number]]
    if number < 100:
        return [_TENS[number // 10 - 2], *(_number(number % 10) if number % 10 else [])]
    if number > 1000 and number % 1000 >= 100 and number % 100 >= 10:
        return [*_number(number // 100), *_number(number % 100)]
    unit, word = (1000, "thousand") if number >= 1000 else (100, "hundred")
    return [*_number(number // unit), word, *(_number(number % unit) if number % unit else [])]


@lru_cache(maxsize=65_536)
def alike(read: str, heard: str) -> float:
    """1 for the same word, .9 for the same sound, .85 for the same stem, down to `LEAST`; 0 below it."""
    if read == heard:
        return 1.0
    first, second = _sound(read), _sound(heard)
    if first == second and len(first) > 1:
        return SAME_SOUND
    frames = _VOWELS.sub("", first), _VOWELS.sub("", second)
    if frames[0] == frames[1] and len(frames[0]) > 1:
        return SAME_CONSONANTS if len(frames[0]) <= 3 else SAME_STEM
    if len(read) > 3 and len(heard) > 3 and _ENDING.sub("", read) == _ENDING.sub("", heard):
        return SAME_STEM
    if min(len(read), len(heard)) < 4:
        return 0.0  # two short words are easily alike by chance
    spelling = 1.0 - _distance(read, heard) / max(len(read), len(heard))
    sound = 1.0 - _distance(first, second) / max(len(first), len(second), 4)
    likeness = 0.95 * max(spelling, (spelling + sound) / 2)
    return likeness if likeness >= LEAST else 0.0


def _sound(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


def _distance(first: str, second: str) -> int:
    """Levenshtein's edit distance."""
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        corner, row[0] = row[0], i
        for j, b in enumerate(second, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (a != b))
    return row[-1]
