"""A whole headless show in its own processes: frame rates, and the time from words to the first visible change."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from installation.core.errors import ShowError
from installation.models.interfaces import ModelPlace
from installation.models.spec import GeneratorSpec

PACKAGE_PARENT = Path(__file__).resolve().parents[2]  # from here `python -m installation` is found
SECONDS_PER_LINE = 2.5
START_SECONDS = 12.0  # at most, until the models are loaded
LINES = (
    *("a red sun over the sea", "a wolf in the snow at night", "the city burns", "a white horse by the lake at dawn"),
    *("lanterns over the river", "a ship in the storm", "autumn in the forest", "a lighthouse at dusk"),
    *("the desert at noon", "a church under the aurora", "a butterfly in the garden", "the moon above the mountains"),
)


def time_show(generator: GeneratorSpec, perceptor: str, place: ModelPlace, rate: int, lines: int) -> dict[str, Any]:
    """Run a show of so many lines of text, generated and presented at `rate` frames/s; returns its figures.

    Raises:
        ShowError: the show failed.
    """
    show = "first_light" if generator.needs_torch else "rehearsal"
    settings = {
        "generator": generator.name,
        "perceptor": perceptor,
        "models.device": place.device,
        "models.rate": rate,
        "look.rate": rate,
        "osc.port": 0,
        "osc.feedback_port": 0,
        "web.port": 0,
    }
    texts = [LINES[index % len(LINES)] for index in range(lines)]
    with TemporaryDirectory(prefix="laterna-bench-") as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "installation", "play", show, "--headless", "--seed", "1"]
        command += ["--models", str(place.cache.resolve()), "--report", str(report)]
        command += ["--record", str(Path(folder) / "stage.mp4")]
        command += ["--seconds", str(START_SECONDS + SECONDS_PER_LINE * lines), "--every", str(SECONDS_PER_LINE)]
        command += [part for text in texts for part in ("--say", text)]
        command += [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
        done = subprocess.run(
            command, cwd=PACKAGE_PARENT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ShowError(f"the show of the benchmark failed: {done.stderr.strip() or done.stdout}")
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
