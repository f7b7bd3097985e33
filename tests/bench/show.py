"""A whole minute of the default show, headless, with everything on: rates, late frames, words to first change.

    python -m tests.bench.show [--generator theatre] [--seconds 60] [--folder FOLDER] [--words FILE --every 3]
    python -m tests.bench.show --generator theatre --against CHECKOUT --rounds 3 --seconds 40 --set dream.cutouts=2

Prints one table; videos, reports and what the shows have told stay in the folder. With another checkout of the
repository, such as a worktree of an earlier commit, both play in turns, and the table has medians. They are compared
fairly by settings that leave neither a choice: `dream.cutouts=2` fixes the cutouts, and `dream.steps_per_second` and
`models.rate` are upper limits.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent.parent
WORDS = ("a red sun over the sea", "a wolf in the snow at night", "the city burns")


@dataclass(frozen=True)
class Performance:
    """What is played.

    Attributes:
        checkout: Of the repository.
        generator: By name.
        settings: Further ones, as `key=value`.
        seconds: How long.
        words: The lines to say.
        every: Seconds between two lines.
    """

    checkout: Path
    generator: str
    settings: tuple[str, ...]
    seconds: float
    words: tuple[str, ...]
    every: float

    def play(self, folder: Path) -> dict[str, Any]:
        """Play it once; its report."""
        folder.mkdir(parents=True, exist_ok=True)
        report = folder / f"{self.generator}.json"
        command = [sys.executable, "run_show.py", "play", "--headless", "--seconds", str(self.seconds)]
        command += [part for text in self.words for part in ("--say", text)] + ["--every", str(self.every)]
        command += ["--record", str(folder / f"{self.generator}.mp4"), "--report", str(report)]
        fixed = (f"generator={self.generator}", "osc.port=0", "osc.feedback_port=0", "web.port=0")
        command += [part for setting in (*fixed, *self.settings) for part in ("--set", setting)]
        with (folder / f"{self.generator}.txt").open("wb") as told:
            subprocess.run(command, cwd=self.checkout, check=True, stdin=subprocess.DEVNULL, stdout=told, stderr=told)
        measured = dict(json.loads(report.read_text(encoding="utf-8")))
        if measured.get("first_generated_seconds") is None:
            sys.exit(f"{self.generator}: no frame in {self.seconds:g} s; the machine is too busy to measure a show.")
        return measured


def delays(report: Mapping[str, Any]) -> list[float]:
    """From words to the first visible change, ms."""
    return [row["first_change_ms"] for row in report["prompts"] if row["first_change_ms"] is not None]


def late(report: Mapping[str, Any], key: str = "missed_frames") -> float | None:
    """Late frames, per cent of those presented; None where an older checkout does not count them."""
    return float(100 * report[key] / max(report["presented_frames"], 1)) if key in report else None


FIGURES: dict[str, tuple[Callable[[Mapping[str, Any]], float | None], str]] = {
    "opening picture": (lambda report: report["opening_picture_seconds"], "{:.2f} s"),
    "first generated frame": (lambda report: report["first_generated_seconds"], "{:.1f} s"),
    "presented": (lambda report: report["presented_fps"], "{:.2f} frames/s"),
    "late": (late, "{:.2f} %"),
    "late after the first five seconds": (lambda report: late(report, "missed_after_start"), "{:.2f} %"),
    "longest gap": (lambda report: report["longest_gap_ms"], "{:.0f} ms"),
    "generated": (lambda report: report["generated_fps"], "{:.1f} frames/s"),
    "optimisation": (lambda report: report["steps_per_second"], "{:.1f} steps/s"),
    "cutouts at the end": (lambda report: report["cutouts"], "{:.1f}"),
    "words to first change, median": (
        lambda report: np.median(delays(report)) if delays(report) else None,
        "{:.0f} ms",
    ),
    "p95": (lambda report: np.percentile(delays(report), 95) if delays(report) else None, "{:.0f} ms"),
}


def rows(reports: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What the proof asks for, ready to be read: medians of several performances."""
    column = {}
    for name, (figure, form) in FIGURES.items():
        found = [value for report in reports if (value := figure(report)) is not None]
        column[name] = form.format(median(found)) if found else "none"
    for number, row in enumerate(reports[0]["prompts"]):
        ends = [report["prompts"][number]["score_best"] for report in reports if number < len(report["prompts"])]
        reached = [score for score in ends if score is not None]
        column[row["text"]] = f"{median(reached):.3f}" if reached else "none"
    return column


def main(
    generator: Annotated[list[str] | None, typer.Option()] = None,
    seconds: Annotated[float, typer.Option()] = 60.0,
    folder: Annotated[Path | None, typer.Option()] = None,
    words: Annotated[Path | None, typer.Option(help="Lines to say, in place of the three.")] = None,
    every: Annotated[float, typer.Option()] = 8.0,
    settings: Annotated[list[str] | None, typer.Option("--set", help="A setting of the show: key=value.")] = None,
    against: Annotated[Path | None, typer.Option(help="Another checkout, which plays in turns.")] = None,
    rounds: Annotated[int, typer.Option(help="Times that each is played.")] = 1,
) -> None:
    """Plays each generator in turn and prints the table."""
    lines = words.read_text(encoding="utf-8").split("\n") if words else WORDS
    said = tuple(line for line in lines if line)
    where = (folder or Path(mkdtemp(prefix="laterna-bench-"))).absolute()
    checkouts = {"": ROOT} if against is None else {"before": against, "here": ROOT}
    played: dict[str, list[Mapping[str, Any]]] = {}
    for number in range(rounds):
        for name in generator or ["theatre", "biggan-embedded"]:
            for title, checkout in checkouts.items():
                performance = Performance(checkout, name, tuple(settings or ()), seconds, said, every)
                report = performance.play(where / f"{number + 1}{title}")
                played.setdefault(f"{name} {title}".strip(), []).append(report)
    columns = {title: rows(reports) for title, reports in played.items()}
    table = Table("", *columns)
    for name in dict.fromkeys(name for column in columns.values() for name in column):  # words may come late for one
        table.add_row(name, *(column.get(name, "") for column in columns.values()))
    Console().print(table)
    print(f"videos and reports: {where}")


if __name__ == "__main__":
    typer.run(main)
