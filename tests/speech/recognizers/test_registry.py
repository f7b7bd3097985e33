"""The registry of recognisers and the verification of checkpoints."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.core.speech_messages import SpeechRejected, Transcription
from installation.speech.audio_source import AudioChunk
from installation.speech.endpointing import VENUES
from installation.speech.interfaces import RecognizedText, Recognizer, RecognizerRequest
from installation.speech.pipeline import SpeechPipeline
from installation.speech.recognizers.registry import RECOGNIZERS, create_recognizer
from installation.speech.recognizers.scripted import ScriptedRecognizer
from installation.speech.recognizers.whisper_files import PUBLISHED, WhisperFile, best_present, verify_checkpoint
from tests.speech.flite import synthesize
from tests.speech.recognizers import toy_recognizer
from tests.speech.recordings import LINES, SIX_SENTENCES_MODEL, silence
from tests.speech.virtual_microphone import until

CONTENT = b"weights"
KNOWN = WhisperFile("a.pt", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT), 0.1)


def no_report(message: str) -> None:
    raise AssertionError(f"unexpected report: {message}")


def create(name: str, models: Path, *languages: str) -> Recognizer:
    return create_recognizer(name, RecognizerRequest(models, languages or ("en",)))


def test_a_recogniser_is_added_by_one_file_and_one_registry_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RECOGNIZERS, "toy", toy_recognizer.create)
    published: list[Transcription | SpeechRejected] = []
    pipeline = SpeechPipeline(create("toy", tmp_path), VENUES["quiet"], published.append)
    pipeline.process(AudioChunk(np.concatenate([silence(0.5), synthesize(LINES[1], "rms"), silence(1.0)]), 10.0))
    until(lambda: pipeline.decoder.idle)
    pipeline.close()
    final = published[-1]
    assert isinstance(final, Transcription)
    assert (final.text, final.final, final.recognizer) == ("A long sentence", True, "toy")


def test_auto_is_the_embedded_recogniser_if_no_checkpoint_is_present(tmp_path: Path) -> None:
    assert create("auto", tmp_path).name == "sphinx (embedded)"


def test_auto_takes_a_whisper_checkpoint_that_is_present_and_verifies_it(tmp_path: Path) -> None:
    (tmp_path / "tiny.en.pt").write_bytes(CONTENT)
    reason = r"tiny\.en\.pt has 7 bytes instead of 75,571,315: remove it, then run_show\.py fetch tiny\.en\.$"
    with pytest.raises(ShowError, match=reason):
        create("auto", tmp_path)


def test_the_best_checkpoint_depends_on_the_device_and_the_language(tmp_path: Path) -> None:
    for model in PUBLISHED.values():
        (tmp_path / model.file).touch()
    assert best_present(tmp_path, "cpu", ("en",)) == "base.en"
    assert best_present(tmp_path, "cuda:0", ("en",)) == "turbo"
    assert best_present(tmp_path, "cuda", ("de",)) == "turbo"
    assert best_present(tmp_path, "cpu", ("de",)) == "base"
    assert best_present(tmp_path, "cpu", ()) == "base"
    (tmp_path / "base.pt").unlink()
    (tmp_path / "small.pt").unlink()
    assert best_present(tmp_path, "cpu", ("de", "en")) == ""


def test_a_checkpoint_that_is_too_slow_without_a_gpu_is_reported(tmp_path: Path) -> None:
    (tmp_path / "small.en.pt").write_bytes(CONTENT)
    reports: list[str] = []
    for name in ("auto", "small.en"):
        with pytest.raises(ShowError, match="bytes instead of"):
            create_recognizer(name, RecognizerRequest(tmp_path, report=reports.append))
    assert reports == ["small.en needs about 1.7 s per sentence without a GPU: text will be late."] * 2


def test_an_unknown_name_is_an_error_that_suggests_the_closest(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match=r"No recogniser 'sfinx'; did you mean 'sphinx'\?"):
        create("sfinx", tmp_path)


@pytest.mark.parametrize("name", [*PUBLISHED, "whisper", "no/such/model.pt"])
def test_a_missing_file_is_an_error_and_not_downloaded(tmp_path: Path, name: str) -> None:
    with pytest.raises(ShowError, match=r"^No .*\.$|^No .*\.pt"):
        create(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_embedded_recogniser_supports_english_only(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match=r"supports English, not language = 'de': .* fetch base"):
        create("auto", tmp_path, "de")


@pytest.mark.parametrize("name", ["auto", "whisper", str(SIX_SENTENCES_MODEL)])
def test_an_unknown_language_is_an_error_that_suggests_the_closest(tmp_path: Path, name: str) -> None:
    with pytest.raises(ShowError, match=r"No recogniser has a language 'dee'; did you mean 'de'\?"):
        create(name, tmp_path, "en", "dee")


def test_each_checkpoint_has_the_name_by_which_it_is_fetched() -> None:
    assert [each.name for each in PUBLISHED.values()] == [*PUBLISHED]


def test_the_registry_has_every_published_checkpoint_twice_and_three_more_names() -> None:
    assert RECOGNIZERS.keys() == {"auto", "whisper", "sphinx", *PUBLISHED, *(f"{name}-int8" for name in PUBLISHED)}


def test_a_damaged_file_of_the_right_size_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    path.write_bytes(b"weightz")
    with pytest.raises(ShowError, match=r"a\.pt is damaged or another file"):
        verify_checkpoint(path, KNOWN, no_report)


def test_a_file_is_hashed_once_and_again_when_it_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    path.write_bytes(CONTENT)
    verify_checkpoint(path, KNOWN, no_report)
    note = tmp_path / "a.pt.checked.json"
    written_at = note.stat().st_mtime_ns
    verify_checkpoint(path, KNOWN, no_report)
    assert note.stat().st_mtime_ns == written_at
    path.write_bytes(b"weightz")
    with pytest.raises(ShowError, match="damaged"):
        verify_checkpoint(path, KNOWN, no_report)


def test_a_damaged_note_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    path.write_bytes(CONTENT)
    (tmp_path / "a.pt.checked.json").write_text("[", encoding="utf-8")
    verify_checkpoint(path, KNOWN, no_report)


def test_a_note_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    path.write_bytes(CONTENT)
    (tmp_path / "a.pt.checked.json").mkdir()
    reports: list[str] = []
    verify_checkpoint(path, KNOWN, reports.append)
    assert len(reports) == 1
    assert "is hashed at every start" in reports[0]


def test_the_scripted_recogniser_returns_its_texts_in_order_and_then_nothing() -> None:
    scripted = ScriptedRecognizer(["one", RecognizedText("two", no_speech_prob=0.7)])
    assert [scripted.decode(silence(0.01)) for _ in range(3)] == [
        RecognizedText("one"),
        RecognizedText("two", no_speech_prob=0.7),
        RecognizedText(""),
    ]
