"""What the packaged language model knows of common English, as a background for a show's own model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from installation.speech.recognizers.ngram_lm import BEGIN, END, Grams

if TYPE_CHECKING:
    from pocketsphinx import Decoder

COMMON_WORDS = 10_000  # single words
FLUENT_WORDS = 1_200  # whose pairs are looked up as well
TELLING = 2.0  # how many times likelier after its context than alone a word must be for the pair to be kept
RARE = 1e-7  # probability of a pair, at least


def background(decoder: Decoder, wanted: Iterable[str]) -> Grams:
    """Common words and pairs of the decoder's model, those with the `wanted` words among them.

    Single words have their probabilities, pairs the probability of the second word after the first.
    """
    words = _common(decoder)
    fluent = sorted({*list(words)[:FLUENT_WORDS], *(word for word in wanted if word in words)})
    return {(word,): probability for word, probability in words.items()} | _pairs(decoder, words, fluent)


def _common(decoder: Decoder) -> dict[str, float]:
    """The most frequent words first."""
    from pocketsphinx import get_model_path

    model, logarithms = decoder.get_lm(decoder.current_search()), decoder.logmath
    dictionary = Path(get_model_path("en-us/cmudict-en-us.dict")).read_text(encoding="utf-8")
    entries = (row.split(maxsplit=1)[0] for row in dictionary.splitlines() if row)
    scored = {word: float(model.prob([word])) for word in entries if not word.endswith(")")}
    best = sorted(scored, key=lambda word: (-scored[word], word))[:COMMON_WORDS]
    return {word: float(logarithms.exp(scored[word])) for word in best}


def _pairs(decoder: Decoder, words: dict[str, float], fluent: Sequence[str]) -> Grams:
    look_up, logarithms = decoder.get_lm(decoder.current_search()).prob, decoder.logmath
    alone = {BEGIN: 0.1, END: 0.1, **{word: words[word] for word in fluent}}
    telling = {word: int(logarithms.log(min(1.0, TELLING * alone[word]))) for word in (*fluent, END)}
    pairs: Grams = {}
    for context in (*fluent, BEGIN):
        rare = int(logarithms.log(min(1.0, RARE / alone[context])))
        for word, least in telling.items():
            score = look_up([word, context])  # the newest word comes first
            if score > least and score > rare:
                pairs[(context, word)] = float(logarithms.exp(score))
    return pairs
