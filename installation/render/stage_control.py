"""Sets the stage of a generator that has one: its camera, and how its scenes change on this machine."""

from __future__ import annotations

from installation.core.curves import along
from installation.models.capabilities import Staged, Transitions
from installation.models.interfaces import Generator, Point, slices, weights_of
from installation.render.interfaces import RendererConfig

SLOW_SECONDS = 0.2  # between two frames: from here on a change of scene would be a few torn steps
FRAME_SMOOTHING = 0.1  # the weight of an interval in the running mean
LONGEST_SECONDS = 1.0  # that an interval counts for
LEAD = 0.7  # weight from which a class leads its group
CAMERA_SECONDS = 12.0  # in which the camera of a new renderer begins to move, since opening pictures have none


class StageControl:
    """Sets how the scenes of a generator change, and how far its camera moves.

    Where frames are rare, scenes change by a dip to black. Where class weights rest in between, as in a mixture of two
    pictures, they blend, or the stage would stay empty.
    """

    def __init__(self, generator: Generator, config: RendererConfig) -> None:
        self._generator = generator if isinstance(generator, Staged) else None
        self._camera, self._transitions = config.camera, config.transitions
        self._always_blends = config.dream.classes == "optimised"
        self._blends = self._slow = False
        self._frame_seconds: float | None = None
        self._drawn_at: float | None = None
        self._began_at = 0.0
        self._set()

    def advance(self, now: float) -> None:
        """Count a frame that is shown at `now`, in seconds of the clock."""
        if self._drawn_at is None:
            self._began_at = now
        else:
            interval = min(now - self._drawn_at, LONGEST_SECONDS)
            mean = interval if self._frame_seconds is None else self._frame_seconds
            self._frame_seconds = mean + FRAME_SMOOTHING * (interval - mean)
        self._drawn_at = now
        self._set()

    def begin_change(self, shown: Point | None, rest: Point | None) -> None:
        """Choose how a change looks.

        Args:
            shown: What is shown now.
            rest: Where it ends for good; None for a dream, which is between scenes only for a moment.
        """
        self._slow = (self._frame_seconds or 0.0) > SLOW_SECONDS
        leaves_mixture = self._blends and self._mixed(shown)
        self._blends = self._mixed(rest) or leaves_mixture
        self._set()

    @property
    def changes_sets(self) -> bool:
        """Whether what stands on stage leaves before something else comes."""
        return self._generator is not None and self._shown() != "blend"

    def follow(self, rest: Point | None) -> None:
        """The same for a target that has moved a little."""
        self._blends = self._blends or self._mixed(rest)

    def has_decided(self, point: Point) -> bool:
        """Whether one class of each group clearly leads, so that a change of scene shows none that will lose."""
        groups = self._generator.groups if self._generator else ()
        weights = weights_of(point.classes, groups)[0]
        return all(weights[where].max() >= LEAD for where in slices(groups))

    def _mixed(self, point: Point | None) -> bool:
        return point is not None and self._generator is not None and self._generator.is_mixed(point.classes)

    def _set(self) -> None:
        if self._generator:
            elapsed = self._drawn_at - self._began_at if self._drawn_at is not None else 0.0
            camera = self._camera * along("ease-in-out", elapsed / CAMERA_SECONDS)
            self._generator.set_stage(camera, self._shown())

    def _shown(self) -> Transitions:
        if self._always_blends or self._blends:
            return "blend"
        return "dip" if self._slow and self._transitions == "scenes" else self._transitions
