"""Whisper, with a small checkpoint that knows six sentences (see `tests/speech/fixtures/README.md`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.speech.hallucination_filter import SpeechEvidence, rejection_reason
from installation.speech.interfaces import SAMPLE_RATE, DecodingAbandoned, RecognizedText, RecognizerRequest, never
from installation.speech.recognizers.registry import create_recognizer
from installation.speech.recognizers.whisper import (
    MAX_PROMPT_TOKENS,
    WhisperRecognizer,
    is_misled,
    reading_prompt,
    spoken_language,
)
from installation.speech.recognizers.whisper_engine import window_samples
from tests.speech.flite import synthesize
from tests.speech.recordings import SIX_SENTENCES_MODEL

CLEAR_VOICE = SpeechEvidence(voice_probability=0.9, voice_seconds=1.5, ended=0.0)
SENTENCES = (
    "A red sun over the sea.",
    "A forest of glass trees in the rain.",
    "Slow golden waves at night.",
    "A dragon flying above a burning city.",
    "Blue smoke and silver stars.",
    "An old ship in a storm.",
)


@pytest.fixture(scope="module")
def whisper() -> Iterator[WhisperRecognizer]:
    import torch

    threads = torch.get_num_threads()
    recognizer = WhisperRecognizer(SIX_SENTENCES_MODEL)
    recognizer.load()
    yield recognizer
    torch.set_num_threads(threads)


@pytest.mark.parametrize("voice", ["rms", "slt"])
def test_six_sentences_are_recognised_exactly_and_accepted(whisper: WhisperRecognizer, voice: str) -> None:
    recognized = [whisper.decode(synthesize(text, voice)) for text in SENTENCES]
    assert [each.text for each in recognized] == list(SENTENCES)
    assert [rejection_reason(each, CLEAR_VOICE) for each in recognized] == [""] * 6


@pytest.mark.parametrize("seconds", [0.5, 1.0, 2.0, 8.0])
def test_a_confident_hallucination_on_silence_is_rejected(whisper: WhisperRecognizer, seconds: float) -> None:
    recognized = whisper.decode(np.zeros(int(seconds * SAMPLE_RATE), np.int16))
    assert recognized.text  # the checkpoint does hallucinate
    assert recognized.avg_logprob > -1.0
    assert rejection_reason(recognized, CLEAR_VOICE).startswith("High no-speech probability")


def test_it_is_named_after_its_file(whisper: WhisperRecognizer) -> None:
    assert whisper.name == "whisper (whisper-six-sentences)"


@pytest.mark.parametrize("size", [0, 1_000, 4_000_000])
def test_a_truncated_file_is_an_error(tmp_path: Path, size: int) -> None:
    path = tmp_path / "broken.pt"
    path.write_bytes(SIX_SENTENCES_MODEL.read_bytes()[:size])
    with pytest.raises(ShowError, match=r"broken\.pt is damaged or not a Whisper checkpoint"):
        WhisperRecognizer(path).load()


def test_a_text_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.pt"
    path.write_text("not a model", encoding="utf-8")
    with pytest.raises(ShowError, match=r"broken\.pt is damaged or not a Whisper checkpoint"):
        WhisperRecognizer(path).load()


def test_a_checkpoint_of_another_kind_is_an_error(tmp_path: Path) -> None:
    import torch

    path = tmp_path / "other.pt"
    torch.save({"weights": torch.zeros(3)}, path)
    with pytest.raises(ShowError, match=r"other\.pt is damaged or not a Whisper checkpoint"):
        WhisperRecognizer(path).load()


def test_a_missing_cuda_device_is_an_error() -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    with pytest.raises(ShowError, match=r'no CUDA device for Whisper: set compute = "cpu"'):
        WhisperRecognizer(SIX_SENTENCES_MODEL, device="cuda").load()


def test_the_prompt_while_a_text_is_read_is_made_of_its_lines_as_sentences() -> None:
    lines = ("seven white horses run,", "A clock without hands!")
    assert reading_prompt("", lines, 100, len) == "Seven white horses run. A clock without hands!"
    assert reading_prompt("Poems of the sea.", lines[:1], 100, len) == "Poems of the sea. Seven white horses run."
    assert reading_prompt("Poems of the night", (), 8, len) == "Poems of"
    assert reading_prompt("", lines, 30, len) == "Seven white horses run."
    assert reading_prompt("", (), 100, len) == ""


def test_the_prompt_fits_into_the_token_limit() -> None:
    prompted = WhisperRecognizer(SIX_SENTENCES_MODEL, prompt="Gedichte über das Meer.")
    prompted.context = tuple(f"lighthouse{number} starboat{number} zxqwv{number}" for number in range(200))
    prompted.load()
    engine = prompted._ready().engine
    prompt = reading_prompt(prompted._prompt, prompted.context, MAX_PROMPT_TOKENS, engine.count_tokens)
    assert prompt.startswith("Gedichte über das Meer. Lighthouse0")
    assert 0.8 * MAX_PROMPT_TOKENS < engine.count_tokens(prompt) <= MAX_PROMPT_TOKENS


@pytest.mark.parametrize(
    ("text", "hint", "compression", "logprob", "misled"),
    [
        ("A violin sleeps.", "Poems of the sea.", 1.0, -0.3, False),
        ("the lantern and the owl", "The lantern and the owl, by Ann.", 1.0, -0.3, True),
        ("the owl", "The lantern and the owl, by Ann.", 1.0, -0.3, False),
        ("on and on and on", "", 2.5, -0.3, True),
        ("A violin sleeps.", "", 1.0, -1.1, True),
    ],
)
def test_a_prompt_misleads_by_repetition_by_doubt_or_by_an_echo_of_the_hint(
    text: str, hint: str, compression: float, logprob: float, misled: bool
) -> None:
    result = RecognizedText(text, avg_logprob=logprob, compression_ratio=compression)
    assert is_misled(result, hint) is misled


def test_the_lines_around_the_reader_hold_for_a_whole_utterance(whisper: WhisperRecognizer) -> None:
    reader = WhisperRecognizer(SIX_SENTENCES_MODEL)
    reader.load(whisper)
    for utterance, line, used in ((1, "first", "first"), (1, "second", "first"), (2, "second", "second")):
        reader.context = (line,)
        reader.decode_partial(utterance, synthesize(SENTENCES[0]))
        assert reader._lines == (used,)


def test_a_successor_with_the_same_file_shares_the_model(whisper: WhisperRecognizer) -> None:
    successor = WhisperRecognizer(SIX_SENTENCES_MODEL, prompt="lantern, harbour")
    successor.load(whisper)
    assert successor._ready() is whisper._ready()


def test_a_successor_with_another_file_does_not_share_the_model(whisper: WhisperRecognizer) -> None:
    with pytest.raises(ShowError, match=r"No speech model at nowhere\.pt"):
        WhisperRecognizer(Path("nowhere.pt")).load(whisper)


@pytest.mark.parametrize(("seconds", "window"), [(0.0, 10.0), (7.5, 10.0), (9.0, 11.0), (29.5, 30.0)])
def test_the_window_is_as_long_as_the_speech_and_never_so_short_that_the_model_repeats_itself(
    seconds: float, window: float
) -> None:
    assert window_samples(round(seconds * SAMPLE_RATE)) == window * SAMPLE_RATE


@pytest.mark.parametrize("checks", [0, 1, 3])
def test_a_decoding_that_nobody_needs_ends_between_two_layers_or_two_words(
    whisper: WhisperRecognizer, checks: int
) -> None:
    answers = iter([False] * checks)
    whisper.abandoned = lambda: next(answers, True)
    try:
        with pytest.raises(DecodingAbandoned):
            whisper.decode_partial(1, synthesize(SENTENCES[0]))
    finally:
        whisper.abandoned = never
    assert whisper.decode(synthesize(SENTENCES[0], "rms")).text == SENTENCES[0]


@pytest.mark.parametrize(
    ("probabilities", "before", "spoken"),
    [
        ({"it": 0.83, "es": 0.12}, "", "it"),
        ({"it": 0.45, "es": 0.53}, "it", "it"),  # "La neve cade sulla montagna"
        ({"it": 0.2, "es": 0.75}, "it", "es"),
        ({"nn": 0.4, "en": 0.1}, "en", "en"),  # a sound
        ({"nn": 0.4, "en": 0.1}, "", ""),
        ({"it": 0.9, "es": 0.1}, "it", "it"),
    ],
)
def test_another_language_is_spoken_only_if_it_is_clearly_more_probable(
    probabilities: dict[str, float], before: str, spoken: str
) -> None:
    assert spoken_language(probabilities, before) == spoken


def test_an_english_model_is_refused_for_other_languages_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match=r"supports English only: use a multilingual model for language = 'de, fr'"):
        WhisperRecognizer(SIX_SENTENCES_MODEL, ("de", "fr")).load()
    with pytest.raises(ShowError, match=r"'base\.en' knows English only: use base"):
        create_recognizer("base.en", RecognizerRequest(tmp_path, ()))
    with pytest.raises(ShowError, match=r"No Whisper model for 'de' and 'en' .* fetch base\."):
        create_recognizer("whisper", RecognizerRequest(tmp_path, ("de", "en")))
