"""`pixels` in the registry: needs no weights, and its dreams start from pictures of the theatre."""

from __future__ import annotations

from installation.core.model_files import ModelKind, embedded_files
from installation.models.interfaces import Generator, ModelPlace
from installation.models.spec import GeneratorSpec


def _load(place: ModelPlace) -> Generator:
    from installation.models.pixels.generator import PixelMosaic

    return PixelMosaic(place.device)


SPECS = (
    GeneratorSpec(
        family="pixels",
        files=embedded_files("pixels", ModelKind.GENERATOR),
        load=_load,
        starts_from="theatre",
    ),
)
