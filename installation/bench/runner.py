"""The command `bench`: choose models that suit the device, time them, and print the figures as tables."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from rich.console import Console
from rich.table import Table

from installation import models
from installation.bench.end_to_end import time_show
from installation.bench.model_pair import ModelPair, time_dream, time_walk, write_random_bank
from installation.bench.roofline import DeviceLimit, measure_limit
from installation.models.cuda_graphs import fast_precision
from installation.models.interfaces import ModelPlace
from installation.models.spec import GeneratorSpec, PerceptorSpec

SHOW_RATES = (30, 60)  # frames per second of the whole show
DEFAULT_CUTOUTS = {"cpu": (6, 16, 32), "gpu": (16, 32, 64, 128)}


@dataclass(frozen=True)
class BenchOptions:
    """What to measure. Empty means: what suits the device."""

    place: ModelPlace
    generators: Sequence[str] = ()
    perceptor: str = models.AUTO
    cutouts: Sequence[int] = ()
    seconds: float = 3.0  # for which each work is timed
    lines: int = 12  # of text in each whole show; 0: no shows

    @property
    def kind(self) -> str:
        """The kind of the device: "cpu" or "gpu"."""
        return "cpu" if self.place.device == "cpu" else "gpu"


def run_bench(options: BenchOptions, report: Callable[[str], None]) -> dict[str, Any]:
    """Measure everything; returns the figures for JSON. `report` receives a sentence before each part.

    Raises:
        ShowError: a model is unknown, or a show failed.
    """
    device = torch.device(options.place.device)
    pairs = chosen_pairs(options)
    limit = measure_limit(options.place.device, torch.float32, fast_precision(device))
    rows = [_measure(*pair, options, limit, report) for pair in pairs]
    return {"machine": describe_machine(options.place.device), "models": rows}


def chosen_pairs(options: BenchOptions) -> list[tuple[GeneratorSpec, PerceptorSpec]]:
    """The generators that are measured, each with its perceptor. Raises ShowError if a name is unknown."""
    if options.generators:
        specs = [models.generator_spec(name) for name in options.generators]
    else:
        specs = [spec for spec in models.GENERATORS.values() if options.kind in spec.benchmarked_on]
    return [(spec, _perceptor_for(spec, options)) for spec in specs]


def _perceptor_for(generator: GeneratorSpec, options: BenchOptions) -> PerceptorSpec:
    if options.perceptor != models.AUTO:
        return models.perceptor_spec(options.perceptor)
    preferred = models.matching_perceptors(generator)[0].name
    return models.perceptor_spec(generator.benchmark_perceptors.get(options.kind, preferred))


def _measure(
    generator: GeneratorSpec,
    perceptor: PerceptorSpec,
    options: BenchOptions,
    limit: DeviceLimit,
    report: Callable[[str], None],
) -> dict[str, Any]:
    """The row of one pair."""
    with _installed_or_random(generator, perceptor, options.place) as (place, random):
        report(f"{generator.name} with {perceptor.name}" + (" (random weights)" if random else ""))
        pair = ModelPair(generator.name, perceptor.name, place)
        if not models.has_bank(generator, perceptor.name, place):
            write_random_bank(pair.generator, pair.perceptor, place)
        row: dict[str, Any] = {
            "generator": generator.name,
            "perceptor": perceptor.name,
            "random_weights": random,
            "limit": limit.row(),
            "walk": time_walk(pair, options.seconds, limit),
            "dream": [
                time_dream(pair, count, options.seconds, limit)
                for count in options.cutouts or DEFAULT_CUTOUTS[options.kind]
                if not generator.reads_words
            ],
        }
        del pair  # the show needs its memory
        # a generator that needs a GPU is too slow for a show on a CPU: a frame takes longer than a transition
        if options.lines and (options.kind == "gpu" or not generator.memory_bytes):
            row["show"] = []
            for rate in SHOW_RATES:
                report(f"a show of {options.lines} lines at {rate} frames/s")
                row["show"].append(time_show(generator, perceptor.name, place, rate, options.lines))
    return row


@contextmanager
def _installed_or_random(
    generator: GeneratorSpec, perceptor: PerceptorSpec, place: ModelPlace
) -> Iterator[tuple[ModelPlace, bool]]:
    """Where both models are, and whether their weights are random.

    If a model or their latent bank is missing, the place is a temporary models folder with random weights.
    """
    installed = all(spec.installed(place) for spec in (generator, perceptor))
    if installed and models.has_bank(generator, perceptor.name, place):
        yield place, False
        return
    with TemporaryDirectory(prefix="laterna-weights-") as folder:
        missing = [spec for spec in (generator, perceptor) if not spec.embedded]
        for spec in missing:
            if spec.random_weights is None:
                raise models.not_installed(spec.name, place)
            spec.random_weights(Path(folder) / spec.files.folder, 1)
        yield place._replace(cache=Path(folder)), bool(missing)


def describe_machine(device: str) -> dict[str, str]:
    """The machine that the figures belong to."""
    facts = {
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "threads": str(torch.get_num_threads()),
        "device": device,
    }
    if device.startswith("cuda"):
        facts["gpu"] = torch.cuda.get_device_name(device)
        facts["cuda"] = str(torch.version.cuda)
    return facts


def print_tables(figures: dict[str, Any], console: Console) -> None:
    """Print the figures."""
    console.print(", ".join(f"{name} {value}" for name, value in figures["machine"].items()))
    for row in figures["models"]:
        weights = ", random weights of the true shape" if row["random_weights"] else ""
        console.print(f"\n{row['generator']} with {row['perceptor']}{weights}")
        limit = row["limit"]
        peaks = ", ".join(f"{peak} in {name}" for name, peak in limit["tera_operations_per_second"].items())
        console.print(
            f"peak of this device, measured now: {peaks} tera-operations/s, and {limit['gigabytes_per_second']} GB/s"
        )
        console.print(_single_works_table(row))
        if row.get("show"):
            console.print(_shows_table(row["show"]))


def _single_works_table(row: dict[str, Any]) -> Table:
    table = Table(
        "alone",
        "per second",
        "median ms",
        "p95 ms",
        "baseline ms",
        "ratio",
        "peer ms",
        "ratio",
        "of the roofline",
        box=None,
    )
    for work in (row["walk"], *row["dream"]):
        name = "frames" if work["work"] == "walk" else f"steps, {work['cutouts']} cutouts"
        ours, baseline, peer = work["ours"], work.get("baseline"), work.get("peer")
        table.add_row(
            *(name, f"{ours['per_second']:.1f}", f"{ours['median_ms']:.1f}", f"{ours['p95_ms']:.1f}"),
            f"{baseline['median_ms']:.1f}" if baseline else "-",
            f"{work['ratio']:.2f} x" if baseline else "-",
            f"{peer['median_ms']:.1f}" if peer else "-",
            f"{work['peer_ratio']:.2f} x" if peer else "-",
            f"{100 * work['share_of_limit']:.0f} %",
        )
    return table


def _shows_table(shows: Sequence[dict[str, Any]]) -> Table:
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
