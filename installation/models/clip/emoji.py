"""Pictures among the letters, by their names: a perceptor's vocabulary holds words, and hardly an emoji."""

from __future__ import annotations

import unicodedata

PICTURE = "So"  # Unicode's category of symbols that are no letters, numbers, signs of currency or arithmetic
SILENT = frozenset(("black", "white", "heavy", "medium", "face", "sign", "symbol", "with"))  # of a name, no meaning
MODIFIERS = frozenset("\u200d\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")  # joiner, variants, skins


def spelled(text: str) -> str:
    """The text with each emoji as its Unicode name, without what such names say of letterpress: a wolf for U+1F43A.

    Joiners, variation selectors and skin tones beside an emoji are dropped; a text without emoji comes back as it is.
    """
    if not any(unicodedata.category(character) == PICTURE for character in text):
        return text
    return " ".join("".join(_spelled(character) for character in text).split())


def _spelled(character: str) -> str:
    if character in MODIFIERS:
        return " "
    if unicodedata.category(character) != PICTURE:
        return character
    name = unicodedata.name(character, "").lower().replace("-", " ")
    return f" {' '.join(word for word in name.split() if word not in SILENT)} "
