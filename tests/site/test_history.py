"""What the event log says, and what follows from it: the doctor's findings, and safe mode."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from installation.cli.main import main
from installation.core.errors import ShowError
from installation.doctor.history import check_history
from installation.runtime.safe_mode import is_crashing, safe
from installation.show.settings import ListenSettings, ModelSettings, OutputSettings, Show
from installation.show.site_settings import LogSettings
from installation.site.event_log import EventLog
from installation.site.history import parse_since

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def write(folder: Path, *events: tuple[float, str], **fields: float) -> None:
    """Write events, each so many minutes before `NOW`."""
    log = EventLog(LogSettings(log_folder=str(folder)))
    for minutes, event in events:
        text = {"text": event} if event.startswith(("Fault", "Over")) else {}
        at = (NOW - timedelta(minutes=minutes)).timestamp()
        log.write("notice" if text else event, at, **text, **(fields if event == "figures" else {}))
    log.close()


def test_a_quiet_day_is_all_right(tmp_path: Path) -> None:
    write(tmp_path, (3000, "started"), (600, "sleeps"), (30, "wakes"))
    write(tmp_path, *((float(each), "figures") for each in range(20)), fps=30.0, missed=0.1, memory=900.0, disk=80.0)
    findings = check_history(tmp_path, NOW - timedelta(days=1))
    assert [(finding.about, finding.level.value) for finding in findings] == [
        (about, "ok") for about in ("starts", "faults", "frames", "memory", "disk")
    ]
    assert findings[0].text == "0 starts, 0 after an unexpected end, 1 closings"


def test_crashes_and_faults_are_warnings(tmp_path: Path) -> None:
    write(tmp_path, (3000, "started"), (50, "started"), (40, "Fault: The disk is full."), (30, "ended"))
    write(tmp_path, (20, "started"), (10, "Fault: The disk is full."), (5, "Over after 9 min: The disk is full."))
    findings = check_history(tmp_path, NOW - timedelta(days=1))
    assert [(finding.about, finding.level.value) for finding in findings] == [
        ("starts", "warning"),
        ("fault", "warning"),
    ]
    assert findings[0].text.startswith("2 starts, 1 after an unexpected end")


def test_the_last_self_test_is_shown_with_its_picture_and_a_missing_one_is_a_warning(tmp_path: Path) -> None:
    write(tmp_path, (900, "started"))
    day = NOW - timedelta(days=1)
    assert check_history(tmp_path, day)[-1].about != "self-test"
    assert (check_history(tmp_path, day, NOW)[-1].about, check_history(tmp_path, day, NOW)[-1].text) == (
        "self-test",
        "none",
    )
    log = EventLog(LogSettings(log_folder=str(tmp_path)))
    text = "The self-test has passed: 'a red fox in the snow' scores 0.443: logs/selftest-20261129-050000.png."
    picture = "logs/selftest-20261129-050000.png"
    log.write("selftest", NOW.timestamp() - 3600, state="passed", text=text, picture=picture, score=0.443)
    log.close()
    finding = check_history(tmp_path, day, NOW)[-1]
    assert finding.text == f"29 Nov {(NOW - timedelta(hours=1)).astimezone():%H:%M}: {text[:-1]}"
    assert (finding.level.value, finding.figures["picture"], picture in finding.text) == ("ok", picture, True)


def test_a_self_test_that_has_warned_also_names_its_picture(tmp_path: Path) -> None:
    log = EventLog(LogSettings(log_folder=str(tmp_path)))
    log.write(
        "selftest", NOW.timestamp() - 60, state="warned", text="The self-test has warned: clock.", picture="a.png"
    )
    log.close()
    finding = check_history(tmp_path, NOW - timedelta(days=1), NOW)[-1]
    assert (finding.level.value, finding.text[14:]) == ("warning", "The self-test has warned: clock (a.png)")


def test_a_line_that_a_power_cut_has_torn_costs_nothing(tmp_path: Path) -> None:
    write(tmp_path, (30, "started"))
    (tmp_path / "laterna.jsonl").open("a", encoding="utf-8").close()
    with (tmp_path / "laterna.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"at": "2026-11-29T11:5\n\0\0\0\n')
        file.write('{"at": "2026-11-28T11:50:00", "event": "figures"}\n')  # without a time zone
    write(tmp_path, (10, "started"))
    assert check_history(tmp_path, NOW - timedelta(days=1))[0].text.startswith("2 starts, 1 after")


def test_the_doctor_prints_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["doctor", "--since", "yesterday"]) == 2
    assert "There is no event log in logs" in capsys.readouterr().err
    log = EventLog(LogSettings(log_folder="logs"))
    log.write("started", datetime.now().timestamp())
    log.close()
    assert main(["doctor", "--since", "yesterday"]) == 0
    assert "1 starts, 0 after an unexpected end" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("today", datetime(2026, 11, 29, tzinfo=UTC)),
        ("yesterday", datetime(2026, 11, 28, tzinfo=UTC)),
        ("36h", NOW - timedelta(hours=36)),
        ("2026-11-28T18:00+00:00", datetime(2026, 11, 28, 18, tzinfo=UTC)),
    ],
)
def test_a_moment_can_be_named(text: str, moment: datetime) -> None:
    assert parse_since(text, NOW) == moment


def test_a_moment_that_is_none_is_one_sentence() -> None:
    with pytest.raises(ShowError, match="not 'last week'"):
        parse_since("last week", NOW)


# -- safe mode --------------------------------------------------------------------------------------------------------


def test_the_third_crash_within_ten_minutes_leads_to_safe_mode(tmp_path: Path) -> None:
    assert not is_crashing(tmp_path, NOW)
    write(tmp_path, (2000, "started"), (9, "started"))
    assert not is_crashing(tmp_path, NOW)  # crashed before, and running at the end: two
    write(tmp_path, (8, "started"))
    assert is_crashing(tmp_path, NOW)
    write(tmp_path, (7, "ended"), (6, "started"), (5, "ended"))
    assert not is_crashing(tmp_path, NOW + timedelta(minutes=5))
    assert not is_crashing(tmp_path, NOW + timedelta(days=1))


def test_safe_mode_keeps_the_show_and_drops_what_may_fail() -> None:
    show = Show(
        title="Evening",
        models=ModelSettings(generator="biggan-deep-512", device="cuda"),
        listen=ListenSettings(enabled=True),
        output=(OutputSettings(kind="recorder"),),
    )
    made = safe(show)
    assert (made.title, made.models.generator, made.models.device) == ("Evening", "theatre", "cpu")
    assert (made.listen.enabled, made.output) == (False, ())
