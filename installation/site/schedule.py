"""The schedule of a day: when the show sleeps and wakes, projector, recycle of the workers, and self-test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from installation.core.errors import ShowError
from installation.show.site_settings import OpeningSettings
from installation.site.opening_hours import OpeningHours, parse_time


@dataclass(frozen=True)
class Due:
    """What is due now; None: nothing changes."""

    sleep: bool | None = None
    fade_seconds: float = 0.0
    projector: bool | None = None
    recycle: bool = False
    selftest: bool = False


class Schedule:
    """Asked once a second; returns each change once. Moments are seconds of the POSIX clock, which may jump.

    The first call returns the current state, which is how a show that starts after a power cut is right at once. Later
    calls return only changes: an operator who wakes the show at night keeps it awake until the next closing.
    """

    def __init__(self, settings: OpeningSettings) -> None:
        """Read the opening hours. Raises ShowError."""
        self._settings, self.hours = settings, OpeningHours(settings)
        _check_time("recycle", settings.recycle)
        _check_time("selftest", settings.selftest)
        if settings.selftest and not settings.hours:
            raise ShowError("opening.selftest needs opening.hours: the show tests itself while it sleeps.")
        self._asleep: bool | None = None
        self._projector: bool | None = None
        self._dark_at: float | None = None  # when the fade to black is over
        self._looked_at: float | None = None
        self._done: dict[str, float] = {}  # the last due moment of the recycle and the self-test

    def advance(self, now: float) -> Due:
        """What is due at `now`."""
        settings, first = self._settings, self._looked_at is None
        asleep = not self.hours.is_open(now)
        sleep = asleep if asleep != self._asleep and not (first and not asleep) else None
        if asleep != self._asleep:
            self._dark_at = now + (0.0 if first else settings.fade_seconds)
        self._asleep = asleep
        due = Due(
            sleep,
            0.0 if first else settings.fade_seconds,
            self._projector_change(now),
            self._is_due("recycle", settings.recycle, now),
            self._is_due("selftest", settings.selftest, now),
        )
        self._looked_at = now
        return due

    def _projector_change(self, now: float) -> bool | None:
        """The projector is on before the show opens, and until it is black."""
        fading = self._asleep and self._dark_at is not None and now < self._dark_at
        wanted = bool(fading) or not self._asleep or self.hours.is_open(now + self._settings.warm_up_seconds)
        changed = wanted != self._projector
        self._projector = wanted
        return wanted if changed else None

    def _is_due(self, name: str, text: str, now: float) -> bool:
        """Whether this time of day has passed since the last look; each moment counts once."""
        before = self._looked_at
        if not text or before is None or now <= before or now - before > timedelta(hours=1).total_seconds():
            return False
        due = self.hours.instant(self.hours.day_of(now), text)
        if not before < due <= now or self._done.get(name, float("-inf")) >= due:
            return False
        self._done[name] = due
        return True


def _check_time(key: str, text: str) -> None:
    """Raise ShowError for a time at which clocks change, that is skipped or repeated twice a year."""
    if not text:
        return
    clock = parse_time(text)
    if clock.sun or clock.hour == 24 or 1 <= clock.hour < 3 or (clock.hour, clock.minute) == (3, 0):
        raise ShowError(f"opening.{key} = '{text}': choose a time outside 01:00 to 03:00, when clocks change.")
