"""The published Whisper checkpoints, and the verification of local files. Nothing is downloaded here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from installation.core.errors import ShowError
from installation.core.model_files import (
    DownloadSource,
    ModelFiles,
    ModelKind,
    read_manifest,
    sha256_of,
    write_manifest,
)

_SOURCE = "https://openaipublic.azureedge.net/main/whisper/models"


@dataclass(frozen=True)
class WhisperFile:
    """A published checkpoint."""

    file: str
    sha256: str
    size: int  # bytes
    cpu_seconds: float  # to decode a sentence, on one core
    exact: bool = True  # False: the size is approximate, and only the hash is checked

    @property
    def english(self) -> bool:
        """Whether it knows nothing but English."""
        return self.file.endswith(".en.pt")

    @property
    def name(self) -> str:
        """OpenAI's short name."""
        return self.file.removesuffix(".pt").removeprefix("large-v3-")

    @property
    def source(self) -> str:
        """The URL of the file."""
        return f"{_SOURCE}/{self.sha256}/{self.file}"


PUBLISHED = {
    "tiny.en": WhisperFile(
        "tiny.en.pt", "d3dd57d32accea0b295c96e26691aa14d8822fac7d9d27d5dc00b4ca2826dd03", 75_571_315, 0.3
    ),
    "base.en": WhisperFile(
        "base.en.pt", "25a8566e1d0c1e2231d1c762132cd20e0f96a85d16145c3a00adf5d1ac670ead", 145_000_000, 0.6, False
    ),
    "base": WhisperFile(
        "base.pt", "ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e", 145_000_000, 0.6, False
    ),
    "small.en": WhisperFile(
        "small.en.pt", "f953ad0fd29cacd07d5a9eda5624af0f6bcf2258be67c92b79389873d91e0872", 483_615_683, 1.7
    ),
    "small": WhisperFile(
        "small.pt", "9ecf779972d90ba49c06d968637d720dd632c55bbf19d441fb42bf17a411e794", 484_000_000, 1.7, False
    ),
    "medium": WhisperFile(
        "medium.pt", "345ae4da62f9b3d59415adc60127b97c714f32e89e936602e85993674d08dcb1", 1_528_000_000, 5.0, False
    ),
    "turbo": WhisperFile(
        "large-v3-turbo.pt", "aff26ae408abcba5fbf8813c21e62b0941638c5f6eebfb145be0c9839262a19a", 1_617_941_637, 5.0
    ),
}
PREFERRED = {  # by device: the best of those that keep up with a speaker first
    "cpu": ("base.en", "base", "tiny.en", "small.en", "small"),
    "cuda": ("turbo", "medium", "small.en", "small", "base.en", "base", "tiny.en"),
}
ENGLISH, MULTILINGUAL = "base.en", "base"  # what to fetch first


def recommended(languages: Sequence[str]) -> str:
    """Return the name of the checkpoint to fetch for speech in these languages (none: any), without a GPU."""
    return ENGLISH if tuple(languages) == ("en",) else MULTILINGUAL


def best_present(folder: Path, device: str, languages: Sequence[str]) -> str:
    """Return the name of the preferred checkpoint in `folder` for a device and languages; "" if there is none."""
    english = tuple(languages) == ("en",)
    for name in PREFERRED["cuda" if device.startswith("cuda") else "cpu"]:
        if (folder / PUBLISHED[name].file).is_file() and (english or not name.endswith(".en")):
            return name
    return ""


def verify_checkpoint(path: Path, known: WhisperFile, report: Callable[[str], None]) -> None:
    """Check that a file is the published checkpoint.

    The file is hashed once. Its manifest records the hash, valid while size and modification time stay.

    Args:
        path: An existing file.
        known: What it should be.
        report: Takes a message for the operator if the manifest cannot be written.

    Raises:
        ShowError: The file is another one or damaged.
    """
    size, again = path.stat().st_size, f"remove it, then run_show.py fetch {known.name}"
    if known.exact and size != known.size:
        raise ShowError(f"{path} has {size:,} bytes instead of {known.size:,}: {again}.")
    manifest = read_manifest(path)
    if manifest is not None and manifest.sha256 == known.sha256 and manifest.matches(path):
        return
    found = sha256_of(path)
    if found != known.sha256:
        raise ShowError(f"{path} is damaged or another file (sha256 {found[:12]}…): {again}.")
    try:
        write_manifest(path, found, known.source, verified=True)
    except OSError as error:
        report(f"{path} is hashed at every start: the result cannot be stored beside it ({error.strerror}).")


def _model_files(name: str, known: WhisperFile) -> ModelFiles:
    source = DownloadSource(known.source, known.file, known.sha256)
    return ModelFiles(
        name=name,
        kind=ModelKind.RECOGNIZER,
        licence="MIT",
        size=known.size,
        sources=(source,),
    )


MODEL_FILES = tuple(_model_files(name, known) for name, known in PUBLISHED.items())
"""What `model_store` installs."""
