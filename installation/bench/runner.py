"""What `run_show.py bench` does: chooses models that suit the device, times them, and says all of it in tables."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from rich.console import Console
from rich.table import Table

from installation.bench.end_to_end import play_whole
from installation.bench.model_pair import ModelPair, timed_dream, timed_walk
from installation.bench.random_weights import random_bank, random_biggan, random_perceptor
from installation.bench.roofline import DeviceLimit, measured_limit
from installation.models import FULL_SIZE, OPEN_CLIP
from installation.models.clip.perceptor import checkpoint
from installation.models.interfaces import ModelPlace

SMALL, OWN_EYES = "biggan-embedded", "clip-embedded"
RATES = (30, 60)  # frames a second of the whole show
CUTOUTS = {"cpu": (6, 16, 32), "gpu": (16, 32, 64, 128)}


def run_bench(
    generators: Sequence[str],
    perceptor: str,
    cutouts: Sequence[int],
    seconds: float,
    lines: int,
    place: ModelPlace,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """All figures, ready for JSON. Nothing named: what suits the device. `seconds` each work is timed for.

    Raises ShowError if a model is unknown.
    """
    gpu = place.device != "cpu"
    names = list(generators) or (["biggan-deep-512"] if gpu else ["theatre", SMALL, "biggan-deep-128"])
    wide = list(cutouts) or list(CUTOUTS["gpu" if gpu else "cpu"])
    limits: dict[torch.dtype, DeviceLimit] = {}
    figures: dict[str, Any] = {"machine": machine(place.device), "models": []}
    for name in names:
        seer = _seer(name, perceptor, gpu)
        with _weights(name, seer, place) as (there, random):
            say(f"{name} with {seer}" + (" (random weights)" if random else ""))
            pair = ModelPair(name, seer, there)
            if random:
                random_bank(pair.generator, pair.perceptor, there.cache)
            if pair.precision not in limits:
                limits[pair.precision] = measured_limit(place.device, pair.precision)
            limit = limits[pair.precision]
            row: dict[str, Any] = {"generator": name, "perceptor": seer, "random_weights": random, "limit": limit.row()}
            row["walk"] = timed_walk(pair, seconds, limit)
            row["dream"] = [timed_dream(pair, count, seconds, limit) for count in wide]
            del pair
            # without a GPU a full-size show is no show: its frames take longer than its transitions
            if lines and (gpu or name not in FULL_SIZE):
                row["show"] = []
                for rate in RATES:
                    say(f"a show of {lines} lines at {rate} frames/s")
                    row["show"].append(play_whole(name, seer, there, rate, lines))
            figures["models"].append(row)
    return figures


def machine(device: str) -> dict[str, str]:
    """What the figures belong to."""
    facts = {
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "threads": str(torch.get_num_threads()),
        "device": device,
    }
    if device.startswith("cuda"):
        facts["card"] = torch.cuda.get_device_name(device)
        facts["cuda"] = str(torch.version.cuda)
    return facts


def _seer(generator: str, perceptor: str, gpu: bool) -> str:
    if perceptor != "auto":
        return perceptor
    if generator == "fake":
        return "fake"
    return "ViT-B-32" if gpu and generator in FULL_SIZE else OWN_EYES


@contextmanager
def _weights(generator: str, perceptor: str, place: ModelPlace) -> Iterator[tuple[ModelPlace, bool]]:
    """Where both models lie: with random weights, in a folder that goes away, if one of them is not fetched."""
    bare = generator in FULL_SIZE and not (place.cache / generator / "pytorch_model.bin").is_file()
    blind = perceptor in OPEN_CLIP and checkpoint(perceptor, place) is None
    strange = generator in FULL_SIZE and perceptor not in OPEN_CLIP  # has no Bank, and nothing to say to it
    if not (bare or blind or strange):
        yield place, False
        return
    with TemporaryDirectory(prefix="laterna-weights-") as folder:
        there = place._replace(cache=Path(folder))
        if generator in FULL_SIZE:
            random_biggan(generator, there.cache / generator)
        if perceptor in OPEN_CLIP:
            random_perceptor(perceptor, there.cache / perceptor)
        yield there, True


def print_tables(figures: dict[str, Any], console: Console) -> None:
    """The figures to be read."""
    console.print(", ".join(f"{name} {value}" for name, value in figures["machine"].items()))
    for row in figures["models"]:
        weights = ", random weights of the true shape" if row["random_weights"] else ""
        console.print(f"\n{row['generator']} with {row['perceptor']}{weights}")
        limit = row["limit"]
        console.print(
            f"at most {limit['tera_operations_per_second']} tera-operations/s in {limit['precision']} "
            f"and {limit['gigabytes_per_second']} GB/s, as measured now"
        )
        console.print(_alone(row))
        if row.get("show"):
            console.print(_together(row["show"]))


def _alone(row: dict[str, Any]) -> Table:
    table = Table("alone", "a second", "median ms", "p95 ms", "ordinary ms", "ratio", "of the limit", box=None)
    for course in (row["walk"], *row["dream"]):
        name = "frames" if course["work"] == "walk" else f"steps, {course['cutouts']} cutouts"
        ours, ordinary = course["ours"], course.get("ordinary")
        table.add_row(
            *(name, f"{ours['per_second']:.1f}", f"{ours['median_ms']:.1f}", f"{ours['p95_ms']:.1f}"),
            f"{ordinary['median_ms']:.1f}" if ordinary else "-",
            f"{course['ratio']:.2f} x" if ordinary else "-",
            f"{100 * course['share_of_limit']:.0f} %",
        )
    return table


def _together(shows: Sequence[dict[str, Any]]) -> Table:
    table = Table(
        *("a show at", "generated", "steps", "cutouts", "presented", "late", "first change p50 / p95", "memory"),
        box=None,
    )
    for show in shows:
        table.add_row(
            *(f"{show['asked_per_second']}/s", f"{show['generated_per_second']:.1f}/s"),
            *(f"{show['steps_per_second']:.1f}/s", str(show["cutouts"]), f"{show['presented_per_second']:.1f}/s"),
            f"{show['late_percent']:.2f} %",
            f"{show['first_change_median_ms']} / {show['first_change_p95_ms']} ms",
            f"{show['renderer_mb']:.0f} MB",
        )
    return table
