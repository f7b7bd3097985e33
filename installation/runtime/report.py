"""What a performance was like, in figures: the `--report` file and the summary at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from installation.core.messages import FrameReady, Prompt, SpeechRejected, Transcription

VISIBLE = 4.0  # mean difference (0..255) from which on a change is seen
# figures that the renderer tells of itself
OF_THE_RENDERER = ("generated_size", "cutouts", "most_cutouts", "precision", "device", "generator", "perceptor")


@dataclass
class PromptFigures:
    """The course of one prompt; times are seconds of clock.now."""

    prompt: Prompt
    took_stage: float
    changed: float | None = None  # the first presented frame that shows it
    score_start: float | None = None
    score_best: float | None = None

    def row(self) -> dict[str, Any]:
        """As the report has it."""
        delay = None if self.changed is None else round((self.changed - self.took_stage) * 1000, 1)
        return {
            "text": self.prompt.text,
            "source": self.prompt.source,
            "queued_ms": round((self.took_stage - self.prompt.at) * 1000, 1),
            "first_change_ms": delay,
            "score_start": self.score_start,
            "score_best": self.score_best,
        }


@dataclass
class ProcessFigures:
    """One process of the show; its memory is first taken when it runs."""

    pid: int | None = None
    restarts: int = 0
    rss_mb_start: float = 0.0
    rss_mb_end: float = 0.0


COUNTED = ("overflowed", "lost")  # by the listener itself: sentences without room, samples of sound


@dataclass
class SpeechFigures:
    """What was heard, and what the listener says of itself, over all its lives."""

    finals: int = 0
    refused: int = 0
    latest: dict[str, Any] = field(default_factory=dict)
    life: int = 0
    before: Counter[str] = field(default_factory=Counter)  # of its lives until this one

    def hear(self, message: Transcription | SpeechRejected) -> None:
        """Counts a sentence."""
        self.finals += isinstance(message, Transcription) and message.final
        self.refused += isinstance(message, SpeechRejected)

    def take(self, figures: Mapping[str, Any], life: int) -> None:
        """Figures of a sign of life, in the listener's life of that number."""
        if life != self.life:
            self.before.update({name: self.latest[name] for name in COUNTED if name in self.latest})
            self.life, self.latest = life, {}
        self.latest.update(figures)

    def row(self) -> dict[str, Any]:
        """As the report has it."""
        row: dict[str, Any] = {"finals": self.finals, "refused": self.refused}
        row |= {name: self.before[name] + self.latest.get(name, 0) for name in COUNTED}
        return row | {name: self.latest[name] for name in ("recognizer", "device", "health") if name in self.latest}


@dataclass
class ReportBuilder:
    """Collects while the show runs; bounded, for shows that run for months."""

    began: float
    opening_picture: float | None = None
    first_generated: float | None = None
    first_presented: float | None = None
    last_presented: float | None = None
    presented: int = 0
    generated: int = 0
    steps: int = 0
    longest_gap: float = 0.0
    largest_step: float = 0.0  # mean difference (0..255) of successive presented frames, hard cuts left out
    words_taken: int = 0
    figures: dict[str, Any] = field(default_factory=dict)  # the renderer's own, the latest
    prompts: dict[int, PromptFigures] = field(default_factory=dict)
    processes: dict[str, ProcessFigures] = field(default_factory=dict)
    ears: SpeechFigures = field(default_factory=SpeechFigures)

    MOST_PROMPTS = 10_000

    def takes_stage(self, prompts: Iterable[Prompt], now: float) -> None:
        """New words are on the stage from now on."""
        for prompt in prompts:
            if prompt.id not in self.prompts:
                self.words_taken += 1
                self.prompts[prompt.id] = PromptFigures(prompt, now)
        while len(self.prompts) > self.MOST_PROMPTS:
            del self.prompts[next(iter(self.prompts))]

    def drawn(self, frame: FrameReady, now: float) -> None:
        """The renderer has drawn a frame."""
        if self.first_generated is None:
            self.first_generated = now
        self.generated += 1
        self.steps += frame.steps
        figures = self.prompts.get(frame.prompt_id)
        if figures and frame.score:
            figures.score_start = frame.score if figures.score_start is None else figures.score_start
            figures.score_best = max(frame.score, figures.score_best or frame.score)

    def presents(self, now: float, prompt_id: int, change: float, step: float = 0.0) -> None:
        """The stage has presented a frame in which that prompt has changed the picture by `change` (0..255).

        `step`: its mean difference to the frame before; 0 for a hard cut.
        """
        self.largest_step = max(self.largest_step, step)
        if self.first_presented is None:
            self.first_presented = now
        elif self.last_presented is not None:
            self.longest_gap = max(self.longest_gap, now - self.last_presented)
        self.last_presented = now
        self.presented += 1
        figures = self.prompts.get(prompt_id)
        if figures and figures.changed is None and change >= VISIBLE:
            figures.changed = now

    def report(self, missed: int, shown_size: tuple[int, int], now: float) -> dict[str, Any]:
        """All figures, ready for JSON. Rates over the time since the first presented, or generated, frame."""
        return {
            "seconds": round(now - self.began, 2),
            "presented_fps": _rate(self.presented, self.first_presented, now),
            "generated_fps": _rate(self.generated, self.first_generated, now),
            "steps_per_second": _rate(self.steps, self.first_generated, now),
            "presented_frames": self.presented,
            "missed_frames": missed,
            "longest_gap_ms": round(self.longest_gap * 1000, 1),
            "largest_step": round(self.largest_step, 2),
            "opening_picture_seconds": _since(self.opening_picture, self.began),
            "first_generated_seconds": _since(self.first_generated, self.began),
            "shown_size": list(shown_size),
            **{name: self.figures.get(name) for name in OF_THE_RENDERER},
            "hearing": self.ears.row(),
            "words_taken": self.words_taken,
            "prompts": [figures.row() for figures in self.prompts.values()],
            "processes": {name: vars(process) for name, process in self.processes.items()},
        }


def _rate(count: int, since: float | None, now: float) -> float:
    return 0.0 if since is None or now <= since else round(count / (now - since), 2)


def _since(moment: float | None, began: float) -> float | None:
    return None if moment is None else round(moment - began, 3)


def summary(report: Mapping[str, Any]) -> str:
    """The report as a sentence or two, for the end of a show."""
    delays = [row["first_change_ms"] for row in report["prompts"] if row["first_change_ms"] is not None]
    changed = f", first change after {np.median(delays):.0f} ms (median)" if delays else ""
    restarts = sum(process["restarts"] for process in report["processes"].values())
    return (
        f"{report['seconds']:.0f} s: {report['presented_fps']:.1f} frames/s presented "
        f"({report['missed_frames']} ticks late), {report['generated_fps']:.1f} generated, "
        f"{report['steps_per_second']:.1f} steps/s; {report['words_taken']} prompts{changed}; {restarts} restarts."
    )
