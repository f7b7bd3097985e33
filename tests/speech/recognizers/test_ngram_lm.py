"""The trigram model of the show's words."""

from __future__ import annotations

import pytest

from installation.speech.recognizers.ngram_lm import arpa, sentences

LINES = [["the", "red", "sun"], ["the", "red", "sea"]]
COMMON = {
    ("the",): 2.0,
    ("to",): 1.0,
    ("and",): 1.0,
    ("and", "the"): 0.4,
    ("the", "to"): 0.01,
    ("<s>", "and"): 0.3,
    ("to", "</s>"): 0.1,
}


def read(model: str) -> dict[tuple[str, ...], tuple[float, float]]:
    """Gram -> (probability, back-off weight), as a recogniser reads the file."""
    grams = {}
    for row in model.splitlines():
        fields = row.split()
        if fields and fields[0].lstrip("-").replace(".", "").isdigit():
            tail = fields[-1] if fields[-1].lstrip("-").replace(".", "").isdigit() and len(fields) > 2 else "0"
            words = fields[1:-1] if tail != "0" else fields[1:]
            grams[tuple(words)] = (10 ** float(fields[0]), 10 ** float(tail))
    return grams


def probability(grams: dict[tuple[str, ...], tuple[float, float]], context: tuple[str, ...], word: str) -> float:
    if (*context, word) in grams:
        return grams[(*context, word)][0]
    weight = grams[context][1] if context in grams else 1.0
    return weight * probability(grams, context[1:], word)


@pytest.mark.parametrize("background", [{}, COMMON], ids=["alone", "with common words"])
@pytest.mark.parametrize("context", [(), ("the",), ("the", "red"), ("<s>",), ("<s>", "the"), ("sun",), ("and",)])
def test_after_every_context_the_words_sum_to_one(
    context: tuple[str, ...], background: dict[tuple[str, ...], float]
) -> None:
    grams = read(arpa(LINES, background))
    words = {gram[0] for gram in grams if len(gram) == 1} - {"<s>"}
    assert sum(probability(grams, context, word) for word in words) == pytest.approx(1.0, abs=0.01)


def test_the_text_is_likelier_than_its_words_in_another_order() -> None:
    grams = read(arpa(LINES, COMMON))
    assert probability(grams, ("the", "red"), "sun") > 1.5 * probability(grams, ("the", "sun"), "red")
    assert probability(grams, (), "the") > probability(grams, (), "to") > 0


def test_the_smaller_the_share_of_common_english_the_likelier_are_the_words_of_the_text() -> None:
    open_, closed = (read(arpa(LINES, COMMON, share)) for share in (0.6, 0.2))
    assert probability(closed, (), "sun") == pytest.approx(2 * probability(open_, (), "sun"), rel=0.01)
    assert probability(closed, ("the",), "to") < probability(open_, ("the",), "to")
    assert probability(closed, (), "and") > 0.0  # but it is never impossible


def test_the_counts_in_the_head_are_those_of_the_file() -> None:
    model = arpa(LINES, {})
    assert "ngram 1=6" in model  # the red sun sea <s> </s>
    assert "ngram 2=6" in model
    assert "ngram 3=5" in model


def test_a_reader_may_go_on_over_the_end_of_a_line_and_unknown_words_part_it() -> None:
    assert sentences(["The red, qqq sun!", "", "A sea."], {"the", "red", "sun", "a", "sea"}) == [
        ["the", "red"],
        ["sun"],
        ["a", "sea"],
        ["the", "red"],
        ["sun", "a", "sea"],
    ]
