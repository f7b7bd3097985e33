"""The options that all commands of the studio share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from installation.cli import models
from installation.cli.play import parse_settings
from installation.core.errors import ShowError
from installation.core.param_table import MAX_SEED
from installation.core.params import PARAMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from installation.studio.workspace import StudioOptions

T = TypeVar("T", bound=str)

SIDES = range(64, 8193)  # pixels
MAX_PICTURES = 1000

Output = Annotated[Path, typer.Option("-o", "--output", help="The file to write.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same bytes.", min=0, max=MAX_SEED)]
SizeText = Annotated[str, typer.Option("--size", help="WIDTHxHEIGHT, for generators that can paint any size.")]
GeneratorName = Annotated[str, typer.Option("--generator", help="Name of the generator.")]
PerceptorName = Annotated[str, typer.Option("--perceptor", help="Name of the perceptor.")]
Device = Annotated[str, typer.Option("--device", help="cpu, cuda, cuda:1 or mps; auto: a GPU if there is one.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="NAME=VALUE: a key of [dream] or [models], or a live parameter; repeatable."),
]
ModelsFolder = models.Folder


def studio_options(
    generator: str = "auto",
    perceptor: str = "auto",
    device: str = "auto",
    size: str = "",
    assignments: Sequence[str] | None = None,
    folder: Path | None = None,
) -> StudioOptions:
    """The options of a command as the studio takes them; `assignments` are those of `--set`.

    Raises:
        ShowError: An option is wrong.
    """
    from installation.models import default_place
    from installation.render.loading import resolve_device
    from installation.show.loader import override
    from installation.show.settings import Show
    from installation.studio.workspace import StudioOptions

    named = {"models.generator": generator, "models.perceptor": perceptor, "models.device": device}
    given = {name: value for name, value in named.items() if value != "auto"}
    show, values = override(Show(), {**given, **parse_settings(assignments or ())})
    params = {name: value for name, value in values.items() if PARAMS[name].owner == "renderer"}
    place = default_place(resolve_device(show.models.device), folder)
    return StudioOptions(show.models, show.dream, params, place, height_width(size) if size else None)


def height_width(size: str) -> tuple[int, int]:
    """Parse WIDTHxHEIGHT. Raises ShowError if it is something else."""
    sides = [int(side) for side in size.split("x") if side.isascii() and side.isdigit() and len(side) < 5]
    if len(sides) != 2 or size != f"{sides[0]}x{sides[1]}" or not all(side in SIDES for side in sides):
        limits = f"{SIDES[0]} to {SIDES[-1]}"
        raise ShowError(f"--size takes WIDTHxHEIGHT of {limits} pixels each, such as 1280x720, not '{size}'.")
    return sides[1], sides[0]


def one_of(option: str, value: str, known: Iterable[T]) -> T:
    """Return the known value that equals `value`. Raises ShowError if there is none."""
    values = list(known)
    if value not in values:
        raise ShowError(f"{option} takes {', '.join(values)}, not '{value}'.")
    return values[values.index(value)]


def parse_seeds(text: str) -> list[int]:
    """Parse `1-4`, `3,7` or a mixture. Raises ShowError if it is something else."""
    seeds: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        digits = (first, last) if dash else (first,)
        if not all(each.isascii() and each.isdigit() and int(each) <= MAX_SEED for each in digits):
            raise ShowError(f"--seeds takes numbers such as 1-4 or 3,7, not '{text}'.")
        found = range(int(first), int(last or first) + 1)
        if not 0 < len(found) <= MAX_PICTURES:
            raise ShowError(f"--seeds takes at most {MAX_PICTURES} seeds, in ascending order, not '{text}'.")
        seeds += found
    return list(dict.fromkeys(seeds))


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with the remaining time on the terminal's error stream; the callable takes done and total."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=None)

        def update(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield update
