"""The theatre in the registry: the embedded generator that `auto` falls back to."""

from __future__ import annotations

from installation.core.model_files import ModelKind, embedded_files
from installation.models.interfaces import Generator, ModelPlace
from installation.models.spec import GeneratorSpec


def _load(place: ModelPlace) -> Generator:
    from installation.models.theatre.generator import Theatre

    return Theatre(place)


SPECS = (
    GeneratorSpec(
        family="theatre",
        files=embedded_files("theatre", ModelKind.GENERATOR),
        load=_load,
        domain="theatre",
        preference=1,
        shipped_bank="clip-embedded",
        benchmarked_on=("cpu",),
    ),
)
