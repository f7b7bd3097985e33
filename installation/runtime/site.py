"""Main's side of an unattended installation: schedule, event log, alerts, projector, disk, self-test, service manager.

What may take long runs in a thread, one thing after the other; main only takes the results.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from installation.core.errors import LaternaError
from installation.core.messages import Notice, Origin, SetParam, Value
from installation.core.os_support import free_bytes, memory_mb
from installation.runtime.nightly_test import STATES, NightlyTest, SelfTestResult
from installation.runtime.options import NightlyConfig, RunOptions
from installation.runtime.workers import Workers
from installation.site.alerts import alert_urls, beat, send_alert
from installation.site.disk_budget import Place, keep_budget
from installation.site.event_log import EventLog
from installation.site.faults import FaultBook
from installation.site.projector import Projector
from installation.site.schedule import Schedule
from installation.site.service_notify import ServiceNotify

NAME = "site"
SCHEDULE = Origin("schedule")
FIGURES_SECONDS = 60.0  # between two lines of figures in the log, and two looks at the disk
MAX_ERRANDS = 100  # that wait; more are dropped, and reported
RESTARTS_OF_A_FAULT = 3  # of one worker within ten minutes
RESTART_WINDOW_SECONDS = 600.0
LATE_PERCENT = 20.0
BAD_MICROPHONE = ("stalled", "reopening", "missing", "muted")
LOGGED = ("fps", "generated", "steps", "missed", "restarts", "memory", "disk", "state", "presented")


class Site:
    """Called once a second by the show runner, and at each presented frame. `now` is `clock.now`."""

    def __init__(self, options: RunOptions, workers: Workers, wall_clock: Callable[[], float] = time.time) -> None:
        """Raises ShowError for settings that cannot be used."""
        show = options.show
        self._options, self._show, self._workers, self._wall_clock = options, show, workers, wall_clock
        self._urls = alert_urls(show.alerts)
        self._schedule = Schedule(show.opening)
        self._log = EventLog(show.log) if show.log.log_folder else None
        self._service = ServiceNotify()
        self._nightly = NightlyTest(NightlyConfig(show, options.place))
        self.tested: SelfTestResult | None = None  # the latest self-test
        self._faults = FaultBook(show.alerts.after_seconds)
        self._projector = Projector(show.projector) if show.projector.kind != "none" else None
        self._projector_fault = self._disk_fault = ""
        self._thread = ThreadPoolExecutor(1, "site")
        self._errands: list[Future[str]] = []
        self._notices: list[Notice] = []
        self._presented = self._beaten = 0
        self._beat_at = self._figures_at = float("-inf")
        self._restarts: list[tuple[float, str]] = []  # when, and of which worker
        self._counted: dict[str, int] = {}
        self._write("started", show=options.name)

    # -- every frame, every second ----------------------------------------------------------------------------------

    def presented(self, now: float) -> None:
        """A frame has been presented."""
        self._presented += 1
        self._service.presented(now)

    def due_messages(self) -> list[SetParam]:
        """What the schedule asks the Conductor for; the projector and the workers are told here."""
        due = self._schedule.advance(self._wall_clock())
        if due.projector is not None and self._projector:
            self._do(partial(self._switch, due.projector))
        if due.recycle:
            self._notices.append(Notice(NAME, "The nightly recycle replaces the workers."))
            for worker in self._workers:
                if not self._workers.is_output(worker.name):  # a recording goes on
                    worker.give_up("nightly recycle")
        if due.selftest:
            self._nightly.request()
        if due.sleep is None:
            return []
        self._write("sleeps" if due.sleep else "wakes")
        return [SetParam("master/sleep", due.sleep, SCHEDULE, due.fade_seconds)]

    def readings(self, now: float) -> dict[str, Value]:
        """The readings that are measured here."""
        for worker in self._workers:
            new = worker.restarts - self._counted.get(worker.name, 0)
            self._restarts += [(now, worker.name)] * new
            self._counted[worker.name] = worker.restarts
        self._restarts = [each for each in self._restarts if now < each[0] + RESTART_WINDOW_SECONDS]
        readings: dict[str, Value] = {
            "status/presented": self._presented,
            "status/restarts": sum(self._counted.values()),
        }
        if self.tested:
            readings["status/selftest"] = self.tested.sentence
            readings["status/selftest/index"] = STATES.index(self.tested.state)
            readings["status/selftest/score"] = self.tested.score
        if now >= self._figures_at + FIGURES_SECONDS:
            pids = [worker.link.process.pid for worker in self._workers]
            readings["status/memory"] = round(memory_mb(None) + sum(memory_mb(pid) for pid in pids if pid), 1)
            readings["status/disk"] = round(self._free_gigabytes(), 2)
        return readings

    def update(self, values: Mapping[str, Value], now: float) -> None:
        """Test, find faults, send alerts and the heartbeat, look after the disk, write figures."""
        self._test(values, now)
        for text in self._faults.update(self.present_faults(values), now):
            self._notices.append(Notice(NAME, text))
            if self._urls:
                self._do(partial(self._send, text))
        alerts = self._show.alerts
        if alerts.heartbeat_url and self._presented > self._beaten and now >= self._beat_at + alerts.heartbeat_seconds:
            self._beaten, self._beat_at = self._presented, now
            self._do(partial(_beat, alerts.heartbeat_url))
        if now >= self._figures_at + FIGURES_SECONDS:
            first, self._figures_at = self._figures_at == float("-inf"), now
            if not first:  # the first second is no usual one
                self._write_figures(values)
            if self._show.disk.max_gigabytes:
                self._do(self._keep_budget)

    def _test(self, values: Mapping[str, Value], now: float) -> None:
        """Go on with the self-test of this night."""
        if result := self._nightly.update(values, now):
            self.tested = result
            self._write("selftest", **result.row())
            self._notices.append(Notice(NAME, result.sentence))
        self._notices += self._nightly.notices()

    def _write_figures(self, values: Mapping[str, Value]) -> None:
        """Write the figures of the last second into the log."""
        figures = {name: values[f"status/{name}"] for name in LOGGED}
        self._write("figures", mic=values["speech/health"], **figures)

    def present_faults(self, values: Mapping[str, Value]) -> dict[str, str]:
        """What is wrong now, in sentences by key."""
        faults = {
            f"worker {worker.name}": f"The {worker.name} worker does not run ({worker.reason or worker.state})."
            for worker in self._workers
            if worker.state in ("lost", "failed")
        }
        names = [name for _, name in self._restarts]
        for name in set(names):
            if names.count(name) >= RESTARTS_OF_A_FAULT:
                times = f"{names.count(name)} times in ten minutes"
                faults[f"restarts {name}"] = f"The {name} worker has been replaced {times}."
        if float(values["status/missed"]) > LATE_PERCENT and not values["master/sleep"]:
            faults["late"] = f"More than {LATE_PERCENT:g} % of the frames are late."
        if values["speech/health"] in BAD_MICROPHONE:
            faults["microphone"] = f"The microphone is {values['speech/health']}."
        if 0.0 < float(values["status/disk"]) < self._show.disk.min_free_gigabytes:
            faults["disk"] = f"The disk of the recordings has {values['status/disk']} GB left."
        tested = self.tested.sentence if self.tested and self.tested.state != STATES[1] else ""
        for key, text in (("projector", self._projector_fault), ("budget", self._disk_fault), ("self-test", tested)):
            if text:
                faults[key] = text
        return faults

    # -- for the operator -------------------------------------------------------------------------------------------

    def note(self, notice: Notice) -> None:
        """Write a notice that the operator sees into the log."""
        self._write("notice", worker=notice.worker, text=notice.text if self._show.journal.words else "")

    def notices(self) -> list[Notice]:
        """Take out what there is to tell the operator."""
        done = [errand for errand in self._errands if errand.done()]
        self._errands = [errand for errand in self._errands if errand not in done]
        texts = [errand.result() for errand in done]
        taken = [*self._notices, *(Notice(NAME, text) for text in texts if text)]
        self._notices = []
        return taken

    def close(self) -> None:
        """Write the end into the log. Errands that have not begun are dropped, and nobody waits for a lamp."""
        self._service.stopping()
        self._nightly.close()
        if self._projector:
            self._projector.stop_waiting()
        self._thread.shutdown(wait=False, cancel_futures=True)
        if self._log:
            self._write("ended", presented=self._presented, lost_lines=self._log.lost)
            self._log.close()

    def _write(self, event: str, **fields: Value) -> None:
        if self._log:
            self._log.write(event, self._wall_clock(), **fields)

    # -- errands, in the thread -------------------------------------------------------------------------------------

    def _do(self, errand: Callable[[], str]) -> None:
        """Run a function in the thread; what it returns or raises is a sentence for the operator."""
        if len(self._errands) >= MAX_ERRANDS:
            self._notices.append(Notice(NAME, "An alert or a heartbeat was dropped: too many wait for the network."))
            return
        self._errands.append(self._thread.submit(_sentence, errand))

    def _switch(self, on: bool) -> str:
        assert self._projector, "there is nothing to switch without it"
        try:
            state = self._projector.switch(on)
        except LaternaError as error:
            self._projector_fault = str(error)
            raise
        self._projector_fault = ""
        return f"The projector is {state}."

    def _send(self, text: str) -> str:
        send_alert(self._urls, f"Laterna: {self._show.title}", text)
        return ""

    def _keep_budget(self) -> str:
        places = [Place(Path(each)) for each in (self._show.record.folder, self._show.log.log_folder) if each]
        if journal := self._options.journal:
            places.append(Place(journal.parent, journal.stem))
        places += [Place(folder.parent, folder.name) for folder in self._workers.sequences]
        try:
            deleted = keep_budget(places, self._show.disk.max_gigabytes * 1e9, self._wall_clock())
        except OSError as error:
            self._disk_fault = f"Old recordings cannot be deleted: {error.strerror}."
            return ""
        self._disk_fault = ""
        megabytes = sum(each.bytes for each in deleted) / 1e6
        return f"Deleted the {len(deleted)} oldest files ({megabytes:.0f} MB) for the disk budget." if deleted else ""

    def _free_gigabytes(self) -> float:
        folder = Path(self._show.record.folder).resolve()
        existing = next(each for each in (folder, *folder.parents) if each.exists())
        return free_bytes(existing) / 1e9


def _beat(url: str) -> str:
    beat(url)
    return ""


def _sentence(errand: Callable[[], str]) -> str:
    try:
        return errand()
    except LaternaError as error:
        return str(error)
