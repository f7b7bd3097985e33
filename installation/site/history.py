"""Reads the event log: what has happened since a moment."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from installation.core.errors import ShowError
from installation.site.event_log import NAME


@dataclass(frozen=True)
class History:
    """The events since a moment, the oldest first, each with `at` as a datetime."""

    events: tuple[dict[str, Any], ...]
    before: dict[str, Any] | None = None  # the last start or end before them
    damaged: int = 0  # lines that are no events: a power cut may leave one

    def of(self, event: str) -> list[dict[str, Any]]:
        """The events of one kind."""
        return [each for each in self.events if each["event"] == event]

    @property
    def unexpected_ends(self) -> list[datetime]:
        """When the show was started although it had not ended in order before."""
        running = self.before is not None and self.before["event"] == "started"
        found = []
        for each in self.events:
            if each["event"] == "started":
                found += [each["at"]] if running else []
                running = True
            elif each["event"] == "ended":
                running = False
        return found

    @property
    def faults(self) -> list[str]:
        """The faults, each once, in the order in which they came."""
        texts = (str(each.get("text", "")) for each in self.of("notice"))
        return list(dict.fromkeys(text.removeprefix("Fault: ") for text in texts if text.startswith("Fault: ")))

    def figures(self, name: str) -> Figures:
        """A figure of each minute."""
        values = [each[name] for each in self.of("figures") if isinstance(each.get(name), int | float)]
        return Figures(tuple(map(float, values)))


@dataclass(frozen=True)
class Figures:
    """The values of one figure, a minute each."""

    values: tuple[float, ...] = field(default=())

    @property
    def median(self) -> float:
        """The median; 0 without values."""
        return statistics.median(self.values) if self.values else 0.0

    @property
    def growth(self) -> float:
        """The median of the last quarter minus that of the first; 0 for less than four values."""
        quarter = len(self.values) // 4
        if not quarter:
            return 0.0
        return statistics.median(self.values[-quarter:]) - statistics.median(self.values[:quarter])


def read_history(folder: Path, since: datetime) -> History:
    """Read the files of the log. `since` has a time zone. Raises ShowError if there is no log."""
    paths = sorted(folder.glob(f"{NAME}*"), key=lambda path: path.stat().st_mtime)
    if not paths:
        raise ShowError(f"There is no event log in {folder}: set log.log_folder in the show file.")
    events, before, damaged = [], None, 0
    for path in paths:
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            event = _parse(line)
            if event is None:
                damaged += 1
            elif event["at"] >= since:
                events.append(event)
            elif event["event"] in ("started", "ended"):
                before = event
    return History(tuple(events), before, damaged)


def _parse(line: str) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
        return {**event, "at": datetime.fromisoformat(event["at"]).astimezone(), "event": str(event["event"])}
    except (ValueError, TypeError, KeyError):
        return None


def parse_since(text: str, now: datetime) -> datetime:
    """The moment of "yesterday", "today", "36h", "2026-11-28" or "2026-11-28T18:00". Raises ShowError."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if text in ("today", "yesterday"):
        return midnight - timedelta(days=text == "yesterday")
    if text.endswith("h") and text[:-1].isdigit() and len(text) < 8:
        return now - timedelta(hours=int(text[:-1]))
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise ShowError(f"--since takes yesterday, today, 36h or 2026-11-28, not '{text}'.") from None
