"""The table of models: state and usability of each."""

from __future__ import annotations

from pathlib import Path

from installation.core.model_files import write_manifest
from installation.model_store.inventory import SLOW, inventory
from installation.model_store.trust import part_path
from installation.models import bank_file, default_place
from installation.models.interfaces import ModelPlace

GIB = 1 << 30


def install(cache: Path, name: str, *files: str) -> Path:
    """Write a few bytes as a model's files; returns the first."""
    (cache / name).mkdir()
    for file in files:
        (cache / name / file).write_bytes(b"1234")
    return cache / name / files[0]


def test_a_row_has_the_state_of_a_model_and_what_prevents_its_use(tmp_path: Path) -> None:
    biggan, clip = ("pytorch_model.bin", "config.json"), "open_clip_model.safetensors"
    write_manifest(install(tmp_path, "biggan-deep-512", *biggan), "00", "https://a.b/c", verified=True)
    install(tmp_path, "biggan-deep-256", *biggan)
    install(tmp_path, "biggan-deep-128", *biggan)
    write_manifest(install(tmp_path, "ViT-B-32", clip), "00", "https://a.b/c")
    changed = install(tmp_path, "RN50-quickgelu", clip)
    write_manifest(changed, "00", "https://a.b/c")
    changed.write_bytes(b"12345")
    bank = bank_file("biggan-deep-256", "ViT-B-32", tmp_path)
    bank.parent.mkdir()
    bank.touch()
    part_path(tmp_path / "tiny.en.pt").write_bytes(b"1" * 3_000_000)

    place = ModelPlace(tmp_path / "assets", tmp_path, "cuda")
    rows = {row.name: (row.state, row.usable, row.why) for row in inventory(place, lambda _device: 5 * GIB)}
    assert rows["biggan-deep-512"] == ("verified", False, "needs 6.44 GB of GPU memory")
    assert rows["biggan-deep-256"] == ("not checked", True, "")
    bank_command = "run_show.py bank biggan-deep-128"
    assert rows["biggan-deep-128"] == ("not checked", False, f"needs a latent bank: {bank_command}")
    assert rows["ViT-B-32"] == ("pinned", True, "")
    assert rows["RN50-quickgelu"] == ("changed", False, "changed: fetch it again")
    assert rows["tiny.en"] == ("incomplete at 3 MB", False, "not installed")
    assert rows["base.en"] == ("not installed", False, "not installed")


def test_an_installed_model_is_slow_on_a_cpu_and_incomplete_without_its_config(tmp_path: Path) -> None:
    install(tmp_path, "ViT-B-32", "open_clip_model.safetensors")
    install(tmp_path, "biggan-deep-128", "pytorch_model.bin")
    rows = {row.name: (row.usable, row.why) for row in inventory(default_place(cache=tmp_path))}
    assert rows["ViT-B-32"] == (True, SLOW)
    assert rows["biggan-deep-128"] == (False, "a file is missing: fetch it again")
    assert rows["theatre"] == (True, "")


def test_a_row_tells_where_a_model_is(tmp_path: Path) -> None:
    path = install(tmp_path, "ViT-B-32", "open_clip_model.safetensors")
    places = {row.name: row.place for row in inventory(default_place(cache=tmp_path))}
    assert places["ViT-B-32"] == str(path)
    assert places["RN50-quickgelu"] == ""
    assert places["clip-embedded"] == str(default_place().assets / "clip-embedded")
    assert places["sphinx"] == "in its package"
