"""The commands that need no show: a latent bank for fetched models, the speed of this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from installation.cli import models
from installation.core.param_table import MAX_SEED
from installation.core.paths import writing


def bank(
    generator: Annotated[str, typer.Argument(help="Name of a fetched generator.")],
    perceptor: Annotated[str, typer.Option(help="Name of the perceptor.")] = "auto",
    entries: Annotated[
        int, typer.Option(help="Pictures in the bank; 512 are enough without a GPU.", min=64, max=65_536)
    ] = 4096,
    seed: Annotated[int, typer.Option(help="The same seed gives the same pictures.", min=0, max=MAX_SEED)] = 1,
    models: models.Folder = None,
) -> int:
    """Build the latent bank of two fetched models, from which their dreams start. Needed once."""
    from installation.models import default_place
    from installation.render.loading import default_device
    from installation.training.bank_builder import build_own

    place = default_place(default_device(), models)
    with writing(place.cache):
        build_own(generator, perceptor, entries, seed, place)
    return 0


def bench(
    generator: Annotated[
        list[str] | None, typer.Option(help="Name of a generator; repeatable. Default: those that suit the device.")
    ] = None,
    perceptor: Annotated[str, typer.Option(help="Name of the perceptor.")] = "auto",
    cutouts: Annotated[list[int] | None, typer.Option(help="Cutouts of a step; repeatable.", min=1)] = None,
    seconds: Annotated[float, typer.Option(help="Duration of each measurement.", min=0.01)] = 3.0,
    lines: Annotated[int, typer.Option(help="Prompts in each measured show; 0 measures no show.", min=0)] = 12,
    device: Annotated[str, typer.Option(help="cpu, cuda or mps.")] = "auto",
    output: Annotated[
        Path | None, typer.Option("--json", help="Write the figures to this file; - is the standard output.")
    ] = None,
    models: models.Folder = None,
) -> int:
    """Measure the speed of this machine against a baseline and the physical limit. Takes minutes."""
    from installation.bench.runner import BenchOptions, print_tables, run_bench
    from installation.cli.console import console
    from installation.models import default_place
    from installation.render.loading import limit_threads, resolve_device

    limit_threads()
    place = default_place(resolve_device(device), models)
    options = BenchOptions(place, generator or (), perceptor, cutouts or (), seconds, lines)
    figures = run_bench(options, console(stderr=True).print)
    text = json.dumps(figures, indent=2)
    if output == Path("-"):
        print(text)
        return 0
    print_tables(figures, console())
    if output:
        with writing(output):
            output.write_text(text + "\n", encoding="utf-8")
    return 0
