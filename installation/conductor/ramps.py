"""Ramps: values that move to a target over seconds, for cues, snapshots and control surfaces alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from installation.core.curves import along


@dataclass(frozen=True)
class _Ramp:
    start: float
    target: float
    began: float
    seconds: float
    curve: str

    def at(self, t: float) -> float:
        return self.start + (self.target - self.start) * along(self.curve, (t - self.began) / self.seconds)


class Ramps:
    """The values that are moving, by name. Times are seconds of the show (see `ShowClock`)."""

    def __init__(self) -> None:
        self._ramps: dict[str, _Ramp] = {}

    def start(self, name: str, value: float, target: float, t: float, seconds: float, curve: str) -> None:
        """Move a value to a target from `t` on; this replaces a ramp that it is on."""
        self._ramps[name] = _Ramp(value, target, t, seconds, curve)

    def stop(self, name: str) -> None:
        """Leave a value where it is."""
        self._ramps.pop(name, None)

    def clear(self) -> None:
        """Leave all values where they are."""
        self._ramps.clear()

    def advance(self, t: float) -> Mapping[str, float]:
        """The values of this moment. Ramps that have reached their targets end."""
        values = {name: ramp.at(t) for name, ramp in self._ramps.items()}
        for name in [name for name, ramp in self._ramps.items() if t >= ramp.began + ramp.seconds]:
            values[name] = self._ramps.pop(name).target
        return values
