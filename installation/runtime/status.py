"""The state of the workers: supervision once per frame, figures once per second."""

from __future__ import annotations

import os

from installation.core.messages import Notice, Value
from installation.core.os_support import memory_mb
from installation.core.worker_status import OutputFigures, RendererFigures, SoundFigures, SpeechFigures, WorkerStatus
from installation.runtime.report import ProcessFigures, ReportBuilder
from installation.runtime.supervisor import SupervisedWorker
from installation.runtime.workers import Workers

HEALTH = ("off", "live", "stalled", "reopening", "muted", "clipping", "ended", "missing")  # by `speech/health/index`
STATES = ("starting", "running", "degraded")  # by `status/state/index`
PRECISIONS = ("", "float32", "bfloat16", "float16")  # by `status/precision/index`
WORKERS = {"": 0, "renderer": 1, "control": 2, "speech": 3, "sound": 5, "writer": 6}  # by `status/worker/index`
OUTPUT_INDEX = 4  # any output
SETTLED_SECONDS = 5.0  # after which the memory of a new process is first noted


class StatusMonitor:
    """Supervises the workers and derives the `status` readings."""

    def __init__(self, workers: Workers, report: ReportBuilder) -> None:
        """Watch these workers, and put their figures into the report."""
        self._workers, self._report = workers, report
        self._alive = 0
        self._before = (report.began, 0, 0, 0, 0)
        self._last_changed = ""  # the worker whose state changed last

    def supervise(self, now: float) -> list[SupervisedWorker]:
        """Replace dead and hung workers; return those that were lost since the last call."""
        changed = [(worker, change) for worker in self._workers if (change := worker.watch(now))]
        if changed:
            self._last_changed = changed[-1][0].name
        return [worker for worker, change in changed if change == "lost"]

    def take(self, worker: SupervisedWorker, status: WorkerStatus, now: float) -> Notice | None:
        """Take a sign of life; return the notice for the operator if the worker has failed."""
        changed = worker.take_status(status, now)
        if _is_productive(status):
            worker.mark_productive()
        if isinstance(status.figures, RendererFigures):
            self._report.renderer = status.figures
        if isinstance(status.figures, SpeechFigures) and worker.name == "speech":
            self._report.speech.take(status.figures, worker.restarts)
        if changed:
            self._last_changed = worker.name
        if not changed or not worker.reason:
            return None
        missing = isinstance(status.figures, SpeechFigures | SoundFigures) and status.figures.health == "missing"
        return Notice(worker.name, f"{worker.reason} The show goes on without it." if missing else worker.reason)

    @property
    def state(self) -> str:
        """starting, running or degraded, for all workers together."""
        states = {worker.state for worker in self._workers}
        if states <= {"running"}:
            return "running"
        return "starting" if states <= {"running", "starting"} else "degraded"

    def lines(self) -> list[str]:
        """One line per worker, for the help overlay."""
        lines = []
        for worker in self._workers:
            line = ", ".join([f"{worker.name}: {worker.state}", *_details(worker)])
            lines.append(f"{line} ({worker.reason})" if worker.reason else line)
        return lines

    def readings(self, missed: int, now: float) -> dict[str, Value]:
        """The `status` readings of the last second. `missed`: presented frames that were late, since the start."""
        then, *before = self._before
        report, renderer = self._report, self._report.renderer
        current = (report.presented, report.generated, report.steps, missed)
        self._before = (now, *current)
        seconds = max(now - then, 1e-3)
        presented, generated, steps, late = (new - old for new, old in zip(current, before, strict=True))
        self._alive += 1
        return {
            **self.speech_readings(),
            "status/alive": self._alive,
            "status/fps": round(presented / seconds, 1),
            "status/generated": round(generated / seconds, 1),
            "status/steps": round(steps / seconds, 1),
            "status/cutouts": renderer.cutouts if renderer else 0,
            "status/precision": renderer.precision if renderer else "",
            "status/missed": round(100 * late / max(presented + late, 1), 2),
            "status/precision/index": PRECISIONS.index(renderer.precision if renderer else ""),
            "status/worker": self._last_changed,
            "status/worker/index": WORKERS.get(self._last_changed, OUTPUT_INDEX),
            "status/workers": "\n".join(self.lines()),
            "status/state": self.state,
            "status/state/index": STATES.index(self.state),
            "dream/step": renderer.dream_step if renderer else 0,
            "dream/loss": round(1.0 - (renderer.score if renderer else 0.0), 4),
        }

    @property
    def _speech(self) -> SpeechFigures:
        """The figures of the speech worker; those of a worker that is off if there is none."""
        worker = self._workers.by_name.get("speech")
        if worker and worker.state != "lost" and isinstance(worker.figures, SpeechFigures):
            return worker.figures
        return SpeechFigures(HEALTH[0])

    def speech_readings(self) -> dict[str, Value]:
        """The `speech` readings."""
        speech = self._speech
        return {
            "speech/level": round(min(10 ** (speech.level / 20), 1.0), 3),
            "speech/health": speech.health,
            "speech/health/index": HEALTH.index(speech.health),
            "speech/recognizer": speech.recognizer,
            "speech/recognizer/quality": speech.quality,
            "speech/finals": speech.finals,
            "speech/refusals": speech.rejected,
        }

    @property
    def speech_summary(self) -> str:
        """The state of the microphone and the recogniser in a few words; "" for a show that does not listen."""
        if "speech" not in self._workers.by_name:
            return ""
        speech = self._speech
        gate = "gated" if speech.gate == "shut" else ""
        rejected = f"{speech.rejected} rejected" if speech.rejected else ""
        return ", ".join(part for part in (f"mic {speech.health}", gate, speech.recognizer, rejected) if part)

    def note_processes(self, now: float, end: bool = False) -> None:
        """Note process ids, restarts and memory in the report: when a process has settled, and at the end."""
        processes: list[tuple[str, int | None, int, float]] = [("stage", os.getpid(), 0, self._report.began)]
        processes += [(w.name, w.link.process.pid, w.restarts, w.process.began) for w in self._workers]
        for name, pid, restarts, began in processes:
            figures = self._report.processes.setdefault(name, ProcessFigures())
            if figures.pid != pid:
                figures.pid, figures.rss_mb_start = pid, 0.0
            figures.restarts = restarts
            if end or not figures.rss_mb_start:
                memory = round(memory_mb(pid), 1) if pid else 0.0
                figures.rss_mb_end = memory
                if end or now - began > SETTLED_SECONDS:
                    figures.rss_mb_start = figures.rss_mb_start or memory


def _is_productive(status: WorkerStatus) -> bool:
    """Whether the worker does what it was started for. Of the renderer, its frames decide; see `ShowRunner`."""
    match status.figures:
        case RendererFigures():
            return False
        case OutputFigures(frames=frames):
            return frames > 0
    return status.state == "running"


def _details(worker: SupervisedWorker) -> list[str]:
    """What the operator wants to know about a worker besides its state."""
    figures = worker.figures
    if isinstance(figures, OutputFigures):
        return _output_details(figures)
    if isinstance(figures, SoundFigures):
        return [text for text in (figures.health, figures.device) if text]
    if not isinstance(figures, SpeechFigures):
        return []
    return [text for text in (figures.health, figures.device, figures.recognizer) if text]


def _output_details(figures: OutputFigures) -> list[str]:
    viewers = f"{figures.viewers} viewer{'' if figures.viewers == 1 else 's'}" if figures.viewers else ""
    lost = f"{figures.lost} of {figures.frames + figures.lost} frames left out" if figures.lost else ""
    return [text for text in (figures.target, viewers, lost) if text]
