"""Opening hours: a table of days and times in, open or closed at any moment out. Pure: the caller passes the time in.

Times are seconds of the POSIX clock. Days are those of the time zone of the show, so that the nights in which the
clocks change are right: an hour that is skipped is no time, an hour that is repeated is open twice as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from importlib.util import find_spec
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from installation.core.errors import ShowError, suggest
from installation.core.paths import pip_install
from installation.show.site_settings import OpeningSettings

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_SUN = re.compile(r"(sunrise|sunset)(?:\+(\d{1,3})m)?")
_DATE = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")


@dataclass(frozen=True)
class ClockTime:
    """A time of day: of the clock, or minutes after sunrise or sunset."""

    hour: int = 0  # 24: midnight at the end of the day
    minute: int = 0
    sun: str = ""  # "sunrise" or "sunset"; `minute` counts from it


@dataclass(frozen=True)
class Hours:
    """From when to when; an end that is not after the start is on the next day."""

    start: ClockTime
    end: ClockTime


class OpeningHours:
    """Answers whether the show is open. A date counts before a holiday, a holiday before a day of the week."""

    def __init__(self, settings: OpeningSettings) -> None:
        """Read the table. Raises ShowError for what it does not understand."""
        self._settings = settings
        self._zone = _zone(settings.timezone)
        self._weekdays: dict[int, tuple[Hours, ...]] = {}
        self._dates: dict[tuple[int, int, int], tuple[Hours, ...]] = {}  # year (0: every), month, day
        self._holiday: tuple[Hours, ...] | None = None
        for days, hours in settings.hours.items():
            self._read(days.strip().lower(), hours)
        self._holidays = _holidays(settings.holidays)
        if any(each.sun for hours in self._all() for span in hours for each in (span.start, span.end)):
            _require("astral", "opening.hours names the sun")

    @property
    def always(self) -> bool:
        """Whether there is no table: the show is always open."""
        return not self._settings.hours

    def is_open(self, now: float) -> bool:
        """Whether the show is open at `now`."""
        if self.always:
            return True
        today = datetime.fromtimestamp(now, self._zone).date()
        days = (today - timedelta(days=1), today)
        return any(start <= now < end for day in days for start, end in self.spans(day))

    def spans(self, day: date) -> list[tuple[float, float]]:
        """The start and the end of each span that begins on this day."""
        found = []
        for hours in self._hours_of(day):
            start, end = self._instant(day, hours.start), self._instant(day, hours.end)
            if end <= start and not hours.end.sun and self._local(day, hours.end) <= self._local(day, hours.start):
                end = self._instant(day + timedelta(days=1), hours.end)
            if end > start:
                found.append((start, end))
        return found

    def instant(self, day: date, clock: str) -> float:
        """The moment of a time such as "04:30" on a day."""
        return self._instant(day, parse_time(clock))

    def day_of(self, now: float) -> date:
        """The day that `now` belongs to."""
        return datetime.fromtimestamp(now, self._zone).date()

    # -- the table --------------------------------------------------------------------------------------------------

    def _read(self, days: str, hours: str) -> None:
        spans = parse_hours(hours)
        if days == "holidays":
            self._holiday = spans
        elif match := _DATE.fullmatch(days):
            year, month, day = int(match[1] or 0), int(match[2]), int(match[3])
            try:
                date(year or 2024, month, day)
            except ValueError:
                raise ShowError(f"opening.hours: there is no day '{days}'.") from None
            self._dates[year, month, day] = spans
        else:
            for number in _weekdays(days):
                self._weekdays[number] = spans

    def _all(self) -> Iterator[tuple[Hours, ...]]:
        yield from (*self._weekdays.values(), *self._dates.values(), self._holiday or ())

    def _hours_of(self, day: date) -> tuple[Hours, ...]:
        for key in ((day.year, day.month, day.day), (0, day.month, day.day)):
            if key in self._dates:
                return self._dates[key]
        if self._holiday is not None and day in self._holidays:
            return self._holiday
        return self._weekdays.get(day.weekday(), ())

    # -- moments ----------------------------------------------------------------------------------------------------

    def _instant(self, day: date, clock: ClockTime) -> float:
        return self._local(day, clock).timestamp()  # without a zone: that of the machine

    def _local(self, day: date, clock: ClockTime) -> datetime:
        if clock.sun:
            return self._sun(day, clock.sun) + timedelta(minutes=clock.minute)
        days, hour = divmod(clock.hour, 24)
        return datetime.combine(day + timedelta(days=days), time(hour, clock.minute), self._zone)

    def _sun(self, day: date, event: str) -> datetime:
        """When the sun rises or sets; the fallback where it does neither on this day, as beyond the polar circle."""
        from astral import Observer
        from astral.sun import sunrise, sunset

        settings = self._settings
        observer = Observer(settings.latitude, settings.longitude)
        try:
            moment = (sunrise if event == "sunrise" else sunset)(observer, day, tzinfo=UTC)
        except ValueError:
            fallback = settings.no_sunrise if event == "sunrise" else settings.no_sunset
            return self._local(day, parse_time(fallback))
        return moment.astimezone(self._zone)


def parse_hours(text: str) -> tuple[Hours, ...]:
    """Parse "10:00-13:00, 14:00-18:00", "sunset+30m-24:00" or "closed". Raises ShowError."""
    if text.strip().lower() == "closed":
        return ()
    spans = []
    for part in text.lower().split(","):
        start, dash, end = part.strip().partition("-")
        if not dash:
            raise ShowError(f"opening.hours: '{text}' is neither 'closed' nor hours such as '10:00-18:00'.")
        spans.append(Hours(parse_time(start), parse_time(end)))
    return tuple(spans)


def parse_time(text: str) -> ClockTime:
    """Parse "18:30", "24:00", "sunset" or "sunset+30m". Raises ShowError."""
    text = text.strip().lower()
    if match := _SUN.fullmatch(text):
        return ClockTime(0, int(match[2] or 0), match[1])
    match = _TIME.fullmatch(text)
    if not match or (match[1] == "24" and match[2] != "00"):
        raise ShowError(f"opening: '{text}' is not a time such as '18:30', 'sunset' or 'sunset+30m'.")
    return ClockTime(int(match[1]), int(match[2]))


def _weekdays(text: str) -> list[int]:
    """The numbers of "tue" or "tue-sun", from 0. Raises ShowError."""
    first, _, last = text.partition("-")
    for name in (first, last or first):
        if name not in DAYS:
            choices = (*DAYS, "holidays", "12-24", "2026-12-24")
            raise ShowError(f"opening.hours: '{text}' is no day; {suggest(name, choices)}")
    begin, end = DAYS.index(first), DAYS.index(last or first)
    return [(begin + each) % 7 for each in range((end - begin) % 7 + 1)]


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ShowError(f"opening.timezone: there is no time zone '{name}'; 'Europe/Berlin' is one.") from None


def _holidays(place: str) -> Mapping[date, str]:
    """The public holidays of "DE", or "DE-BE" for a part of the country; none for ""."""
    if not place:
        return {}
    _require("holidays", "opening.holidays names a country")
    import holidays

    country, _, part = place.partition("-")
    try:
        found: Mapping[date, str] = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        raise ShowError(f"opening.holidays: there is no country '{place}'; 'DE' or 'DE-BE' are.") from None
    return found


def _require(package: str, why: str) -> None:
    if find_spec(package) is None:
        raise ShowError(f"{why}, which needs {package}: {pip_install('unattended')}.")
