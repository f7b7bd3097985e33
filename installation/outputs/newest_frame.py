"""What sinks have in common that take only the newest frame: counting, and a frame rate of their own."""

from __future__ import annotations

from installation.core.worker_status import OutputFigures


class NewestFrameSink:
    """The base of such a sink; it adds `open`, `write` and `close`, and counts what it takes."""

    every_frame = False
    kind = ""

    def __init__(self) -> None:
        self._target = ""  # an address, for the operator
        self._frames = self._lost = self._bytes = self._viewers = 0
        self._notices: list[str] = []

    def missed(self, at: float) -> None:
        """Count a frame that came while another was being sent."""
        del at
        self._lost += 1

    def tick(self, now: float) -> None:
        """Do nothing."""

    def notices(self) -> list[str]:
        """Take out the sentences for the operator."""
        notices, self._notices = self._notices, []
        return notices

    def figures(self) -> OutputFigures:
        """What was taken, and who looks."""
        return OutputFigures(
            self.kind, self._target, self._frames, lost=self._lost, bytes=self._bytes, viewers=self._viewers
        )


class Pacer:
    """Lets frames pass at a rate at most."""

    def __init__(self, rate: float) -> None:
        """`rate`: frames per second."""
        self._period = 1.0 / rate
        self._due = 0.0

    def due(self, at: float) -> bool:
        """Whether the frame presented at `at` (s) is not too soon after the last one that passed."""
        if at < self._due - 0.25 * self._period:
            return False
        self._due = max(self._due + self._period, at)
        return True
