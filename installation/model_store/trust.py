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
    sha256 = sha256_of(path) if rehash else manifest.sha256 if manifest else ""
    if manifest is None:
        return TrustState.VERIFIED if sha256 and _published(files, path, sha256) else TrustState.UNCHECKED
    if not (manifest.sha256 == sha256 if rehash else manifest.matches(path)):
        return TrustState.CHANGED
    return TrustState.VERIFIED if manifest.verified or _published(files, path, sha256) else TrustState.PINNED


def _published(files: ModelFiles, path: Path, sha256: str) -> bool:
    """Whether the whole hash is published for the file of that name; a prefix does not suffice here."""
    return any(source.sha256 == sha256 for source in files.sources if source.file == path.name)
