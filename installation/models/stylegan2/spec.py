"""StyleGAN2 in the registry: the published model of faces, and any model that the user has trained or converted."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from installation.core.model_files import DownloadSource, ModelFiles, ModelKind
from installation.models.interfaces import Generator, ModelPlace
from installation.models.spec import GeneratorSpec
from installation.models.stylegan2 import WEIGHTS

FACES, OWN = "stylegan2-ffhq", "stylegan2"

_GIB = 1 << 30
_SIDES = {FACES: 1024, OWN: 0}  # pixels; 0 is any
_HUB = "https://huggingface.co/{repository}/resolve/main/stylegan2-ffhq-config-f.pt"
_REPOSITORIES = ("akhaliq/jojogan-stylegan2-ffhq-config-f", "wmpscc/StyleGene_CKPT")


def _spec(
    name: str, licence: str, sources: tuple[DownloadSource, ...] = (), own: tuple[str, ...] = ()
) -> GeneratorSpec:
    files = ModelFiles(
        name=name,
        kind=ModelKind.GENERATOR,
        licence=licence,
        size=381_500_000,
        sources=sources,
        own=own,
        advice="bring a checkpoint of rosinality's stylegan2-pytorch with its 'g_ema'",
        folder=name,
        check=partial(_check, name),
    )
    return GeneratorSpec(
        family="stylegan2",
        files=files,
        load=partial(_load, name),
        domain="photographs",
        memory_bytes=10 * _GIB,
        random_weights=partial(_random_weights, name),
    )


def _load(name: str, place: ModelPlace) -> Generator:
    from installation.models.stylegan2.checkpoint import load_network
    from installation.models.stylegan2.generator import StyleGAN2

    return StyleGAN2(name, load_network(name, _SIDES[name], place.cache / name / WEIGHTS), place.device)


def _check(name: str, path: Path, description: str, target: Path) -> bool:
    del target
    from installation.models.stylegan2.checkpoint import accept_checkpoint

    return accept_checkpoint(name, _SIDES[name], path, description)


def _random_weights(name: str, folder: Path, seed: int) -> None:
    from installation.models.stylegan2.checkpoint import write_random_stylegan2

    write_random_stylegan2(_SIDES[name], folder, seed)


SPECS = (
    _spec(
        FACES,
        "NVIDIA, non-commercial",
        tuple(DownloadSource(_HUB.format(repository=each), WEIGHTS) for each in _REPOSITORIES),
    ),
    _spec(OWN, "its own", own=(WEIGHTS,)),
)
