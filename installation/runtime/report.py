"""The report of a show: the `--report` file, and the summary at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from installation.core.messages import FrameReady, Prompt
from installation.core.speech_messages import SpeechRejected, Transcription
from installation.core.worker_status import RendererFigures, SpeechFigures

VISIBLE_CHANGE = 4.0  # mean difference (0..255) from which a change is visible
STARTING_SECONDS = 5.0  # in which workers load; late frames are counted apart from then on
RENDERER_ROWS = ("generated_size", "cutouts", "most_cutouts", "precision", "device", "generator", "perceptor")


@dataclass
class PromptFigures:
    """One prompt on the stage; times are seconds of `clock.now`."""

    prompt: Prompt
    shown_at: float  # when it became the active prompt
    changed: float | None = None  # the first presented frame that shows it
    score_start: float | None = None
    score_best: float | None = None

    def row(self) -> dict[str, Any]:
        """Its row in the report."""
        delay = None if self.changed is None else round((self.changed - self.shown_at) * 1000, 1)
        return {
            "text": self.prompt.text,
            "source": str(self.prompt.origin),
            "queued_ms": round((self.shown_at - self.prompt.at) * 1000, 1),
            "first_change_ms": delay,
            "score_start": self.score_start,
            "score_best": self.score_best,
        }


@dataclass
class ProcessFigures:
    """One process of the show."""

    pid: int | None = None
    restarts: int = 0
    rss_mb_start: float = 0.0
    rss_mb_end: float = 0.0


@dataclass
class SpeechTotals:
    """What was heard, and the figures of the speech worker over all its processes."""

    finals: int = 0
    rejected: int = 0
    latest: SpeechFigures | None = None
    restarts: int = 0  # of the process that reported `latest`
    overflowed: int = 0  # of earlier processes: utterances dropped
    lost: int = 0  # of earlier processes: samples lost

    def count(self, message: Transcription | SpeechRejected) -> None:
        """Count a sentence or a rejected sound."""
        self.finals += isinstance(message, Transcription) and message.final
        self.rejected += isinstance(message, SpeechRejected)

    def take(self, figures: SpeechFigures, restarts: int) -> None:
        """Take the figures of the process that came after so many restarts."""
        if restarts != self.restarts and self.latest:
            self.overflowed += self.latest.overflowed
            self.lost += self.latest.lost
        self.restarts, self.latest = restarts, figures

    def row(self) -> dict[str, Any]:
        """The `speech` part of the report."""
        latest = self.latest
        row: dict[str, Any] = {
            "finals": self.finals,
            "rejected": self.rejected,
            "overflowed": self.overflowed + (latest.overflowed if latest else 0),
            "lost": self.lost + (latest.lost if latest else 0),
        }
        named = {name: getattr(latest, name, "") for name in ("recognizer", "device", "health")}
        return row | {name: text for name, text in named.items() if text}


@dataclass
class ReportBuilder:
    """Collects the figures of a running show; bounded, for shows that run for months."""

    began: float
    opening_picture: float | None = None
    first_generated: float | None = None
    first_presented: float | None = None
    last_presented: float | None = None
    presented: int = 0
    generated: int = 0
    steps: int = 0
    longest_gap: float = 0.0
    largest_step: float = 0.0  # mean difference (0..255) of successive presented frames, hard cuts excluded
    missed_at_start: int = 0
    prompts_shown: int = 0
    renderer: RendererFigures | None = None  # the latest
    prompts: dict[int, PromptFigures] = field(default_factory=dict)
    processes: dict[str, ProcessFigures] = field(default_factory=dict)
    speech: SpeechTotals = field(default_factory=SpeechTotals)

    MOST_PROMPTS = 2000  # the latest; each takes 440 bytes

    def show_prompts(self, prompts: Iterable[Prompt], now: float) -> None:
        """Note the active prompts."""
        for prompt in prompts:
            if prompt.id not in self.prompts:
                self.prompts_shown += 1
                self.prompts[prompt.id] = PromptFigures(prompt, now)
        while len(self.prompts) > self.MOST_PROMPTS:
            del self.prompts[next(iter(self.prompts))]

    def count_generated(self, frame: FrameReady, now: float) -> None:
        """Count a generated frame."""
        if self.first_generated is None:
            self.first_generated = now
        self.generated += 1
        self.steps += frame.steps
        figures = self.prompts.get(frame.prompt_id)
        if figures and frame.score:
            figures.score_start = frame.score if figures.score_start is None else figures.score_start
            figures.score_best = max(frame.score, figures.score_best or frame.score)

    def count_presented(self, now: float, prompt_id: int, change: float, step: float = 0.0) -> None:
        """Count a presented frame.

        Args:
            now: when it was presented.
            prompt_id: the prompt that it shows.
            change: how much the prompt has changed the picture, 0..255.
            step: mean difference to the frame before, 0..255; 0 for a hard cut.
        """
        self.largest_step = max(self.largest_step, step)
        if self.first_presented is None:
            self.first_presented = now
        elif self.last_presented is not None:
            self.longest_gap = max(self.longest_gap, now - self.last_presented)
        self.last_presented = now
        self.presented += 1
        figures = self.prompts.get(prompt_id)
        if figures and figures.changed is None and change >= VISIBLE_CHANGE:
            figures.changed = now

    def note_missed(self, missed: int, now: float) -> None:
        """Note how many frames have been late; to be called once a second."""
        if now <= self.began + STARTING_SECONDS:
            self.missed_at_start = missed

    def report(self, missed: int, shown_size: tuple[int, int], now: float) -> dict[str, Any]:
        """All figures, ready for JSON. Rates over the time since the first presented, or generated, frame."""
        return {
            "seconds": round(now - self.began, 2),
            "presented_fps": _rate(self.presented, self.first_presented, now),
            "generated_fps": _rate(self.generated, self.first_generated, now),
            "steps_per_second": _rate(self.steps, self.first_generated, now),
            "presented_frames": self.presented,
            "missed_frames": missed,
            "missed_after_start": missed - self.missed_at_start,
            "longest_gap_ms": round(self.longest_gap * 1000, 1),
            "largest_step": round(self.largest_step, 2),
            "opening_picture_seconds": _since(self.opening_picture, self.began),
            "first_generated_seconds": _since(self.first_generated, self.began),
            "shown_size": list(shown_size),
            **{name: getattr(self.renderer, name, None) for name in RENDERER_ROWS},
            "speech": self.speech.row(),
            "prompts_shown": self.prompts_shown,
            "prompts": [figures.row() for figures in self.prompts.values()],
            "processes": {name: vars(process) for name, process in self.processes.items()},
        }


def _rate(count: int, since: float | None, now: float) -> float:
    return 0.0 if since is None or now <= since else round(count / (now - since), 2)


def _since(moment: float | None, began: float) -> float | None:
    return None if moment is None else round(moment - began, 3)


def summary(report: Mapping[str, Any]) -> str:
    """The report in one sentence, for the end of a show."""
    delays = [row["first_change_ms"] for row in report["prompts"] if row["first_change_ms"] is not None]
    changed = f", first change after {np.median(delays):.0f} ms (median)" if delays else ""
    restarts = sum(process["restarts"] for process in report["processes"].values())
    return (
        f"{report['seconds']:.0f} s: {report['presented_fps']:.1f} frames/s presented "
        f"({report['missed_frames']} frames late), {report['generated_fps']:.1f} generated, "
        f"{report['steps_per_second']:.1f} steps/s; {report['prompts_shown']} prompts{changed}; {restarts} restarts."
    )
