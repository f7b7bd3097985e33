"""The event log: one JSON object a line, in files that rotate. It never blocks the show."""

from __future__ import annotations

import json
import logging
import queue
from datetime import datetime
from logging.handlers import QueueListener, RotatingFileHandler
from pathlib import Path
from typing import Any

from installation.core.errors import ShowError
from installation.show.site_settings import LogSettings

NAME = "laterna.jsonl"
MAX_WAITING = 1000  # lines for the disk; more are counted and dropped


class _Files(RotatingFileHandler):
    """Files whose disk may refuse: that is counted, and costs only the lines that it refuses."""

    lost = 0

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002 -- the name is logging's
        self.lost += 1


class EventLog:
    """Lines such as `{"at": "2026-11-29T04:30:00+01:00", "event": "notice", "worker": "stage", "text": "…"}`."""

    def __init__(self, settings: LogSettings) -> None:
        """Open `laterna.jsonl` in the folder of the settings. Raises ShowError."""
        self.path = Path(settings.log_folder) / NAME
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            size = round(settings.max_megabytes * 1e6)
            self._files = _Files(self.path, maxBytes=size, backupCount=settings.files - 1, encoding="utf-8")
        except OSError as error:
            raise ShowError(f"The log {self.path} cannot be written: {error.strerror}.") from None
        self._queue: queue.Queue[logging.LogRecord] = queue.Queue(MAX_WAITING)
        self._listener = QueueListener(self._queue, self._files)
        self._listener.start()
        self._dropped = 0

    @property
    def lost(self) -> int:
        """Lines that could not be written so far."""
        return self._dropped + self._files.lost

    def write(self, event: str, at: float, **fields: Any) -> None:
        """Write an event. `at`: seconds of the POSIX clock."""
        moment = datetime.fromtimestamp(at).astimezone().isoformat(timespec="milliseconds")
        line = json.dumps({"at": moment, "event": event, **fields}, ensure_ascii=False)
        record = logging.LogRecord("laterna", logging.INFO, "", 0, line, (), None)
        try:
            self._queue.put_nowait(record)
        except queue.Full:
            self._dropped += 1

    def close(self) -> None:
        """Write the queued lines and close the file."""
        self._listener.stop()
        try:
            self._files.close()
        except OSError:  # the disk still refuses what it has refused before, which is counted
            self._dropped += 1
