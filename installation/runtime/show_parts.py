"""The control surfaces and the outputs of a show file, by the registries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from installation.control.interface import SurfaceConfig
from installation.control.registry import surface_spec
from installation.control.web.config import WebConfig
from installation.core.errors import ShowError
from installation.outputs.interface import OutputSpec, Source
from installation.outputs.registry import output_spec
from installation.show.extensions import extension_settings
from installation.show.settings import Show

Sink = tuple[OutputSpec, Any, Source]  # an output: what it is, its settings, and where its frames come from


def surfaces_of(show: Show) -> tuple[SurfaceConfig, ...]:
    """The control surfaces of a show. Raises ShowError for an unknown kind, a wrong key, or two of one kind."""
    surfaces = [SurfaceConfig(surface_spec("osc"), show.osc)] if show.osc.enabled else []
    if show.web.enabled:
        surfaces.append(SurfaceConfig(surface_spec("web"), WebConfig(show.web, show.audience, show.osc, show.title)))
    for entry in show.surface:
        spec = surface_spec(entry.kind)
        settings = extension_settings(entry, spec.settings)
        if any(spec.kind == other.spec.kind for other in surfaces):  # replies are addressed by kind
            raise ShowError(f"There are two control surfaces of kind '{spec.kind}'; a show can have one of each kind.")
        surfaces.append(SurfaceConfig(spec, settings))
    return tuple(surfaces)


def sinks_of(show: Show) -> Iterator[Sink]:
    """The outputs of a show file. Raises ShowError for an unknown kind or a wrong key."""
    for entry in show.output:
        spec = output_spec(entry.kind)
        settings = extension_settings(entry, spec.settings)
        if spec.check:
            spec.check(settings)
        yield spec, settings, entry.source
