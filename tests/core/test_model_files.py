"""The description of a model's files, and manifests."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from installation.core.model_files import (
    DownloadSource,
    ModelFiles,
    ModelKind,
    embedded_files,
    manifest_path,
    read_manifest,
    sha256_of,
    write_manifest,
)

FILES = ModelFiles(
    name="example",
    kind=ModelKind.GENERATOR,
    licence="MIT",
    size=1000,
    sources=(
        DownloadSource("https://a.example/weights%20v2.bin?download=1", "weights.bin", "ab12"),
        DownloadSource("https://b.example/weights.safetensors", "weights.safetensors"),
    ),
    folder="example",
    companions=("config.json",),
)


def test_a_source_knows_its_host_and_the_name_of_the_file_there() -> None:
    source = FILES.sources[0]
    assert (source.host, source.basename) == ("a.example", "weights v2.bin")


def test_the_first_existing_name_counts(tmp_path: Path) -> None:
    first, second = FILES.candidates(tmp_path)
    assert FILES.weights(tmp_path) is None
    second.parent.mkdir()
    second.touch()
    assert FILES.weights(tmp_path) == second
    first.touch()
    assert FILES.weights(tmp_path) == first


def test_a_model_is_complete_with_its_companions_or_if_it_is_embedded(tmp_path: Path) -> None:
    path = FILES.candidates(tmp_path)[0]
    path.parent.mkdir()
    path.touch()
    assert not FILES.complete(tmp_path)
    (path.parent / "config.json").touch()
    assert FILES.complete(tmp_path)
    assert embedded_files("other", ModelKind.PERCEPTOR).complete(tmp_path)


def test_a_hash_is_published_if_it_begins_with_that_of_a_source() -> None:
    assert FILES.published("ab12cd")
    assert not FILES.published("cd12ab")
    assert not replace(FILES, sources=FILES.sources[1:]).published("cd12ab")


def test_a_manifest_matches_until_the_file_changes(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(b"weights")
    assert sha256_of(path) == hashlib.sha256(b"weights").hexdigest()
    write_manifest(path, sha256_of(path), "https://a.example/weights.bin", verified=True)
    manifest = read_manifest(path)
    assert manifest is not None
    recorded = (manifest.sha256, manifest.size, manifest.source, manifest.verified)
    assert recorded == (sha256_of(path), 7, "https://a.example/weights.bin", True)
    assert manifest.matches(path)
    os.utime(path, ns=(0, 0))
    assert not manifest.matches(path)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"sha256": "00", "size": "many", "changed_ns": 1}'])
def test_a_damaged_manifest_is_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "weights.bin"
    manifest_path(path).write_text(content, encoding="utf-8")
    assert read_manifest(path) is None
