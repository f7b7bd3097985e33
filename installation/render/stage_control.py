"""Sets the stage of a generator that has one: its camera, and how its scenes change on this machine."""

from __future__ import annotations

from installation.core.curves import along
from installation.models.interfaces import Generator, Staged, Transitions
from installation.render.interfaces import RendererConfig

SLOW_SECONDS = 0.2  # between two frames: from here on a change of scene would be a few torn steps
FRAME_SMOOTHING = 0.1  # the weight of an interval in the running mean
LONGEST_SECONDS = 1.0  # that an interval counts for
CAMERA_SECONDS = 12.0  # in which the camera of a new renderer begins to move, since opening pictures have none


class StageControl:
    """Where frames are rare, scenes change by a dip to black; where class weights are mixed at rest, they blend."""

    def __init__(self, generator: Generator, config: RendererConfig) -> None:
        self._generator = generator if isinstance(generator, Staged) else None
        mixed = config.dream.classes == "optimised"
        self._camera = config.camera
        self._transitions: Transitions = "blend" if mixed else config.transitions
        self._frame_seconds = 0.0
        self._drawn_at: float | None = None
        self._began_at = 0.0
        self._shown = self._transitions
        self.begin_change()

    def advance(self, now: float) -> None:
        """Count a frame that is shown at `now`, in seconds of the clock."""
        if self._drawn_at is None:
            self._began_at = self._drawn_at = now
        interval = min(now - self._drawn_at, LONGEST_SECONDS)
        self._frame_seconds += FRAME_SMOOTHING * (interval - self._frame_seconds)
        self._drawn_at = now
        self._set()

    def begin_change(self) -> None:
        """Choose how the change that begins now is shown."""
        slow = self._transitions == "scenes" and self._frame_seconds > SLOW_SECONDS
        self._shown = "dip" if slow else self._transitions
        self._set()

    def _set(self) -> None:
        if self._generator:
            elapsed = self._drawn_at - self._began_at if self._drawn_at is not None else 0.0
            self._generator.set_stage(self._camera * along("ease-in-out", elapsed / CAMERA_SECONDS), self._shown)
