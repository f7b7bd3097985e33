"""A trigram model of the words of a show, in the ARPA format that speech recognisers read.

Every order keeps a fixed share of its probability for words that did not follow in the text (back-off with a fixed
discount, as in the Sphinx group's quick_lm): right for texts of some hundred words, which have none of the counts of
counts that Good-Turing and Kneser-Ney live on. Single words are mixed with common ones from outside of the text, so
that an improvised sentence is heard as words of its own instead of being bent into the poem's.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

BEGIN, END = "<s>", "</s>"
DISCOUNT = 0.5  # the share of every context that is kept for words which did not follow it in the text
BACKGROUND = 0.15  # the share of the single words that goes to common words
ORDER = 3
NEVER = -99.0  # the format's logarithm of nothing

Gram = tuple[str, ...]
Grams = dict[Gram, float]

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def words_of(text: str) -> list[str]:
    """The words of a text as a dictionary has them: lower case, no signs, apostrophes within words kept."""
    return _WORD.findall(text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))


def sentences(lines: Iterable[str], known: Iterable[str]) -> list[list[str]]:
    """What is counted: every line, and every two lines that follow each other, since a reader pauses where he likes.

    A word that is not in `known` parts its line in two.
    """
    words = set(known)
    wholes = [words_of(line) for line in lines]
    wholes = [line for line in wholes if line]
    spoken = [piece for line in wholes for piece in _pieces(line, words)]
    return spoken + [piece for first, second in pairwise(wholes) for piece in _pieces(first + second, words)]


def _pieces(line: Sequence[str], known: set[str]) -> list[list[str]]:
    pieces: list[list[str]] = [[]]
    for word in line:
        if word in known:
            pieces[-1].append(word)
        else:
            pieces.append([])
    return [piece for piece in pieces if piece]


def arpa(spoken: Sequence[Sequence[str]], background: Mapping[str, float]) -> str:
    """The model of `spoken` (at least one word in all) as the text of an ARPA file.

    `background`: common words and their relative frequencies, of any sum; may be empty.
    """
    counts = _counts(spoken)
    orders = [_single_words(counts[0], background)]
    backoffs: list[Grams] = []
    for n in range(1, ORDER):
        probabilities, weights = _discounted(counts[n], orders[-1])
        orders.append(probabilities)
        backoffs.append(weights)
    orders[0][(BEGIN,)] = 0.0  # nothing ever predicts the beginning, but it is a context
    return _written(orders, backoffs)


def _counts(spoken: Sequence[Sequence[str]]) -> list[Counter[Gram]]:
    counts: list[Counter[Gram]] = [Counter() for _ in range(ORDER)]
    for sentence in spoken:
        marked = (BEGIN, *sentence, END)
        for n, counter in enumerate(counts, 1):
            counter.update(marked[start : start + n] for start in range(len(marked) - n + 1))
    del counts[0][(BEGIN,)]
    return counts


def _single_words(counts: Counter[Gram], background: Mapping[str, float]) -> Grams:
    share = BACKGROUND if background else 0.0
    everything, common = counts.total(), sum(background.values())
    mixed = {gram: (1.0 - share) * count / everything for gram, count in counts.items()}
    for word, frequency in background.items():
        mixed[(word,)] = mixed.get((word,), 0.0) + share * frequency / common
    return mixed


def _discounted(counts: Counter[Gram], lower: Grams) -> tuple[Grams, Grams]:
    """The probabilities of one order, and for each context the weight of the order below where a word is new."""
    followers: defaultdict[Gram, dict[str, int]] = defaultdict(dict)
    for gram, count in counts.items():
        followers[gram[:-1]][gram[-1]] = count
    probabilities: Grams = {}
    weights: Grams = {}
    for context, following in followers.items():
        total = sum(following.values())
        for word, count in following.items():
            probabilities[(*context, word)] = (1.0 - DISCOUNT) * count / total
        seen = sum(lower[(*context[1:], word)] for word in following)
        weights[context] = DISCOUNT / max(1e-6, 1.0 - seen)
    return probabilities, weights


def _written(orders: Sequence[Grams], backoffs: Sequence[Grams]) -> str:
    rows = ["\\data\\", *(f"ngram {n}={len(grams)}" for n, grams in enumerate(orders, 1))]
    for n, grams in enumerate(orders, 1):
        weights = backoffs[n - 1] if n < ORDER else {}
        rows += ["", f"\\{n}-grams:", *(_row(gram, grams[gram], weights.get(gram)) for gram in sorted(grams))]
    return "\n".join([*rows, "", "\\end\\", ""])


def _row(gram: Gram, probability: float, weight: float | None) -> str:
    logarithm = math.log10(probability) if probability else NEVER
    tail = "" if weight is None else f" {math.log10(weight):.4f}"
    return f"{logarithm:.4f} {' '.join(gram)}{tail}"
