"""The whole show in processes of its own: walk and dream at a frame rate, and words to first visible change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from installation.core.errors import ShowError
from installation.models import CACHE_VARIABLE
from installation.models.interfaces import ModelPlace

IMPORTABLE = Path(__file__).resolve().parents[2]  # `python -m installation` is found from here
EVERY = 2.5  # seconds from one line to the next
FIRST = 12.0  # seconds until the models are awake, at most
LINES = (
    *("a red sun over the sea", "a wolf in the snow at night", "the city burns", "a white horse by the lake at dawn"),
    *("lanterns over the river", "a ship in the storm", "autumn in the forest", "a lighthouse at dusk"),
    *("the desert at noon", "a church under the aurora", "a butterfly in the garden", "the moon above the mountains"),
)


def play_whole(generator: str, perceptor: str, place: ModelPlace, rate: int, lines: int) -> dict[str, Any]:
    """A headless show with so many lines, generated and presented at `rate` frames/s; its figures.

    Raises ShowError if it does not come to its end.
    """
    words = [LINES[index % len(LINES)] for index in range(lines)]
    with TemporaryDirectory(prefix="laterna-bench-") as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "installation", "play", "rehearsal" if generator == "fake" else "first_light"]
        command += ["--headless", "--seconds", str(FIRST + EVERY * lines), "--every", str(EVERY)]
        command += [part for text in words for part in ("--say", text)]
        command += ["--record", str(Path(folder) / "stage.mp4"), "--report", str(report), "--seed", "1"]
        for setting in (
            *(f"generator={generator}", f"perceptor={perceptor}", f"models.device={place.device}"),
            *(f"models.rate={rate}", f"look.rate={rate}", "osc.port=0", "osc.feedback_port=0"),
        ):
            command += ["--set", setting]
        environment = {**os.environ, CACHE_VARIABLE: str(place.cache.resolve())}
        done = subprocess.run(
            command,
            cwd=IMPORTABLE,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ShowError(f"the show of the bench did not come to its end: {done.stderr.strip() or done.stdout}")
        figures: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return _row(figures, rate)


def _row(figures: dict[str, Any], rate: int) -> dict[str, Any]:
    delays = [row["first_change_ms"] for row in figures["prompts"] if row["first_change_ms"] is not None]
    return {
        "asked_per_second": rate,
        "generated_per_second": figures["generated_fps"],
        "steps_per_second": figures["steps_per_second"],
        "cutouts": figures["cutouts"],
        "presented_per_second": figures["presented_fps"],
        "late_percent": round(100.0 * figures["missed_frames"] / max(figures["presented_frames"], 1), 2),
        "words": len(figures["prompts"]),
        "first_change_median_ms": round(float(np.median(delays)), 1) if delays else None,
        "first_change_p95_ms": round(float(np.percentile(delays, 95)), 1) if delays else None,
        "renderer_mb": figures["processes"]["renderer"]["rss_mb_end"],
        "generated_size": figures["generated_size"],
    }
