"""The stages of the day, in their order, and what all of them are given. Imports no torch."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

TOTAL_SECONDS = 560.0
NEEDS_CUDA = {"needs": "cuda"}  # the result of what cannot be measured on another device


@dataclass(frozen=True)
class Day:
    """What a stage works with. `report` writes one named result to disk at once."""

    device: str
    generator: str
    perceptor: str
    quick: bool  # few repetitions and cutouts, to try the script itself
    weights: Path  # of random weights in their true shape
    out: Path  # where what has been made is kept
    report: Callable[[str, Any], None]

    @property
    def on_cuda(self) -> bool:
        """Whether CUDA graphs can be tested."""
        return self.device.startswith("cuda")


@dataclass(frozen=True)
class Stage:
    """A function `run(day)` of a module of this package, and the seconds after which it is ended.

    What is not `usual` runs only where it is named, in a call of its own.
    """

    module: str
    function: str
    seconds: float
    usual: bool = True

    def run(self, day: Day) -> None:
        """Run it in this process."""
        getattr(import_module(f"tests.bench.gpu_day.{self.module}"), self.function)(day)


STAGES = {
    "ceilings": Stage("ceilings", "measure_ceilings", 40.0),
    "loading": Stage("loading", "measure_loading", 90.0),
    "correctness": Stage("correctness", "check_correctness", 120.0),
    "frames": Stage("speed", "measure_frames", 50.0),
    "contention": Stage("contention", "measure_contention", 45.0),
    "steps": Stage("speed", "measure_steps", 165.0),
    "kernels": Stage("kernels", "list_kernels", 50.0),
    "training": Stage("training", "train_on_card", 550.0, usual=False),
}
USUAL = tuple(name for name, stage in STAGES.items() if stage.usual)


def write_json(path: Path, content: Any) -> None:
    """Replace a file in one step, so that a process that is ended leaves the old one or the new one."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    part.replace(path)
