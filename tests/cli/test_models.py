"""The commands `models` and `fetch` as the operator types them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from installation.cli.main import main
from installation.core.model_files import ModelFiles
from installation.model_store import catalogue
from tests.model_store.conftest import path_of
from tests.model_store.server import ServedFile, Server


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty models folder, the default of the environment."""
    monkeypatch.setenv("LATERNA_MODELS", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_without_installed_models_the_embedded_ones_can_be_used(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    usable = [row["name"] for row in rows if row["usable"]]
    assert [name for name in usable if name != "photo"] == [  # an extra that may be installed
        *("theatre", "paper-stage", "biggan-embedded", "strokes", "fft", "pixels", "clip-embedded", "sphinx")
    ]
    assert {row["state"] for row in rows} == {"embedded", "not installed"}
    assert not cache.exists()


def test_the_table_names_every_model_and_the_models_folder(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    printed = capsys.readouterr().out
    assert "biggan-deep-512" in printed
    assert f"The models folder is {cache}" in printed.replace("\n", " ")


def test_a_damaged_file_from_a_folder_is_refused_and_leaves_nothing(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    origin = tmp_path / "carried"
    origin.mkdir()
    (origin / "tiny.en.pt").write_bytes(b"another file")
    assert main(["fetch", "tiny.en", "--from", str(origin)]) == 2
    error = capsys.readouterr().err
    assert "is damaged or another file" in error
    assert "Traceback" not in error
    assert [path for path in cache.iterdir() if path.suffix != ".lock"] == []


def test_fetch_installs_into_the_folder_of_the_option(
    served: Callable[..., ModelFiles],
    server: Server,
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    content = b"whisper" * 1000
    tiny = served("tiny.en", tiny_en_pt=hashlib.sha256(content).hexdigest())
    server.files[path_of(tiny, 0)] = ServedFile(content)
    monkeypatch.setattr(catalogue, "RECOGNIZER_FILES", (tiny,))
    folder = tmp_path / "gallery"
    assert main(["fetch", "tiny.en", "--models", str(folder)]) == 0
    path = folder / "tiny.en.pt"
    assert capsys.readouterr().out == f"tiny.en is installed, verified: {path} (from {tiny.sources[0].url})\n"
    assert path.read_bytes() == content
    assert main(["models", "--models", str(folder), "--json"]) == 0
    row = next(row for row in json.loads(capsys.readouterr().out) if row["name"] == "tiny.en")
    assert (row["state"], row["usable"], row["place"]) == ("verified", True, str(path))
    assert not cache.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["fetch"], "fetch needs the names of models, or --all-for SHOW; there are biggan-deep-512,"),
        (["fetch", "bigan-deep-256"], "There is no model 'bigan-deep-256'; did you mean 'biggan-deep-256'?"),
        (["fetch", "theatre"], "'theatre' comes with Laterna: there is nothing to download."),
        (["fetch", "tiny.en", "--from", "nowhere"], "There is no file or folder nowhere."),
        (["fetch", "tiny.en", "turbo", "--from", __file__], "one file, but 2 models are named"),
        (["fetch", "--all-for", "no_such_show"], "no_such_show"),
    ],
)
@pytest.mark.usefixtures("cache")
def test_a_mistake_is_one_sentence(capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert error.startswith("laterna: ")
    assert error.count("\n") == 1


@pytest.mark.usefixtures("cache")
def test_a_show_of_embedded_models_needs_no_download(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "--all-for", "poem"]) == 0
    assert "runs with what is here" in capsys.readouterr().out


def test_a_show_never_downloads_and_names_the_command(
    cache: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("the show used the network")

    monkeypatch.setattr("socket.getaddrinfo", forbidden)
    monkeypatch.setattr("socket.create_connection", forbidden)
    assert main(["play", "--headless", "--seconds", "1", "--set", "generator=biggan-deep-512"]) == 2
    assert "run_show.py fetch" in capsys.readouterr().err
    assert not cache.exists()
