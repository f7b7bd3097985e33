"""The light of the stage: opacity, blackout and panic, each a ramp over time, together one factor of 0..1.

It asks nobody: a fade goes on while no generated frame comes.
"""

from __future__ import annotations

from installation.stage.ramp import Ramp


class StageFades:
    """Opacity times blackout times panic. What each was set to survives the others."""

    def __init__(self) -> None:
        self._opacity = Ramp(1.0)
        self._blackout = Ramp(1.0)
        self._panic = Ramp(1.0)

    def opacity(self, value: float, seconds: float, now: float) -> None:
        """The light of the whole stage, 0..1."""
        self._opacity.go(min(max(value, 0.0), 1.0), seconds, now)

    def blackout(self, on: bool, seconds: float, now: float) -> None:
        """Black, or back; at once if `seconds` is 0."""
        self._blackout.go(0.0 if on else 1.0, seconds, now)

    def panic(self, seconds: float, now: float) -> None:
        """Fades to black; during such a fade it may only make it shorter. 0 cuts."""
        if self._panic.target == 0.0:
            seconds = min(seconds, self._panic.left(now))
        self._panic.go(0.0, seconds, now)

    def reset(self, seconds: float, now: float) -> None:
        """Leaves panic and blackout; opacity stays as it was set."""
        self._panic.go(1.0, seconds, now)
        self._blackout.go(1.0, seconds, now)

    @property
    def dark(self) -> bool:
        """Whether blackout or panic has been asked for."""
        return self._blackout.target == 0.0 or self._panic.target == 0.0

    @property
    def blacked_out(self) -> bool:
        """Whether blackout is on."""
        return self._blackout.target == 0.0

    def at(self, now: float) -> float:
        """The light at `now`, 0..1."""
        return self._opacity.at(now) * self._blackout.at(now) * self._panic.at(now)
