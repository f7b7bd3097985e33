"""`python -m installation.training generator`: distils backdrops into `biggan-embedded`, within a time budget.

The work folder holds `state.pt` (the complete state), `weights.pt` (the averaged weights in half precision, at most
16 MiB, enough to continue on another machine), `progress.jsonl`, contact sheets, and `biggan-embedded`: the latest
export in the library's own format.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation import models
from installation.core.errors import ShowError
from installation.models.biggan.loading import load_library
from installation.models.interfaces import Generator, Picture
from installation.models.theatre.class_priors import class_priors
from installation.render.png_file import write_png
from installation.training.contact_sheet import image_grid
from installation.training.data.distillation_targets import (
    IMAGE_SIZE,
    BackdropTheatre,
    DistillationBatch,
    render_chunk,
)
from installation.training.generator.distillation import Distillation, DistillationPlan, save_atomically
from installation.training.generator.export import to_library, write_generator
from installation.training.generator.net2net import widen
from installation.training.generator.student import StudentGenerator, new_student
from installation.training.progress import Interval, TimeBudget, log_progress

NAME = "biggan-embedded"
STATE, WEIGHTS, PROGRESS = "state.pt", "weights.pt", "progress.jsonl"
EXPORT_SECONDS, SAVE_SECONDS, LOG_SECONDS = 600.0, 150.0, 30.0  # between exports, checkpoints and log messages
VALIDATION_SCENES, VALIDATION_SEED = 96, 4_040_404
VALIDATION_BATCH = 16
SHEET_SCENES, SHEET_COLUMNS = 24, 8
COLD_PLAN = DistillationPlan(0)
WARM_PLAN = replace(COLD_PLAN, statistics_share=0.0, sizes=((1.0, IMAGE_SIZE),))  # trained weights skip coarse images
CARD_BATCH, CARD_CHUNK, CARD_PASSES = 256, 1 << 17, 40  # painting is slow on a card, and its memory is large
SECONDS_PER_IMAGE = {"cpu": 0.05, "cuda": 1.1e-4}  # of one core; of a card (a guess): only to plan the length of a run


@dataclass(frozen=True)
class GeneratorOptions:
    """Options of a training run.

    `images` is the number of images that the student sees, by default what fits the budget. `cold_start`
    starts from random weights instead of the generator in the assets. `validation_scenes` are painted once, and again
    by the student at each export.
    """

    work: Path
    budget_seconds: float
    device: str = "cpu"
    resume: bool = False
    images: int | None = None
    cold_start: bool = False
    seed: int = 1
    validation_scenes: int = VALIDATION_SCENES

    @property
    def planned_images(self) -> int:
        """The number of images of a new run."""
        return self.images or round(self.budget_seconds / SECONDS_PER_IMAGE[torch.device(self.device).type])

    def planned(self, plan: DistillationPlan) -> DistillationPlan:
        """A plan with these options, in batches that suit the device; no more scenes are painted than are seen."""
        plan = replace(plan, images=self.planned_images, seed=self.seed)
        if torch.device(self.device).type == "cuda":
            plan = replace(plan, batch_size=CARD_BATCH, chunk_size=CARD_CHUNK, passes=CARD_PASSES)
        batches = math.ceil(plan.images / plan.batch_size)
        return replace(plan, chunk_size=min(plan.chunk_size, batches * plan.batch_size))


def train_generator(options: GeneratorOptions) -> Path:
    """Train until the budget or the plan is used up. Returns the folder of the exported generator.

    Raises:
        ShowError: The work folder holds a run and `resume` is not set.
    """
    options.work.mkdir(parents=True, exist_ok=True)
    teacher = BackdropTheatre(models.default_place(options.device))
    run = _start(options, teacher)
    validation = render_chunk(teacher, VALIDATION_SEED, options.validation_scenes, options.device)
    validation = DistillationBatch(*(part.cpu() for part in validation))
    minutes = options.budget_seconds / 60
    log_progress("generator", f"{run.seen} of {run.plan.images} images seen, budget {minutes:.0f} minutes")
    budget, log = TimeBudget(options.budget_seconds), _TrainingLog(run)
    export, save = Interval(EXPORT_SECONDS), Interval(SAVE_SECONDS)
    while budget.used() < 1.0 and run.seen < run.plan.images:
        log.add(run.step())
        if export.due():
            save.restart()
            _export(run, validation, options.work)
        elif save.due():
            _save(run, options.work)
    return _export(run, validation, options.work)


def validate(student: StudentGenerator, validation: DistillationBatch) -> tuple[dict[int, float], dict[int, Tensor]]:
    """The mean L1 distance to the teacher's images, with colours in -1..1, and the student's images, by size."""
    device = next(student.parameters()).device
    with torch.no_grad():
        batches = [
            student(validation.z[rows].to(device), validation.class_weights[rows].to(device))
            for rows in torch.split(torch.arange(len(validation.z)), VALIDATION_BATCH)
        ]
        images = {size: torch.cat([batch[size] for batch in batches]).cpu() for size in batches[0]}
        distances = {
            size: float((image - F.avg_pool2d(validation.image, IMAGE_SIZE // size)).abs().mean())
            for size, image in images.items()
        }
    return distances, images


def _start(options: GeneratorOptions, teacher: Generator) -> Distillation:
    """A run from the state or the weights in the work folder, from the generator in the assets, or from nothing."""
    state, weights = options.work / STATE, options.work / WEIGHTS
    if (state.exists() or weights.exists()) and not options.resume:
        raise ShowError(f"{options.work} already holds a run: add --resume or choose another folder.")
    if state.exists():
        return _resume(options, teacher)
    warm_plan = options.planned(WARM_PLAN)
    if weights.exists():
        student = _new_student(teacher, warm_plan)
        half = torch.load(weights, map_location="cpu", weights_only=True)
        student.load_state_dict({key: value.float() for key, value in half.items()})
        return Distillation(student, teacher, warm_plan, options.device)
    source = models.default_place().assets / NAME
    if options.cold_start or not (source / "config.json").is_file():
        plan = options.planned(COLD_PLAN)
        return Distillation(_new_student(teacher, plan), teacher, plan, options.device)
    return Distillation(_warm_student(source, teacher, warm_plan), teacher, warm_plan, options.device)


def _resume(options: GeneratorOptions, teacher: Generator) -> Distillation:
    state: dict[str, Any] = torch.load(options.work / STATE, map_location=options.device, weights_only=True)
    plan = _extended(DistillationPlan.from_state(state), state["seen"], options)
    run = Distillation(_new_student(teacher, plan), teacher, plan, options.device)
    run.restore(state)
    return run


def _extended(plan: DistillationPlan, seen: int, options: GeneratorOptions) -> DistillationPlan:
    """The plan of a resumed run, with the number of images that is asked for.

    By default the number stays as it was, or if the plan is finished, grows by what fits the budget. A run that has
    reached the full size stays there.
    """
    sizes = ((1.0, IMAGE_SIZE),) if plan.size(seen) == IMAGE_SIZE else plan.sizes
    default = plan.images if seen < plan.images else seen + options.planned_images
    return replace(plan, images=options.images or default, sizes=sizes)


def _new_student(teacher: Generator, plan: DistillationPlan) -> StudentGenerator:
    return new_student(plan.width, sum(len(group.labels) for group in teacher.groups), plan.seed)


def _warm_student(source: Path, teacher: Generator, plan: DistillationPlan) -> StudentGenerator:
    """A student that starts as the generator in the assets, which may have other classes than the teacher."""
    old_groups = models.load_generator(NAME, models.default_place()).groups
    return widen(load_library(source), old_groups, teacher.groups, plan.width, plan.seed)


def _export(run: Distillation, validation: DistillationBatch, work: Path) -> Path:
    """Validate, draw a contact sheet, save the state and export the generator. Returns its folder."""
    distances, images = validate(run.average, validation)
    listed = ", ".join(f"{size} px {distance:.4f}" for size, distance in sorted(distances.items()))
    log_progress("generator", f"validation after {run.seen} images: L1 {listed}")
    row = {"seen": run.seen, "l1": {str(size): round(distance, 5) for size, distance in distances.items()}}
    with (work / PROGRESS).open("a", encoding="utf-8") as file:
        file.write(json.dumps(row | {"at": time.strftime("%Y-%m-%d %H:%M:%S")}) + "\n")
    student_images = F.interpolate(images[run.plan.size(run.seen)][:SHEET_SCENES], IMAGE_SIZE)
    _draw_sheet(validation.image[:SHEET_SCENES], student_images, work / f"sheet-{run.seen:08d}.png")
    _save(run, work)
    folder = work / NAME
    size = write_generator(to_library(run.average), run.teacher.groups, class_priors(run.teacher.groups), folder)
    log_progress("generator", f"{folder}: {size / 1e6:.1f} MB")
    return folder


def _save(run: Distillation, work: Path) -> None:
    save_atomically(run.state(), work / STATE)
    half = {key: value.half().cpu().contiguous() for key, value in run.average.state_dict().items()}
    save_atomically(half, work / WEIGHTS)


def _draw_sheet(teacher: Tensor, student: Tensor, path: Path) -> None:
    """Draw rows of the teacher's images, each above the student's images. Both are [n, 3, size, size] in -1..1."""
    pictures: list[Picture] = []
    for begin in range(0, len(teacher), SHEET_COLUMNS):
        for images in (teacher, student):
            row = _to_pictures(images[begin : begin + SHEET_COLUMNS])
            pictures += [*row, *[np.zeros_like(row[0])] * (SHEET_COLUMNS - len(row))]
    write_png(path, image_grid(pictures, SHEET_COLUMNS), {})


def _to_pictures(images: Tensor) -> Sequence[Picture]:
    array: Picture = images.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).numpy()
    return list(array)


class _TrainingLog:
    """Logs the number of images seen, the mean L1 distance and the pace, every `LOG_SECONDS`."""

    def __init__(self, run: Distillation) -> None:
        self._run = run
        self._interval = Interval(LOG_SECONDS)
        self._restart()

    def add(self, l1: Tensor) -> None:
        """Add the L1 distance of one step."""
        self._distances.append(l1)
        if not self._interval.due():
            return
        seen, size = self._run.seen, self._run.plan.size(self._run.seen)
        pace = (time.monotonic() - self._started) / max(seen - self._seen, 1) * 1000
        mean = float(torch.stack(self._distances).mean())
        log_progress("generator", f"{seen} images, {size} px, L1 {mean:.4f}, {pace:.3g} ms an image")
        self._restart()

    def _restart(self) -> None:
        self._distances: list[Tensor] = []
        self._started, self._seen = time.monotonic(), self._run.seen
