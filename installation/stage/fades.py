"""Values that fade over time, and the brightness of the stage. The caller passes the time in, in seconds."""

from __future__ import annotations

from installation.core.clock import ease_out


class Ramp:
    """A value that moves to a target with `ease_out`, so that each change is visible at once."""

    def __init__(self, value: float) -> None:
        self.target = value
        self._origin = value
        self._started_at = 0.0
        self._seconds = 0.0

    def at(self, now: float) -> float:
        """The value at `now`."""
        return self._origin + (self.target - self._origin) * self._progress(now)

    def start(self, target: float, seconds: float, now: float) -> None:
        """Moves from the present value to `target` in `seconds`; jumps if that is 0."""
        self._origin, self.target, self._started_at, self._seconds = self.at(now), target, now, seconds

    def is_moving(self, now: float) -> bool:
        """Whether the value has not reached its target yet."""
        return self._origin != self.target and self._progress(now) < 1.0

    def remaining(self, now: float) -> float:
        """Seconds until the value reaches its target."""
        return max(0.0, self._started_at + self._seconds - now)

    def _progress(self, now: float) -> float:
        return ease_out((now - self._started_at) / self._seconds) if self._seconds > 0 else 1.0


class Visibility:
    """The opacity of something that fades in when it is wanted and fades out when it is not."""

    def __init__(self, fade_in: float = 0.2, fade_out: float = 0.8) -> None:
        """Starts invisible. `fade_in` and `fade_out` are in seconds."""
        self._fade_in, self._fade_out = fade_in, fade_out
        self._opacity = Ramp(0.0)

    def update(self, wanted: bool, now: float) -> float:
        """The opacity at `now`, 0..1, given whether the thing is `wanted` from now on."""
        target = 1.0 if wanted else 0.0
        if target != self._opacity.target:
            self._opacity.start(target, self._fade_in if wanted else self._fade_out, now)
        return self._opacity.at(now)


class StageFades:
    """The brightness of the stage: master opacity, blackout, sleep and panic, multiplied; each has its own setting."""

    def __init__(self) -> None:
        self._opacity = Ramp(1.0)
        self._blackout = Ramp(1.0)
        self._sleep = Ramp(1.0)
        self._panic = Ramp(1.0)
        self.added_opacity = 0.0  # to the master opacity, by sound

    def set_opacity(self, value: float, seconds: float, now: float) -> None:
        """Fades the master opacity to `value`, clipped to 0..1."""
        self._opacity.start(min(max(value, 0.0), 1.0), seconds, now)

    def set_blackout(self, on: bool, seconds: float, now: float) -> None:
        """Fades to black or back."""
        self._blackout.start(0.0 if on else 1.0, seconds, now)

    def set_sleep(self, on: bool, seconds: float, now: float) -> None:
        """Fades to black for the night, or back; `reset` does not end it."""
        self._sleep.start(0.0 if on else 1.0, seconds, now)

    def panic(self, seconds: float, now: float) -> None:
        """Fades to black in `seconds`, or cuts if that is 0. A second panic only ever shortens the fade."""
        if self._panic.target == 0.0:
            seconds = min(seconds, self._panic.remaining(now))
        self._panic.start(0.0, seconds, now)

    def reset(self, seconds: float, now: float) -> None:
        """Ends panic and blackout in `seconds`; the master opacity stays as it is."""
        self._panic.start(1.0, seconds, now)
        self._blackout.start(1.0, seconds, now)

    @property
    def blackout(self) -> bool:
        """Whether blackout is on."""
        return self._blackout.target == 0.0

    def brightness(self, now: float) -> float:
        """The brightness at `now`, 0..1."""
        opacity = min(max(self._opacity.at(now) + self.added_opacity, 0.0), 1.0)
        return opacity * self._blackout.at(now) * self._sleep.at(now) * self._panic.at(now)
