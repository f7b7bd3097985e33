"""Whisper with its real weights: the multilingual base model (see `tests.speech.real_whisper`)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np
import pytest

from installation.speech.interfaces import SAMPLE_RATE, DecodingAbandoned, never
from installation.speech.recognizers.whisper import Int8WhisperRecognizer, WhisperRecognizer
from installation.text.tokenization import words_of
from installation.text.word_similarity import edit_distance
from tests.speech import pico
from tests.speech.flite import synthesize
from tests.speech.real_whisper import real_whisper

pytestmark = pytest.mark.slow

ENGLISH = ("Seven white horses run along the shore.", "A violin sleeps in a bed of moss.")
FOREIGN = {
    "de": "Ein alter Leuchtturm steht allein am Meer.",
    "fr": "Une petite maison au bord de la mer.",
    "es": "La luna brilla sobre la ciudad dormida.",
}


@pytest.fixture(scope="module")
def english() -> Iterator[WhisperRecognizer]:
    import torch

    threads = torch.get_num_threads()
    recognizer = WhisperRecognizer(real_whisper())
    recognizer.load()
    yield recognizer
    torch.set_num_threads(threads)


def errors(said: str, recognized: str) -> int:
    return edit_distance(words_of(said), words_of(recognized.replace("7", "seven")))


def test_sentences_are_recognised_word_by_word(english: WhisperRecognizer) -> None:
    found = [english.decode(synthesize(text, "rms")).text for text in ENGLISH]
    assert sum(map(errors, ENGLISH, found)) <= 1, found  # of fifteen words


def test_eight_bits_recognise_the_same(english: WhisperRecognizer) -> None:
    small = Int8WhisperRecognizer(real_whisper())
    small.load()
    assert small.name == "whisper (base, 8 bit)"
    for text in ENGLISH:
        samples = synthesize(text, "rms")
        full, eight = english.decode(samples), small.decode(samples)
        assert words_of(eight.text) == words_of(full.text)
        assert abs(eight.avg_logprob - full.avg_logprob) < 0.1
        assert abs(eight.no_speech_prob - full.no_speech_prob) < 0.05


def test_silence_is_no_speech_in_a_short_window_too(english: WhisperRecognizer) -> None:
    assert english.decode(np.zeros(2 * SAMPLE_RATE, np.int16)).no_speech_prob > 0.6


def test_the_language_of_each_sentence_is_heard_and_the_text_stays_in_it(english: WhisperRecognizer) -> None:
    any_language = WhisperRecognizer(real_whisper(), languages=())
    any_language.load(english)
    for language, text in FOREIGN.items():
        recognized = any_language.decode(pico.synthesize(text, language))
        assert recognized.language == language
        assert errors(text, recognized.text) <= 2, recognized.text


def test_foreign_speech_in_an_english_show_is_noticed(english: WhisperRecognizer) -> None:
    assert english.decode(pico.synthesize(FOREIGN["de"], "de")).detected == "de"
    assert english.decode(synthesize(ENGLISH[0], "rms")).detected == ""


def test_a_decoding_that_nobody_needs_ends_at_once(english: WhisperRecognizer) -> None:
    asked = count(1)
    english.abandoned = lambda: next(asked) > 2
    try:
        with pytest.raises(DecodingAbandoned):
            english.decode_partial(1, synthesize(ENGLISH[0], "rms"))
    finally:
        english.abandoned = never
    assert next(asked) == 4  # of the six layers of the encoder, and of each token after them
