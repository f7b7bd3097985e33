"""CLIP in the registry: the embedded perceptor and architectures of open_clip with published weights."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from installation.core.model_files import DownloadSource, ModelFiles, ModelKind, embedded_files
from installation.models.clip import CHECKPOINTS
from installation.models.interfaces import ModelPlace, Perceptor
from installation.models.spec import PerceptorSpec

if TYPE_CHECKING:
    from torch import Tensor

EMBEDDED = "clip-embedded"

# (architecture of open_clip, repository on the hub, bytes of its float32 weights), in the order of preference.
# `-quickgelu` names the architecture with the activation that OpenAI's weights were trained with.
_PUBLISHED = (
    ("ViT-B-32-quickgelu", "timm/vit_base_patch32_clip_224.openai", 605_000_000),
    ("ViT-B-32", "laion/CLIP-ViT-B-32-laion2B-s34B-b79K", 605_000_000),
    ("ViT-B-16-quickgelu", "timm/vit_base_patch16_clip_224.openai", 599_000_000),
    ("ViT-B-16", "laion/CLIP-ViT-B-16-laion2B-s34B-b88K", 599_000_000),
    ("RN50-quickgelu", "timm/resnet50_clip.openai", 408_000_000),
    ("RN101-quickgelu", "timm/resnet101_clip.openai", 479_000_000),
    ("RN50x4-quickgelu", "timm/resnet50x4_clip.openai", 714_000_000),
    ("ViT-L-14-quickgelu", "timm/vit_large_patch14_clip_224.openai", 1_711_000_000),
    ("ViT-L-14", "laion/CLIP-ViT-L-14-DataComp.XL-s13B-b90K", 1_711_000_000),
)


def _published(name: str, repository: str, size: int, preference: int) -> PerceptorSpec:
    sources = (DownloadSource(f"https://huggingface.co/{repository}/resolve/main/{file}", file) for file in CHECKPOINTS)
    files = ModelFiles(
        name=name,
        kind=ModelKind.PERCEPTOR,
        licence="MIT",
        size=size,
        sources=tuple(sources),
        folder=name,
        check=partial(_check, name),
    )
    return PerceptorSpec(
        family="clip",
        files=files,
        load=partial(_load, name),
        preference=preference,
        random_weights=partial(_random_weights, name),
        reference=partial(_reference, name),
    )


def _load_embedded(place: ModelPlace) -> Perceptor:
    from installation.models.clip.perceptor import load_embedded

    return load_embedded(EMBEDDED, place.assets / EMBEDDED, place)


def _load(name: str, place: ModelPlace) -> Perceptor:
    from installation.models.clip.perceptor import load_open_clip

    return load_open_clip(name, place)


def _check(name: str, path: Path, description: str, target: Path) -> bool:
    from installation.models.clip import checkpoint

    checkpoint.check_checkpoint(name, path, description, target.suffix)
    return False


def _random_weights(name: str, folder: Path, seed: int) -> None:
    from installation.models.clip.checkpoint import write_random_clip

    write_random_clip(name, folder, seed)


def _reference(name: str, place: ModelPlace) -> Callable[[Tensor], Tensor]:
    from installation.models.clip.perceptor import reference_encoder

    return reference_encoder(name, place)


SPECS = (
    PerceptorSpec(
        family="clip",
        files=embedded_files(EMBEDDED, ModelKind.PERCEPTOR, 12_600_000),
        load=_load_embedded,
        domain="theatre",
        preference=1,
        temperature=0.05,
        reference=partial(_reference, EMBEDDED),
    ),
    *(_published(*row, len(_PUBLISHED) - rank) for rank, row in enumerate(_PUBLISHED)),
)
