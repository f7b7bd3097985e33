"""What main knows of the web surface: the web framework is imported in the control worker only."""

from __future__ import annotations

from installation.control.interface import ControlSurface, SurfaceContext, SurfaceSpec
from installation.control.web.config import KIND, WebConfig
from installation.core.messages import AUDIENCE


def _make(config: WebConfig, context: SurfaceContext) -> ControlSurface:
    from installation.control.web.surface import WebSurface

    return WebSurface(config, context)


SPEC = SurfaceSpec(KIND, "the operator page, the audience page and OSCQuery", WebConfig, _make, (AUDIENCE,))
