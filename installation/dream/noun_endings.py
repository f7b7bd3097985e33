"""What the beginnings and endings of nouns say in six languages, as Korean and Finnish: roles, plurals, "and"."""

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
_HUNGARIAN = (
    (re.compile(r".+(?:v[ae]l|([bcdfgklmnprstz])\1[ae]l)"), ("with",)),
    (re.compile(r".+b[ae]n?"), ("in",)),
    (re.compile(r".+n[áé]l"), ("at",)),
    (re.compile(r".+(?:b[óő]l|r[óő]l|t[óő]l)"), ("from",)),
    (re.compile(r".+(?:n[ae]k|h[eoö]z)"), ("to",)),
    (re.compile(r".+(?:r[ae]|[oeöáéaóőúű]n)"), ("on",)),
    (re.compile(r".+t"), (OBJECT,)),
)
_MANY_IN_HUNGARIAN = re.compile(r".+[aeoöáéióőúűü]k(?:[ae]t|b[ae]n?|r[ae]|[aeo]n|k[ae]l|n[ae]k|b[óő]l|r[óő]l|n[áé]l)?")
_CASE_IN_HUNGARIAN = re.compile(
    r"(?:[aeoö]?t|b[ae]n?|r[ae]|[aeoö]n|([bcdfgklmnprstz])[ae]l|n[ae]k|n[áé]l|h[eoö]z|b[óő]l|r[óő]l|t[óő]l)$"
)
_FINNISH = (
    (re.compile(r".+ss[aä](?:n?s[aä]|[aä]n)?"), ("in",)),
    (re.compile(r".+(?:ll[aä]|lle)(?:n?s[aä]|[aä]n|en)?"), (LOCATED,)),
    (re.compile(r".+[sl]t[aä](?:n?s[aä]|[aä]n)?"), ("from",)),
    (re.compile(r".+(?:seen|hun|hyn|hän|hin|[aäeioöuy](?=[aäeioöuy]n)[aäeioöuy]n)"), ("to",)),
    (re.compile(r".+n"), (OF,)),
    (re.compile(r".+[aä](?:[aä]n|ns[aä])?"), (OBJECT,)),
)
_MANY_IN_FINNISH = re.compile(r".+(?:t|[ij](?:[aä]|en|ss[aä]|ll[aä]|lle|st[aä]|lt[aä]|t[aä]|den))")
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
        language: Two letters; of others than these six languages nothing is said.
        is_listed: Whether a word is a known one in its first form.
    """
    if language == "ko":
        rest = next(end for end in sorted(_KOREAN, key=len, reverse=True) if word.endswith(end))
        return Said(after=(_KOREAN[rest],) if rest else (), plural=word.removesuffix(rest).endswith(_MANY))
    if language == "tr":
        roles = next((each for pattern, each in _TURKISH if pattern.fullmatch(word)), ())
        return Said(after=roles, plural=bool(_MANY_IN_TURKISH.fullmatch(word)))
    if language == "hu":
        roles = next((each for pattern, each in _HUNGARIAN if pattern.fullmatch(word)), ())
        is_one = is_listed(_CASE_IN_HUNGARIAN.sub("", word))  # "ablakban", of "ablak"
        return Said(after=roles, plural=not is_one and bool(_MANY_IN_HUNGARIAN.fullmatch(word)))
    if language == "fi":
        return _finnish(word, is_listed)
    if language == "he":
        return _hebrew(word, is_listed)
    return _arabic(word, is_listed) if language == "ar" else Said()


def _finnish(word: str, is_listed: Callable[[str], bool]) -> Said:
    """The role of a noun in one of the cases; "puun" is of a tree, and "taloon" into a house."""
    if is_listed(word[:-1]) and word.endswith("n"):
        return Said(after=(OF,))
    roles = next((each for pattern, each in _FINNISH if pattern.fullmatch(word)), ())
    stem = re.sub(r"(?:t|[aä]|en|ss[aä]|ll[aä]|lle|st[aä]|lt[aä]|t[aä]|den)$", "", word)
    return Said(after=roles, plural=bool(_MANY_IN_FINNISH.fullmatch(word)) and not is_listed(stem))


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
