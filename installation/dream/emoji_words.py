"""Emoji as words, for what a text names: a dog, a cloud with rain and a bus are "dog, rain, bus".

What the table `theatre/emoji.toml` does not have is called as Unicode calls it. What the words beside it say already is
not said again.
"""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache

from installation.models.lexicon import FOLDER

_CATEGORY = "So"  # of Unicode: symbol, other
_SKIN = range(0x1F3FB, 0x1F400)
_LETTERS = range(0x1F1E6, 0x1F200)  # of flags
_JOINERS = "\u200d\ufe0e\ufe0f\u20e3"
_OF_DRAWINGS = frozenset(["face", "sign", "symbol", "with", "black", "white", "heavy", "medium"])
FACES = frozenset(["laughter", "joy", "sadness", "anger", "fear", "love", "mystery"])  # how somebody feels who writes


def with_emoji_named(text: str) -> str:
    """A text with its emoji as English words behind its own; faces count only where nothing else is said."""
    pictures = [one for one in text if unicodedata.category(one) == _CATEGORY]
    if not pictures:
        return text
    plain = " ".join("".join(" " if one in pictures or _is_part(one) else one for one in text).split())
    said = frozenset(plain.lower().replace(",", " ").replace(".", " ").split())
    named = [name for name in dict.fromkeys(map(_name, pictures)) if name and not said & set(name.split())]
    named = [name for name in named if name not in FACES] or ([] if plain else named)
    joined = ", ".join(named)
    return f"{plain} {joined}".strip() if not plain or plain[-1] in ".,;:!?" else ", ".join([plain, *named])


def _is_part(character: str) -> bool:
    return character in _JOINERS or ord(character) in _SKIN


def _name(character: str) -> str:
    if ord(character) in _SKIN or ord(character) in _LETTERS:
        return ""
    if character in _table():
        return _table()[character]
    words = unicodedata.name(character, "").lower().replace("-", " ").split()
    return " ".join(word for word in words if word not in _OF_DRAWINGS)


@cache
def _table() -> dict[str, str]:
    rows = tomllib.loads((FOLDER / "emoji.toml").read_text(encoding="utf-8"))
    pairs = (pair.partition("=") for pair in rows["shown"].split())
    return {picture: name.replace("_", " ") for picture, _, name in pairs}
