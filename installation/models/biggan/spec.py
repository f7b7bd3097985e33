"""BigGAN-deep in the registry: the embedded one and the three that its authors published."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from installation.core.model_files import DownloadSource, ModelFiles, ModelKind, embedded_files
from installation.models.biggan import CONFIG, WEIGHTS
from installation.models.interfaces import Generator, ModelPlace
from installation.models.spec import GeneratorSpec, ReferenceGenerator

if TYPE_CHECKING:
    from installation.models.biggan.generator import BigGAN

EMBEDDED = "biggan-embedded"

_GIB = 1 << 30
_EMBEDDED_TRUNCATION = 0.8  # it is trained on a small world and may leave the middle further
_S3 = "https://s3.amazonaws.com/models.huggingface.co/biggan"
_HUB = "https://huggingface.co/osanseviero/BigGAN-deep-128/resolve/main/pytorch_model.bin"
_HUB_SHA256 = "b86146a8cfcde4cda135adba4b2806f78b3abe2dac9d0fd090cc3ab318604ad9"
_OPENMMLAB = "https://download.openmmlab.com"


def _published(side: int, size: int, memory: int, preference: int, dated: str, hub: bool = False) -> GeneratorSpec:
    """BigGAN-deep of one picture size. `dated` is the end of OpenMMLab's file name: a date and 8 digits of SHA-256."""
    name = f"biggan-deep-{side}"
    converted = f"biggan/biggan-deep_imagenet1k_{side}x{side}_cvt_hugging-face_rgb_{dated}.pth"
    sources = (
        *([DownloadSource(_HUB, WEIGHTS, _HUB_SHA256)] if hub else []),
        DownloadSource(f"{_S3}/{name}-pytorch_model.bin", WEIGHTS),
        *(
            DownloadSource(f"{_OPENMMLAB}/{project}/{converted}", WEIGHTS, dated.rpartition("-")[2])
            for project in ("mmgen", "mmediting")
        ),
    )
    files = ModelFiles(
        name=name,
        kind=ModelKind.GENERATOR,
        licence="Apache-2.0",
        size=size,
        sources=sources,
        folder=name,
        companions=(CONFIG,),
        check=partial(_check, name),
    )
    return GeneratorSpec(
        family="biggan",
        files=files,
        load=partial(_load, name),
        domain="imagenet",
        preference=preference,
        memory_bytes=memory,
        random_weights=partial(_random_weights, name),
        reference=partial(_reference, name),
        peer=partial(_reference, name, plain=False),
        benchmarked_on={128: ("cpu",), 512: ("gpu",)}.get(side, ()),
        benchmark_perceptors={"cpu": "clip-embedded", "gpu": "ViT-B-32"},
    )


def load_embedded(place: ModelPlace) -> BigGAN:
    """The embedded one, which paints backdrops."""
    from installation.models.biggan.loading import load_biggan

    return load_biggan(EMBEDDED, place.assets / EMBEDDED, place, truncation=_EMBEDDED_TRUNCATION)


def _load(name: str, place: ModelPlace) -> Generator:
    from installation.models.biggan.loading import load_biggan

    return load_biggan(name, place.cache / name, place)


def _check(name: str, path: Path, description: str, target: Path) -> bool:
    from installation.models.biggan.checkpoint import accept_checkpoint

    return accept_checkpoint(name, path, description, target.with_name(CONFIG))


def _random_weights(name: str, folder: Path, seed: int) -> None:
    from installation.models.biggan.random_weights import write_random_biggan

    write_random_biggan(name, folder, seed)


def _reference(name: str, place: ModelPlace, plain: bool = True) -> ReferenceGenerator:
    from installation.models.biggan.loading import reference_generator

    return reference_generator(place.assets / name if name == EMBEDDED else place.cache / name, place.device, plain)


SPECS = (
    GeneratorSpec(
        family="biggan",
        files=embedded_files(EMBEDDED, ModelKind.GENERATOR, 7_900_000),
        load=load_embedded,
        domain="theatre",
        shipped_bank="clip-embedded",
        reference=partial(_reference, EMBEDDED),
        peer=partial(_reference, EMBEDDED, plain=False),
        benchmarked_on=("cpu",),
    ),
    _published(512, 235_700_000, 12 * _GIB, 40, "20210728_112346-a42585f2"),
    _published(256, 234_400_000, 8 * _GIB, 30, "20210728_111735-28651569"),
    _published(128, 210_800_000, 6 * _GIB, 20, "20210728_111659-099e96f9", hub=True),
)
