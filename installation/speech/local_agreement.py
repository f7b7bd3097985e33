"""Which words of a partial will stay: those that two successive hypotheses agree on.

LocalAgreement-2 (Liu, Spanakis, Niehues: "Low-Latency Sequence-to-Sequence Speech Recognition", 2020; as used by
whisper_streaming, Machacek et al. 2023).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from installation.text.tokenization import words_of


class Partial(NamedTuple):
    """What is shown while somebody speaks."""

    text: str
    stable: int  # the first so many characters will not change any more


class LocalAgreement:
    """The hypotheses of one utterance, in order; a new utterance takes a new one."""

    def __init__(self) -> None:
        self._agreed: list[str] = []
        self._last: list[str] = []

    def add(self, hypothesis: str) -> Partial:
        """A newer decoding of the growing utterance -> the text to show.

        Words once agreed on stay as they were, whatever a later hypothesis makes of them; case and punctuation
        are no disagreement.
        """
        words = hypothesis.split()
        common = _common(self._last, words)
        self._agreed += words[len(self._agreed) : common]
        self._last = words
        shown = self._agreed + words[len(self._agreed) :]
        return Partial(" ".join(shown), len(" ".join(self._agreed)))


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many first words are the same."""
    count = 0
    for mine, yours in zip(one, other, strict=False):
        if words_of(mine) != words_of(yours):
            break
        count += 1
    return count
