"""What the event log says about the last days."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from installation.doctor.finding import Finding, ok, warning
from installation.site.history import History, read_history

LATE_PERCENT = 1.0  # of the frames of a usual minute
GROWTH_MB = 50.0  # of all processes together
LOW_GIGABYTES = 2.0
DAY = timedelta(days=1)


def check_history(folder: Path, since: datetime, tested_until: datetime | None = None) -> list[Finding]:
    """Findings about starts, faults, frames, memory, disk and self-tests. Raises ShowError if there is no log.

    `tested_until`: now, for a show that tests itself each night; a day without a test is a warning then.
    """
    history = read_history(folder, since)
    if not history.events:
        return [warning("history", f"no event since {since:%d %B %H:%M}", "is the show running?")]
    findings = [_starts(history), *_faults(history), *_frames(history), *_memory(history), *_disk(history)]
    return [*findings, *_selftests(history, tested_until is not None and tested_until - since >= DAY)]


def _starts(history: History) -> Finding:
    ends, starts = history.unexpected_ends, len(history.of("started"))
    slept = len(history.of("sleeps"))
    text = f"{starts} starts, {len(ends)} after an unexpected end, {slept} closings"
    if not ends:
        return ok("starts", text)
    when = ", ".join(f"{each:%d %b %H:%M}" for each in ends[-5:])
    return warning("starts", f"{text} (restarted {when})", "read the log before these moments")


def _faults(history: History) -> list[Finding]:
    faults = [warning("fault", text, "see the log") for text in history.faults]
    return faults or [ok("faults", "none")]


def _frames(history: History) -> list[Finding]:
    fps, late = history.figures("fps"), history.figures("missed")
    if not fps.values:
        return []
    text = f"{fps.median:.1f} frames/s in a usual minute, {late.median:.2f} % late, {len(fps.values)} minutes"
    if late.median <= LATE_PERCENT:
        return [ok("frames", text)]
    return [warning("frames", text, "run_show.py bench shows what this machine can do")]


def _memory(history: History) -> list[Finding]:
    memory = history.figures("memory")
    if not memory.values:
        return []
    text = f"{memory.median:.0f} MB, {memory.growth:+.0f} MB from the first to the last quarter"
    if memory.growth <= GROWTH_MB:
        return [ok("memory", text)]
    return [warning("memory", text, "set opening.recycle, and report it")]


def _selftests(history: History, expected: bool) -> list[Finding]:
    """The last self-test, with its picture."""
    tests = history.of("selftest")
    if not tests:
        remedy = "did the show sleep, and was it on, at opening.selftest?"
        return [warning("self-test", "none", remedy)] if expected else []
    last = tests[-1]
    more = f", {len(tests)} in all" if len(tests) > 1 else ""
    text = f"{last['at']:%d %b %H:%M}{more}: {str(last.get('text', '')).rstrip('.')}"
    figures = {name: last.get(name) for name in ("state", "picture", "score")}
    if (picture := str(last.get("picture", ""))) not in text:
        text += f" ({picture})"
    if last.get("state") == "passed":
        return [ok("self-test", text, **figures)]
    return [warning("self-test", text, "run_show.py doctor --selftest", **figures)]


def _disk(history: History) -> list[Finding]:
    disk = history.figures("disk")
    if not disk.values:
        return []
    text = f"{disk.values[-1]:.1f} GB left, {disk.growth:+.1f} GB from the first to the last quarter"
    if disk.values[-1] >= LOW_GIGABYTES:
        return [ok("disk", text)]
    return [warning("disk", text, "set disk.max_gigabytes")]
