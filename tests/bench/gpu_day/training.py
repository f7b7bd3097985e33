"""The training of `biggan-embedded`, in a call of its own: it goes on where the last one has ended."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from installation.training.generator.train import PROGRESS, VALIDATION_SCENES, GeneratorOptions, train_generator
from tests.bench.gpu_day.stages import STAGES, Day

OUTSIDE_SECONDS = 90.0  # of the stage: imports, painting the pictures of the validation, and the last export
QUICK_IMAGES = 16  # more in each call
QUICK_SCENES = 4


def train_on_card(day: Day) -> None:
    """Train for nearly all of the stage; report how many pictures that were, and the distance to the painter's.

    `DIR/training` holds `weights.pt`, every 150 s, and at the end the generator in the library's format.
    """
    work, began = day.out / "training", time.perf_counter()
    seen = seen_in(work)
    options = GeneratorOptions(
        work,
        STAGES["training"].seconds - OUTSIDE_SECONDS,
        device=day.device,
        resume=work.exists(),
        images=seen + QUICK_IMAGES if day.quick else None,
        validation_scenes=QUICK_SCENES if day.quick else VALIDATION_SCENES,
    )
    train_generator(options)
    seconds = time.perf_counter() - began
    day.report("seconds", round(seconds, 1))
    day.report("pictures", seen_in(work))
    day.report("pictures_per_second", round((seen_in(work) - seen) / seconds, 1))
    day.report("l1", progress(work)[-1]["l1"])


def progress(work: Path) -> list[dict[str, Any]]:
    """What earlier calls and this one have written down at their ends."""
    path = work / PROGRESS
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def seen_in(work: Path) -> int:
    """How many pictures the student in a folder has seen."""
    rows = progress(work)
    return int(rows[-1]["seen"]) if rows else 0
