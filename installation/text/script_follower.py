"""Follow somebody who reads a known text aloud: report each line once, in order, at its first recognised words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from installation.text.reading_model import IMPOSSIBLE, LineScores, ReadingModel
from installation.text.tokenization import tokens

REPEATABLE_LINES = 2  # lines before the last one that has been read, which may be read again


@dataclass(frozen=True)
class FollowThresholds:
    """How much evidence the follower needs before it reports a line."""

    evidence_words: float  # by which the line must explain the recognised words better than speech outside the text
    margin_words: float  # by which it must beat every other line
    window_lines: int  # lines after the current one that are considered


class _Heard(NamedTuple):
    """A word of the current utterance, and what was known after it."""

    word: str
    scores: LineScores
    cursor: int


class ScriptFollower:
    """Follow one reader through a list of lines.

    `cursor` is the line that the reader is in, counted from 0; -1 before the first. It moves forwards, with two
    exceptions besides `seek`. Words that are taken back take their line back. And from a line of which only the
    beginning was heard, which may have been a mishearing, the cursor returns to an earlier line that is read in full.
    A line that is merely read again is a repetition, and moves nothing.

    Words that may still be taken back begin the next line, but skip none.
    """

    def __init__(self, lines: Sequence[str], thresholds: FollowThresholds) -> None:
        self.thresholds = thresholds
        self._model = ReadingModel(lines, thresholds.window_lines)
        self._utterance: int | None = None
        self._finished: int | None = None  # the utterance of the last final; later partials of it are ignored
        self._trail: list[_Heard] = []  # the current utterance
        self._certain = 0  # words of it that will hardly be taken back
        self.seek(-1)

    def seek(self, cursor: int) -> None:
        """Set the cursor, limited to the text, and discard the evidence collected so far."""
        self.cursor = max(-1, min(cursor, len(self._model) - 1))
        self._reported = self._read = self.cursor  # the line reported last; the last one of which half has been read
        self._settled = self._model.scores_at_end_of(self.cursor)  # after the last final
        self._start = self.cursor  # at the last final
        self._trail = [_Heard(heard.word, self._settled, self.cursor) for heard in self._trail]
        self._discarded = len(self._trail)  # words of the current utterance that no longer count
        self._begun: set[int] = set()  # lines reported in the current utterance

    def update(self, utterance: int, text: str, final: bool, stable: int | None = None) -> list[int]:
        """Take a partial (all words of the utterance so far) or a final and return the lines to show.

        Args:
            utterance: Its number.
            text: What was recognised.
            final: Whether the utterance is complete.
            stable: The length of the beginning of a partial that will hardly be taken back; None: all of it.
        """
        if utterance == self._finished:
            return []
        if utterance != self._utterance:
            self._utterance, self._trail, self._discarded, self._certain = utterance, [], 0, 0
            self._begun = set()
        words = tokens(text)
        begun = self._hear(words, len(words) if final or stable is None else len(tokens(text[:stable])))
        if final:
            self._finished = utterance
            self._return_to_earlier_line()
            self._settle()
            begun += self._correction()
        return begun

    def reject(self, utterance: int, text: str) -> list[int]:
        """Take a final that is not to be trusted: it begins no line, but may take back what its partials began.

        Returns the line to show again, if any.
        """
        if utterance != self._utterance or utterance == self._finished:
            return []
        words = tokens(text)
        self._hear(words, len(words), trusted=False)
        self._finished = utterance
        if self.cursor != self._start:
            self._settle()
        self._trail, self._discarded = [], 0
        return self._correction()

    def restart_utterances(self) -> None:
        """Treat the current utterance as final: a restarted recogniser numbers its utterances from 1 again."""
        if self._trail:
            self._settle()
        self._utterance = self._finished = None

    # -- words ------------------------------------------------------------------------------------------------------

    @property
    def _latest(self) -> LineScores:
        return self._trail[-1].scores if self._trail else self._settled

    def _hear(self, words: Sequence[str], certain: int, trusted: bool = True) -> list[int]:
        """Take the words of the utterance so far and return the lines that begin.

        Args:
            words: All of them.
            certain: The first of them that will hardly be taken back.
            trusted: Whether lines may begin that no partial began.
        """
        lines = []
        for word in self._unseen(words):
            last = self.cursor + self.thresholds.window_lines
            scores = self._model.after(self._latest, word, last)
            furthest = last if len(self._trail) < certain else self.cursor + 1
            line = self._begun_line(scores, furthest)
            if line is not None and (trusted or line in self._begun):
                self.cursor = line
                lines += [] if line in self._begun else [line]
                self._begun.add(line)
            self._trail.append(_Heard(word, scores, self.cursor))
        self._certain = certain
        self._reported = lines[-1] if lines else self._reported
        return lines

    def _unseen(self, words: Sequence[str]) -> Sequence[str]:
        """Rewind to the words that were certain and are so still; return the others."""
        pairs = zip(words, self._trail[: self._certain], strict=False)
        common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1].word, pairs))
        del self._trail[max(common, self._discarded) :]
        self.cursor = self._trail[-1].cursor if self._trail else self._start
        return words[len(self._trail) :]

    def _settle(self) -> None:
        """Carry the scores of the lines near the cursor over to the next utterance, the best of them as 0."""
        scores = self._latest
        if self._is_half_read(self.cursor, scores):
            self._read = self.cursor
        best = max(max(line_scores) for line_scores in scores.values())
        near = range(self._read - REPEATABLE_LINES, self.cursor + self.thresholds.window_lines + 1)
        kept = {line: [score - best for score in line_scores] for line, line_scores in scores.items() if line in near}
        self._settled = kept or self._model.scores_at_end_of(self.cursor)
        self._start = self.cursor
        self._trail, self._discarded = [], 0

    # -- the decision -----------------------------------------------------------------------------------------------

    def _begun_line(self, scores: LineScores, furthest: int) -> int | None:
        """The best line after the cursor, if it passes both thresholds and is not beyond the furthest one."""
        best = _best_word_scores(scores)
        ahead = {line: score for line, score in best.items() if line > self.cursor}
        if not ahead:
            return None
        line = max(ahead, key=lambda each: (ahead[each], -each))
        outside = max((line_scores[-1] for other, line_scores in scores.items() if other < line), default=IMPOSSIBLE)
        return line if line <= furthest and self._is_certain(line, best, outside) else None

    def _return_to_earlier_line(self) -> None:
        """Set the cursor to an earlier line that was read, if of the present one hardly anything has been."""
        scores = self._latest
        best = _best_word_scores(scores)
        line = max(best, key=lambda each: (best[each], each), default=self.cursor)
        if line >= self.cursor or self._read == self.cursor or self._is_half_read(self.cursor, scores):
            return
        outside = max(line_scores[-1] for other, line_scores in scores.items() if other != line)
        if self._is_half_read(line, scores) and self._is_certain(line, best, outside):
            self.cursor = line

    def _is_certain(self, line: int, best: dict[int, float], outside: float) -> bool:
        """Whether the words are those of the line rather than of any other, or of speech outside the text."""
        rival = max((score for other, score in best.items() if other != line), default=IMPOSSIBLE)
        thresholds = self.thresholds
        return best[line] - outside >= thresholds.evidence_words and best[line] - rival >= thresholds.margin_words

    def _is_half_read(self, line: int, scores: LineScores) -> bool:
        """Whether the best path in the line has come to its middle."""
        words = scores.get(line, [])[:-1]
        return not words or 2 * (words.index(max(words)) + 1) >= len(words)

    def _correction(self) -> list[int]:
        """The line at the cursor, if another one was reported after it."""
        wrong, self._reported = self._reported != self.cursor, self.cursor
        return [self.cursor] if wrong and self.cursor >= 0 else []


def _best_word_scores(scores: LineScores) -> dict[int, float]:
    return {line: max(line_scores[:-1], default=IMPOSSIBLE) for line, line_scores in scores.items()}
