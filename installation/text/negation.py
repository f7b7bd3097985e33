"""What a text in a language without rules for talk does not want to be seen: "een straat zonder auto's", "没有人的街".

Each language says it before the thing ("zonder"), after it ("olmadan", "のない"), or by "not this but that". The words
themselves tell the language: none of them means anything in the languages of `talk.toml`.
"""

from __future__ import annotations

import re

_ONE = r"([^\s,.;:!?、。，؟।]+)"
_RU_ADJECTIVE = r"(?:[^\s,.]+(?:ых|их|ого|его)\s+)?"
_PL_ADJECTIVE = r"(?:[^\s,.]+(?:ych|ich|ego|ej)\s+)?"
_NL_NAME = (
    r"((?:(?:een|de|het)\s+)?(?:(?!(?:en|de|een|in|op|met)\b)[^\s,.]+e\s+(?!(?:en|in|op|met|aan|bij)\b))?[^\s,.;!?]+)"
)
_CJK = r"([^\s\u3000-\u303f\uff0c\uff1f\uff01\u3040-\u309f]{1,5}|[\u30a0-\u30ff]{1,7}|[\u3040-\u309f]{2,4})"
_SWAPS = (  # not this but that: the first is not wanted
    rf"\bniet\s+(?:een\s+|de\s+|het\s+)?{_ONE},?\s+maar\b",
    rf"\bnão\s+(?:um\s+|uma\s+|o\s+|a\s+)?{_ONE},?\s+mas\b",
    rf"\bnie\s+{_ONE},?\s+(?:ale|tylko|lecz)\b",
    rf"\bне\s+{_ONE},?\s+(?:а|но)\b",
    rf"\b{_ONE}\s+değil(?:,|\s)\s*",
    rf"ليس\s+{_ONE}\s+بل",
    rf"{_ONE}\s+नहीं,?\s+बल्कि",
    rf"{_CJK}(?:ではなく|じゃなくて|でなく)て?",
    r"不是([^，,。]{1,5}?)[，,]?(?:而是|是)",
    r"([^\s]+?)(?:이|가)?\s+아니라",
)
_DENIALS = (  # of what follows or comes before
    rf"\b(?:zonder|geen)\s+{_NL_NAME}",
    rf"\b(?:sem|nenhum|nenhuma)\s+(?:(?:os|as|o|a|um|uma)\s+)?(?!(?:fim|dúvida|parar)\b){_ONE}",
    rf"\b(?:bez|brak|nie ma)\s+{_PL_ADJECTIVE}(?!końca\b){_ONE}",
    rf"\b(?:без|нет)\s+{_RU_ADJECTIVE}(?!конца\b){_ONE}",
    rf"\b(?:żadn\w+|žádn\w+|жодн\w+|немає|нема|никак\w+)\s+{_RU_ADJECTIVE}{_ONE}",
    rf"\b(?:ning[uú]n|ninguna)\s+{_ONE}",
    rf"\b(?:inget|inga|ingen)\s+(?!(?:som|är|har|kan|vill|ser)\b){_ONE}",
    rf"\b(?:κανένας|καμία|καμιά|κανένα|κανέναν|δεν υπάρχ\w+)\s+{_ONE}",
    rf"(?:^|[،,]\s*)(?:لا|ما في|لا يوجد)\s+{_ONE}(?=\s*(?:[،,]|$))",
    rf"{_ONE}\s+नहीं(?=\s*(?:,|$))",
    rf"\b{_ONE}\s+(?:olmadan|olmayan|yok)\b",
    r"\b(?!(?:ses|ıs|is|son|huzur|ök|yal|sonu)s[ıi]z)([^\s,.]{2,}?)s[ıiuü]z\b(?=\s)",
    rf"(?:بدون|بلا|من دون)\s+{_ONE}",
    rf"बिना\s+{_ONE}(?:\s+(?:के|की))?",
    rf"{_ONE}\s+के\s+बिना",
    rf"{_CJK}(?:の|が|は|も)?(?:い)?(?:ない|なし|無し)(?:の|で)?",
    r"没有?([^\s，,。的]{1,4})(?:的|$|(?=[，,。]))",
    r"无([^\s，,。的]{1,2})的",
    r"([^\s]+?)(?:이|가|은|는|도)?\s*(?:없는|없이|없다|없고)",
)
_PATTERNS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (*_SWAPS, *_DENIALS))


def without_denied(text: str) -> tuple[str, tuple[str, ...]]:
    """Take what is not wanted out of a text.

    Returns:
        What is left, and what is not wanted; the text itself and nothing if it denies nothing.
    """
    unwanted: list[str] = []
    for pattern in _PATTERNS:
        unwanted += [found.group(1).strip() for found in pattern.finditer(text)]
        text = pattern.sub(" ", text)
    return (" ".join(text.split()).strip(" ,;、，"), tuple(unwanted)) if unwanted else (text, ())
