"""A reader and a recogniser that errs, out of one seed: what a Follower hears of a reading."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from installation.text.script_follower import ScriptFollower
from installation.text.word_similarity import tokens

_OTHER_WORDS = """
stone river walking green seven mother candle sudden because window travel open market yellow never paper thunder little
garden kitchen music number table orange several driver carpet listen frozen people
"""
VOCABULARY = _OTHER_WORDS.split()
CHANGES = str.maketrans({"b": "p", "d": "t", "v": "f", "g": "k", "m": "n", "e": "i", "o": "u"})


@dataclass
class Hearing:
    """What a Follower made of a reading: each line that began, with how many words of which line had been read."""

    begun: list[int] = field(default_factory=list)
    shares: dict[int, float] = field(default_factory=dict)  # of the line's words that had been read by then


@dataclass
class Reader:
    """Reads lines, pauses, repeats; the recogniser mishears a share of the words, and says so in growing partials."""

    lines: Sequence[str]
    follower: ScriptFollower
    dice: random.Random
    substituted: float = 0.0
    deleted: float = 0.0
    inserted: float = 0.0
    hearing: Hearing = field(default_factory=Hearing)
    utterance: int = 0

    def read(self, *numbers: int) -> None:
        """These lines in one breath: partials of one word more each, then the final."""
        said = [
            (word, n, (i + 1) / len(words))
            for n in numbers
            for words in [tokens(self.lines[n])]
            for i, word in enumerate(words)
        ]
        self._utter(said)

    def say(self, text: str) -> None:
        """Words that are not in the text."""
        self._utter([(word, -1, 0.0) for word in text.split()])

    def _utter(self, said: list[tuple[str, int, float]]) -> None:
        self.utterance += 1
        heard: list[str] = []
        for word, number, share in said:
            heard += self._heard(word)
            slip = [self.dice.choice(VOCABULARY)] if self.dice.random() < self.substituted / 2 else []
            partial = heard[: -len(slip)] + slip if slip else heard  # the last word of a partial is often wrong
            self._tell(" ".join(partial), False, number, share)
        self._tell(" ".join(heard), True, said[-1][1], said[-1][2])

    def _tell(self, text: str, final: bool, number: int, share: float) -> None:
        for begun in self.follower.hear(self.utterance, text, final):
            self.hearing.begun.append(begun)
            self.hearing.shares[begun] = share if begun == number else 1.0 if begun < number else 0.0

    def _heard(self, word: str) -> list[str]:
        roll = self.dice.random()
        if roll < self.substituted:
            return [self.dice.choice(VOCABULARY) if self.dice.random() < 0.6 else word.translate(CHANGES)]
        if roll < self.substituted + self.deleted:
            return []
        extra = [self.dice.choice(VOCABULARY)] if self.dice.random() < self.inserted else []
        return [word, *extra]
