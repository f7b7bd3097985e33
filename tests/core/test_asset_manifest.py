"""The manifest of the assets: complete, current, and able to find damage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from installation.core.asset_manifest import NAME, asset_files, damaged_assets, write_asset_manifest
from installation.core.paths import ASSETS


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "weights.bin").write_bytes(bytes(1000))
    (tmp_path / "net" / "config.json").write_text("{}")
    (tmp_path / "README.md").write_text("about")
    write_asset_manifest(tmp_path)
    return tmp_path


def test_the_manifest_of_this_checkout_is_current() -> None:
    listed = json.loads((ASSETS / NAME).read_text(encoding="utf-8"))
    again = "assets have changed: run `python -m installation.training manifest`"
    assert list(listed) == [path.relative_to(ASSETS).as_posix() for path in asset_files(ASSETS)], again
    assert damaged_assets(ASSETS) == [], again


def test_undamaged_assets_give_no_sentence(assets: Path) -> None:
    (assets / "README.md").write_text("changed")
    assert damaged_assets(assets) == []


def test_a_flipped_bit_and_a_missing_file_are_one_sentence_each(assets: Path) -> None:
    weights = bytearray((assets / "net" / "weights.bin").read_bytes())
    weights[500] ^= 1
    (assets / "net" / "weights.bin").write_bytes(weights)
    (assets / "net" / "config.json").unlink()
    restore = "restore the folder assets as it came with Laterna."
    assert damaged_assets(assets) == [
        f"{assets / 'net' / 'config.json'} is missing: {restore}",
        f"{assets / 'net' / 'weights.bin'} is damaged: {restore}",
    ]


@pytest.mark.parametrize("text", ["", "[]", "null", "{"])
def test_a_damaged_manifest_is_one_sentence(text: str, assets: Path) -> None:
    (assets / NAME).write_text(text)
    assert len(damaged_assets(assets)) == 1


def test_without_a_manifest_nothing_is_checked(tmp_path: Path) -> None:
    assert damaged_assets(tmp_path) == []
