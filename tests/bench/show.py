"""A whole minute of the default show, headless, with everything on: rates, late frames, words to first change.

    python -m tests.bench.show [--generator theatre] [--seconds 60] [--folder FOLDER] [--words FILE --every 3]

Prints one table; the videos and reports stay in the folder, to be looked at.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent.parent
WORDS = ("a red sun over the sea", "a wolf in the snow at night", "the city burns")


def play(generator: str, seconds: float, folder: Path, words: Sequence[str], every: float) -> dict[str, Any]:
    """One performance; its report."""
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / f"{generator}.json"
    command = [sys.executable, "run_show.py", "play", "--headless", "--seconds", str(seconds)]
    command += [part for text in words for part in ("--say", text)] + ["--every", str(every)]
    command += ["--record", str(folder / f"{generator}.mp4"), "--report", str(report)]
    ports = ("osc.port=0", "osc.feedback_port=0", "web.port=0")
    command += [part for setting in (f"generator={generator}", *ports) for part in ("--set", setting)]
    subprocess.run(command, cwd=ROOT, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    measured = dict(json.loads(report.read_text(encoding="utf-8")))
    if measured.get("first_generated_seconds") is None:
        sys.exit(f"{generator}: no frame was generated in {seconds:g} s; the machine is too busy to measure a show.")
    return measured


def rows(report: dict[str, Any]) -> list[tuple[str, str]]:
    """What the proof asks for, ready to be read."""
    delays = [row["first_change_ms"] for row in report["prompts"] if row["first_change_ms"] is not None]
    share = 100 * report["missed_frames"] / max(report["presented_frames"], 1)
    return [
        ("opening picture", f"{report['opening_picture_seconds']:.2f} s"),
        ("first generated frame", f"{report['first_generated_seconds']:.1f} s"),
        ("presented", f"{report['presented_fps']:.2f} frames/s at {report['shown_size']}"),
        ("late", f"{report['missed_frames']} ({share:.2f} %)"),
        ("longest gap", f"{report['longest_gap_ms']:.0f} ms"),
        ("generated", f"{report['generated_fps']:.1f} frames/s at {report['generated_size']}"),
        ("optimisation", f"{report['steps_per_second']:.1f} steps/s, {report['cutouts']} cutouts"),
        (
            "words to first change",
            f"median {np.median(delays):.0f}, p95 {np.percentile(delays, 95):.0f} ms of {len(delays)}"
            if delays
            else "none",
        ),
        *((row["text"], f"{row['score_start']:.3f} -> {row['score_best']:.3f}") for row in report["prompts"]),
    ]


def main(
    generator: Annotated[list[str] | None, typer.Option()] = None,
    seconds: Annotated[float, typer.Option()] = 60.0,
    folder: Annotated[Path | None, typer.Option()] = None,
    words: Annotated[Path | None, typer.Option(help="Lines to say, in place of the three.")] = None,
    every: Annotated[float, typer.Option()] = 8.0,
) -> None:
    """Plays each generator in turn and prints the table."""
    names = generator or ["theatre", "biggan-embedded"]
    lines = words.read_text(encoding="utf-8").split("\n") if words else WORDS
    lines = [line for line in lines if line]
    where = folder or Path(mkdtemp(prefix="laterna-bench-"))
    columns = [dict(rows(play(name, seconds, where, lines, every))) for name in names]
    table = Table("", *names)
    for name in dict.fromkeys(name for column in columns for name in column):  # words may come late for one
        table.add_row(name, *(column.get(name, "") for column in columns))
    Console().print(table)
    print(f"videos and reports: {where}")


if __name__ == "__main__":
    typer.run(main)
