"""Voice commands by their sound: the embedded recogniser often writes a short command as other words that sound alike.

What was recognised and each command are compared as sequences of phones, by the edit distance in which similar phones
cost less (Kondrak 2000 describes such measures).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

MAX_DISTANCE = 0.32  # phones that differ, of the longer sequence: "night" is too far from "light"
MIN_MARGIN = 0.1  # to the second nearest command
MAX_WORDS = 3  # of an utterance that may be a command
SIMILAR_COST = 0.3
_SIMILAR = ("P B", "T D", "K G", "F V", "S Z", "SH ZH", "TH DH", "CH JH", "M N NG")
_VOWELS = frozenset(["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"])
VOWEL_COST = 0.5
_GROUPS = {phone: number for number, group in enumerate(_SIMILAR) for phone in group.split()}


def match_by_sound(text: str, commands: Sequence[str], pronounce: Callable[[str], str | None]) -> str:
    """Return the command that sounds like a recognised text, or the text itself.

    Args:
        text: Lower case words.
        commands: The same.
        pronounce: Returns the phones of a word, separated by spaces; None if they are unknown.
    """
    said = _phones(text, pronounce)
    if not said or len(text.split()) > MAX_WORDS or text in commands:
        return text
    spoken = ((command, _phones(command, pronounce)) for command in commands)
    distances = sorted((phone_distance(said, phones), command) for command, phones in spoken if phones)
    if not distances or distances[0][0] > MAX_DISTANCE:
        return text
    clear = len(distances) == 1 or distances[1][0] - distances[0][0] >= MIN_MARGIN
    return distances[0][1] if clear else text


def phone_distance(first: Sequence[str], second: Sequence[str]) -> float:
    """Return the cost of turning one sequence of phones into the other, per phone of the longer one: 0..1."""
    row = [float(j) for j in range(len(second) + 1)]
    for i, a in enumerate(first, 1):
        diagonal, row[0] = row[0], float(i)
        for j, b in enumerate(second, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + _cost(a, b))
    return row[-1] / max(len(first), len(second), 1)


def _cost(first: str, second: str) -> float:
    if first == second:
        return 0.0
    if first in _VOWELS and second in _VOWELS:
        return VOWEL_COST
    return SIMILAR_COST if _GROUPS.get(first, -1) == _GROUPS.get(second, -2) else 1.0


def _phones(text: str, pronounce: Callable[[str], str | None]) -> list[str]:
    """The phones of all words; empty if one is unknown."""
    words = [pronounce(word) for word in text.split()]
    return [phone for word in words if word for phone in word.split()] if all(words) else []
