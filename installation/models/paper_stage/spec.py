"""The paper stage in the registry."""

from __future__ import annotations

from installation.core.model_files import ModelKind, embedded_files
from installation.models.biggan.spec import load_embedded
from installation.models.interfaces import Generator, ModelPlace
from installation.models.spec import GeneratorSpec


def _load(place: ModelPlace) -> Generator:
    from installation.models.paper_stage.generator import PaperStage

    return PaperStage(place, load_embedded(place))


SPECS = (
    GeneratorSpec(
        family="paper-stage",
        files=embedded_files("paper-stage", ModelKind.GENERATOR),
        load=_load,
        domain="theatre",
        shipped_bank="clip-embedded",
        bank_of="theatre",
        benchmarked_on=("cpu",),
    ),
)
