"""Every model that Laterna knows by name: what it is, under which licence, and where its files come from.

Sources are tried in their order. A known sha256 (or its beginning, where a publisher puts only that into the file's
name) makes a file verified; without one the first fetch pins what it got.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from installation.core.errors import ShowError, suggest
from installation.models import BIGGAN_WEIGHTS, CLIP_CHECKPOINTS, FULL_SIZE, OPEN_CLIP
from installation.speech.recognizers.whisper_files import PUBLISHED


class ModelKind(Enum):
    """What a model does."""

    GENERATOR = "generator"
    PERCEPTOR = "perceptor"
    RECOGNIZER = "recogniser"


class FileFormat(Enum):
    """How a model's file is made, which says how it is checked before it is let in."""

    BIGGAN = "biggan"  # the library's keys, or OpenMMLab's, which are converted
    CLIP = "clip"  # safetensors, or a pickle of tensors only
    WHISPER = "whisper"  # its hash says all


@dataclass(frozen=True)
class DownloadSource:
    """One place that a file comes from."""

    url: str
    file: str  # what it is called here
    sha256: str = ""  # in full, or its beginning; "": not published

    @property
    def host(self) -> str:
        """Who offers it."""
        return urlsplit(self.url).hostname or self.url

    @property
    def basename(self) -> str:
        """What it is called there, and so on a stick."""
        return unquote(urlsplit(self.url).path.rsplit("/", 1)[-1])


@dataclass(frozen=True)
class CatalogueEntry:
    """One model."""

    name: str
    kind: ModelKind
    size: int  # bytes; as near as we know
    licence: str
    form: FileFormat | None = None  # None: it travels with Laterna
    sources: tuple[DownloadSource, ...] = ()
    folder: str = ""  # below the models' folder

    @property
    def embedded(self) -> bool:
        """Whether it needs no fetching."""
        return self.form is None

    def files(self, cache: Path) -> list[Path]:
        """Where its file may lie; the first that is there counts."""
        return [cache / self.folder / file for file in dict.fromkeys(source.file for source in self.sources)]

    def present(self, cache: Path) -> Path | None:
        """Its file, if it has been fetched."""
        return next((path for path in self.files(cache) if path.is_file()), None)


def _embedded(name: str, kind: ModelKind, size: int, licence: str = "MIT") -> CatalogueEntry:
    return CatalogueEntry(name, kind, size, licence)


_S3 = "https://s3.amazonaws.com/models.huggingface.co/biggan"
_HUB = "https://huggingface.co"
_OPENMMLAB = "https://download.openmmlab.com"
_BIGGAN_SIZE = {"biggan-deep-128": 210_800_000, "biggan-deep-256": 234_400_000, "biggan-deep-512": 235_700_000}
_BIGGAN_HUB = {
    "biggan-deep-128": DownloadSource(
        f"{_HUB}/osanseviero/BigGAN-deep-128/resolve/main/pytorch_model.bin",
        BIGGAN_WEIGHTS,
        "b86146a8cfcde4cda135adba4b2806f78b3abe2dac9d0fd090cc3ab318604ad9",
    )
}
_BIGGAN_OPENMMLAB = {  # date and the first eight digits of the sha256
    "biggan-deep-128": ("128x128", "20210728_111659", "099e96f9"),
    "biggan-deep-256": ("256x256", "20210728_111735", "28651569"),
    "biggan-deep-512": ("512x512", "20210728_112346", "a42585f2"),
}


def _biggan(name: str) -> CatalogueEntry:
    side, date, digits = _BIGGAN_OPENMMLAB[name]
    converted = f"biggan/biggan-deep_imagenet1k_{side}_cvt_hugging-face_rgb_{date}-{digits}.pth"
    sources = [
        *([_BIGGAN_HUB[name]] if name in _BIGGAN_HUB else []),
        DownloadSource(f"{_S3}/{name}-pytorch_model.bin", BIGGAN_WEIGHTS),
        *(
            DownloadSource(f"{_OPENMMLAB}/{place}/{converted}", BIGGAN_WEIGHTS, digits)
            for place in ("mmgen", "mmediting")
        ),
    ]
    return CatalogueEntry(
        name, ModelKind.GENERATOR, _BIGGAN_SIZE[name], "Apache-2.0", FileFormat.BIGGAN, tuple(sources), name
    )


# open_clip's architecture -> the hub's repository and the bytes of float32 weights; a test compares them to open_clip's
_CLIP_HUB = {
    "ViT-B-32-quickgelu": ("timm/vit_base_patch32_clip_224.openai", 605_000_000),
    "ViT-B-32": ("laion/CLIP-ViT-B-32-laion2B-s34B-b79K", 605_000_000),
    "ViT-B-16-quickgelu": ("timm/vit_base_patch16_clip_224.openai", 599_000_000),
    "ViT-B-16": ("laion/CLIP-ViT-B-16-laion2B-s34B-b88K", 599_000_000),
    "RN50-quickgelu": ("timm/resnet50_clip.openai", 408_000_000),
    "RN101-quickgelu": ("timm/resnet101_clip.openai", 479_000_000),
    "RN50x4-quickgelu": ("timm/resnet50x4_clip.openai", 714_000_000),
    "ViT-L-14-quickgelu": ("timm/vit_large_patch14_clip_224.openai", 1_711_000_000),
    "ViT-L-14": ("laion/CLIP-ViT-L-14-DataComp.XL-s13B-b90K", 1_711_000_000),
}


def _perceptor(name: str) -> CatalogueEntry:
    repository, size = _CLIP_HUB[name]
    sources = tuple(DownloadSource(f"{_HUB}/{repository}/resolve/main/{file}", file) for file in CLIP_CHECKPOINTS)
    return CatalogueEntry(name, ModelKind.PERCEPTOR, size, "MIT", FileFormat.CLIP, sources, name)


def _whisper(name: str) -> CatalogueEntry:
    known = PUBLISHED[name]
    source = DownloadSource(known.source, known.file, known.sha256)
    return CatalogueEntry(name, ModelKind.RECOGNIZER, known.size or 145_000_000, "MIT", FileFormat.WHISPER, (source,))


CATALOGUE: Mapping[str, CatalogueEntry] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            _embedded("theatre", ModelKind.GENERATOR, 0),
            _embedded("biggan-embedded", ModelKind.GENERATOR, 7_900_000),
            *(_biggan(name) for name in FULL_SIZE),
            _embedded("clip-embedded", ModelKind.PERCEPTOR, 12_600_000),
            *(_perceptor(name) for name in OPEN_CLIP),
            _embedded("sphinx", ModelKind.RECOGNIZER, 0, "BSD-2-Clause"),
            *(_whisper(name) for name in PUBLISHED),
        )
    }
)


def entry(name: str) -> CatalogueEntry:
    """The model of that name. Raises ShowError with the nearest name if there is none."""
    if name not in CATALOGUE:
        raise ShowError(f"There is no model '{name}'; {suggest(name, CATALOGUE)}")
    return CATALOGUE[name]
