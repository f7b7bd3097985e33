"""A simulated reader and an unreliable recogniser: feeds a ScriptFollower partials and finals from one seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from installation.text.script_follower import ScriptFollower
from installation.text.tokenization import tokens

_OTHER_WORDS = """
stone river walking green seven mother candle sudden because window travel open market yellow never paper thunder little
garden kitchen music number table orange several driver carpet listen frozen people
"""
VOCABULARY = _OTHER_WORDS.split()
CONFUSED_LETTERS = str.maketrans({"b": "p", "d": "t", "v": "f", "g": "k", "m": "n", "e": "i", "o": "u"})


@dataclass
class SimulatedReader:
    """Reads lines to `follower`; the recogniser substitutes, deletes and inserts the given shares of the words."""

    lines: Sequence[str]
    follower: ScriptFollower
    random: random.Random
    substitutions: float = 0.0
    deletions: float = 0.0
    insertions: float = 0.0
    begun: list[int] = field(default_factory=list)  # the lines that the follower reported, in order
    read_shares: dict[int, float] = field(default_factory=dict)  # share of the line's words read by then, 0..1
    _utterance: int = 0

    def read(self, *numbers: int) -> None:
        """Reads these lines as one utterance: a partial after each word, then the final."""
        spoken = [
            (word, number, (i + 1) / len(words))
            for number in numbers
            for words in [tokens(self.lines[number])]
            for i, word in enumerate(words)
        ]
        self._utter(spoken)

    def say(self, text: str) -> None:
        """Says something that is not in the text."""
        self._utter([(word, -1, 0.0) for word in text.split()])

    def _utter(self, spoken: list[tuple[str, int, float]]) -> None:
        self._utterance += 1
        recognized: list[str] = []
        for word, number, share in spoken:
            recognized += self._recognize(word)
            wrong_end = [self.random.choice(VOCABULARY)] if self.random.random() < self.substitutions / 2 else []
            partial = recognized[: -len(wrong_end)] + wrong_end if wrong_end else recognized
            self._report(" ".join(partial), False, number, share)
        self._report(" ".join(recognized), True, spoken[-1][1], spoken[-1][2])

    def _report(self, text: str, final: bool, number: int, share: float) -> None:
        for line in self.follower.update(self._utterance, text, final):
            self.begun.append(line)
            self.read_shares[line] = share if line == number else 1.0 if line < number else 0.0

    def _recognize(self, word: str) -> list[str]:
        roll = self.random.random()
        if roll < self.substitutions:
            unrelated = self.random.random() < 0.6
            return [self.random.choice(VOCABULARY) if unrelated else word.translate(CONFUSED_LETTERS)]
        if roll < self.substitutions + self.deletions:
            return []
        inserted = [self.random.choice(VOCABULARY)] if self.random.random() < self.insertions else []
        return [word, *inserted]
