"""The trigram language model of a show's text."""

from __future__ import annotations

import pytest

from installation.speech.recognizers.ngram_lm import build_arpa, training_sentences

Model = dict[tuple[str, ...], tuple[float, float]]  # n-gram -> (probability, back-off weight)

SENTENCES = [["the", "red", "sun"], ["the", "red", "sea"]]
GENERAL_ENGLISH = {
    ("the",): 2.0,
    ("to",): 1.0,
    ("and",): 1.0,
    ("and", "the"): 0.4,
    ("the", "to"): 0.01,
    ("<s>", "and"): 0.3,
    ("to", "</s>"): 0.1,
}


def parse_arpa(text: str) -> Model:
    """Parse the n-grams of an ARPA file as a recogniser does."""
    model: Model = {}
    order = 0
    for row in text.splitlines():
        if row.endswith("-grams:"):
            order = int(row[1])
        elif order and row and not row.startswith("\\"):
            log_probability, *rest = row.split()
            words, backoff = tuple(rest[:order]), rest[order:]
            model[words] = (10 ** float(log_probability), 10 ** float(backoff[0]) if backoff else 1.0)
    return model


def probability(model: Model, context: tuple[str, ...], word: str) -> float:
    """The probability of a word after a context, with back-off."""
    if (*context, word) in model:
        return model[(*context, word)][0]
    weight = model[context][1] if context in model else 1.0
    return weight * probability(model, context[1:], word)


@pytest.mark.parametrize("background", [{}, GENERAL_ENGLISH], ids=["alone", "interpolated"])
@pytest.mark.parametrize("context", [(), ("the",), ("the", "red"), ("<s>",), ("<s>", "the"), ("sun",), ("and",)])
def test_the_probabilities_after_every_context_sum_to_one(
    context: tuple[str, ...], background: dict[tuple[str, ...], float]
) -> None:
    model = parse_arpa(build_arpa(SENTENCES, background))
    words = {ngram[0] for ngram in model if len(ngram) == 1} - {"<s>"}
    assert sum(probability(model, context, word) for word in words) == pytest.approx(1.0, abs=0.01)


def test_the_text_is_likelier_than_its_words_in_another_order() -> None:
    model = parse_arpa(build_arpa(SENTENCES, GENERAL_ENGLISH))
    assert probability(model, ("the", "red"), "sun") > 1.5 * probability(model, ("the", "sun"), "red")
    assert probability(model, (), "the") > probability(model, (), "to") > 0


def test_a_smaller_background_weight_makes_the_words_of_the_text_likelier() -> None:
    open_, closed = (parse_arpa(build_arpa(SENTENCES, GENERAL_ENGLISH, weight)) for weight in (0.6, 0.2))
    assert probability(closed, (), "sun") == pytest.approx(2 * probability(open_, (), "sun"), rel=0.01)
    assert probability(closed, ("the",), "to") < probability(open_, ("the",), "to")
    assert probability(closed, (), "and") > 0.0


def test_the_header_counts_the_ngrams_of_each_order() -> None:
    arpa = build_arpa(SENTENCES, {})
    assert arpa.splitlines()[1:4] == ["ngram 1=6", "ngram 2=6", "ngram 3=5"]  # the red sun sea <s> </s>


def test_sentences_continue_across_line_breaks_and_are_split_at_unknown_words() -> None:
    assert training_sentences(["The red, qqq sun!", "", "A sea."], {"the", "red", "sun", "a", "sea"}) == [
        ["the", "red"],
        ["sun"],
        ["a", "sea"],
        ["the", "red"],
        ["sun", "a", "sea"],
    ]
