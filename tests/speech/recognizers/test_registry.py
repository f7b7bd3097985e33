"""Which recogniser a show gets, and whether its file is the right one."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.speech.interfaces import RecognizedText, Recognizer
from installation.speech.recognizers.registry import RECOGNIZERS, load_recognizer
from installation.speech.recognizers.scripted import ScriptedRecognizer
from installation.speech.recognizers.whisper_files import PUBLISHED, WhisperFile, checked, present

CONTENT = b"weights"
KNOWN = WhisperFile("a.pt", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT), 0.1)
NOBODY = np.zeros(160, np.int16)


def quiet(sentence: str) -> None:
    raise AssertionError(f"told: {sentence}")


def test_auto_is_the_embedded_one_where_no_model_lies(tmp_path: Path) -> None:
    assert load_recognizer("auto", tmp_path).name == "sphinx (embedded)"


def test_auto_takes_whisper_where_its_file_is_and_checks_it(tmp_path: Path) -> None:
    (tmp_path / "tiny.en.pt").write_bytes(CONTENT)
    with pytest.raises(ShowError, match=r"tiny\.en\.pt has 7 bytes instead of 75,571,315: fetch it again from https"):
        load_recognizer("auto", tmp_path)


def test_a_cpu_is_given_the_best_model_that_keeps_up(tmp_path: Path) -> None:
    for model in PUBLISHED.values():
        (tmp_path / model.file).touch()
    assert present(tmp_path, "cpu", "en") == "base.en"
    assert present(tmp_path, "cuda:0", "en") == "turbo"
    assert present(tmp_path, "cuda", "de") == "turbo"
    assert present(tmp_path, "cpu", "de") == ""


def test_the_operator_is_told_of_a_model_that_is_too_slow_without_a_gpu(tmp_path: Path) -> None:
    (tmp_path / "small.en.pt").write_bytes(CONTENT)
    told: list[str] = []
    for name in ("auto", "small.en"):
        with pytest.raises(ShowError, match="bytes instead of"):
            load_recognizer(name, tmp_path, tell=told.append)
    assert told == ["small.en takes about 2.8 s a sentence without a GPU: words will come late."] * 2


def test_an_unknown_name_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match=r"No recogniser 'sfinx'; did you mean 'sphinx'\?"):
        load_recognizer("sfinx", tmp_path)


@pytest.mark.parametrize("name", [*PUBLISHED, "whisper", "no/such/model.pt"])
def test_a_missing_file_is_one_sentence_and_never_a_download(tmp_path: Path, name: str) -> None:
    with pytest.raises(ShowError, match=r"^No .*\.$|^No .*\.pt"):
        load_recognizer(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_embedded_one_says_that_it_hears_english_only(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match="hears English, not 'de'"):
        load_recognizer("auto", tmp_path, language="de")


def test_names_are_those_of_the_files_and_three_more() -> None:
    assert RECOGNIZERS.keys() == {"auto", "whisper", "sphinx", *PUBLISHED}


def test_a_damaged_file_of_the_right_size_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    path.write_bytes(b"weightz")
    with pytest.raises(ShowError, match=r"a\.pt is damaged or another file"):
        checked(path, KNOWN, quiet)


def test_a_file_is_read_once_and_again_when_it_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    path.write_bytes(CONTENT)
    assert checked(path, KNOWN, quiet) == path
    note = tmp_path / "a.pt.checked.json"
    remembered = note.stat().st_mtime_ns
    checked(path, KNOWN, quiet)
    assert note.stat().st_mtime_ns == remembered
    path.write_bytes(b"weightz")
    with pytest.raises(ShowError, match="damaged"):
        checked(path, KNOWN, quiet)


def test_a_damaged_note_only_means_reading_once_more(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    path.write_bytes(CONTENT)
    (tmp_path / "a.pt.checked.json").write_text("[", encoding="utf-8")
    assert checked(path, KNOWN, quiet) == path


def test_where_nothing_can_be_remembered_the_operator_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    path.write_bytes(CONTENT)
    (tmp_path / "a.pt.checked.json").mkdir()
    told: list[str] = []
    checked(path, KNOWN, told.append)
    assert len(told) == 1
    assert "read whole at every start" in told[0]


def test_the_scripted_one_gives_its_texts_in_order_and_then_nothing() -> None:
    scripted = ScriptedRecognizer(["one", RecognizedText("two", no_speech=0.7)])
    assert isinstance(scripted, Recognizer)
    assert [scripted.decode(NOBODY) for _ in range(3)] == [
        RecognizedText("one"),
        RecognizedText("two", no_speech=0.7),
        RecognizedText(""),
    ]
