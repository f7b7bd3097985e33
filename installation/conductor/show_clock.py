"""The clock of cues and ramps: it stands still while the show is paused."""

from __future__ import annotations


class ShowClock:
    """Seconds of the show: those of `clock.now` without pauses."""

    def __init__(self) -> None:
        self._paused_for = 0.0  # all pauses so far
        self._paused_at: float | None = None

    def at(self, now: float) -> float:
        """The time of the show at `now`, in seconds of `clock.now`."""
        return (now if self._paused_at is None else self._paused_at) - self._paused_for

    def pause(self, paused: bool, now: float) -> None:
        """Stop the clock, or let it go on."""
        if paused and self._paused_at is None:
            self._paused_at = now
        elif not paused and self._paused_at is not None:
            self._paused_for += now - self._paused_at
            self._paused_at = None
