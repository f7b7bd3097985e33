"""Unigrams and bigrams of general English, read from the language model that is packaged with pocketsphinx."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from installation.speech.recognizers.ngram_lm import SENTENCE_END, SENTENCE_START, Probabilities

if TYPE_CHECKING:
    from pocketsphinx import Decoder

UNIGRAMS = 10_000  # the most frequent words
BIGRAM_WORDS = 1_200  # the most frequent of these, whose bigrams are considered
MIN_LIFT = 2.0  # a bigram is kept if its second word is this many times likelier after the first than alone
MIN_BIGRAM_PROBABILITY = 1e-7  # joint
MARKER_PROBABILITY = 0.1  # assumed unigram probability of the sentence markers


def background_ngrams(decoder: Decoder, wanted: Iterable[str]) -> Probabilities:
    """Read frequent unigrams, and the informative bigrams of the most frequent and the `wanted` words.

    Returns:
        The probability of each unigram, and of the second word of each bigram after the first.
    """
    unigrams = _frequent_unigrams(decoder)
    words = sorted({*list(unigrams)[:BIGRAM_WORDS], *(word for word in wanted if word in unigrams)})
    return {(word,): probability for word, probability in unigrams.items()} | _bigrams(decoder, unigrams, words)


def _frequent_unigrams(decoder: Decoder) -> dict[str, float]:
    """Return the most frequent words in descending order of probability."""
    from pocketsphinx import get_model_path

    model, logmath = decoder.get_lm(decoder.current_search()), decoder.logmath
    dictionary = Path(get_model_path("en-us/cmudict-en-us.dict")).read_text(encoding="utf-8")
    entries = (row.split(maxsplit=1)[0] for row in dictionary.splitlines() if row)
    scores = {word: float(model.prob([word])) for word in entries if not word.endswith(")")}  # "read(2)": a variant
    frequent = sorted(scores, key=lambda word: (-scores[word], word))[:UNIGRAMS]
    return {word: float(logmath.exp(scores[word])) for word in frequent}


def _bigrams(decoder: Decoder, unigrams: dict[str, float], words: Sequence[str]) -> Probabilities:
    log_probability, logmath = decoder.get_lm(decoder.current_search()).prob, decoder.logmath
    alone = {SENTENCE_START: MARKER_PROBABILITY, SENTENCE_END: MARKER_PROBABILITY}
    alone |= {word: unigrams[word] for word in words}
    min_scores = {word: int(logmath.log(min(1.0, MIN_LIFT * alone[word]))) for word in (*words, SENTENCE_END)}
    bigrams: Probabilities = {}
    for context in (*words, SENTENCE_START):
        min_score = int(logmath.log(min(1.0, MIN_BIGRAM_PROBABILITY / alone[context])))
        for word, min_lift_score in min_scores.items():
            score = log_probability([word, context])  # the newest word comes first
            if score > min_lift_score and score > min_score:
                bigrams[(context, word)] = float(logmath.exp(score))
    return bigrams
