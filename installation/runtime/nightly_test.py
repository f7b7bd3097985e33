"""The nightly self-test: a process of its own tests the machine while the wall is black, and ends when the show wakes.

The show itself goes on undisturbed: the test has its own models and its own dream, at low priority. What it finds is an
event in the log, readings, a part of the report, and a fault until a later test passes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from installation.core.messages import Notice, Value
from installation.core.os_support import COMPUTING_NICENESS
from installation.core.worker_status import WorkerStatus
from installation.doctor.finding import Finding, Level, failure, ok, warning
from installation.runtime import entry_points
from installation.runtime.options import NightlyConfig
from installation.runtime.worker_link import EXIT_SECONDS, WorkerLink

NAME = "self-test"
TIMEOUT_SECONDS = 600.0  # large models on a slow disk load for minutes
QUIET = 0.0005  # the level under which a reading is rounded to 0
STATES = ("", "passed", "warned", "failed")  # by `status/selftest/index`


@dataclass(frozen=True)
class SelfTestResult:
    """What a self-test has found."""

    findings: tuple[Finding, ...]

    @property
    def state(self) -> str:
        """One of `STATES`, by the worst finding."""
        levels = {finding.level for finding in self.findings}
        return "failed" if Level.FAILURE in levels else "warned" if Level.WARNING in levels else "passed"

    @property
    def picture(self) -> str:
        """The path of the picture; "" if there is none."""
        return str(self._figure("picture", ""))

    @property
    def score(self) -> float:
        """The cosine of line and picture; 0 if there is none."""
        return float(self._figure("score", 0.0))

    @property
    def sentence(self) -> str:
        """What the operator reads: what is wrong, or that nothing is."""
        wrong = [f"{each.about}: {each.text}" for each in self.findings if each.level is not Level.OK]
        if not wrong:
            return f"The self-test has passed: {'; '.join(each.text for each in self.findings[:1])}."
        return f"The self-test has {self.state}: {'; '.join(wrong)}."

    def row(self) -> dict[str, Any]:
        """For the event log and the report."""
        return {
            "state": self.state,
            "text": self.sentence,
            "picture": self.picture,
            "score": self.score,
            "generator": self._figure("generator", ""),
            "judged": next((each.level.value for each in self.findings if each.about == "picture"), ""),
        }

    def _figure(self, name: str, default: Any) -> Any:
        return next((each.figures[name] for each in self.findings if name in each.figures), default)


class NightlyTest:
    """Main's side: starts the process when the show sleeps, watches it, and judges the microphone meanwhile."""

    def __init__(self, config: NightlyConfig) -> None:
        """Nothing happens before `request`."""
        self._config = config
        self._wanted = False
        self._link: WorkerLink | None = None
        self._began = 0.0
        self._findings: list[Finding] = []
        self._done = False
        self._heard: dict[str, float] = {}  # the peak level by the health of the microphone, during the test
        self._notices: list[Notice] = []

    def request(self) -> None:
        """Ask for a test: at once if the show sleeps, else as soon as it does."""
        self._wanted = True

    def update(self, values: Mapping[str, Value], now: float) -> SelfTestResult | None:
        """Once a second: start, watch, or end the process. Returns the result once."""
        asleep = bool(values["master/sleep"])
        if self._link is None:
            if self._wanted and asleep:
                self._start(now)
            return None
        if not asleep:
            self._notices.append(Notice(NAME, "The show wakes: the self-test is put off until it sleeps again."))
            self._end()
            self._wanted = True
            return None
        self._listen(values)
        return self._watch(self._link, now)

    def _start(self, now: float) -> None:
        self._wanted, self._done, self._began = False, False, now
        self._findings, self._heard = [], {}
        try:
            self._link = WorkerLink(entry_points.nightly_test, self._config, NAME, niceness=COMPUTING_NICENESS)
        except OSError as error:  # the machine has no room for another process
            self._notices.append(Notice(NAME, f"The self-test cannot be started: {error.strerror}."))

    def _listen(self, values: Mapping[str, Value]) -> None:
        health = str(values["speech/health"])
        self._heard[health] = max(self._heard.get(health, 0.0), float(values["speech/level"]))

    def _watch(self, link: WorkerLink, now: float) -> SelfTestResult | None:
        """Take what the process has found; return the result if it has ended, or takes too long."""
        over, late = link.exhausted, now > self._began + TIMEOUT_SECONDS
        for message in link.receive():
            if isinstance(message, Finding):
                self._findings.append(message)
            elif isinstance(message, WorkerStatus):
                self._done |= message.state == "done"
        if not (self._done or over or late):
            return None
        how = link.how_it_ended if over else f"took longer than {TIMEOUT_SECONDS:.0f} s"
        self._end()
        if not self._done:
            self._findings.append(failure("process", f"the test ended early ({how})", "run_show.py doctor --selftest"))
        return SelfTestResult((*self._findings, *self._microphone()))

    def _microphone(self) -> list[Finding]:
        """The finding about the microphone of a show that listens."""
        if not self._config.show.listen.enabled:
            return []
        if "live" not in self._heard:
            return [warning("microphone", f"is {', '.join(self._heard) or 'off'}", "run_show.py doctor")]
        peak = max(self._heard["live"], QUIET)
        return [ok("microphone", f"live, peak {20 * math.log10(peak):.0f} dBFS")]

    def notices(self) -> list[Notice]:
        """Take out what there is to tell the operator."""
        taken, self._notices = self._notices, []
        return taken

    def close(self) -> None:
        """End the process, if there is one."""
        self._end()

    def _end(self) -> None:
        if self._link:
            self._link.kill()
            self._link.process.join(EXIT_SECONDS)
            self._link = None
