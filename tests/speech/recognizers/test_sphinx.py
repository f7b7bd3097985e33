"""The embedded recogniser with a language model of a show's text."""

from __future__ import annotations

import numpy as np
import pytest
from pocketsphinx import Decoder

from installation.speech.interfaces import SAMPLE_RATE
from installation.speech.recognizers.sphinx import SphinxRecognizer, guess_pronunciation
from installation.speech.recognizers.sphinx_streaming import (
    CHUNK_SAMPLES,
    FIRST_CMN_SAMPLES,
    LOG_LEVEL,
    CepstralMeanEstimator,
    StreamingDecoder,
)
from installation.text.tokenization import words_of
from tests.speech.flite import synthesize
from tests.speech.recordings import silence

POEM = (
    "The lighthouse turns its slow eye over the harbour.",
    "Seven white horses run along the shore.",
    "A violin sleeps in a bed of moss.",
    "The starboat of Zxqwv sails at noon.",
)
IMPROVISED = "Please turn the sound down a little."
FEED_SAMPLES = 1536  # as the pipeline feeds an incremental recogniser


@pytest.fixture(scope="module")
def reports() -> list[str]:
    return []


@pytest.fixture(scope="module")
def sphinx(reports: list[str]) -> SphinxRecognizer:
    recognizer = SphinxRecognizer(POEM, reports.append)
    recognizer.load()
    return recognizer


@pytest.mark.slow
@pytest.mark.parametrize("voice", ["rms", "slt"])
@pytest.mark.parametrize("line", POEM[:3])
def test_a_line_of_the_show_is_recognised_exactly(sphinx: SphinxRecognizer, voice: str, line: str) -> None:
    assert sphinx.decode(synthesize(line, voice)).text.split() == words_of(line)


@pytest.mark.slow
def test_an_improvised_sentence_is_not_recognised_as_a_line_of_the_poem(sphinx: SphinxRecognizer) -> None:
    recognized = set(sphinx.decode(synthesize(IMPROVISED)).text.split())
    assert len(recognized & set(words_of(IMPROVISED))) >= 5
    assert recognized.isdisjoint({"lighthouse", "harbour", "horses", "violin", "moss"})


def test_a_compound_that_the_dictionary_lacks_is_recognised(sphinx: SphinxRecognizer) -> None:
    assert "starboat" in sphinx.decode(synthesize("The starboat sails at noon.")).text.split()


def test_words_without_a_pronunciation_are_reported(sphinx: SphinxRecognizer, reports: list[str]) -> None:
    assert sphinx.out_of_vocabulary == ("zxqwv",)
    assert reports == ["sphinx (embedded) cannot recognise words without a known pronunciation: zxqwv."]


@pytest.mark.slow
def test_prefixes_of_an_utterance_give_prefixes_of_its_text(sphinx: SphinxRecognizer) -> None:
    samples = synthesize(POEM[1])
    partials = [sphinx.decode(samples[: int(share * len(samples))]).text for share in (0.5, 0.75, 1.0)]
    assert all(partial.startswith("seven white") for partial in partials)
    assert len(partials[0]) < len(partials[1]) < len(partials[2])


def test_a_growing_utterance_gives_its_words_on_the_way(sphinx: SphinxRecognizer) -> None:
    samples = synthesize(POEM[1], "rms")
    ends = range(FEED_SAMPLES, len(samples), FEED_SAMPLES)
    partials = [sphinx.decode_partial(1, samples[:end]).text for end in ends]
    assert sphinx.decode_final(1, samples).text.split() == words_of(POEM[1])
    assert len({partial for partial in partials if partial}) >= 4
    assert partials[:3] == ["", "", ""]  # fewer samples than the first CMN estimate needs


@pytest.mark.slow
def test_every_sample_of_an_utterance_is_searched_once() -> None:
    streaming = StreamingDecoder(Decoder(loglevel=LOG_LEVEL), CepstralMeanEstimator())
    samples = synthesize(POEM[0])
    assert (streaming.advance(samples[: FIRST_CMN_SAMPLES - 1]), streaming.searched) == ("", 0)
    for end in range(FIRST_CMN_SAMPLES, len(samples), FEED_SAMPLES):
        streaming.advance(samples[:end])
        assert end - CHUNK_SAMPLES < streaming.searched <= end
    assert streaming.finish(samples).startswith("the lighthouse")
    assert streaming.searched == 0


def test_speech_after_digital_silence_is_recognised(sphinx: SphinxRecognizer) -> None:
    samples = np.concatenate([silence(1.5), synthesize(POEM[1])])
    assert sphinx.decode(samples).text.split() == words_of(POEM[1])


@pytest.mark.slow
def test_an_utterance_that_is_split_while_it_grows_gives_both_parts(sphinx: SphinxRecognizer) -> None:
    first, second = synthesize(POEM[1]), synthesize(POEM[2])
    sphinx.decode_partial(1, np.concatenate([first, second]))
    assert sphinx.decode_final(1, first).text.split() == words_of(POEM[1])
    sphinx.decode_partial(2, second[: len(second) // 2])
    assert sphinx.decode_final(2, second).text.split() == words_of(POEM[2])


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.2, 0.4, 1.0])
def test_trailing_silence_changes_no_word(sphinx: SphinxRecognizer, seconds: float) -> None:
    samples = np.concatenate([synthesize(POEM[2]), silence(seconds)])
    assert sphinx.decode(samples).text.split() == words_of(POEM[2])


def test_silence_noise_and_hum_give_no_words(sphinx: SphinxRecognizer) -> None:
    noise = np.random.default_rng(5).normal(0, 300, 2 * SAMPLE_RATE).astype(np.int16)
    hum = (4000 * np.sin(2 * np.pi * 50 * np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE)).astype(np.int16)
    assert [sphinx.decode(each).text for each in (noise, hum, silence(1.0), silence(0.0))] == [""] * 4


@pytest.mark.slow
def test_without_a_text_it_recognises_general_english() -> None:
    recognizer = SphinxRecognizer()
    assert (recognizer.name, recognizer.quality, recognizer.incremental) == ("sphinx (embedded)", 1, True)
    recognized = recognizer.decode(synthesize(IMPROVISED)).text.split()
    assert len(set(recognized) & set(words_of(IMPROVISED))) >= 5


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("owls", "AW L Z"),
        ("owl's", "AW L Z"),
        ("moths", "M AO TH S"),
        ("fish's", "F IH SH IH Z"),
        ("owlfish", "AW L F IH SH"),
        ("owlx", ""),
    ],
)
def test_the_pronunciation_of_a_missing_word_is_derived_from_its_parts(word: str, phones: str) -> None:
    known = {"owl": "AW L", "moth": "M AO TH", "fish": "F IH SH"}
    assert guess_pronunciation(word, known.get) == phones
