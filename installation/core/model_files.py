"""The files of a model: their names, their download sources, their checks, and the manifest beside each of them.

Generators and perceptors (`models`) and recognisers (`speech`) describe their files with `ModelFiles`; `model_store`
downloads and verifies whatever is described. The manifest of a file is a small JSON file that holds its SHA-256, so
that a file is hashed once and not at every start.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import unquote, urlsplit

# (file, how to call it in messages, final path) -> whether the file was converted; see `ModelFiles.check`
CheckpointCheck = Callable[[Path, str, Path], bool]


class ModelKind(Enum):
    """What a model does."""

    GENERATOR = "generator"
    PERCEPTOR = "perceptor"
    RECOGNIZER = "recogniser"
    LISTENER = "listener"
    WRITER = "writer"


@dataclass(frozen=True)
class DownloadSource:
    """One URL that offers a file."""

    url: str
    file: str  # its name in the models folder
    sha256: str = ""  # hexadecimal; may be a prefix; "": not published

    @property
    def host(self) -> str:
        """The host of the URL."""
        return urlsplit(self.url).hostname or self.url

    @property
    def basename(self) -> str:
        """The name of the file at the source, which it usually keeps on a USB stick."""
        return unquote(urlsplit(self.url).path.rsplit("/", 1)[-1])


@dataclass(frozen=True, kw_only=True)
class ModelFiles:
    """The files of one model.

    A model has one weights file, which may exist under several names, of which the first that exists counts.
    `sources` are tried in order. `own` are files that nobody offers for download: the user puts them into the folder,
    the weights first; `advice` says where they come from. A model with neither is embedded: it comes with the
    repository or a package.

    `check` verifies a new weights file before it is accepted, converts it in place if necessary and writes the
    companions. It raises ShowError if the file does not belong to the model. A model without a check is accepted only
    with a published SHA-256.
    """

    name: str
    kind: ModelKind
    licence: str
    size: int = 0  # bytes, approximately; 0: unknown or nothing to download
    sources: tuple[DownloadSource, ...] = ()
    own: tuple[str, ...] = ()
    advice: str = ""  # a sentence without full stop
    folder: str = ""  # below the models folder
    companions: tuple[str, ...] = ()  # files that the model needs beside its weights
    check: CheckpointCheck | None = None

    @property
    def embedded(self) -> bool:
        """Whether the model comes with Laterna and needs no download."""
        return not self.sources and not self.own

    @property
    def names(self) -> list[str]:
        """The names that the weights file may have in the folder."""
        return list(dict.fromkeys([*(source.file for source in self.sources), *self.own[:1]]))

    def candidates(self, cache: Path) -> list[Path]:
        """The paths below the models folder `cache` where the weights may be."""
        return [cache / self.folder / name for name in self.names]

    def weights(self, cache: Path) -> Path | None:
        """The weights file, if it exists."""
        return next((path for path in self.candidates(cache) if path.is_file()), None)

    def complete(self, cache: Path) -> bool:
        """Whether all files exist; an embedded model is always complete. The contents are not read."""
        if self.embedded:
            return True
        path = self.weights(cache)
        beside = path is not None and all(path.with_name(file).is_file() for file in self.companions)
        return beside and all((cache / self.folder / file).is_file() for file in self.own)

    def published(self, sha256: str) -> bool:
        """Whether a source publishes this hash."""
        return any(source.sha256 and sha256.startswith(source.sha256) for source in self.sources)


def embedded_files(name: str, kind: ModelKind, size: int = 0, licence: str = "MIT") -> ModelFiles:
    """A model that comes with Laterna; `size` in bytes."""
    return ModelFiles(name=name, kind=kind, licence=licence, size=size)


@dataclass(frozen=True)
class Manifest:
    """What was recorded when a file was installed."""

    sha256: str
    size: int  # bytes
    changed_ns: int  # modification time
    source: str = ""
    verified: bool = False  # the hash is a published one

    def matches(self, path: Path) -> bool:
        """Whether size and modification time are still the recorded ones."""
        state = path.stat()
        return (state.st_size, state.st_mtime_ns) == (self.size, self.changed_ns)


def manifest_path(path: Path) -> Path:
    """The manifest of a file."""
    return path.with_name(f"{path.name}.checked.json")


def read_manifest(path: Path) -> Manifest | None:
    """The manifest of the file `path`; None if there is none or if it is damaged."""
    try:
        found = json.loads(manifest_path(path).read_text(encoding="utf-8"))
        return Manifest(
            sha256=str(found["sha256"]),
            size=int(found["size"]),
            changed_ns=int(found["changed_ns"]),
            source=str(found.get("source", "")),
            verified=bool(found.get("verified", False)),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_manifest(path: Path, sha256: str, source: str = "", verified: bool = False) -> None:
    """Record the present state of the file `path`. Raises OSError."""
    state = path.stat()
    manifest = Manifest(sha256, state.st_size, state.st_mtime_ns, source, verified)
    unfinished = manifest_path(path).with_suffix(".new")
    unfinished.write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")
    unfinished.replace(manifest_path(path))


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
