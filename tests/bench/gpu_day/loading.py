"""How long it takes until the first frame and the first step, part by part."""

from __future__ import annotations

import time
from typing import Any

import torch

from installation import models
from installation.bench.model_pair import ModelPair
from installation.bench.timing import Work, synchronise
from installation.dream.schedule import Schedule
from tests.bench.gpu_day.stages import NEEDS_CUDA, Day
from tests.bench.gpu_day.workplace import optimizer_of, pair_of, place_of, target_of

CUTOUTS = 32  # the default of a card


def measure_loading(day: Day) -> None:
    """Report the seconds of writing random weights, loading both models, the first frame, and capturing the steps."""
    day.report("random_weights", seconds_of(day, lambda: place_of(day)))
    place = place_of(day)
    day.report("generator", seconds_of(day, lambda: models.load_generator(day.generator, place)))
    day.report("perceptor", seconds_of(day, lambda: models.load_perceptor(day.perceptor, place)))
    pair = pair_of(day)
    day.report("first_frame", seconds_of(day, pair.paint))
    day.report("capture_steps", measure_capture(day, pair))


def measure_capture(day: Day, pair: ModelPair) -> dict[str, Any]:
    """The seconds and the memory of capturing steps as a show does it, and the slices of a step."""
    if not day.on_cuda:
        return NEEDS_CUDA
    optimizer, target = optimizer_of(pair), target_of(pair, 1)
    torch.cuda.reset_peak_memory_stats(day.device)
    before = torch.cuda.memory_reserved(day.device)
    row = seconds_of(day, lambda: optimizer.capture(target, Schedule(), CUTOUTS))
    sliced = optimizer.capture(target, Schedule(), CUTOUTS)  # again, as after an overflow
    slices = len(sliced.slices(CUTOUTS, rated=False)) if sliced else 1
    peak = torch.cuda.max_memory_reserved(day.device) - before
    kept = torch.cuda.memory_reserved(day.device) - before
    return {**row, "cutouts": CUTOUTS, "slices": slices, "peak_mb": peak >> 20, "kept_mb": kept >> 20}


def seconds_of(day: Day, work: Work) -> dict[str, Any]:
    """The duration of one call."""
    began = time.perf_counter()
    work()
    synchronise(day.device)
    return {"seconds": round(time.perf_counter() - began, 3)}
