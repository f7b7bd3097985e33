"""`strokes` in the registry: needs no weights, and its dreams start from pictures of the theatre."""

from __future__ import annotations

from installation.core.model_files import ModelKind, embedded_files
from installation.models.interfaces import Generator, ModelPlace
from installation.models.spec import GeneratorSpec


def _load(place: ModelPlace) -> Generator:
    from installation.models.strokes.generator import BrushStrokes

    return BrushStrokes(place.device)


SPECS = (
    GeneratorSpec(
        family="strokes",
        files=embedded_files("strokes", ModelKind.GENERATOR),
        load=_load,
        starts_from="theatre",
    ),
)
