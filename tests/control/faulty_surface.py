"""A control surface that fails where its settings say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from installation.control.interface import SurfaceContext, SurfaceSpec
from installation.core.messages import Feedback
from installation.core.worker_status import Handover, SurfaceFigures

KIND = "faulty"


@dataclass(frozen=True)
class FaultySettings:
    """The keys of the `[[surface]]` table."""

    fails_in: str  # make, start, feedback, figures, handover or stop
    flag: str  # a file; without it the surface does not fail


class FaultySurface:
    """Does nothing."""

    def __init__(self, settings: FaultySettings, context: SurfaceContext) -> None:
        self._settings = settings
        self._speed = context.values["walk/speed"]
        self._fail("make")

    def start(self) -> None:
        self._fail("start")

    def feedback(self, message: Feedback) -> None:  # noqa: ARG002
        self._fail("feedback")

    def figures(self) -> SurfaceFigures:
        self._fail("figures")
        return SurfaceFigures(KIND, port=round(1000 * float(self._speed)))

    def handover(self) -> Handover | None:
        self._fail("handover")
        return None

    def stop(self) -> None:
        self._fail("stop")

    def _fail(self, where: str) -> None:
        if where == self._settings.fails_in and Path(self._settings.flag).exists():
            raise ConnectionError(f"nobody answers in {where}")


SPEC = SurfaceSpec(KIND, "fails where its settings say", FaultySettings, FaultySurface)
