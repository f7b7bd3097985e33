"""`python -m installation.training generator`: the twin's schooling in a folder, which goes on where it was broken off.

The folder holds `state.pt` (all that it takes to go on), `weights.pt` (the average alone, in half precision, of at
most 16 MiB, which is enough to go on from elsewhere), `progress.jsonl`, contact sheets, and `biggan-embedded`: the
best so far in the library's own format.
"""

from __future__ import annotations

import json
import time
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
from installation.render.still import write_png
from installation.training.data.distillation_targets import DistillationBatch, SteadyTheatre, paint_share
from installation.training.generator.distillation import Distillation, DistillationPlan, save
from installation.training.generator.init_export import new_twin, seal, write_folder
from installation.training.generator.net2net import widened
from installation.training.generator.student import SIDE, StudentGenerator
from installation.training.progress import TimeBudget, say

NAME = "biggan-embedded"
STATE, WEIGHTS, PROGRESS = "state.pt", "weights.pt", "progress.jsonl"
STAGE_SECONDS = 600.0  # between contact sheets and exports
SAVE_SECONDS = 180.0  # between checkpoints
SAY_SECONDS = 30.0
EXAM, EXAM_SEED = 96, 4_040_404  # scenes that are never learnt from
ON_SHEET = 24
WARM = DistillationPlan(0, measured=0.0, sizes=((1.0, SIDE),))  # what has been taught knows coarse shapes
SECONDS_A_PICTURE = 0.05  # on one core; only to plan a course by


@dataclass(frozen=True)
class GeneratorOptions:
    """What is asked for. `pictures` None plans a course that fills the budget on one core."""

    work: Path
    seconds: float
    device: str = "cpu"
    resume: bool = False
    pictures: int | None = None
    cold: bool = False
    seed: int = 1


def train_generator(wish: GeneratorOptions) -> Path:
    """Train within the budget and export; returns the folder of the exported generator.

    Raises ShowError if the folder holds a training and `resume` does not say that it goes on.
    """
    wish.work.mkdir(parents=True, exist_ok=True)
    painter = SteadyTheatre(models.default_place(wish.device))
    schooling = _begun(wish, painter)
    exam = DistillationBatch(*(part.cpu() for part in paint_share(painter, EXAM_SEED, EXAM, wish.device)))
    budget, course = TimeBudget(wish.seconds), schooling.course
    say("generator", f"{schooling.seen} of {course.pictures} pictures seen, {wish.seconds / 60:.0f} minutes to go")
    marks = _Marks(schooling.seen)
    while budget.spent() < 1.0 and schooling.seen < course.pictures:
        marks.errors.append(schooling.step())
        marks.tell(schooling)
        if marks.due("stage", STAGE_SECONDS):
            _stage(schooling, exam, wish)
        elif marks.due("save", SAVE_SECONDS):
            _keep(schooling, wish.work)
    return _stage(schooling, exam, wish)


def export(twin: StudentGenerator, painter: Generator, folder: Path) -> Path:
    """The library's own files of what a twin draws."""
    size = write_folder(seal(twin.library), painter.groups, class_priors(), folder)
    say("generator", f"{folder}: {size / 1e6:.1f} MB")
    return folder


