"""A reading of a known text as a hidden Markov model, whose best path is found word by word (Viterbi).

There is a state for every word of the lines near the reader, and one garbage state per line for speech that is not in
the text, as in score following (Dannenberg 1984; Raphael 1999). Scores are additive and measured in words: a rare word
recognised as written scores 1, a frequent word less.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from installation.text.tokenization import tokens
from installation.text.word_similarity import similarity

IMPOSSIBLE = float("-inf")

# Scores of the transitions and emissions, in words.
SUBSTITUTION = -0.3  # another word was recognised in place of this one
INSERTION = -0.3  # a word was recognised between two words of the text
DELETION = -0.1  # a word of the text was not recognised; `DELETION_SHARE` of its weight is added
DELETION_SHARE = -0.3
LEAVE_LINE = -0.6  # the reader leaves a line before its end, or says something that is not in the text
REPEAT_LINE = -0.5  # the current line is read again
SKIP_LINE = -0.6  # the next line is skipped
EXTRA_LINE = -0.45  # each further line skipped, or each line gone back

MIN_WORD_WEIGHT = 0.35
STOP_WORD_WEIGHT = 0.35  # at most
NEARBY_LINE_DISCOUNT = 0.2  # of a word's weight, for each doubling of the nearby lines that contain it
_STOP_WORDS = """
a an and are as at be been but by for from had has have he her hers him his i if in into is it its me my no nor not o of
off oh on or our out she so that the their them then there they this to up upon us was we were what when where which
who will with you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

LineScores = dict[int, list[float]]  # line -> best score of a path ending at each of its words; last: garbage state


class ReadingModel:
    """The states of a text, and what it costs to go from one to another."""

    def __init__(self, lines: Sequence[str], window_lines: int) -> None:
        """Weigh the words of `lines`, each against so many lines before and after its own."""
        self._lines = [tokens(line) for line in lines]
        self._weights = _word_weights(self._lines, window_lines)

    def __len__(self) -> int:
        return len(self._lines)

    def word_count(self, line: int) -> int:
        """The number of words of a line; 0 for -1, the place before the first."""
        return len(self._lines[line]) if line >= 0 else 0

    def scores_at_end_of(self, line: int) -> LineScores:
        """The scores of a reader who has just finished this line."""
        words = self.word_count(line)
        return {line: [*[IMPOSSIBLE] * (words - 1), 0.0, LEAVE_LINE] if words else [0.0]}

    def after(self, scores: LineScores, word: str, last: int) -> LineScores:
        """The scores after one more word was recognised; paths lead up to the line `last`."""
        exits = {line: self._exit_score(line, line_scores) for line, line_scores in scores.items()}
        found: LineScores = {}
        for line in range(min(scores), min(last, len(self._lines) - 1) + 1):
            old = scores.get(line) or [IMPOSSIBLE] * (self.word_count(line) + 1)
            entry = max(score + _transition(line - origin) for origin, score in exits.items())
            found[line] = [*self._word_scores(line, old, entry, word), max(old[-1], max(old) + LEAVE_LINE)]
        return found

    def _exit_score(self, line: int, scores: list[float]) -> float:
        """The best score of a path that leaves the line; words unread at its end count as deletions."""
        unread, best = 0.0, scores[-1]
        for i in range(len(scores) - 2, -1, -1):
            best = max(best, scores[i] + max(unread, LEAVE_LINE))
            unread += _deletion(self._weights[line][i])
        return best

    def _word_scores(self, line: int, old: list[float], entry: float, word: str) -> list[float]:
        """The best scores of the paths that end at each word of the line after `word` was recognised."""
        if line < 0:
            return []
        new, before = [], entry  # `before`: the best path that reaches this word without having read it
        for written, weight, here in zip(self._lines[line], self._weights[line], old, strict=False):
            match = similarity(written, word)
            emission = match * weight if match else SUBSTITUTION
            new.append(max(before + emission, here + INSERTION))
            before = max(here, before + _deletion(weight))
        return new


def _deletion(weight: float) -> float:
    return DELETION + DELETION_SHARE * weight


def _transition(lines: int) -> float:
    """The score of going this many lines forwards from the current one; 0 for the next line."""
    if lines == 1:
        return 0.0
    if lines > 1:
        return SKIP_LINE + EXTRA_LINE * (lines - 2)
    return REPEAT_LINE - EXTRA_LINE * lines


def _word_weights(lines: Sequence[tuple[str, ...]], window: int) -> list[list[float]]:
    """How much each word says about the position: less where nearby lines contain it too. A line sums to 1 or more."""
    vocabularies = [frozenset(words) for words in lines]
    weights = []
    for number, words in enumerate(lines):
        nearby = vocabularies[max(0, number - window) : number + window + 1]
        counts = Counter(word for vocabulary in nearby for word in vocabulary)
        line_weights = [_word_weight(word, counts[word]) for word in words]
        total = sum(line_weights)
        weights.append([weight / total if 0 < total < 1 else weight for weight in line_weights])
    return weights


def _word_weight(word: str, lines: int) -> float:
    """The weight of a word that this many nearby lines contain."""
    weight = max(MIN_WORD_WEIGHT, 1.0 - NEARBY_LINE_DISCOUNT * math.log2(lines))
    return min(weight, STOP_WORD_WEIGHT) if word in STOP_WORDS else weight
