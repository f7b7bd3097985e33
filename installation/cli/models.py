"""The commands that bring models here and show which there are: `models` and `fetch`."""

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
from installation.models import CACHE_VARIABLE

if TYPE_CHECKING:
    from installation.model_store.catalogue import CatalogueEntry
    from installation.model_store.download import Progress
    from installation.model_store.install import InstalledModel


def _take_folder(folder: Path | None) -> Path | None:
    """Says it to every process of this program by the environment."""
    if folder is not None:
        os.environ[CACHE_VARIABLE] = str(folder.expanduser().resolve())
    return folder


Folder = Annotated[
    Path | None,
    typer.Option(
        "--models", callback=_take_folder, help=f"The folder of fetched models; else ${CACHE_VARIABLE}, else a cache."
    ),
]


def models(
    folder: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> int:
    """Every generator, perceptor and recogniser: where it lies, whether it is verified, what can be used now."""
    from installation.model_store.inventory import NOT_HERE, rows
    from installation.models import default_place, device_memory

    del folder
    place = default_place(_device())
    found = rows(place, device_memory)
    if as_json:
        print(json.dumps([asdict(row) for row in found], indent=2))
        return 0
    from rich.table import Table

    from installation.cli.console import console
    from installation.model_store.download import megabytes

    table = Table("name", "kind", "size", "licence", "state", "usable", "where", box=None, padding=(0, 2, 0, 0))
    for column in table.columns[:-2]:
        column.no_wrap = True
    for row in found:
        usable = ("yes" if row.usable else "no") + (f": {row.why}" if row.why not in ("", NOT_HERE) else "")
        where = row.place.removeprefix(f"{place.cache}{os.sep}").removeprefix(f"{place.assets.parent}{os.sep}")
        size = megabytes(row.size) if row.size else ""
        table.add_row(row.name, row.kind, size, row.licence, row.state, usable, where)
    page = console()
    page.print(table)
    page.print(f"\nFetched models lie in {place.cache}; run_show.py fetch NAME brings one.", soft_wrap=True)
    return 0


def fetch(
    names: Annotated[list[str] | None, typer.Argument(help="Models by name; `run_show.py models` lists them.")] = None,
    all_for: Annotated[str | None, typer.Option(help="All that a show names: its name, or a TOML file.")] = None,
    source: Annotated[Path | None, typer.Option("--from", help="A file, or a folder such as a stick.")] = None,
    folder: Folder = None,
) -> int:
    """Bring models here, once: resumed, checked, and written whole or not at all."""
    from installation.model_store.selection import nothing_named, wished
    from installation.models import default_place
    from installation.show.loader import load_show

    del folder
    if not names and all_for is None:
        raise nothing_named()
    wanted = wished(names or [], load_show(all_for) if all_for is not None else None)
    if not wanted:
        print(f"{all_for} names no model that must be fetched: it plays with what is here.")
        return 0
    if source is not None and source.is_file() and len(wanted) > 1:
        raise ShowError(f"{source} is one file, and {len(wanted)} models are named: name one, or give a folder.")
    cache = default_place().cache
    for entry in wanted:
        print(_told(entry, _bring(entry, source, cache)))
    _advise([entry.name for entry in wanted])
    return 0


def _bring(entry: CatalogueEntry, source: Path | None, cache: Path) -> InstalledModel:
    from installation.model_store import install

    with _bar(entry.name) as (progress, tell):
        if source is not None:
            return install.fetch_from(entry, source, cache, progress)
        return install.fetch(entry, cache, progress, tell)


def _told(entry: CatalogueEntry, got: InstalledModel) -> str:
    how = ", converted from OpenMMLab's names" if got.converted else ""
    return f"{entry.name} is here, {got.state.value}{how}: {got.path} (from {got.source})"


def _advise(names: list[str]) -> None:
    """What a generator still wants before it can play."""
    from installation.models import FULL_SIZE, OPEN_CLIP, bank_file, default_place, fetched

    place = default_place()
    for name in (name for name in names if name in FULL_SIZE):
        seer = next((each for each in OPEN_CLIP if fetched(each, place)), None)
        if seer is None:
            print(f"{name} also wants a perceptor: run_show.py fetch {OPEN_CLIP[0]}")
        elif not any(bank_file(name, each, place.cache).is_file() for each in OPEN_CLIP):
            print(f"{name} also wants a Bank, once: run_show.py bank {name} --perceptor {seer}")


def _device() -> str:
    """Where the models would run; without torch where no full-size model is here to be asked about."""
    from installation.models import FULL_SIZE, OPEN_CLIP, default_place, fetched

    if not any(fetched(name, default_place()) for name in (*FULL_SIZE, *OPEN_CLIP)):
        return "cpu"
    from installation.render.loading import default_device

    return default_device()


@contextmanager
def _bar(name: str) -> Iterator[tuple[Progress, Callable[[str], None]]]:
    """Bytes, speed and time left, on the terminal's error stream; sentences stand above it."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=None, visible=False)

        def progress(so_far: int, total: int) -> None:
            bar.update(task, completed=so_far, total=total or None, visible=True)

        yield progress, partial(console.print, markup=False, highlight=False, soft_wrap=True)
