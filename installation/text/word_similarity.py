"""Similarity of a written word and a recognised word: homophones, inflections, recognition errors.

Spelling is reduced to a rough phonetic code in the manner of Metaphone (Philips 1990), and the words are compared by
code, by stem and by edit distance.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from functools import lru_cache

MIN_SIMILARITY = 0.6  # anything below counts as unrelated and scores 0
HOMOPHONE_SIMILARITY = 0.9  # equal phonetic codes
STEM_SIMILARITY = 0.85  # equal stems, or equal consonants in a longer word
CONSONANT_SIMILARITY = 0.6  # equal consonants, `SHORT_SKELETON` at most: "luck" and "look"
EDIT_SIMILARITY_SCALE = 0.95  # keeps words with different letters below identical ones
SHORT_SKELETON = 3  # consonants
MIN_EDIT_LETTERS = 4  # shorter words are within a small edit distance of each other by chance

# English spelling to phonetic code, applied in this order; letters of other scripts pass through unchanged.
_PHONETIC_RULES = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
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
_VOICELESS = str.maketrans("bdgvz", "ptkfs")
_VOWELS = re.compile(r"(?<!^)[aeiouy]")
_SUFFIX = re.compile(r"(?<=\w{3})(?:ing|ed|es|s|er|ly|en|d|e|y|ies)$")


@lru_cache(maxsize=65_536)
def similarity(written: str, recognized: str) -> float:
    """Rate how likely `recognized` is a rendering of `written`, both single tokens.

    Returns:
        1 for identical words, `HOMOPHONE_SIMILARITY` for equal phonetic codes, `STEM_SIMILARITY` for equal stems, then
        down to `MIN_SIMILARITY` by edit distance; 0 for unrelated words.
    """
    if written == recognized:
        return 1.0
    first, second = phonetic_code(written), phonetic_code(recognized)
    if first == second and len(first) > 1:
        return HOMOPHONE_SIMILARITY
    skeleton = _VOWELS.sub("", first)
    if skeleton == _VOWELS.sub("", second) and len(skeleton) > 1:
        return CONSONANT_SIMILARITY if len(skeleton) <= SHORT_SKELETON else STEM_SIMILARITY
    if _same_stem(written, recognized):
        return STEM_SIMILARITY
    return _edit_similarity(written, recognized, first, second)


def similar_sound(first: str, second: str) -> bool:
    """Return whether two tokens sound alike but for voiced and voiceless consonants: "light" and "lied"."""
    return phonetic_code(first).translate(_VOICELESS) == phonetic_code(second).translate(_VOICELESS)


def _same_stem(first: str, second: str) -> bool:
    return min(len(first), len(second)) > 3 and _SUFFIX.sub("", first) == _SUFFIX.sub("", second)


def _edit_similarity(written: str, recognized: str, first: str, second: str) -> float:
    """Combine the edit distances of two words and of their phonetic codes."""
    if min(len(written), len(recognized)) < MIN_EDIT_LETTERS:
        return 0.0
    spelling = 1.0 - edit_distance(written, recognized) / max(len(written), len(recognized))
    sound = 1.0 - edit_distance(first, second) / max(len(first), len(second), MIN_EDIT_LETTERS)
    combined = EDIT_SIMILARITY_SCALE * max(spelling, (spelling + sound) / 2)
    return combined if combined >= MIN_SIMILARITY else 0.0


def phonetic_code(word: str) -> str:
    """How an English word sounds, roughly: "night" and "nite" are the same."""
    for pattern, code in _PHONETIC_RULES:
        word = pattern.sub(code, word)
    return word


def edit_distance(first: Sequence[Hashable], second: Sequence[Hashable]) -> int:
    """Return the Levenshtein distance: the fewest insertions, deletions and substitutions."""
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(second, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]
