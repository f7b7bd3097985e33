"""The theatre in the registry: the embedded generator that `auto` falls back to."""

from __future__ import annotations

from installation.core.model_files import ModelKind, embedded_files
from installation.models.interfaces import Generator, Group, ModelPlace
from installation.models.spec import GeneratorSpec


def _load(place: ModelPlace) -> Generator:
    from installation.models.theatre.generator import Theatre

    return Theatre(place)


def _groups() -> tuple[Group, ...]:
    from installation.models.theatre.vocabulary import GROUPS

    return GROUPS


SPECS = (
    GeneratorSpec(
        family="theatre",
        files=embedded_files("theatre", ModelKind.GENERATOR),
        load=_load,
        domain="theatre",
        preference=1,
        shipped_bank="clip-embedded",
        groups=_groups,
        benchmarked_on=("cpu",),
    ),
)
