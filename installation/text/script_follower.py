"""Where in a known text somebody reads, word by word as it is heard; the lines that begin come out, once and in order.

A hidden Markov model of the reading, decoded by Viterbi's algorithm, in the way of score following (Dannenberg 1984;
Raphael 1999): a state for each word of the lines near the cursor, and one beside each line for whatever is not in the
text. Scores are in words: a rare word that is heard as it is written counts 1, a frequent one less.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from installation.text.word_similarity import alike, tokens

NEVER = float("-inf")

MISREAD = -0.3  # another word was heard where this one stands
INSERTED = -0.3  # a word was heard between two words of the text
SKIPPED = -0.1  # a word of the text was not heard: this, and so much of its weight
SKIPPED_SHARE = -0.3
ASIDE = -0.6  # the reader leaves a line before its end, or the text
AGAIN = -0.5  # the present line once more; for each line before it a little less likely
SKIPPED_LINE = -0.6  # the line after the next; for each further line a little less likely
FURTHER = -0.45
BEHIND = 2  # lines before the present one that may be read once more

_ENGLISH = """
a an and are as at be been but by for from had has have he her hers him his i if in into is it its me my no nor not o of
off oh on or our out she so that the their them then there they this to up upon us was we were what when where which
who will with you your
"""
COMMON = frozenset(_ENGLISH.split())
COMMON_WEIGHT = 0.35


@dataclass(frozen=True)
class FollowThresholds:
    """How much must be heard before a line is taken for begun.

    `evidence`: by how many words it must explain better what was heard than anything before it does. `margin`: and
    better than any other line. `window`: how many lines ahead of the present one are considered.
    """

    evidence: float = 1.25
    margin: float = 0.25
    window: int = 8


State = dict[int, list[float]]  # line -> the score of the best reading that ends at each of its words, and beside it


class ScriptFollower:
    """Follows one reader. Lines are counted from 0; `cursor` is the line last begun, -1 before the first.

    The cursor only moves forward, except by `move`.
    """

    def __init__(self, lines: Sequence[str], trust: FollowThresholds | None = None) -> None:
        self.trust = trust or FollowThresholds()
        self._words = [tokens(line) for line in lines]
        self._weights = _weights(self._words, self.trust.window)
        self._utterance: int | None = None
        self._over: int | None = None  # the utterance of the last final: a late partial of it tells nothing new
        self._trail: list[tuple[str, State]] = []  # the words of the present utterance, and what each led to
        self.move(-1)

    def move(self, cursor: int) -> None:
        """The line after this one is expected next; what was heard until now is forgotten."""
        self.cursor = max(-1, min(cursor, len(self._words) - 1))
        self._settled = self._at_end_of(self.cursor)  # after the last final
        self._trail = [(word, self._settled) for word, _ in self._trail]
        self._forgotten = len(self._trail)  # so many words of the present utterance count no more

    def hear(self, utterance: int, text: str, final: bool) -> list[int]:
        """The lines that begin with these words: a partial (all words of the utterance so far), or the final."""
        if utterance == self._over:
            return []
        if utterance != self._utterance:
            self._utterance, self._trail, self._forgotten = utterance, [], 0
        words = tokens(text)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1][0], zip(words, self._trail, strict=False)))
        del self._trail[max(same, self._forgotten) :]
        begun = []
        for word in words[len(self._trail) :]:
            state = self._step(self._trail[-1][1] if self._trail else self._settled, word)
            self._trail.append((word, state))
            line = self._begun(state)
            if line is not None:
                self.cursor = line
                begun.append(line)
        if final:
            self._over = utterance
            self._settle(self._trail[-1][1] if self._trail else self._settled)
        return begun

    def break_off(self) -> None:
        """Who heard is gone, and a successor counts utterances anew: what was heard until now was all of it."""
        if self._trail:
            self._settle(self._trail[-1][1])
        self._utterance = self._over = None

    def _settle(self, state: State) -> None:
        best = max(max(scores) for scores in state.values())
        near = range(self.cursor - BEHIND, self.cursor + self.trust.window + 1)
        kept = {line: [score - best for score in scores] for line, scores in state.items() if line in near}
        self._settled = kept or self._at_end_of(self.cursor)
        self._trail, self._forgotten = [], 0

    def _at_end_of(self, line: int) -> State:
        """The reader has just read this line; whatever is not in the text would be as unlikely as after any other."""
        length = self._length(line)
        return {line: [*[NEVER] * (length - 1), 0.0, ASIDE] if length else [0.0]}

    def _length(self, line: int) -> int:
        return len(self._words[line]) if line >= 0 else 0

    # -- one heard word -----------------------------------------------------------------------------------------

    def _step(self, state: State, word: str) -> State:
        left = {line: self._left(line, scores) for line, scores in state.items()}
        last = min(len(self._words) - 1, self.cursor + self.trust.window)
        after: State = {}
        for line in range(min(state), last + 1):
            old = state.get(line) or [NEVER] * (self._length(line) + 1)
            arrival = max(score + _jump(line - origin) for origin, score in left.items())
            after[line] = [*self._read(line, old, arrival, word), max(old[-1], max(old) + ASIDE)]
        return after

    def _left(self, line: int, scores: list[float]) -> float:
        """The best score of having read this line and being ready for another one."""
        tail, best = 0.0, scores[-1]
        for i in range(len(scores) - 2, -1, -1):  # the last words may go unheard, but at a price
            best = max(best, scores[i] + max(tail, ASIDE))
            tail += _skip(self._weights[line][i])
        return best

    def _read(self, line: int, old: list[float], arrival: float, word: str) -> list[float]:
        if line < 0:
            return []
        new, before = [], arrival  # the best reading that has come as far as this word, but not read it
        for written, weight, here in zip(self._words[line], self._weights[line], old, strict=False):
            likeness = alike(written, word)
            emission = likeness * weight if likeness else MISREAD
            new.append(max(before + emission, here + INSERTED))
            before = max(here, before + _skip(weight))
        return new

    # -- has a line begun? --------------------------------------------------------------------------------------

    def _begun(self, state: State) -> int | None:
        best = {line: max(scores[:-1], default=NEVER) for line, scores in state.items()}
        ahead = {line: score for line, score in best.items() if line > self.cursor}
        if not ahead:
            return None
        line = max(ahead, key=lambda each: (ahead[each], -each))
        aside = max((scores[-1] for other, scores in state.items() if other < line), default=NEVER)
        rival = max((score for other, score in best.items() if other != line), default=NEVER)
        sure = best[line] - aside >= self.trust.evidence and best[line] - rival >= self.trust.margin
        return line if sure else None


def _skip(weight: float) -> float:
    return SKIPPED + SKIPPED_SHARE * weight


def _jump(lines: int) -> float:
    """The price of going on so many lines after the present one; 0 for the next."""
    if lines == 1:
        return 0.0
    if lines > 1:
        return SKIPPED_LINE + FURTHER * (lines - 2)
    return AGAIN - FURTHER * lines if lines >= -BEHIND else NEVER


def _weights(lines: Sequence[tuple[str, ...]], near: int) -> list[list[float]]:
    """What each word tells about where it stands: less where lines nearby have it too. A line tells 1 at least."""
    having = [frozenset(words) for words in lines]
    weights = []
    for number, words in enumerate(lines):
        counts = Counter(word for each in having[max(0, number - near) : number + near + 1] for word in each)
        these = [max(0.35, 1.0 - 0.2 * math.log2(counts[word])) for word in words]
        these = [min(each, COMMON_WEIGHT) if word in COMMON else each for word, each in zip(words, these, strict=True)]
        total = sum(these)
        weights.append([each / total if 0 < total < 1 else each for each in these])
    return weights
