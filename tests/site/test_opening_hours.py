"""Opening hours at given moments: days, dates, holidays, the sun, and the nights in which the clocks change."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from installation.core.errors import ShowError
from installation.show.site_settings import OpeningSettings
from installation.site.opening_hours import OpeningHours
from installation.site.schedule import Due, Schedule
from tests.conftest import require_package

BERLIN = ZoneInfo("Europe/Berlin")


def settings(hours: dict[str, str], **more: object) -> OpeningSettings:
    return OpeningSettings.model_validate({"hours": hours, "timezone": "Europe/Berlin", **more})


def at(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()


def test_dates_count_before_days_of_the_week() -> None:
    table = {"tue-sun": "10:00-13:00, 14:00-18:00", "12-24": "closed", "2026-12-26": "12:00-16:00"}
    hours = OpeningHours(settings(table))
    moments = {
        "2026-11-30 11:00": False,  # a Monday
        "2026-12-01 11:00": True,
        "2026-12-01 13:30": False,
        "2026-12-01 17:59": True,
        "2026-12-01 18:00": False,
        "2026-12-24 11:00": False,
        "2026-12-26 11:00": False,
        "2026-12-26 15:00": True,
    }
    assert {text: hours.is_open(at(text)) for text in moments} == moments


def test_public_holidays_have_hours_of_their_own() -> None:
    require_package("holidays")
    hours = OpeningHours(settings({"mon-sun": "10:00-18:00", "holidays": "closed"}, holidays="DE-BE"))
    assert [hours.is_open(at(f"2026-{day} 12:00")) for day in ("10-02", "10-03", "03-08", "03-09")] == [
        True,
        False,
        False,  # Women's Day is one in Berlin only
        True,
    ]


def test_hours_past_midnight_belong_to_the_day_on_which_they_begin() -> None:
    hours = OpeningHours(settings({"fri": "20:00-02:00"}))
    moments = {"2026-12-04 19:59": False, "2026-12-04 23:00": True, "2026-12-05 01:59": True, "2026-12-05 02:00": False}
    assert {text: hours.is_open(at(text)) for text in moments} == moments


@pytest.mark.parametrize(("day", "length"), [(date(2026, 3, 28), 5), (date(2026, 10, 24), 7), (date(2026, 6, 6), 6)])
def test_a_night_in_which_the_clocks_change_is_an_hour_shorter_or_longer(day: date, length: int) -> None:
    ((start, end),) = OpeningHours(settings({"sat": "22:00-04:00"})).spans(day)
    assert (end - start) / 3600 == length


def test_the_show_opens_at_sunset_and_at_the_fallback_in_the_polar_summer() -> None:
    require_package("astral")
    table = settings({"mon-sun": "sunset+30m-24:00"}, timezone="Europe/Oslo", latitude=69.65, longitude=18.96)
    hours, oslo = OpeningHours(table), ZoneInfo("Europe/Oslo")
    ((start, end),) = hours.spans(date(2026, 6, 21))  # Tromsø: the sun does not set
    assert (start, end) == (at("2026-06-21 20:30", oslo), at("2026-06-22 00:00", oslo))
    ((start, _),) = hours.spans(date(2026, 9, 21))
    assert at("2026-09-21 18:50", oslo) < start < at("2026-09-21 19:50", oslo)


@pytest.mark.parametrize(
    ("hours", "more", "sentence"),
    [
        ({"tues": "10:00-18:00"}, {}, "'tues' is no day"),
        ({"02-30": "closed"}, {}, "there is no day '02-30'"),
        ({"mon": "10 to 18"}, {}, "neither 'closed' nor hours"),
        ({"mon": "10:00-25:00"}, {}, "'25:00' is not a time"),
        ({}, {"timezone": "Berlin"}, "no time zone 'Berlin'"),
        ({}, {"recycle": "02:30"}, "outside 01:00 to 03:00"),
        ({"mon-sun": "10:00-18:00"}, {"selftest": "01:30"}, "opening.selftest = '01:30': choose a time outside"),
        ({}, {"selftest": "05:00"}, "opening.selftest needs opening.hours"),
    ],
)
def test_a_mistake_is_one_sentence(hours: dict[str, str], more: dict[str, str], sentence: str) -> None:
    with pytest.raises(ShowError, match=sentence):
        Schedule(settings(hours, **more))


# -- the schedule -----------------------------------------------------------------------------------------------------


def changes(schedule: Schedule, start: float, hours: float, step: float = 10.0) -> list[tuple[str, Due]]:
    """What is due in so many hours, with the local time."""
    found = []
    for tick in range(int(hours * 3600 / step) + 1):
        now = start + tick * step
        due = schedule.advance(now)
        if (due.sleep, due.projector, due.recycle, due.selftest) != (None, None, False, False):
            found.append((datetime.fromtimestamp(now, BERLIN).strftime("%d %H:%M:%S"), due))
    return found


def test_a_day_has_its_changes_in_order() -> None:
    schedule = Schedule(settings({"mon-sun": "10:00-18:00"}, recycle="04:30", selftest="05:00"))
    assert changes(schedule, at("2026-11-29 20:00"), 24) == [
        ("29 20:00:00", Due(sleep=True, fade_seconds=0.0, projector=False)),  # at the start: black at once
        ("30 04:30:00", Due(fade_seconds=10.0, recycle=True)),
        ("30 05:00:00", Due(fade_seconds=10.0, selftest=True)),
        ("30 09:59:00", Due(fade_seconds=10.0, projector=True)),
        ("30 10:00:00", Due(sleep=False, fade_seconds=10.0)),
        ("30 18:00:00", Due(sleep=True, fade_seconds=10.0)),
        ("30 18:00:10", Due(fade_seconds=10.0, projector=False)),  # once the wall is black
    ]


def test_after_a_power_cut_in_the_middle_of_a_day_the_show_is_awake_and_the_projector_is_switched_on() -> None:
    assert Schedule(settings({"mon-sun": "10:00-18:00"})).advance(at("2026-11-30 12:00")) == Due(projector=True)


@pytest.mark.parametrize("night", ["2026-03-28", "2026-10-24", "2026-06-06"])
def test_the_recycle_and_the_self_test_happen_once_in_each_night(night: str) -> None:
    schedule = Schedule(settings({"mon-sun": "10:00-18:00"}, recycle="04:30", selftest="00:30"))
    found = changes(schedule, at(f"{night} 19:00"), 14)
    assert [when[3:] for when, due in found if due.recycle] == ["04:30:00"]
    assert [when[3:] for when, due in found if due.selftest] == ["00:30:00"]


def test_a_clock_that_is_set_back_repeats_no_recycle() -> None:
    schedule = Schedule(settings({}, recycle="04:30"))
    due = at("2026-11-29 04:30")
    moments = [due - 5, due + 1, due - 3, due + 2, due + 86400 - 1]
    fired = [schedule.advance(moment).recycle for moment in moments]
    assert fired == [False, True, False, False, False]


def test_a_table_without_hours_is_always_open() -> None:
    schedule = Schedule(OpeningSettings())
    start = datetime(2026, 1, 1, tzinfo=BERLIN)
    assert [schedule.advance((start + timedelta(hours=each)).timestamp()).sleep for each in range(24)] == [None] * 24
