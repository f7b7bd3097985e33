"""Values that move over time. The clock is the caller's."""

from __future__ import annotations

from installation.core.clock import ease_out


class Ramp:
    """A value on its way from one to another, easing out, so that every change is seen at once."""

    def __init__(self, value: float) -> None:
        self._from = value
        self.target = value
        self._start = 0.0
        self._seconds = 0.0

    def at(self, now: float) -> float:
        """The value at `now`."""
        return self._from + (self.target - self._from) * self._share(now)

    def go(self, target: float, seconds: float, now: float) -> None:
        """Moves to `target` in that many seconds; at once if 0."""
        self._from, self.target, self._start, self._seconds = self.at(now), target, now, seconds

    def moving(self, now: float) -> bool:
        """Whether the value is still on its way."""
        return self._from != self.target and self._share(now) < 1.0

    def left(self, now: float) -> float:
        """Seconds until it is there."""
        return max(0.0, self._start + self._seconds - now)

    def _share(self, now: float) -> float:
        return ease_out((now - self._start) / self._seconds) if self._seconds > 0 else 1.0


class Visibility:
    """0 or 1 with soft ways between: `appear` seconds to come, `vanish` seconds to go."""

    def __init__(self, appear: float = 0.2, vanish: float = 0.8) -> None:
        self._appear, self._vanish = appear, vanish
        self._ramp = Ramp(0.0)

    def at(self, there: bool, now: float) -> float:
        """How visible, 0..1, of what is `there` from `now` on, or no longer."""
        target = 1.0 if there else 0.0
        if target != self._ramp.target:
            self._ramp.go(target, self._appear if there else self._vanish, now)
        return self._ramp.at(now)
