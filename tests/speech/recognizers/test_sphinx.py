"""The embedded recogniser, told the words of a show."""

from __future__ import annotations

import numpy as np
import pytest
from pocketsphinx import Decoder

from installation.speech.interfaces import RATE, HintedRecognizer, Recognizer
from installation.speech.recognizers.sphinx import SphinxRecognizer, pronunciation
from installation.speech.recognizers.sphinx_cmn import QUIET, CepstralMeans
from installation.speech.recognizers.sphinx_streaming import LEAD, PIECE, StreamingDecoder
from installation.text.tokenization import words_of
from tests.speech.spoken import spoken

POEM = (
    "The lighthouse turns its slow eye over the harbour.",
    "Seven white horses run along the shore.",
    "A violin sleeps in a bed of moss.",
    "The starboat of Zxqwv sails at noon.",
)
FED = 1536  # samples that follow at once
IMPROVISED = "Please turn the sound down a little."


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
def sphinx(told: list[str]) -> SphinxRecognizer:
    recognizer = SphinxRecognizer(POEM, told.append)
    recognizer.warm()
    return recognizer


@pytest.mark.parametrize("voice", ["rms", "slt"])
@pytest.mark.parametrize("line", POEM[:3])
def test_a_line_of_the_show_is_heard_word_by_word(sphinx: SphinxRecognizer, voice: str, line: str) -> None:
    assert sphinx.decode(spoken(line, voice)).text.split() == words_of(line)


def test_an_improvised_sentence_is_not_bent_into_the_poem(sphinx: SphinxRecognizer) -> None:
    heard = set(sphinx.decode(spoken(IMPROVISED)).text.split())
    assert len(heard & set(words_of(IMPROVISED))) >= 5
    assert len(heard & {"lighthouse", "harbour", "horses", "violin", "moss"}) == 0


def test_a_compound_that_no_dictionary_has_is_heard(sphinx: SphinxRecognizer) -> None:
    assert "starboat" in sphinx.decode(spoken("The starboat sails at noon.")).text.split()


def test_words_that_cannot_be_heard_are_told(sphinx: SphinxRecognizer, told: list[str]) -> None:
    assert sphinx.left_out == ("zxqwv",)
    assert told == ["sphinx (embedded) does not know how these words sound: zxqwv."]


def test_a_growing_utterance_is_heard_from_its_beginning_on(sphinx: SphinxRecognizer) -> None:
    sound = spoken(POEM[1])
    partials = [sphinx.decode(sound[: int(share * len(sound))]).text for share in (0.5, 0.75, 1.0)]
    assert all(partial.startswith("seven white") for partial in partials)
    assert len(partials[0]) < len(partials[1]) < len(partials[2])


@pytest.mark.parametrize("line", POEM[:2])
def test_an_utterance_that_is_followed_has_the_words_that_it_has_at_once(line: str) -> None:
    sound = spoken(line)
    at_once, following = SphinxRecognizer(POEM), SphinxRecognizer(POEM)
    whole = at_once.decode(sound).text
    partials = [following.follow(1, sound[:end]).text for end in range(FED, len(sound), FED)]
    assert following.finish(1, sound).text == whole == " ".join(words_of(line))
    assert len({partial for partial in partials if partial}) >= 4
    assert all(partial == "" for partial in partials[:3])


def test_every_sample_of_an_utterance_is_searched_once() -> None:
    search = StreamingDecoder(Decoder(loglevel=QUIET), CepstralMeans())
    sound = spoken(POEM[0])
    assert (search.follow(sound[: LEAD - 1]), search.fed) == ("", 0)
    for end in range(LEAD, len(sound), FED):
        search.follow(sound[:end])
        assert end - PIECE < search.fed <= end
    assert search.finish(sound).startswith("the lighthouse")
    assert search.fed == 0


def test_a_voice_after_nothing_at_all_is_heard(sphinx: SphinxRecognizer) -> None:
    sound = np.concatenate([np.zeros(3 * RATE // 2, np.int16), spoken(POEM[1])])
    assert sphinx.decode(sound).text.split() == words_of(POEM[1])


def test_another_utterance_is_heard_from_its_own_beginning_on(sphinx: SphinxRecognizer) -> None:
    sphinx.follow(1, spoken(POEM[0]))  # nobody ever asks for its end
    sphinx.follow(2, spoken(POEM[1])[:RATE])
    assert sphinx.finish(2, spoken(POEM[1])).text.split() == words_of(POEM[1])
    assert sphinx.decode(spoken(POEM[2])).text.split() == words_of(POEM[2])


def test_an_utterance_that_is_cut_in_two_after_it_was_followed_gives_both_parts(sphinx: SphinxRecognizer) -> None:
    first, second = spoken(POEM[1]), spoken(POEM[2])
    sphinx.follow(1, np.concatenate([first, second]))
    assert sphinx.finish(1, first).text.split() == words_of(POEM[1])
    sphinx.follow(2, second[: len(second) // 2])
    assert sphinx.finish(2, second).text.split() == words_of(POEM[2])


def test_silence_after_the_end_changes_no_word(sphinx: SphinxRecognizer) -> None:
    for seconds in (0.2, 0.4, 1.0):
        sound = np.concatenate([spoken(POEM[2]), np.zeros(round(seconds * RATE), np.int16)])
        assert sphinx.decode(sound).text.split() == words_of(POEM[2])


def test_what_was_heard_before_changes_nothing(sphinx: SphinxRecognizer) -> None:
    noise = np.random.default_rng(3).normal(0, 6000, RATE).astype(np.int16)
    first = sphinx.decode(spoken(POEM[2])).text
    sphinx.decode(noise)
    assert sphinx.decode(spoken(POEM[2])).text == first


def test_silence_noise_hum_and_nothing_at_all_are_no_words(sphinx: SphinxRecognizer) -> None:
    noise = np.random.default_rng(5).normal(0, 300, 2 * RATE).astype(np.int16)
    hum = (4000 * np.sin(2 * np.pi * 50 * np.arange(2 * RATE) / RATE)).astype(np.int16)
    assert sphinx.decode(noise).text == ""
    assert sphinx.decode(hum).text == ""
    assert sphinx.decode(np.zeros(RATE, np.int16)).text == ""
    assert sphinx.decode(np.zeros(0, np.int16)).text == ""


def test_without_a_text_it_hears_its_own_english_and_is_labelled_as_embedded() -> None:
    recognizer = SphinxRecognizer()
    assert isinstance(recognizer, Recognizer)
    assert isinstance(recognizer, HintedRecognizer)
    assert recognizer.name == "sphinx (embedded)"
    heard = recognizer.decode(spoken(IMPROVISED)).text.split()
    assert len(set(heard) & set(words_of(IMPROVISED))) >= 5


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
def test_a_missing_word_sounds_like_its_parts(word: str, phones: str) -> None:
    known = {"owl": "AW L", "moth": "M AO TH", "fish": "F IH SH"}
    assert pronunciation(word, known.get) == phones
