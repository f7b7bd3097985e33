"""Follow somebody who reads a known text aloud: report each line once, in order, at its first recognised words.

The reading is modelled as a hidden Markov model and decoded online with the Viterbi algorithm, as in score following
(Dannenberg 1984; Raphael 1999). There is a state for every word of the lines near the cursor, and one garbage state per
line for speech that is not in the text. Scores are additive and measured in words: a rare word recognised as written
scores 1, a frequent word less.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

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
REPEATABLE_LINES = 2  # lines before the current one that may be read again

MIN_WORD_WEIGHT = 0.35
STOP_WORD_WEIGHT = 0.35  # at most
NEARBY_LINE_DISCOUNT = 0.2  # of a word's weight, for each doubling of the nearby lines that contain it
_STOP_WORDS = """
a an and are as at be been but by for from had has have he her hers him his i if in into is it its me my no nor not o of
off oh on or our out she so that the their them then there they this to up upon us was we were what when where which
who will with you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True)
class FollowThresholds:
    """How much evidence the follower needs before it reports a line."""

    evidence_words: float  # by which the line must explain the recognised words better than speech outside the text
    margin_words: float  # by which it must beat every other line
    window_lines: int  # lines after the current one that are considered


LineScores = dict[int, list[float]]  # line -> best score of a path ending at each of its words; last: garbage state


class ScriptFollower:
    """Follow one reader through a list of lines.

    `cursor` is the line reported last, counted from 0; -1 before the first. It moves forwards only, except by `seek`.
    """

    def __init__(self, lines: Sequence[str], thresholds: FollowThresholds) -> None:
        self.thresholds = thresholds
        self._lines = [tokens(line) for line in lines]
        self._weights = _word_weights(self._lines, self.thresholds.window_lines)
        self._utterance: int | None = None
        self._finished: int | None = None  # the utterance of the last final; later partials of it are ignored
        self._trail: list[tuple[str, LineScores]] = []  # each word of the current utterance, and the scores after it
        self.seek(-1)

    def seek(self, cursor: int) -> None:
        """Set the cursor, limited to the text, and discard the evidence collected so far."""
        self.cursor = max(-1, min(cursor, len(self._lines) - 1))
        self._settled = self._scores_at_end_of(self.cursor)  # the scores after the last final
        self._trail = [(word, self._settled) for word, _ in self._trail]
        self._discarded = len(self._trail)  # words of the current utterance that no longer count

    def update(self, utterance: int, text: str, final: bool) -> list[int]:
        """Take a partial (all words of the utterance so far) or a final and return the lines that have begun."""
        if utterance == self._finished:
            return []
        if utterance != self._utterance:
            self._utterance, self._trail, self._discarded = utterance, [], 0
        begun = []
        for word in self._unseen(tokens(text)):
            scores = self._viterbi_step(self._latest, word)
            self._trail.append((word, scores))
            line = self._begun_line(scores)
            if line is not None:
                self.cursor = line
                begun.append(line)
        if final:
            self._finished = utterance
            self._settle(self._latest)
        return begun

    def restart_utterances(self) -> None:
        """Treat the current utterance as final: a restarted recogniser numbers its utterances from 1 again."""
        if self._trail:
            self._settle(self._latest)
        self._utterance = self._finished = None

    @property
    def _latest(self) -> LineScores:
        return self._trail[-1][1] if self._trail else self._settled

    def _unseen(self, words: Sequence[str]) -> Sequence[str]:
        """Drop the words that the previous hypothesis began with as well, and rewind the trail to them."""
        pairs = zip(words, self._trail, strict=False)
        common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1][0], pairs))
        del self._trail[max(common, self._discarded) :]
        return words[len(self._trail) :]

    def _settle(self, scores: LineScores) -> None:
        """Carry the scores of the lines near the cursor over to the next utterance, the best of them as 0."""
        best = max(max(line_scores) for line_scores in scores.values())
        near = range(self.cursor - REPEATABLE_LINES, self.cursor + self.thresholds.window_lines + 1)
        kept = {line: [score - best for score in line_scores] for line, line_scores in scores.items() if line in near}
        self._settled = kept or self._scores_at_end_of(self.cursor)
        self._trail, self._discarded = [], 0

    def _scores_at_end_of(self, line: int) -> LineScores:
        """The initial scores: the reader has just finished this line."""
        words = self._word_count(line)
        return {line: [*[IMPOSSIBLE] * (words - 1), 0.0, LEAVE_LINE] if words else [0.0]}

    def _word_count(self, line: int) -> int:
        return len(self._lines[line]) if line >= 0 else 0

    # -- one Viterbi step ---------------------------------------------------------------------------------------

    def _viterbi_step(self, scores: LineScores, word: str) -> LineScores:
        exits = {line: self._exit_score(line, line_scores) for line, line_scores in scores.items()}
        last = min(len(self._lines) - 1, self.cursor + self.thresholds.window_lines)
        after: LineScores = {}
        for line in range(min(scores), last + 1):
            old = scores.get(line) or [IMPOSSIBLE] * (self._word_count(line) + 1)
            entry = max(score + _transition(line - origin) for origin, score in exits.items())
            after[line] = [*self._word_scores(line, old, entry, word), max(old[-1], max(old) + LEAVE_LINE)]
        return after

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

    # -- the decision -------------------------------------------------------------------------------------------

    def _begun_line(self, scores: LineScores) -> int | None:
        """The best line after the cursor, if it passes both thresholds."""
        best = {line: max(line_scores[:-1], default=IMPOSSIBLE) for line, line_scores in scores.items()}
        ahead = {line: score for line, score in best.items() if line > self.cursor}
        if not ahead:
            return None
        line = max(ahead, key=lambda each: (ahead[each], -each))
        outside = max((line_scores[-1] for other, line_scores in scores.items() if other < line), default=IMPOSSIBLE)
        rival = max((score for other, score in best.items() if other != line), default=IMPOSSIBLE)
        thresholds = self.thresholds
        certain = best[line] - outside >= thresholds.evidence_words and best[line] - rival >= thresholds.margin_words
        return line if certain else None


def _deletion(weight: float) -> float:
    return DELETION + DELETION_SHARE * weight


def _transition(lines: int) -> float:
    """The score of going this many lines forwards from the current one; 0 for the next line."""
    if lines == 1:
        return 0.0
    if lines > 1:
        return SKIP_LINE + EXTRA_LINE * (lines - 2)
    return REPEAT_LINE - EXTRA_LINE * lines if lines >= -REPEATABLE_LINES else IMPOSSIBLE


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
