"""The commands `models` and `fetch`, as the operator types them."""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType

import pytest

from installation.cli.main import main
from installation.model_store import catalogue, inventory, selection
from installation.model_store.inventory import rows
from installation.model_store.manifest import part_path, write_note
from installation.models import bank_file
from installation.models.interfaces import ModelPlace
from tests.model_store.conftest import path_of
from tests.model_store.server import Dish, Server

GIB = 1 << 30


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LATERNA_MODELS", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_without_a_network_all_that_travels_with_laterna_can_be_used(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in found if row["usable"]] == [
        "theatre",
        "biggan-embedded",
        "clip-embedded",
        "sphinx",
    ]
    assert {row["state"] for row in found} == {"embedded", "not fetched"}
    assert not cache.exists()


def test_the_table_is_for_people(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    printed = capsys.readouterr().out
    assert "biggan-deep-512" in printed
    assert f"Fetched models lie in {cache}" in printed.replace("\n", " ")


def test_a_row_says_how_a_model_stands(tmp_path: Path) -> None:
    place = ModelPlace(tmp_path / "assets", tmp_path, "cuda")
    bank_file("biggan-deep-256", "ViT-B-32", tmp_path).parent.mkdir()
    bank_file("biggan-deep-256", "ViT-B-32", tmp_path).touch()
    for name, file in (
        ("biggan-deep-512", "pytorch_model.bin"),
        ("biggan-deep-256", "pytorch_model.bin"),
        ("biggan-deep-128", "pytorch_model.bin"),
        ("ViT-B-32", "open_clip_model.safetensors"),
        ("RN50-quickgelu", "open_clip_model.safetensors"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_bytes(b"1234")
    write_note(tmp_path / "biggan-deep-512" / "pytorch_model.bin", "00", "https://a.b/c", verified=True)
    write_note(tmp_path / "ViT-B-32" / "open_clip_model.safetensors", "00", "https://a.b/c", verified=False)
    write_note(tmp_path / "RN50-quickgelu" / "open_clip_model.safetensors", "00", "https://a.b/c", verified=False)
    (tmp_path / "RN50-quickgelu" / "open_clip_model.safetensors").write_bytes(b"12345")
    part_path(tmp_path / "tiny.en.pt").write_bytes(b"1" * 3_000_000)
    found = {row.name: (row.state, row.usable, row.why) for row in rows(place, lambda _device: 5 * GIB)}
    assert found["biggan-deep-512"] == ("verified", False, "wants 6.44 GB of the card's memory")
    assert found["biggan-deep-256"] == ("not checked", True, "")
    assert found["biggan-deep-128"] == ("not checked", False, "run_show.py bank biggan-deep-128")
    assert found["ViT-B-32"] == ("pinned", True, "")
    assert found["RN50-quickgelu"] == ("changed", False, "fetch it again")
    assert found["tiny.en"] == ("broken off at 3 MB", False, "not here")
    assert found["base.en"] == ("not fetched", False, "not here")


def test_fetch_from_a_stick(cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "tiny.en.pt").write_bytes(b"another file")
    assert main(["fetch", "tiny.en", "--from", str(stick)]) == 2
    error = capsys.readouterr().err
    assert "is damaged or another file" in error
    assert "Traceback" not in error
    assert [path for path in cache.iterdir() if path.suffix != ".lock"] == []


def test_fetch_from_a_server_into_a_named_folder(
    served: object,
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    import hashlib

    assert callable(served)
    content = b"whisper" * 1000
    tiny = served("tiny.en", tiny_en_pt=hashlib.sha256(content).hexdigest())
    server.dishes[path_of(tiny, 0)] = Dish(content)
    offered = MappingProxyType(dict(catalogue.CATALOGUE) | {"tiny.en": tiny})
    for module in (catalogue, selection, inventory):
        monkeypatch.setattr(module, "CATALOGUE", offered)
    monkeypatch.setenv("LATERNA_MODELS", "elsewhere")  # so that what --models sets is taken back
    assert main(["fetch", "tiny.en", "--models", str(tmp_path / "gallery")]) == 0
    path = tmp_path / "gallery" / "tiny.en.pt"
    assert capsys.readouterr().out == f"tiny.en is here, verified: {path} (from {tiny.sources[0].url})\n"
    assert path.read_bytes() == content
    assert main(["models", "--models", str(tmp_path / "gallery"), "--json"]) == 0
    row = next(row for row in json.loads(capsys.readouterr().out) if row["name"] == "tiny.en")
    assert (row["state"], row["usable"], row["place"]) == ("verified", True, str(path))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["fetch"], "fetch wants the names of models, or --all-for SHOW; there are biggan-deep-512,"),
        (["fetch", "bigan-deep-256"], "There is no model 'bigan-deep-256'; did you mean 'biggan-deep-256'?"),
        (["fetch", "theatre"], "'theatre' travels with Laterna: there is nothing to fetch."),
        (["fetch", "tiny.en", "--from", "nowhere"], "There is no file or folder nowhere."),
        (["fetch", "tiny.en", "turbo", "--from", __file__], "one file, and 2 models are named"),
        (["fetch", "--all-for", "no_such_show"], "no_such_show"),
    ],
)
def test_a_mistake_is_one_sentence(
    cache: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    del cache
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert error.startswith("laterna: ")
    assert error.count("\n") == 1


def test_a_show_of_embedded_models_has_nothing_to_fetch(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del cache
    assert main(["fetch", "--all-for", "poem"]) == 0
    assert "plays with what is here" in capsys.readouterr().out


def test_a_show_never_downloads_and_says_the_command(
    cache: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a show went to the network")

    monkeypatch.setattr("socket.getaddrinfo", forbidden)
    monkeypatch.setattr("socket.create_connection", forbidden)
    assert main(["play", "--headless", "--seconds", "1", "--set", "generator=biggan-deep-512"]) == 2
    assert "run_show.py fetch" in capsys.readouterr().err
    assert not cache.exists()
