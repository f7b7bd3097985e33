"""How far an installed model can be trusted, by the hash of its weights."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from installation.core.model_files import ModelFiles, read_manifest, sha256_of


class TrustState(Enum):
    """How far a model can be trusted."""

    EMBEDDED = "embedded"
    VERIFIED = "verified"  # it has the published hash
    PINNED = "pinned"  # no hash is published; it has the hash of the first installation
    UNCHECKED = "not checked"  # put there by hand
    CHANGED = "changed"  # not the file that was installed
    PARTIAL = "incomplete"  # a download was interrupted
    ABSENT = "not installed"


def part_path(path: Path) -> Path:
    """Where a download is kept until it is complete."""
    return path.with_name(f"{path.name}.part")


def trust_state(files: ModelFiles, cache: Path) -> TrustState:
    """The state according to the manifest; the weights are not read."""
    return _state(files, cache, rehash=False)


def rehashed_state(files: ModelFiles, cache: Path) -> TrustState:
    """The state after the weights were read and hashed. Raises OSError."""
    return _state(files, cache, rehash=True)


def _state(files: ModelFiles, cache: Path, rehash: bool) -> TrustState:
    if files.embedded:
        return TrustState.EMBEDDED
    path = files.weights(cache)
    if path is None:
        partial = any(part_path(candidate).is_file() for candidate in files.candidates(cache))
        return TrustState.PARTIAL if partial else TrustState.ABSENT
    manifest = read_manifest(path)
    actual = sha256_of(path) if rehash else None
    if manifest is None:
        return TrustState.VERIFIED if actual and _is_published(files, path, actual) else TrustState.UNCHECKED
    unchanged = manifest.matches(path) if actual is None else manifest.sha256 == actual
    if not unchanged:
        return TrustState.CHANGED
    verified = manifest.verified or _is_published(files, path, manifest.sha256)
    return TrustState.VERIFIED if verified else TrustState.PINNED


def _is_published(files: ModelFiles, path: Path, sha256: str) -> bool:
    """Whether this hash is published for the file of that name; a published prefix does not suffice here."""
    return any(source.sha256 == sha256 for source in files.sources if source.file == path.name)
