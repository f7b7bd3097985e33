from __future__ import annotations

import json
from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.core.speech_messages import LineWritten, WriteLine
from installation.models import default_place
from installation.models.language import language_model_folder
from installation.models.language.worker import WriterConfig
from installation.models.language.writer import MAX_WORDS, LanguageWriter, first_line
from installation.runtime import entry_points
from tests.models.language.tiny_model import WORDS, write_tiny_language_model
from tests.workers import RunningWorker

LINES = ("the fox runs into the snow", "and the sea takes the moon")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_language_model(tmp_path_factory.mktemp("language") / "tiny")


def test_a_line_is_written_and_the_seed_decides_which(folder: Path) -> None:
    line = LanguageWriter(folder, seed=1).write(LINES)
    assert 1 < len(line.split()) <= MAX_WORDS
    assert set(line.split()) <= set(WORDS)
    assert LanguageWriter(folder, seed=1).write(LINES) == line
    assert LanguageWriter(folder, seed=2).write(LINES) != line


def test_a_model_that_answers_requests_is_asked_for_one_line(tmp_path: Path) -> None:
    template = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
    writer = LanguageWriter(write_tiny_language_model(tmp_path / "chat", template), seed=1)
    plain = LanguageWriter(write_tiny_language_model(tmp_path / "plain"), seed=1)
    lengths = [each._inputs(LINES)["input_ids"].shape[1] for each in (writer, plain)]
    assert lengths[0] > lengths[1] > 8
    assert writer.write(LINES)


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("\n\n the moon falls \nthen more", "the moon falls"),
        ('- "The sea, again"', "The sea, again"),
        ("1. a wolf in the dark", "a wolf in the dark"),
        ("The fox runs", ""),  # known
        ("Snow", ""),
        ("", ""),
        ("one two three four five six seven eight nine ten eleven twelve thirteen fourteen, fifteen", None),
    ],
)
def test_what_was_written_becomes_a_line_to_show(written: str, line: str | None) -> None:
    found = first_line(written, ("the fox runs",))
    assert found == line if line is not None else found.endswith("fourteen")


def test_a_folder_that_is_no_language_model_is_refused(tmp_path: Path, folder: Path) -> None:
    place = default_place(cache=tmp_path)
    with pytest.raises(ShowError, match=r"^There is no language model 'nothing'"):
        language_model_folder("nothing", place)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ShowError, match=r"it has no config\.json"):
        language_model_folder("empty", place)
    assert language_model_folder(str(folder), place) == folder


def test_a_model_that_brings_its_own_code_is_refused_and_the_code_is_not_run(tmp_path: Path) -> None:
    folder = write_tiny_language_model(tmp_path / "own")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.Config", "AutoModelForCausalLM": "own.Model"}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')", encoding="utf-8")
    with pytest.raises(ShowError, match="cannot be loaded"):
        LanguageWriter(folder, seed=1)
    assert not (tmp_path / "ran").exists()


def test_damaged_weights_are_one_sentence(tmp_path: Path) -> None:
    folder = write_tiny_language_model(tmp_path / "cut")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(ShowError, match=r"^The language model in .* cannot be loaded"):
        LanguageWriter(folder, seed=1)


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing torch and transformers takes five seconds of a core, at the lowest priority."""
    monkeypatch.setattr("tests.workers.PATIENCE", 400.0)


@pytest.mark.slow
@pytest.mark.usefixtures("patience")
def test_the_writer_answers_from_a_process_of_its_own(folder: Path) -> None:
    with RunningWorker(entry_points.writer, WriterConfig(folder, 1)) as worker:
        worker.status(state="running")
        worker.pipe.send(WriteLine(7, LINES))
        answer = worker.receive(lambda message: isinstance(message, LineWritten))[-1]
    assert answer.number == 7
    assert set(answer.text.split()) <= set(WORDS)


@pytest.mark.slow
@pytest.mark.usefixtures("patience")
def test_a_model_that_cannot_be_loaded_is_reported(tmp_path: Path) -> None:
    folder = write_tiny_language_model(tmp_path / "cut")
    (folder / "model.safetensors").write_bytes(b"")
    with RunningWorker(entry_points.writer, WriterConfig(folder, 1)) as worker:
        assert "cannot be loaded" in worker.status(state="failed").reason
