"""The commands that list and install models: `models` and `fetch`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from installation.core.errors import ShowError
from installation.models import MODELS_VARIABLE

if TYPE_CHECKING:
    from installation.core.model_files import ModelFiles
    from installation.model_store.download import Progress
    from installation.model_store.install import InstalledModel
    from installation.model_store.inventory import InventoryRow
    from installation.models.interfaces import ModelPlace


Folder = Annotated[
    Path | None,
    typer.Option(
        "--models",
        help=f"The folder of installed models. Default: ${MODELS_VARIABLE}, else the user's cache.",
    ),
]


def models(
    folder: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """List all generators, perceptors and recognisers: where they are, and whether they can be used."""
    from installation.model_store.inventory import inventory
    from installation.models import default_place

    place = default_place(cache=folder)
    rows = inventory(place._replace(device=_device(place)))
    if as_json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
    else:
        _print_table(rows, place)
    return 0


def _print_table(rows: list[InventoryRow], place: ModelPlace) -> None:
    from rich.table import Table

    from installation.cli.console import console
    from installation.model_store.download import format_bytes
    from installation.model_store.inventory import NOT_INSTALLED

    table = Table("name", "kind", "size", "licence", "state", "usable", "where", box=None, padding=(0, 2, 0, 0))
    for column in table.columns[:-2]:
        column.no_wrap = True
    for row in rows:
        usable = ("yes" if row.usable else "no") + (f": {row.why}" if row.why not in ("", NOT_INSTALLED) else "")
        where = row.place.removeprefix(f"{place.cache}{os.sep}").removeprefix(f"{place.assets.parent}{os.sep}")
        size = format_bytes(row.size) if row.size else ""
        table.add_row(row.name, row.kind, size, row.licence, row.state, usable, where)
    page = console()
    page.print(table)
    page.print(f"\nThe models folder is {place.cache}; run_show.py fetch NAME installs a model there.", soft_wrap=True)


def _device(place: ModelPlace) -> str:
    """Where models would run. Without an installed model it is not asked, since that takes an import of torch."""
    from installation.models import all_specs

    if not any(spec.installed(place) for spec in all_specs() if not spec.embedded):
        return "cpu"
    from installation.render.loading import default_device

    return default_device()


def fetch(
    names: Annotated[list[str] | None, typer.Argument(help="Names of models; `run_show.py models` lists them.")] = None,
    all_for: Annotated[str | None, typer.Option(help="All models that a show names: its name, or a TOML file.")] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="Install from a local file or folder, such as a USB stick.")
    ] = None,
    folder: Folder = None,
) -> int:
    """Download models, or copy them from a folder. A download resumes, and is verified before it is used."""
    from installation.model_store.catalogue import nothing_requested, requested
    from installation.models import default_place
    from installation.show.loader import load_show

    if not names and all_for is None:
        raise nothing_requested()
    wanted = requested(names or [], load_show(all_for) if all_for is not None else None)
    if not wanted:
        print(f"{all_for} names no model that must be installed: it runs with what is here.")
        return 0
    if source is not None and source.is_file() and len(wanted) > 1:
        raise ShowError(f"{source} is one file, but {len(wanted)} models are named: name one, or give a folder.")
    place = default_place(cache=folder)
    for files in wanted:
        print(_summary(files, _install(files, source, place.cache)))
    for sentence in _missing_partners([files.name for files in wanted], place):
        print(sentence)
    return 0


def _install(files: ModelFiles, source: Path | None, cache: Path) -> InstalledModel:
    from installation.model_store import install

    with _progress_bar(files.name) as (progress, report):
        if source is not None:
            return install.fetch_from(files, source, cache, progress)
        return install.fetch(files, cache, progress, report)


def _summary(files: ModelFiles, installed: InstalledModel) -> str:
    conversion = ", converted from OpenMMLab's names" if installed.converted else ""
    return f"{files.name} is installed, {installed.state.value}{conversion}: {installed.path} (from {installed.source})"


def _missing_partners(names: list[str], place: ModelPlace) -> list[str]:
    """What the named generators still need before a show can use them, one sentence each."""
    from installation.models import GENERATORS, has_bank, matching_perceptors

    sentences = []
    for spec in (GENERATORS[name] for name in names if name in GENERATORS):
        matching = matching_perceptors(spec)
        installed = [perceptor.name for perceptor in matching if perceptor.installed(place)]
        if not installed:
            sentences.append(f"{spec.name} also needs a perceptor: run_show.py fetch {matching[0].name}")
        elif not any(has_bank(spec, perceptor.name, place) for perceptor in matching):
            command = f"run_show.py bank {spec.name} --perceptor {installed[0]}"
            sentences.append(f"{spec.name} also needs a latent bank, built once: {command}")
    return sentences


@contextmanager
def _progress_bar(name: str) -> Iterator[tuple[Progress, Callable[[str], None]]]:
    """Bytes, speed and remaining time on standard error; the second callable prints a sentence above the bar."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=None, visible=False)

        def progress(so_far: int, total: int) -> None:
            bar.update(task, completed=so_far, total=total or None, visible=True)

        yield progress, partial(console.print, markup=False, highlight=False, soft_wrap=True)
