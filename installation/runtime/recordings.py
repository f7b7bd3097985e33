"""Recordings that the operator starts and stops while the show runs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from installation.core.errors import Rejected
from installation.core.messages import Notice, Value
from installation.outputs.recorder import ENDINGS
from installation.runtime.options import RunOptions
from installation.runtime.workers import Workers

MAX_UNFINISHED = 4  # recorders that still write the end of a film
BEGIN_SECONDS = 30.0  # that a recorder may take to begin on a busy machine; its film then shows one picture until there


class Recordings:
    """One recording at a time, besides that of `--record`. All times are seconds of `clock.now`."""

    def __init__(self, options: RunOptions, workers: Workers) -> None:
        """`workers` start and end the recorders."""
        self._options, self._workers = options, workers
        self._worker = ""  # of the recording in progress; "": none
        self._path = Path()
        self._began = 0.0
        self._ends: float | None = None

    def start(self, seconds: float | None, now: float) -> None:
        """Start a recording; `seconds`: of its length, None: until `stop`.

        Raises:
            Rejected: one is running already, too many of them are not finished yet, or the system refuses another
                process.
        """
        if self._worker:
            raise Rejected(f"{self._path} is being recorded; record/stop ends it.")
        if self._workers.unfinished_outputs >= MAX_UNFINISHED:
            raise Rejected("earlier recordings are still being finished; try again in a moment.")
        record = self._options.show.record
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        path = Path(record.folder) / f"{self._options.name}-{stamp}{ENDINGS[record.codec]}"
        try:
            self._worker = self._workers.start_recorder(path, now, seconds=seconds)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise Rejected(f"the recorder cannot be started: {reason}; try again in a moment.") from error
        self._path = self._workers.file_of(self._worker) or path
        self._began, self._ends = now, now + seconds if seconds is not None else None

    def stop(self) -> None:
        """End the recording; its film is finished in the background. Raises Rejected if there is none."""
        if not self._worker:
            raise Rejected("nothing is being recorded; record/start begins a recording.")
        self._workers.end_output(self._worker)
        self._worker = ""

    def update(self, now: float) -> list[Notice]:
        """End a recording whose time is over; return what the operator should know about those that are finished."""
        if self._worker and self._is_over(now):
            self.stop()
        return self._workers.ended_outputs(now)

    def _is_over(self, now: float) -> bool:
        """Whether the film is as long as was asked for: a recorder that was ended before it began would leave none."""
        if self._ends is None or now < self._ends:
            return False
        return self._workers.is_productive(self._worker) or now >= self._ends + BEGIN_SECONDS

    def readings(self, now: float) -> dict[str, Value]:
        """The `record` readings."""
        active = bool(self._worker)
        return {
            "record/active": int(active),
            "record/seconds": round(now - self._began, 1) if active else 0.0,
            "record/file": str(self._path) if active else "",
        }
