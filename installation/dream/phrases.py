"""Phrases that do not mean what their words name, replaced before a text is read: files of `_TABLES`.

1. An idiom is what it means: "raining cats and dogs" is rain. If that cannot be seen, the operator is told.
2. Of English, a word that a recogniser took for another one of the same sound is put right: "a bare in the woods".
   A word of two senses is read as the one that the others say: "till the rain stops".
3. "A sea of people" and "a blanket of snow" are people and snow; "a forest of pines" is a forest.
4. An hour is a time of day, if the text says which half of the day, else a clock: "three o'clock in the morning".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from installation.dream.english_words import DETERMINERS, PREPOSITIONS
from installation.models.lexicon import FOLDER, Lexicon, base_forms

_DETERMINED = "a|an|the|my|his|her|our|one|two|three|four|five|some|many|this|that"
_FOLLOWS = (  # words after which a noun has ended
    *sorted(PREPOSITIONS),
    *("and", "or", "with", "of", "from", "who", "that", "which", "is", "are", "was", "were", "comes", "goes", "has"),
    *("eating", "sleeping", "running", "standing", "sitting", "jumping", "coming", "alone"),
)
_END = rf"(?=\s*(?:$|[.,;:!?\u2026]|(?:{'|'.join(_FOLLOWS)})\b))"
_MEASURES = (  # of what follows "of", rather than a thing
    "sea|ocean|mountain|mountains|flood|floods|torrent|carpet|blanket|ribbon|ribbons|veil|sheet|wall|river|rivers|tide|"
    "stream|avalanche|storm|forest|jungle|desert|curtain|cloak|coat|robe|mantle|shawl|gown|shower|hail"
)
_MEASURE = re.compile(
    rf"\b(?:(?:a|an|the|this|that|my|her|his)\s+)?(?:\w+\s+)?({_MEASURES}) of ([\w'-]+)(?: (\w+))?", re.IGNORECASE
)
_HOLDS = {  # measures that are meant where they consist of these
    "wall": ("stone", "stones", "brick", "bricks", "ice", "glass", "wood", "water", "fire", "flames", "books"),
    "walls": ("stone", "brick", "ice", "glass"),
    "forest": ("pines", "trees", "firs", "oaks", "birches", "pine", "bamboo", "palms", "beeches", "mushrooms"),
    "desert": ("sand", "stones", "ice", "salt"),
    "mountain": ("fire", "ice", "sand"),
    "mountains": ("fire", "ice", "sand"),
    "river": ("fire", "lava", "ice"),
    "sea": ("ice", "sand", "fire"),
    "storm": ("sand", "snow", "ice", "fire"),
}
_HOURS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_HOUR = "|".join([*_HOURS, *(str(hour) for hour in range(12, 0, -1))])
_CLOCK = re.compile(
    rf"\b(?:(?:at|by|about|around) )?(?:(?:half past|quarter past|quarter to) ({_HOUR})(?: o'clock)?|({_HOUR}) o'clock|"
    rf"([01]?\d|2[0-3]):[0-5]\d|({_HOUR})(?= ?(?:am|pm)\b| in the (?:morning|afternoon|evening)| at night))"
    r"(?: ?(am|pm|in the morning|in the afternoon|in the evening|at night))?",
    re.IGNORECASE,
)
_TABLES = ("verse.toml", "phrases.toml", "senses.toml")
_NIGHT, _DAWN, _MORNING, _NOON, _DUSK = "at night", "at dawn", "in the morning", "at noon", "in the evening"
_PARTS = ((5, _NIGHT), (7, _DAWN), (11, _MORNING), (17, _NOON), (21, _DUSK), (24, _NIGHT))  # until this hour


class Rewritten(NamedTuple):
    """A text as it is to be read, and the phrases that were left out because nothing shows them."""

    text: str
    told: tuple[str, ...] = ()


def without_idioms(text: str) -> Rewritten:
    """Replace the idioms of a text in any language."""
    told: list[str] = []
    for section in ("rhymes", "prayers", "figures", "seen"):
        for pattern, meaning in _patterns(section).items():
            text = pattern.sub(meaning, text)
    for pattern in _told():
        for found in pattern.finditer(text):
            told.append(found.group().lower())
        text = pattern.sub(" ", text) if told else text
    return Rewritten(" ".join(text.split()) if told else text, tuple(told))


def plain_english(text: str, lexicon: Lexicon) -> str:
    """An English text with the words that were meant, without measures of what it names, and with times of day."""
    for section in ("homophones", "senses"):
        for pattern, meaning in _patterns(section).items():
            text = pattern.sub(meaning, text)
    return _CLOCK.sub(_time_of_day, _MEASURE.sub(lambda found: _measured(found, lexicon), text))


def _measured(found: re.Match[str], lexicon: Lexicon) -> str:
    measure, word, following = found[1].lower(), found[2].lower(), found[3] or ""
    phrases = [f"{measure} of {word}", f"{measure} of {word} {following}".strip()]
    if word in DETERMINERS or word in _HOLDS.get(measure, ()) or following.lower() in _HOLDS.get(measure, ()):
        return found.group()
    if any(phrase in lexicon.names or phrase in lexicon.moods for phrase in phrases):
        return found.group()
    rest = f"{found[2]} {following}".strip()
    plural = not word.endswith("ss") and any(form != word for form in base_forms(word))
    return f"many {rest}" if plural and word != "leaves" else rest


def _time_of_day(found: re.Match[str]) -> str:
    number = next(group for group in found.groups()[:4] if group).lower()
    hour = _HOURS.index(number) + 1 if number in _HOURS else int(number)
    part = (found[5] or "").lower()
    if not part and not found[3]:
        return "a clock"
    if part in ("am", "in the morning"):
        hour %= 12
    elif part in ("pm", "in the afternoon", "in the evening"):
        hour = hour % 12 + 12
    elif part == "at night":
        hour = 0
    return next(name for end, name in _PARTS if hour < end)


@cache
def _patterns(section: str) -> Mapping[re.Pattern[str], str]:
    rows = _table()[section]
    return {_pattern(pattern): meaning for pattern, meaning in rows.items()}


@cache
def _told() -> tuple[re.Pattern[str], ...]:
    rows = _table()["told"]
    return tuple(_pattern("|".join(each)) for each in rows.values())


def _pattern(text: str) -> re.Pattern[str]:
    filled = text.replace("{det}", _DETERMINED).replace("{end}", _END)
    end = "" if " (?=" in text else r"(?!\w)"
    return re.compile(rf"\b(?:{filled}){end}", re.IGNORECASE)


@cache
def _table() -> dict[str, dict[str, Any]]:
    tables = (tomllib.loads((FOLDER / name).read_text(encoding="utf-8")) for name in _TABLES)
    return {section: rows for table in tables for section, rows in table.items()}
