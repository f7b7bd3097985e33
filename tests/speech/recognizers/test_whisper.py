"""Whisper, with a small checkpoint that knows six sentences (see `tests/speech/fixtures/README.md`)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.core.messages import RecognizerHints
from installation.speech.hallucination_filter import SpeechEvidence, rejection_reason
from installation.speech.interfaces import SAMPLE_RATE, RecognizerRequest
from installation.speech.recognizers.registry import create_recognizer
from installation.speech.recognizers.whisper import MAX_PROMPT_TOKENS, WhisperRecognizer, initial_prompt
from tests.speech.flite import synthesize
from tests.speech.recordings import SIX_SENTENCES_MODEL

if TYPE_CHECKING:
    from whisper import Whisper

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


def test_an_unknown_language_is_an_error_that_suggests_the_closest() -> None:
    with pytest.raises(ShowError, match=r"no language 'dee'; did you mean 'de'\?"):
        WhisperRecognizer(SIX_SENTENCES_MODEL, language="dee").load()


def test_a_missing_cuda_device_is_an_error() -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    with pytest.raises(ShowError, match=r'no CUDA device for Whisper: set compute = "cpu"'):
        WhisperRecognizer(SIX_SENTENCES_MODEL, device="cuda").load()


def test_the_initial_prompt_has_the_longest_words_of_the_show_in_their_order() -> None:
    lines = ["The lantern and the owl", "a cathedral of the lantern"]
    assert initial_prompt("Poems.", lines, 100, len) == "Poems. lantern, cathedral"
    assert initial_prompt("", lines, 12, len) == "cathedral"
    assert initial_prompt("Poems of the night", lines, 8, len) == "Poems of"
    assert initial_prompt("", (), 100, len) == ""


def test_the_initial_prompt_fits_into_the_token_limit() -> None:
    lines = [f"lighthouse{number} starboat{number} zxqwv{number}" for number in range(200)]
    prompted = WhisperRecognizer(SIX_SENTENCES_MODEL, prompt="Gedichte über das Meer.", words=lines)
    prompted.load()
    model, options = prompted._ready()
    assert str(options.prompt).startswith("Gedichte über das Meer. lighthouse")
    assert 0.8 * MAX_PROMPT_TOKENS < len(tokens_of(model, str(options.prompt))) <= MAX_PROMPT_TOKENS


def tokens_of(model: Whisper, text: str) -> list[int]:
    from whisper.tokenizer import get_tokenizer

    return list(get_tokenizer(model.is_multilingual).encode(f" {text}"))


def test_a_prompt_that_misleads_the_model_is_dropped_for_that_segment() -> None:
    misled = WhisperRecognizer(SIX_SENTENCES_MODEL, words=SENTENCES)  # this checkpoint was trained without prompts
    recognized = misled.decode(synthesize(SENTENCES[1]))
    assert (recognized.text, recognized.compression_ratio < 2.4) == (SENTENCES[1], True)


def test_a_successor_with_the_same_file_shares_the_model_but_not_the_prompt(whisper: WhisperRecognizer) -> None:
    successor = WhisperRecognizer(SIX_SENTENCES_MODEL, words=("lantern harbour",))
    successor.load(whisper)
    (model, options), (shared, before) = successor._ready(), whisper._ready()
    assert model is shared
    assert (options.prompt, before.prompt) == ("lantern, harbour", None)


def test_a_successor_with_another_file_does_not_share_the_model(whisper: WhisperRecognizer) -> None:
    with pytest.raises(ShowError, match=r"No speech model at nowhere\.pt"):
        WhisperRecognizer(Path("nowhere.pt")).load(whisper)


def test_only_published_checkpoints_get_the_words_of_the_show_as_a_prompt(tmp_path: Path) -> None:
    for name, prompt in (("whisper-six-sentences.pt", ""), ("base.en.pt", "lantern, harbour")):
        shutil.copy(SIX_SENTENCES_MODEL, tmp_path / name)
        request = RecognizerRequest(tmp_path, hints=RecognizerHints(("lantern harbour",)))
        recognizer = create_recognizer(str(tmp_path / name), request)
        recognizer.load()
        assert isinstance(recognizer, WhisperRecognizer)
        assert (recognizer._ready()[1].prompt or "") == prompt
