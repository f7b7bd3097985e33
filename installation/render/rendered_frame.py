"""What the renderer hands out: a frame whose picture may still be being painted, and the finished frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from installation.models.interfaces import Picture, Point
from installation.render.frame_painter import BegunPicture


@dataclass(frozen=True)
class PaintedPoint:
    """What a frame was painted from."""

    point: Point
    phase: float  # of the generator's own motion, seconds
    truncation: float


@dataclass(frozen=True)
class RenderedFrame:
    """A frame.

    Attributes:
        picture: [height, width, 3].
        painted: What it was painted from.
        take: Of the Direction.
        prompt_id: Of the dream, 0 for the attract walk.
        show_at: Time of the clock that the frame is for.
        score: Best score of the dream so far.
        change: Mean difference, 0..255, that the prompts have made; see `ChangeMeter`.
    """

    picture: Picture
    painted: PaintedPoint
    take: int
    prompt_id: int
    show_at: float
    score: float
    change: float


@dataclass(frozen=True)
class PendingFrame:
    """A frame whose picture may still be being painted; see `RenderedFrame`.

    Attributes:
        picture: Being painted.
        measured: Takes the change of the picture, if it is compared; returns the last one.
    """

    picture: BegunPicture
    painted: PaintedPoint
    take: int
    prompt_id: int
    show_at: float
    score: float
    measured: Callable[[float | None], float]

    def finish(self) -> RenderedFrame:
        """Return the frame, after waiting for its picture."""
        picture, change = self.picture.result()
        head = (picture, self.painted, self.take, self.prompt_id, self.show_at)
        return RenderedFrame(*head, self.score, self.measured(change))
