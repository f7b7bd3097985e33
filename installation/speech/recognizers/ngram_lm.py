"""A trigram model of the words of a show, in the ARPA format that speech recognisers read.

Every order keeps a fixed share of its probability for words that did not follow in the text (back-off with a fixed
discount, as in the Sphinx group's quick_lm): right for texts of some hundred words, which have none of the counts of
counts that Good-Turing and Kneser-Ney live on. Words and pairs of words are mixed with common ones from outside of the
text, so that an improvised sentence is heard as words of its own instead of being bent into the poem's.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from installation.text.tokenization import words_of

BEGIN, END = "<s>", "</s>"
DISCOUNT = 0.5  # the share of every context that is kept for words which did not follow it in the text
BACKGROUND = 0.6  # the share of single words and of pairs that goes to common English, unless it is said otherwise
ORDER = 3
SCRAP = 1e-6  # the least that rounding leaves of a probability
NEVER = -99.0  # the format's logarithm of nothing

Gram = tuple[str, ...]
Grams = dict[Gram, float]


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


def arpa(spoken: Sequence[Sequence[str]], background: Mapping[Gram, float], share: float = BACKGROUND) -> str:
    """The model of `spoken` (at least one word in all) as the text of an ARPA file.

    `background` may be empty: common words with their relative frequencies, of any sum, and pairs (context, word)
    with the word's probability after the context, both words among the single ones or BEGIN or END. `share`: what
    goes to it, 0..1.
    """
    counts = _counts(spoken)
    singles: Grams = {gram: p for gram, p in background.items() if len(gram) == 1}
    orders = [_single_words(counts[0], singles, share if singles else 0.0)]
    backoffs: list[Grams] = []
    for n in range(1, ORDER):
        common = {gram: p for gram, p in background.items() if len(gram) == n + 1}
        orders.append(_mixed(counts[n], common, share))
        backoffs.append(_backoff(orders[n], orders[n - 1]))
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


def _single_words(counts: Counter[Gram], background: Mapping[Gram, float], share: float) -> Grams:
    everything, common = counts.total(), sum(background.values())
    mixed = {gram: (1.0 - share) * count / everything for gram, count in counts.items()}
    for gram, frequency in background.items():
        mixed[gram] = mixed.get(gram, 0.0) + share * frequency / common
    return mixed


def _mixed(counts: Counter[Gram], background: Mapping[Gram, float], background_share: float) -> Grams:
    """The probabilities of the last word of pairs or triples; what is missing to 1 is left for the order below."""
    totals: Counter[Gram] = Counter()
    for gram, count in counts.items():
        totals[gram[:-1]] += count
    both = {gram[:-1] for gram in background} & totals.keys()
    mixed: defaultdict[Gram, float] = defaultdict(float)
    for gram, count in counts.items():
        share = 1.0 - background_share if gram[:-1] in both else 1.0
        mixed[gram] = share * (1.0 - DISCOUNT) * count / totals[gram[:-1]]
    for gram, probability in background.items():
        mixed[gram] += probability * (background_share if gram[:-1] in both else 1.0)
    return dict(mixed)


def _backoff(probabilities: Grams, lower: Grams) -> Grams:
    """For each context the weight of the order below where a word is new: that everything sums to 1."""
    left: defaultdict[Gram, float] = defaultdict(lambda: 1.0)
    unseen: defaultdict[Gram, float] = defaultdict(lambda: 1.0)
    for gram, probability in probabilities.items():
        left[gram[:-1]] -= probability
        unseen[gram[:-1]] -= lower[gram[1:]]
    return {context: max(left[context], SCRAP) / max(unseen[context], SCRAP) for context in left}


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
