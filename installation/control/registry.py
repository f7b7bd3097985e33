"""The control surfaces by kind: add a line for a new one."""

from __future__ import annotations

from installation.control import link_surface, osc_surface
from installation.control.broker import surface as broker
from installation.control.interface import SurfaceSpec
from installation.control.midi import surface as midi
from installation.control.walls import surface as walls
from installation.control.web import spec as web
from installation.core.errors import ShowError, suggest

SURFACES: dict[str, SurfaceSpec] = {
    spec.kind: spec for spec in (osc_surface.SPEC, web.SPEC, midi.SPEC, link_surface.SPEC, broker.SPEC, walls.SPEC)
}


def surface_spec(kind: str) -> SurfaceSpec:
    """The spec of that kind. Raises ShowError with the closest match."""
    if kind not in SURFACES:
        raise ShowError(f"There is no control surface '{kind}'; {suggest(kind, SURFACES)}")
    return SURFACES[kind]
