"""The commands that need no show: one picture, the Bank of fetched models, the speed of this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from installation.cli import models
from installation.core.errors import ShowError

COURSE = 12  # how many scores of a picture's course are told


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """A file that cannot be written is one sentence. Raises ShowError."""
    try:
        yield
    except OSError as error:
        raise ShowError(f"{path} cannot be written: {error.strerror}.") from None


def imagine(
    text: Annotated[str, typer.Argument(help="The words.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The PNG file.")],
    steps: Annotated[int, typer.Option(help="Optimisation steps.", min=0)] = 150,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.", min=0)] = 1,
    size: Annotated[str, typer.Option(help="WIDTHxHEIGHT, where the generator is free in size.")] = "1280x720",
    generator: Annotated[str, typer.Option(help="Which generator.")] = "auto",
    perceptor: Annotated[str, typer.Option(help="Which perceptor.")] = "auto",
    models: models.Folder = None,
) -> int:
    """One picture, offline, by the same models, dream and Bank."""
    from installation.render.still import imagine as dream_of

    del models
    if output.suffix.lower() != ".png":
        raise ShowError(f"the picture is a PNG: -o {output.with_suffix('.png')}, not {output}.")
    with writing(output):
        output.parent.mkdir(parents=True, exist_ok=True)
    picture = dream_of(text, generator, perceptor, steps, seed, _height_width(size))
    with writing(output):
        picture.save(output)
    every = max(1, len(picture.course) // COURSE)
    course = " ".join(f"{score:.3f}" for score in [*picture.course[:-1:every], picture.course[-1]])
    print(f"score {course}\n{', '.join(picture.labels)}\n{output}")
    if picture.notice:
        print(picture.notice)
    return 0


def bank(
    generator: Annotated[str, typer.Argument(help="A generator that is fetched.")],
    perceptor: Annotated[str, typer.Option(help="Which perceptor.")] = "auto",
    entries: Annotated[int, typer.Option(help="Pictures; 512 will do where there is no GPU.", min=64)] = 4096,
    seed: Annotated[int, typer.Option(help="Same seed, same pictures.", min=0)] = 1,
    models: models.Folder = None,
) -> int:
    """Build the Bank of two fetched models, from which their dreams start; needed once."""
    from installation.models import default_place
    from installation.render.loading import usual_device
    from installation.training.bank_builder import build_own

    del models
    place = default_place(usual_device())
    with writing(place.cache):
        build_own(generator, perceptor, entries, seed, place)
    return 0


def bench(
    generator: Annotated[
        list[str] | None, typer.Option(help="Which generators; default: what suits the device.")
    ] = None,
    perceptor: Annotated[str, typer.Option(help="Which perceptor.")] = "auto",
    cutouts: Annotated[list[int] | None, typer.Option(help="Of a step; repeatable.", min=1)] = None,
    seconds: Annotated[float, typer.Option(help="That each work is timed for.", min=0.01)] = 3.0,
    lines: Annotated[int, typer.Option(help="Said in each whole show; 0: no shows.", min=0)] = 12,
    device: Annotated[str, typer.Option(help="cpu, cuda or mps.")] = "auto",
    output: Annotated[Path | None, typer.Option("--json", help="Also write the figures here; - is the output.")] = None,
    models: models.Folder = None,
) -> int:
    """How fast this machine is, beside the ordinary way and the physical limit. Minutes."""
    from installation.bench.runner import print_tables, run_bench
    from installation.cli.console import console
    from installation.models import default_place
    from installation.render.loading import device_named, limit_threads

    del models
    limit_threads()
    place = default_place(device_named(device))
    figures = run_bench(generator or (), perceptor, cutouts or (), seconds, lines, place, console(stderr=True).print)
    text = json.dumps(figures, indent=2)
    if output == Path("-"):
        print(text)
        return 0
    print_tables(figures, console())
    if output:
        with writing(output):
            output.write_text(text + "\n", encoding="utf-8")
    return 0


def _height_width(size: str) -> tuple[int, int]:
    width, sign, height = size.partition("x")
    if not (sign and width.isdigit() and height.isdigit() and min(int(width), int(height)) >= 64):
        raise ShowError(f"--size takes WIDTHxHEIGHT of 64 pixels and more, such as 1280x720, not '{size}'.")
    return int(height), int(width)
