"""Frames in batches, and steps with many cutouts, beside the baselines."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from installation.bench.model_pair import ModelPair
from installation.bench.peer import Peer
from installation.bench.timing import Timing, Work, synchronise, time_alternately
from installation.dream.sliced_step import CHUNK
from installation.models.biggan.generator import BigGAN
from installation.models.capabilities import Compilable, GraphCapturable
from tests.bench.gpu_day.loading import seconds_of
from tests.bench.gpu_day.peers import half_clip
from tests.bench.gpu_day.stages import NEEDS_CUDA, Day
from tests.bench.gpu_day.workplace import pair_of

BATCHES, QUICK_BATCHES = (1, 2, 4), (1, 2)
CUTOUTS, QUICK_CUTOUTS = (32, 64, 16, 128, 6), (2,)  # the default of a card first: time may be short
SECONDS = 2.0  # for which each work is timed


def measure_frames(day: Day) -> None:
    """Report batches of frames from latents to bytes, and one frame of the library."""
    pair = pair_of(day)
    generator = pair.generator
    if not isinstance(generator, GraphCapturable):
        raise TypeError(f"{pair.names[0]} paints no batches.")
    if isinstance(generator, BigGAN):
        day.report("variant", {name: bool(used) for name, used in generator.variant._asdict().items()})
        day.report("untried", generator.untried)
    baseline = pair.baseline(1)
    if baseline is not None:
        day.report("library", timed(day, baseline.frame))
    for count in QUICK_BATCHES if day.quick else BATCHES:
        points = generator.sample(count, 1)
        generator.prepare(points)
        row = timed(day, partial(generator.paint_batch, points))
        day.report(f"k={count}", {**row, "frames_per_second": round(count * row["per_second"], 1)})


def measure_steps(day: Day) -> None:
    """Report steps for each number of cutouts: ours and the baselines a, b and c, timed one after the other.

    A work that fails, for lack of memory or of a compiler, has its error in the place of its figures.
    """
    pair = pair_of(day)
    peer: Peer | None = None
    for number, count in enumerate(QUICK_CUTOUTS if day.quick else CUTOUTS):
        row: dict[str, Any] = {}
        day.report(f"{count} cutouts", row)
        peer = peer or pair.peer()
        works = works_of(day, pair, peer, count)
        if number == 0:
            works["ours, perceptor compiled"] = partial(compiled_step, day, count) if day.on_cuda else None
        for name, make in works.items():
            row[name] = measured(day, make)
            add_ratios(row)
            day.report(f"{count} cutouts", row)


def compiled_step(day: Day, count: int) -> Work:
    """Our step with a perceptor that torch has compiled, if that is faster."""
    pair = pair_of(day)
    if isinstance(pair.perceptor, Compilable) and (problem := pair.perceptor.compile(min(CHUNK, count))):
        raise RuntimeError(problem)
    return pair.optimisation_step(count)


def works_of(day: Day, pair: ModelPair, peer: Peer | None, count: int) -> dict[str, Any]:
    """Functions that make the works; None for what needs CUDA."""

    def library() -> Work:
        baseline = pair.baseline(count)
        if baseline is None:
            raise RuntimeError("These models have no reference implementation.")
        return baseline.step

    return {
        "ours": lambda: pair.optimisation_step(count),
        "a: library": library,
        "b: library, CLIP in float16": (lambda: half_clip(pair, count).step) if day.on_cuda else None,
        "c: peer" if day.on_cuda else "c: peer, float32, not compiled": (lambda: partial(peer.step, count))
        if peer
        else None,
    }


def measured(day: Day, make: Any) -> dict[str, Any]:
    """The figures of a work: its preparation with the first call, which compiles or captures, and then single calls."""
    if make is None:
        return NEEDS_CUDA
    try:
        work, first = first_call(day, make)
        if day.on_cuda:
            torch.cuda.reset_peak_memory_stats(day.device)
        row: dict[str, Any] = {**timed(day, work), "first_s": first}
        if day.on_cuda:
            row["memory_mb"] = torch.cuda.max_memory_allocated(day.device) >> 20
    except (RuntimeError, OSError) as error:
        return {"error": f"{type(error).__name__}: {error}"[:500]}
    return row


def first_call(day: Day, make: Callable[[], Work]) -> tuple[Work, float]:
    """Make a work and do it once; returns it with the seconds of both."""
    began = time.perf_counter()
    work = make()
    work()
    synchronise(day.device)
    return work, round(time.perf_counter() - began, 2)


def add_ratios(row: dict[str, Any]) -> None:
    """How much longer each baseline takes than ours."""
    ours = row["ours"].get("median_ms")
    for name, figures in row.items():
        if ours and name != "ours" and "median_ms" in figures:
            figures["times_ours"] = round(figures["median_ms"] / ours, 2)


def timed(day: Day, work: Work) -> dict[str, float]:
    """The figures of a work; in a quick run those of a single call."""
    if day.quick:
        return Timing((seconds_of(day, work)["seconds"],)).row()
    return time_alternately({"work": work}, day.device, SECONDS)["work"].row()
