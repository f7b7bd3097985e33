"""What the operator is shown: the lines of the help layer, and the one at the foot of the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from installation.conductor import Conductor
from installation.messages import Value
from installation.performance.terminal import StatusLine
from installation.performance.watch import Watch
from installation.stage.window import Stage


class OperatorsView:
    """Renewed once a second with the figures of that second, and at once when something changes that cannot wait."""

    def __init__(self, stage: Stage, status: StatusLine | None, conductor: Conductor, watch: Watch) -> None:
        self._stage, self._status, self._conductor, self._watch = stage, status, conductor, watch
        self._line = ""  # of the last second; "" before the first

    def renew(self, readings: Mapping[str, Value], now: float) -> None:
        """With the `status` readings of the last second."""
        words = self._conductor.values["prompt/current"] or f"({self._conductor.mode})"
        waiting = len(self._conductor.waiting)
        words = f"{words} · {waiting} waiting" if waiting else words
        self._line = (
            f"{readings['status/fps']:.0f} frames/s shown, {readings['status/generated']:.0f} generated, "
            f"{readings['status/steps']:.0f} steps/s, step {readings['dream/step']} · {words}"
        )
        self.refresh(now)

    def refresh(self, now: float) -> None:
        """With the figures of the last second, and everything else as it is now."""
        if not self._line:
            return
        pending = self._conductor.pending
        more = [self._conductor.outlook, f"waiting for approval: {pending}" if pending else ""]
        more = [each for each in more if each]
        self._stage.status([self._line, *more, *self._watch.lines()])
        if self._status:
            self._status.show(" · ".join(each for each in (self._watch.ears, self._line, *more) if each), now)
