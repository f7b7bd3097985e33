"""Supervision: which worker lives, what it says of itself, and what the operator is told of it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from installation.core.messages import Notice, Value, WorkerStatus
from installation.core.os_support import memory_mb
from installation.runtime.report import ProcessFigures, ReportBuilder
from installation.runtime.supervisor import SupervisedWorker
from installation.runtime.workers import Workers

HEALTH = ("off", "live", "stalled", "reopening", "muted", "clipping", "ended")  # as `speech/health/index` counts
SILENCE = -120.0  # decibels of full scale
SETTLED_SECONDS = 5.0  # a worker's memory at its start is taken when it has run for so long


class StatusMonitor:
    """Looks after the crew once a tick, and after the figures once a second."""

    def __init__(self, crew: Workers, ledger: ReportBuilder) -> None:
        self._crew, self._ledger = crew, ledger
        self._alive = 0
        self._before = (ledger.began, 0, 0, 0, 0)
        self.changed = ""  # the worker whose state changed last

    def lost(self, now: float) -> Iterator[tuple[str, str]]:
        """Replaces workers that are dead or silent; yields each one's name and what happened: lost, restarted."""
        for name, worker in self._crew.workers.items():
            happened = worker.watch(now)
            if happened:
                self.changed = name
                yield name, happened

    def sign(self, worker: SupervisedWorker, sign: WorkerStatus, now: float) -> Notice | None:
        """Takes a sign of life; returns what the operator should hear of it."""
        changed = worker.sign(sign, now)
        if sign.worker == "renderer":
            self._ledger.figures.update(sign.figures)
            if sign.latents is not None:
                self._crew.latents = sign.latents
        elif sign.state == "running":
            worker.produced()
        if sign.worker == "control":
            self._crew.control_state = sign.figures.get("memory", self._crew.control_state)
        if sign.worker == "speech":
            self._ledger.ears.take(sign.figures, worker.restarts)
        if changed:
            self.changed = worker.name
        return Notice(worker.name, worker.reason) if changed and worker.reason else None

    @property
    def state(self) -> str:
        """running, starting or degraded, of all workers together."""
        states = {worker.state for worker in self._crew.workers.values()}
        if states <= {"running"}:
            return "running"
        return "starting" if states <= {"running", "starting"} else "degraded"

    def lines(self) -> list[str]:
        """How each worker is, for the help layer."""
        return [
            ", ".join([f"{worker.name}: {worker.state}", *_details(worker)])
            + (f" ({worker.reason})" * bool(worker.reason))
            for worker in self._crew.workers.values()
        ]

    def readings(self, missed: int, now: float) -> dict[str, Value]:
        """The status of the last second, for `/laterna/status`."""
        then, *before = self._before
        present = (self._ledger.presented, self._ledger.generated, self._ledger.steps, missed)
        self._before = (now, *present)
        seconds = max(now - then, 1e-3)
        presented, generated, steps, late = (new - old for new, old in zip(present, before, strict=True))
        self._alive += 1
        state = self.state
        figures = self._ledger.figures
        return {
            **self.hearing(),
            "status/alive": self._alive,
            "status/fps": round(presented / seconds, 1),
            "status/generated": round(generated / seconds, 1),
            "status/steps": round(steps / seconds, 1),
            "status/cutouts": int(figures.get("cutouts") or 0),
            "status/precision": str(figures.get("precision") or ""),
            "status/missed": round(100 * late / max(presented + late, 1), 2),
            "status/worker": self.changed,
            "status/state": state,
            "status/state/index": ("starting", "running", "degraded").index(state),
            "dream/step": int(figures.get("dream_step") or 0),
            "dream/loss": round(1.0 - float(figures.get("score") or 0.0), 4),
        }

    def hearing(self) -> dict[str, Value]:
        """What the listener says of itself, for `/laterna/speech`; nothing of one that is gone."""
        listener = self._crew.workers.get("speech")
        figures = listener.figures if listener and listener.state != "lost" else {}
        health = str(figures.get("health") or HEALTH[0])
        return {
            "speech/level": round(min(10 ** (float(figures.get("level") or SILENCE) / 20), 1.0), 3),
            "speech/health": health,
            "speech/health/index": HEALTH.index(health),
            "speech/recognizer": str(figures.get("recognizer") or ""),
            "speech/recognizer/quality": int(figures.get("quality") or 0),
            "speech/finals": int(figures.get("finals") or 0),
            "speech/refusals": int(figures.get("refused") or 0),
        }

    @property
    def ears(self) -> str:
        """What hears and how it is, in a few words; "" for a show that does not hear."""
        if "speech" not in self._crew.workers:
            return ""
        told = self.hearing()
        shut = self._crew.workers["speech"].figures.get("gate") == "shut"
        refused = f"{told['speech/refusals']} refused" if told["speech/refusals"] else ""
        parts = [f"mic {told['speech/health']}", "shut" if shut else "", str(told["speech/recognizer"]), refused]
        return ", ".join(part for part in parts if part)

    def weigh(self, now: float, end: bool = False) -> None:
        """Notes pids, restarts and memory; at the start of each, and at the end."""
        everybody: list[tuple[str, int | None, int, float]] = [("stage", os.getpid(), 0, self._ledger.began)]
        everybody += [(w.name, w.link.body.pid, w.restarts, w.life.began) for w in self._crew.workers.values()]
        for name, pid, restarts, began in everybody:
            figures = self._ledger.processes.setdefault(name, ProcessFigures())
            if figures.pid != pid:
                figures.pid, figures.rss_mb_start = pid, 0.0
            figures.restarts = restarts
            if end or not figures.rss_mb_start:
                memory = round(memory_mb(pid), 1) if pid else 0.0
                figures.rss_mb_end = memory
                if end or now - began > SETTLED_SECONDS:
                    figures.rss_mb_start = figures.rss_mb_start or memory


def _details(worker: SupervisedWorker) -> list[str]:
    """What the operator wants to know of a worker besides its state: of the listener, what it hears with."""
    return [str(worker.figures[name]) for name in ("health", "device", "recognizer") if worker.figures.get(name)]
