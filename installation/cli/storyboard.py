"""The command `storyboard`: several pictures for every line of a show, of which the chosen ones are pinned."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from installation.cli.play import parse_settings
from installation.cli.studio_options import Device, ModelsFolder, Settings, height_width, parse_seeds, progress_bar
from installation.core.params import PARAMS

if TYPE_CHECKING:
    from installation.studio.storyboard import Picks, Source
    from installation.studio.workspace import StudioOptions

HEIGHT = 360  # pixels of a picture, by default


def storyboard(
    source: Annotated[str, typer.Argument(metavar="POEM.TXT|SHOW", help="A text file, or a show.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder. Default: NAME-storyboard beside the show.")
    ] = None,
    seeds: Annotated[str, typer.Option(help="A picture for each: 1-4 or 3,7.")] = "1-4",
    iterations: Annotated[int, typer.Option("--iterations", "--steps", help="Of each picture.", min=0)] = 60,
    pick: Annotated[
        list[str] | None, typer.Option(help="LINE:SEED: pin this picture beside the show; repeatable.")
    ] = None,
    picks: Annotated[Path | None, typer.Option(help="Pin what the page has saved, picks.json.")] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Serve the page on this machine, where a click pins.")] = False,
    port: Annotated[int, typer.Option(help="Of the page; 0: any free one.", min=0, max=65535)] = 0,
    size: Annotated[str, typer.Option(help="WIDTHxHEIGHT of the pictures. Default: the show's shape.")] = "",
    device: Device = "auto",
    set_: Settings = None,
    models: ModelsFolder = None,
) -> int:
    """Make several pictures for every line or cue, on a sheet and a page; the chosen ones are pinned to the show."""
    from installation.core.paths import writing
    from installation.show.text_file import read_text
    from installation.studio.storyboard import (
        SHEET,
        find_entry,
        has_picture,
        make_picture,
        notice_of,
        parse_picks,
        pin,
        read_source,
        render,
    )
    from installation.studio.storyboard_page import HOST, read_picks, write_page
    from installation.studio.storyboard_page import serve as server_of
    from installation.studio.workspace import Studio, make_folder

    board = read_source(source)
    folder = output or board.path.with_name(f"{board.path.stem}-storyboard")
    numbers = parse_seeds(seeds)
    chosen = parse_picks(pick or ())
    if picks is not None:
        chosen |= read_picks(read_text(picks, f"the choice {picks}"), str(picks))
    entries = {number: find_entry(board, number) for number in chosen}
    board, options = _options(board, device, size, set_, models)
    studio = Studio(options)
    if chosen:
        make_folder(folder)
        with progress_bar("pinning") as update:
            for done, (number, seed) in enumerate(chosen.items(), 1):
                if not has_picture(entries[number], seed, folder):  # what was chosen is never made anew
                    make_picture(studio, entries[number], seed, iterations, folder)
                update(done, len(chosen))
        for path in pin(board, chosen, folder):
            print(f"pinned {path}")
        return 0
    with progress_bar("pictures") as update:
        rows = render(studio, board, numbers, iterations, folder, update)
    words = [
        "run_show.py",
        "storyboard",
        source,
        *(["-o", str(output)] if output else ()),
        f"--iterations={iterations}",
    ]
    command = shlex.join(words)
    with writing(folder):
        page = write_page(board, rows, numbers, folder, command)
    for entry, pictures in zip(board.entries, rows, strict=True):
        if told := notice_of(pictures):
            print(f"{entry.number}: {told}")
    print(f"{folder / SHEET}\n{page}")
    if serve:

        def choose(picked: Picks) -> list[Path]:
            return pin(board, picked, folder)

        with server_of(folder, choose, port) as server:
            print(f"http://{HOST}:{server.server_port}/ serves the page; Ctrl-C ends it.", flush=True)
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                return 0
    return 0


def _options(
    board: Source, device: str, size: str, assignments: list[str] | None, folder: Path | None
) -> tuple[Source, StudioOptions]:
    """The source and the studio's options with the assignments of `--set` applied."""
    from installation.models import default_place
    from installation.render.loading import resolve_device
    from installation.show.loader import override
    from installation.studio.workspace import StudioOptions

    named = {"models.device": device} if device != "auto" else {}
    show, values = override(board.show, {**named, **parse_settings(assignments or ())})
    params = {name: value for name, value in {**show.params, **values}.items() if _is_renderers(name)}
    width, height = show.look.size
    shape = height_width(size) if size else (HEIGHT, round(HEIGHT * width / height))
    place = default_place(resolve_device(show.models.device), folder)
    return replace(board, show=show), StudioOptions(show.models, show.dream, params, place, shape)


def _is_renderers(name: str) -> bool:
    return name in PARAMS and PARAMS[name].owner == "renderer"
