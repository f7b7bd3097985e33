"""The whole Whisper path, with a checkpoint that knows six sentences."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.speech.hallucination_filter import refuse
from installation.speech.interfaces import RATE, Recognizer
from installation.speech.recognizers.registry import load_recognizer
from installation.speech.recognizers.whisper import PROMPT_TOKENS, WhisperRecognizer, initial_prompt
from tests.speech.spoken import spoken

SIX = Path(__file__).parents[1] / "fixtures" / "whisper-six-sentences.pt"
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
    recognizer = WhisperRecognizer(SIX)
    recognizer.warm()
    yield recognizer
    torch.set_num_threads(threads)


@pytest.mark.parametrize("voice", ["rms", "slt"])
def test_six_sentences_are_heard_to_the_letter_and_believed(whisper: WhisperRecognizer, voice: str) -> None:
    heard = [whisper.decode(spoken(text, voice)) for text in SENTENCES]
    assert [hearing.text for hearing in heard] == list(SENTENCES)
    assert [refuse(hearing, 0.9, 1.5, (), now=0.0) for hearing in heard] == [""] * 6


@pytest.mark.parametrize("seconds", [0.5, 1.0, 2.0, 8.0])
def test_words_invented_on_silence_are_refused_although_the_model_is_sure(
    whisper: WhisperRecognizer, seconds: float
) -> None:
    hearing = whisper.decode(np.zeros(int(seconds * RATE), np.int16))
    assert hearing.text  # the trap is real
    assert hearing.logprob > -1.0
    assert refuse(hearing, 0.9, 1.5, (), now=0.0).startswith("The recogniser heard no speech")


def test_it_is_a_recognizer_named_after_its_file(whisper: WhisperRecognizer) -> None:
    assert isinstance(whisper, Recognizer)
    assert whisper.name == "whisper (whisper-six-sentences)"


@pytest.mark.parametrize("size", [0, 1_000, 4_000_000])
def test_a_file_that_was_cut_off_is_one_sentence(tmp_path: Path, size: int) -> None:
    path = tmp_path / "broken.pt"
    path.write_bytes(SIX.read_bytes()[:size])
    with pytest.raises(ShowError, match=r"broken\.pt is no model of openai-whisper, or it is damaged"):
        WhisperRecognizer(path).warm()


def test_a_file_of_another_kind_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "broken.pt"
    path.write_text("not a model", encoding="utf-8")
    with pytest.raises(ShowError, match=r"broken\.pt is no model of openai-whisper, or it is damaged"):
        WhisperRecognizer(path).warm()


def test_a_checkpoint_of_something_else_is_one_sentence(tmp_path: Path) -> None:
    import torch

    path = tmp_path / "other.pt"
    torch.save({"weights": torch.zeros(3)}, path)
    with pytest.raises(ShowError, match=r"other\.pt is no model of openai-whisper"):
        WhisperRecognizer(path).warm()


def test_an_unknown_language_is_told_with_the_nearest() -> None:
    with pytest.raises(ShowError, match=r"no language 'dee'; did you mean 'de'\?"):
        WhisperRecognizer(SIX, language="dee").warm()


def test_a_card_that_is_not_there_is_one_sentence() -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a card")
    with pytest.raises(ShowError, match=r'no CUDA card for Whisper here: \[listen\] compute = "cpu"'):
        WhisperRecognizer(SIX, device="cuda").warm()


def test_the_hint_holds_the_rare_words_of_the_show_in_their_order() -> None:
    lines = ["The lantern and the owl", "a cathedral of the lantern"]
    assert initial_prompt("Poems.", lines, 100, len) == "Poems. lantern, cathedral"
    assert initial_prompt("", lines, 12, len) == "cathedral"
    assert initial_prompt("Poems of the night", lines, 8, len) == "Poems of"
    assert initial_prompt("", (), 100, len) == ""


def test_a_hint_never_takes_more_tokens_than_the_model_has_room_for() -> None:
    lines = [f"lighthouse{number} starboat{number} zxqwv{number}" for number in range(200)]
    told = WhisperRecognizer(SIX, prompt="Gedichte über das Meer.", words=lines)
    told.warm()
    model, options = told._ready()
    assert str(options.prompt).startswith("Gedichte über das Meer. lighthouse")
    assert 0.8 * PROMPT_TOKENS < len(tokens_of(model, str(options.prompt))) <= PROMPT_TOKENS


def tokens_of(model: Any, text: str) -> list[int]:
    from whisper.tokenizer import get_tokenizer

    return list(get_tokenizer(model.is_multilingual).encode(f" {text}"))


def test_a_hint_that_leads_the_model_astray_is_dropped_for_that_sentence() -> None:
    misled = WhisperRecognizer(SIX, words=SENTENCES)  # this checkpoint has never seen a prompt
    heard = misled.decode(spoken(SENTENCES[1]))
    assert (heard.text, heard.compression < 2.4) == (SENTENCES[1], True)


def test_a_successor_of_the_same_file_loads_nothing_and_is_told_its_own_words(whisper: WhisperRecognizer) -> None:
    heir = WhisperRecognizer(SIX, words=("lantern harbour",))
    heir.inherit(whisper)
    heir.warm()
    assert heir._ready()[0] is whisper._ready()[0]
    assert (heir._ready()[1].prompt, whisper._ready()[1].prompt) == ("lantern, harbour", None)
    other = WhisperRecognizer(Path("nowhere.pt"))
    other.inherit(whisper)
    with pytest.raises(ShowError, match=r"No speech model at nowhere\.pt"):
        other.warm()


def test_only_files_that_were_trained_with_prompts_are_told_the_words_of_the_show(tmp_path: Path) -> None:
    for name, told in (("whisper-six-sentences.pt", ""), ("base.en.pt", "lantern, harbour")):
        shutil.copy(SIX, tmp_path / name)
        recognizer = load_recognizer(str(tmp_path / name), tmp_path, words=("lantern harbour",))
        recognizer.warm()
        assert isinstance(recognizer, WhisperRecognizer)
        assert (recognizer._ready()[1].prompt or "") == told
