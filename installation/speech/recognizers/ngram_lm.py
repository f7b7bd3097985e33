"""A trigram language model of a show's text, in the ARPA format.

The model backs off as Katz's does (1987), with a fixed discount instead of Good-Turing estimates, like the Sphinx
group's quick_lm: a text of some hundred words has too few counts of counts for Good-Turing or Kneser-Ney smoothing.
Unigrams and bigrams are interpolated with those of general English (Jelinek and Mercer 1980), so that an improvised
sentence is not recognised as the nearest line of the text.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from installation.text.tokenization import words_of

SENTENCE_START, SENTENCE_END = "<s>", "</s>"
ORDER = 3
DISCOUNT = 0.5  # probability mass of every context reserved for words that do not follow it in the text
BACKGROUND_WEIGHT = 0.6  # interpolation weight of general English, by default
MIN_MASS = 1e-6  # lower bound of a rounded probability mass
LOG_ZERO = -99.0  # ARPA's log10 of zero

Ngram = tuple[str, ...]
Probabilities = dict[Ngram, float]  # of the last word after the words before it


def training_sentences(lines: Iterable[str], vocabulary: Iterable[str]) -> list[list[str]]:
    """Split lines into the word sequences to be counted.

    Every pair of consecutive lines is a sequence as well, since a reader does not pause at every line break. A word
    outside the vocabulary splits its sequence in two.
    """
    known = set(vocabulary)
    tokenized = [words for line in lines if (words := words_of(line))]
    single = [piece for words in tokenized for piece in _known_pieces(words, known)]
    return single + [piece for first, second in pairwise(tokenized) for piece in _known_pieces(first + second, known)]


def _known_pieces(words: Sequence[str], known: set[str]) -> list[list[str]]:
    pieces: list[list[str]] = [[]]
    for word in words:
        if word in known:
            pieces[-1].append(word)
        else:
            pieces.append([])
    return [piece for piece in pieces if piece]


def build_arpa(
    sentences: Sequence[Sequence[str]],
    background: Mapping[Ngram, float],
    background_weight: float = BACKGROUND_WEIGHT,
) -> str:
    """Estimate the model and return it as the text of an ARPA file.

    Args:
        sentences: Word sequences, with at least one word in all.
        background: Unigrams of general English with their relative frequencies (of any sum), and bigrams with the
            probability of the second word after the first. The words of a bigram are among the unigrams or the
            sentence markers. May be empty.
        background_weight: Interpolation weight of the background, 0..1.
    """
    counts = _count_ngrams(sentences)
    unigrams: Probabilities = {ngram: value for ngram, value in background.items() if len(ngram) == 1}
    orders = [_interpolated_unigrams(counts[0], unigrams, background_weight if unigrams else 0.0)]
    backoffs: list[Probabilities] = []
    for n in range(1, ORDER):
        common = {ngram: value for ngram, value in background.items() if len(ngram) == n + 1}
        orders.append(_interpolated(counts[n], common, background_weight))
        backoffs.append(_backoff_weights(orders[n], orders[n - 1]))
    orders[0][(SENTENCE_START,)] = 0.0  # a context that is never predicted
    return _format_arpa(orders, backoffs)


def _count_ngrams(sentences: Sequence[Sequence[str]]) -> list[Counter[Ngram]]:
    counts: list[Counter[Ngram]] = [Counter() for _ in range(ORDER)]
    for sentence in sentences:
        marked = (SENTENCE_START, *sentence, SENTENCE_END)
        for n, counter in enumerate(counts, 1):
            counter.update(marked[start : start + n] for start in range(len(marked) - n + 1))
    del counts[0][(SENTENCE_START,)]
    return counts


def _interpolated_unigrams(counts: Counter[Ngram], background: Mapping[Ngram, float], weight: float) -> Probabilities:
    total, background_total = counts.total(), sum(background.values())
    mixed = {ngram: (1.0 - weight) * count / total for ngram, count in counts.items()}
    for ngram, frequency in background.items():
        mixed[ngram] = mixed.get(ngram, 0.0) + weight * frequency / background_total
    return mixed


def _interpolated(counts: Counter[Ngram], background: Mapping[Ngram, float], weight: float) -> Probabilities:
    """Discount and interpolate; what each context lacks to 1 is left to the lower order."""
    totals: Counter[Ngram] = Counter()
    for ngram, count in counts.items():
        totals[ngram[:-1]] += count
    shared = {ngram[:-1] for ngram in background} & totals.keys()  # contexts that both models know
    mixed: defaultdict[Ngram, float] = defaultdict(float)
    for ngram, count in counts.items():
        text_weight = 1.0 - weight if ngram[:-1] in shared else 1.0
        mixed[ngram] = text_weight * (1.0 - DISCOUNT) * count / totals[ngram[:-1]]
    for ngram, probability in background.items():
        mixed[ngram] += probability * (weight if ngram[:-1] in shared else 1.0)
    return dict(mixed)


def _backoff_weights(probabilities: Probabilities, lower: Probabilities) -> Probabilities:
    """Weight the lower order after each context so that all probabilities sum to 1."""
    reserved: defaultdict[Ngram, float] = defaultdict(lambda: 1.0)
    unseen: defaultdict[Ngram, float] = defaultdict(lambda: 1.0)
    for ngram, probability in probabilities.items():
        reserved[ngram[:-1]] -= probability
        unseen[ngram[:-1]] -= lower[ngram[1:]]
    return {context: max(reserved[context], MIN_MASS) / max(unseen[context], MIN_MASS) for context in reserved}


def _format_arpa(orders: Sequence[Probabilities], backoffs: Sequence[Probabilities]) -> str:
    rows = ["\\data\\", *(f"ngram {n}={len(ngrams)}" for n, ngrams in enumerate(orders, 1))]
    for n, ngrams in enumerate(orders, 1):
        weights = backoffs[n - 1] if n < ORDER else {}
        rows += ["", f"\\{n}-grams:", *(_row(ngram, ngrams[ngram], weights.get(ngram)) for ngram in sorted(ngrams))]
    return "\n".join([*rows, "", "\\end\\", ""])


def _row(ngram: Ngram, probability: float, backoff: float | None) -> str:
    log_probability = math.log10(probability) if probability else LOG_ZERO
    suffix = "" if backoff is None else f" {math.log10(backoff):.4f}"
    return f"{log_probability:.4f} {' '.join(ngram)}{suffix}"
