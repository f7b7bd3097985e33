"""The stable prefix of partial hypotheses, by LocalAgreement-2.

A word is stable once two consecutive hypotheses agree on it and on all words before it (Liu, Spanakis, Niehues:
"Low-Latency Sequence-to-Sequence Speech Recognition and Translation by Partial Hypothesis Selection", 2020; applied to
Whisper by Macháček, Dabre, Bojar: "Turning Whisper into Real-Time Transcription System", 2023).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from installation.text.tokenization import words_of


class Partial(NamedTuple):
    """A hypothesis of an utterance in progress."""

    text: str
    stable: int  # characters of the stable prefix


class LocalAgreement:
    """Stabilises the hypotheses of one utterance."""

    def __init__(self) -> None:
        self._stable: list[str] = []
        self._previous: list[str] = []

    def update(self, hypothesis: str) -> Partial:
        """Take the next hypothesis of the growing utterance and return the text to show.

        Stable words never change, whatever a later hypothesis says. Case and punctuation are ignored in comparisons.
        """
        words = hypothesis.split()
        agreed = _common_prefix(self._previous, words)
        self._stable += words[len(self._stable) : agreed]
        self._previous = words
        shown = self._stable + words[len(self._stable) :]
        return Partial(" ".join(shown), len(" ".join(self._stable)))


def _common_prefix(first: Sequence[str], second: Sequence[str]) -> int:
    """Count the words that both begin with."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if words_of(one) != words_of(other):
            break
        count += 1
    return count
