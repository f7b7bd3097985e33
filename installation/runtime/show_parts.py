"""The control surfaces and the outputs of a show file, by the registries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from installation.control.interface import SurfaceConfig
from installation.control.registry import surface_spec
from installation.control.web.config import WebConfig
from installation.core.errors import ShowError
from installation.outputs.interface import OutputSpec, Source
from installation.outputs.registry import output_spec
from installation.show.error_messages import Location
from installation.show.extensions import extension_settings
from installation.show.settings import OutputSettings, Show, SurfaceSettings

Where = Callable[[Location], str]  # the file and the line of a key, for messages; "" if the show file has no such key
Sink = tuple[OutputSpec, Any, Source]  # an output: what it is, its settings, and where its frames come from


def surfaces_of(show: Show, where: Where = lambda _: "") -> tuple[SurfaceConfig, ...]:
    """The control surfaces of a show. Raises ShowError for an unknown kind, a wrong key, or two of one kind."""
    surfaces = [SurfaceConfig(surface_spec("osc"), show.osc)] if show.osc.enabled else []
    if show.web.enabled:
        surfaces.append(SurfaceConfig(surface_spec("web"), WebConfig(show.web, show.audience, show.osc, show.title)))
    for index, entry in enumerate(show.surface):
        with _located("surface", index, entry, where):
            spec = surface_spec(entry.kind)
            settings = extension_settings(entry, spec.settings)
            if any(spec.kind == other.spec.kind for other in surfaces):  # replies are addressed by kind
                raise ShowError(
                    f"There are two control surfaces of kind '{spec.kind}'; a show can have one of each kind."
                )
        surfaces.append(SurfaceConfig(spec, settings))
    return tuple(surfaces)


def sinks_of(show: Show, where: Where = lambda _: "") -> Iterator[Sink]:
    """The outputs of a show file. Raises ShowError for an unknown kind or a wrong key."""
    for index, entry in enumerate(show.output):
        with _located("output", index, entry, where):
            spec = output_spec(entry.kind)
            settings = extension_settings(entry, spec.settings)
            if spec.check:
                spec.check(settings)
        yield spec, settings, entry.source


@contextmanager
def _located(table: str, index: int, entry: OutputSettings | SurfaceSettings, where: Where) -> Iterator[None]:
    """Puts the file and the line of the key that an error names first before it; without one, those of its table."""
    try:
        yield
    except ShowError as error:
        keys = "|".join(map(re.escape, entry.model_extra or {}))
        named = re.search(rf"\b({keys})\b", str(error)) if keys else None
        raise ShowError(f"{where((table, index, named[1] if named else 'kind'))}{error}") from None
