"""What the beginnings and endings of nouns say in Korean, Turkish, Arabic and Hebrew: roles, plurals, "and", "with"."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from installation.dream.english_phrases import AND, LOCATED, OBJECT, OF, SUBJECT, TOPIC, Token
from installation.dream.word_forms import word_forms
from installation.text.glossary import BEFORE, NUMBER, WORD

_KOREAN = {  # what follows a noun
    **dict.fromkeys(("은", "는", "도"), TOPIC),
    **dict.fromkeys(("이", "가", "께서"), SUBJECT),
    **dict.fromkeys(("을", "를"), OBJECT),
    **dict.fromkeys(("에", "에서", "에는", "에서는"), LOCATED),
    "의": OF,
    **dict.fromkeys(("로", "으로", "에게", "한테"), "to"),
    **dict.fromkeys(("와", "과", "랑", "이랑", "하고"), AND),
    **dict.fromkeys(("처럼", "같이", "같은"), "like"),
    "": "",
}
_MANY = "들"
_TURKISH = (  # endings of nouns, and their roles
    (re.compile(r".+s[ıiuü]z"), ("without", OF)),
    (re.compile(r".+[dt][ae]ki(?:ler|lar)?"), (LOCATED, OF)),
    (re.compile(r".+[dt][ae]n"), ("from",)),
    (re.compile(r".+[dt][ae]"), (LOCATED,)),
    (re.compile(r".+l[ıiuü]"), ("with", OF)),
    (re.compile(r".+y?l[ae]"), ("with",)),
    (re.compile(r".+[ıiuü]n"), (OF,)),
    (re.compile(r".+[ıiuü]"), (OBJECT,)),
    (re.compile(r".+[ae]"), ("to",)),
)
_ARABIC = {"وال": AND, "بال": "with", "لل": "to", "كال": "like", "و": AND, "ب": "with", "ل": "to", "ال": "", "ف": ""}

_HEBREW = {"וה": AND, "מה": "from", "ה": "", "ב": LOCATED, "ל": "to", "מ": "from", "ו": AND, "כ": "like", "ש": ""}
_MANY_IN_TURKISH = re.compile(r".{2,}l[ae]r(?:[ıiuü]|[ıi]n|[dt]?[ae]n?|l[ae])?")
_DUAL = ("ان", "ين")


class Said(NamedTuple):
    """What stands before a noun, the roles that it has, and whether it is a plural."""

    before: tuple[Token, ...] = ()
    after: tuple[str, ...] = ()
    plural: bool = False


def said_by_endings(word: str, language: str, is_listed: Callable[[str], bool]) -> Said:
    """What a noun that is not in its first form says besides what it names.

    Args:
        word: In lower case.
        language: Two letters; of others than these four languages nothing is said.
        is_listed: Whether a word is a known one in its first form.
    """
    if language == "ko":
        rest = next(end for end in sorted(_KOREAN, key=len, reverse=True) if word.endswith(end))
        return Said(after=(_KOREAN[rest],) if rest else (), plural=word.removesuffix(rest).endswith(_MANY))
    if language == "tr":
        roles = next((each for pattern, each in _TURKISH if pattern.fullmatch(word)), ())
        return Said(after=roles, plural=bool(_MANY_IN_TURKISH.fullmatch(word)))
    if language == "he":
        return _hebrew(word, is_listed)
    return _arabic(word, is_listed) if language == "ar" else Said()


def _hebrew(word: str, is_listed: Callable[[str], bool]) -> Said:
    for prefix, role in _HEBREW.items():
        bare = word.removeprefix(prefix)
        if word.startswith(prefix) and is_listed(bare):
            kind = WORD if role == AND else BEFORE
            return Said((Token(kind, role),) if role else ())
    return Said()


def _arabic(word: str, is_listed: Callable[[str], bool]) -> Said:
    before: list[Token] = []
    for prefix, role in _ARABIC.items():
        bare = word.removeprefix(prefix)
        if word.startswith(prefix) and len(bare) > 1 and any(is_listed(form) for form in word_forms(bare, "ar")):
            before += [Token(WORD if role == AND else BEFORE, role)] if role and not is_listed(word) else []
            word = bare
            break
    if word.endswith(_DUAL) and not is_listed(word):
        before.append(Token(NUMBER, "two"))
    return Said(tuple(before))
