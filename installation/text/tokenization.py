"""Two tokenisers for speech: one for comparing texts, one for looking words up in a pronunciation dictionary."""

from __future__ import annotations

import re
import unicodedata

# Scripts without spaces between words (Thai, Lao, Burmese, Khmer, Chinese, Japanese): each character is a token.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_APOSTROPHES = "'\u2019\u02bc"

_NUMBERS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty seventy eighty ninety
"""
_ONES, _TENS = _NUMBERS.split()[:20], _NUMBERS.split()[20:]
_MAX_SPELLED_DIGITS = 4


def words_of(text: str) -> list[str]:
    """Split a text into lower-case words without punctuation; apostrophes inside words stay: `don't`."""
    return _WORD.findall(text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))


def tokens(text: str) -> tuple[str, ...]:
    """Normalise a text for comparison.

    Case, accents and apostrophes are removed (`The city's` -> `the`, `citys`), and numbers up to four digits are
    spelled out in English.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = (c for c in decomposed if unicodedata.category(c) != "Mn" and c not in f"{_APOSTROPHES}_")
    recomposed = unicodedata.normalize("NFC", "".join(letters))
    return tuple(word for token in _TOKEN.findall(recomposed) for word in _spelled(token))


def _spelled(token: str) -> tuple[str, ...]:
    if not (token.isascii() and token.isdigit()) or len(token) > _MAX_SPELLED_DIGITS:
        return (token,)
    return tuple(_number_words(int(token)))


def _number_words(number: int) -> list[str]:
    """Spell a number below 10,000 the way it is read aloud; 1842 is read as a year: eighteen forty two."""
    if number < 20:
        return [_ONES[number]]
    if number < 100:
        return [_TENS[number // 10 - 2], *(_number_words(number % 10) if number % 10 else [])]
    if number > 1000 and number % 1000 >= 100 and number % 100 >= 10:
        return [*_number_words(number // 100), *_number_words(number % 100)]
    unit, word = (1000, "thousand") if number >= 1000 else (100, "hundred")
    return [*_number_words(number // unit), word, *(_number_words(number % unit) if number % unit else [])]
