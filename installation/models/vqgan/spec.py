"""VQGAN in the registry: the two that were trained on ImageNet. Their dreams start from pictures of the theatre."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from installation.core.model_files import DownloadSource, ModelFiles, ModelKind
from installation.models.interfaces import Generator, ModelPlace
from installation.models.spec import GeneratorSpec
from installation.models.vqgan import WEIGHTS

_GIB = 1 << 30
_HEIBOX = "https://heibox.uni-heidelberg.de/d/{share}/files/?p=%2Fckpts%2Flast.ckpt&dl=1"


def _published(name: str, share: str, size: int) -> GeneratorSpec:
    files = ModelFiles(
        name=name,
        kind=ModelKind.GENERATOR,
        licence="MIT",
        size=size,
        sources=(DownloadSource(_HEIBOX.format(share=share), WEIGHTS),),
        folder=name,
        check=partial(_check, name),
    )
    return GeneratorSpec(
        family="vqgan",
        files=files,
        load=partial(_load, name),
        memory_bytes=6 * _GIB,
        starts_from="theatre",
        random_weights=partial(_random_weights, name),
    )


def _load(name: str, place: ModelPlace) -> Generator:
    from installation.models.vqgan.checkpoint import ARCHITECTURES, load_network
    from installation.models.vqgan.generator import VQGAN

    return VQGAN(name, load_network(name, place.cache / name / WEIGHTS), ARCHITECTURES[name], place.device)


def _check(name: str, path: Path, description: str, target: Path) -> bool:
    del target
    from installation.models.vqgan.checkpoint import accept_checkpoint

    return accept_checkpoint(name, path, description)


def _random_weights(name: str, folder: Path, seed: int) -> None:
    from installation.models.vqgan.checkpoint import write_random_vqgan

    write_random_vqgan(name, folder, seed)


SPECS = (
    _published("vqgan-imagenet-16384", "a7530b09fed84f80a887", 980_000_000),
    _published("vqgan-imagenet-1024", "8088892a516d4e3baf92", 957_000_000),
)