def measured(twin: StudentGenerator, exam: DistillationBatch) -> tuple[dict[int, float], dict[int, Tensor]]:
    """L1 to the painter, colours in -1..1, and the pictures, by side."""
    with torch.no_grad():
        device = next(twin.parameters()).device
        parts = [
            twin(exam.z[rows].to(device), exam.weights[rows].to(device))
            for rows in torch.split(torch.arange(len(exam.z)), 16)
        ]
        drawn = {side: torch.cat([part[side] for part in parts]).cpu() for side in parts[0]}
        errors = {
            side: float((pictures - F.avg_pool2d(exam.picture, SIDE // side)).abs().mean())
            for side, pictures in drawn.items()
        }
    return errors, drawn


def _begun(wish: GeneratorOptions, painter: Generator) -> Distillation:
    state, weights = wish.work / STATE, wish.work / WEIGHTS
    if (state.exists() or weights.exists()) and not wish.resume:
        raise ShowError(f"{wish.work} holds a training already: add --resume, or name another folder.")
    planned = wish.pictures or round(wish.seconds / SECONDS_A_PICTURE)
    if wish.resume and state.exists():
        held: dict[str, Any] = torch.load(state, map_location=wish.device, weights_only=True)
        course = DistillationPlan(**held["course"])
        course = _longer(course, held["seen"], wish.pictures, planned)
        schooling = Distillation(_empty(painter, course), painter, course, wish.device)
        schooling.restore(held)
        return schooling
    if wish.resume and weights.exists():
        course = replace(WARM, pictures=planned, seed=wish.seed)
        twin = _empty(painter, course)
        halves = torch.load(weights, map_location="cpu", weights_only=True)
        twin.load_state_dict({key: value.float() for key, value in halves.items()})
        return Distillation(twin, painter, course, wish.device)
    first = models.default_place().assets / NAME
    if wish.cold or not (first / "config.json").is_file():
        course = DistillationPlan(planned, seed=wish.seed)
        return Distillation(_empty(painter, course), painter, course, wish.device)
    course = replace(WARM, pictures=planned, seed=wish.seed)
    return Distillation(_warm(first, painter, course), painter, course, wish.device)


def _longer(course: DistillationPlan, seen: int, pictures: int | None, planned: int) -> DistillationPlan:
    """The course that goes on: as long as is asked for; else as it was, or if it is over, by what fits the budget."""
    sizes = ((1.0, SIDE),) if course.side(seen) == SIDE else course.sizes  # never back to coarse pictures
    rest = course.pictures if seen < course.pictures else seen + planned
    return replace(course, pictures=pictures or rest, sizes=sizes)


def _empty(painter: Generator, course: DistillationPlan) -> StudentGenerator:
    return new_twin(course.width, sum(len(group.labels) for group in painter.groups), course.seed)


def _warm(first: Path, painter: Generator, course: DistillationPlan) -> StudentGenerator:
    """The twin of what is in the assets, be it of this world or of an earlier edition of it."""
    place = models.default_place()
    old = models.load_generator(NAME, place).groups
    return widened(load_library(first), old, painter.groups, course.width, course.seed)


def _stage(schooling: Distillation, exam: DistillationBatch, wish: GeneratorOptions) -> Path:
    """Measure, draw a contact sheet, keep, export."""
    errors, drawn = measured(schooling.average, exam)
    listed = ", ".join(f"{side} px {error:.4f}" for side, error in sorted(errors.items()))
    say("generator", f"stage: {schooling.seen} pictures, L1 {listed}")
    row = {"seen": schooling.seen, "l1": {str(side): round(error, 5) for side, error in errors.items()}}
    with (wish.work / PROGRESS).open("a", encoding="utf-8") as file:
        file.write(json.dumps(row | {"at": time.strftime("%Y-%m-%d %H:%M:%S")}) + "\n")
    learnt = F.interpolate(drawn[schooling.course.side(schooling.seen)][:ON_SHEET], SIDE)
    draw_sheet(exam.picture[:ON_SHEET], learnt, wish.work / f"sheet-{schooling.seen:08d}.png")
    _keep(schooling, wish.work)
    return export(schooling.average, schooling.painter, wish.work / NAME)


def draw_sheet(painted: Tensor, drawn: Tensor, path: Path, across: int = 8) -> None:
    """Rows of the painter's pictures, each above a row of the twin's. [n, 3, side, side] in -1..1"""
    rows = []
    for begin in range(0, len(painted), across):
        for pictures in (painted, drawn):
            row = [_bytes(picture) for picture in pictures[begin : begin + across]]
            row += [np.zeros_like(row[0])] * (across - len(row))
            rows.append(np.concatenate(row, axis=1))
    write_png(path, np.concatenate(rows), {})


def _bytes(picture: Tensor) -> Picture:
    array: Picture = picture.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0).numpy()
    return array


def _keep(schooling: Distillation, work: Path) -> None:
    save(schooling.state(), work / STATE)
    halves = {key: value.half().cpu().contiguous() for key, value in schooling.average.state_dict().items()}
    save(halves, work / WEIGHTS)


class _Marks:
    """When something was last said, saved and shown."""

    def __init__(self, seen: int) -> None:
        self.errors: list[float] = []
        self._since = (time.monotonic(), seen)
        self._last = dict.fromkeys(("stage", "save"), time.monotonic())

    def due(self, what: str, seconds: float) -> bool:
        if time.monotonic() - self._last[what] < seconds:
            return False
        self._last = (
            dict.fromkeys(self._last, time.monotonic()) if what == "stage" else self._last | {what: time.monotonic()}
        )
        return True

    def tell(self, schooling: Distillation) -> None:
        """A line now and then: pictures, error, pace."""
        now, (then, before) = time.monotonic(), self._since
        if now - then < SAY_SECONDS:
            return
        pace = (now - then) / max(schooling.seen - before, 1) * 1000
        error = float(np.mean(self.errors))
        side = schooling.course.side(schooling.seen)
        say("generator", f"{schooling.seen} pictures, {side} px, L1 {error:.4f}, {pace:.0f} ms a picture")
        self.errors.clear()
        self._since = (now, schooling.seen)
