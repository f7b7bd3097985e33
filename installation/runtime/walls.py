"""Frames of walls in step: each waits for its moment, which is the same on all walls."""

from __future__ import annotations

from collections import deque

import numpy as np

from installation.control.walls.settings import WallsSettings
from installation.core.messages import Value
from installation.stage.crossfade import GeneratedFrame

MOST_WAITING = 120  # frames; the oldest are dropped
MOST_ERRORS = 2000  # of the latest frames


class FrameSchedule:
    """Holds generated frames until they are due. Times are seconds of `clock.now`."""

    def __init__(self, settings: WallsSettings | None) -> None:
        """`settings` None: a show that is not in step with another one."""
        leads = settings is not None and settings.role == "leader"
        self._lead_seconds = settings.lead_seconds if settings and leads else 0.0
        self._waiting: deque[tuple[float, GeneratedFrame]] = deque(maxlen=MOST_WAITING)
        self._late: deque[float] = deque(maxlen=MOST_ERRORS)  # seconds

    def put(self, frame: GeneratedFrame, show_at: float) -> None:
        """Take a frame; `show_at`: as the renderer has reported it."""
        self._waiting.append((show_at + self._lead_seconds, frame))

    def take(self, now: float) -> list[GeneratedFrame]:
        """The frames that are due, in order."""
        due = []
        while self._waiting and self._waiting[0][0] <= now:
            at, frame = self._waiting.popleft()
            self._late.append(now - at)
            due.append(frame)
        return due

    def figures(self) -> dict[str, float]:
        """How late frames were taken, in milliseconds, for the report."""
        if not self._late:
            return {}
        p50, p99 = np.percentile(self._late, (50, 99)) * 1000.0
        return {"frames": len(self._late), "late_ms_p50": round(float(p50), 1), "late_ms_p99": round(float(p99), 1)}

    def readings(self, clock_offset: float) -> dict[str, Value]:
        """The `walls` readings; `clock_offset` in seconds."""
        late = self.figures().get("late_ms_p99", 0.0)
        return {"walls/offset": round(1000.0 * clock_offset, 2), "walls/late": late}
