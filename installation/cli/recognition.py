"""The commands of the studio that take pictures of any program: `classify`, `search` and `upscale`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from installation.cli.studio_options import Device, ModelsFolder, PerceptorName, one_of, progress_bar
from installation.core.errors import ShowError

if TYPE_CHECKING:
    from installation.studio.classify import Classification

PRINTED_LABELS = 5


def classify(
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Pictures of any program.")],
    labels: Annotated[str, typer.Option("--labels", help="What to tell apart, separated by commas.")],
    template: Annotated[
        list[str] | None, typer.Option("--template", help="A text with {} for the label; repeatable.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write a contact sheet with the labels.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    perceptor: PerceptorName = "auto",
    device: Device = "auto",
    models: ModelsFolder = None,
) -> int:
    """Say which of a few labels fits each picture best, without training (zero-shot)."""
    from installation.core.paths import write_result
    from installation.models import default_place
    from installation.render.loading import resolve_device
    from installation.studio import classify as studio
    from installation.studio.picture_files import check_suffix, write_picture
    from installation.studio.workspace import make_folder

    if output is not None:
        check_suffix(output)
        make_folder(output.parent)
    wanted, templates = studio.parse_labels(labels), tuple(template or studio.TEMPLATES)
    studio.check_templates(templates)
    place = default_place(resolve_device(device), models)
    spec = studio.choose_perceptor(perceptor, place, images)
    _warn(studio.notice(spec, images))
    failed = False
    found: list[Classification] = []

    def tell() -> None:
        if as_json:
            rows = [{"picture": str(each.path), "perceptor": spec.name, "labels": _shares(each)} for each in found]
            print(json.dumps(rows, indent=2, ensure_ascii=False))
        elif found:
            _print_table(found, spec.name)
        if output is not None and found:
            sheet, about = studio.sheet_of(found), {"command": "classify", "labels": labels}
            write_result(output, lambda path: write_picture(path, sheet, about))
            print(output, file=sys.stderr if as_json else sys.stdout)

    try:
        with progress_bar("looking") as update:
            for result in studio.classify(images, wanted, spec, place, templates=templates, progress=update):
                if isinstance(result, ShowError):
                    failed = True
                    _warn(str(result))
                else:
                    found.append(result)
    except KeyboardInterrupt:
        if found:
            tell()
        raise
    tell()
    return 2 if failed and not found else 0


def search(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder of pictures and films.")],
    query: Annotated[str, typer.Argument(help="Words, or a picture file to find similar ones.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write a contact sheet of the hits.")] = None,
    count: Annotated[int, typer.Option(help="Hits.", min=1, max=200)] = 12,
    every: Annotated[float, typer.Option(help="Seconds between two frames of a film.", min=0.1, max=3600.0)] = 2.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    perceptor: PerceptorName = "auto",
    device: Device = "auto",
    models: ModelsFolder = None,
) -> int:
    """Find pictures and moments of films by words or by a picture. The first search of a folder takes longer."""
    from installation.core.paths import write_result
    from installation.models import default_place, load_perceptor
    from installation.render.loading import resolve_device
    from installation.studio import search as studio
    from installation.studio.classify import choose_perceptor, notice
    from installation.studio.picture_files import check_suffix, write_picture
    from installation.studio.search_index import Indexer, pictures_in
    from installation.studio.workspace import make_folder

    if output is not None:
        check_suffix(output)
        make_folder(output.parent)
    place = default_place(resolve_device(device), models)
    pictures = pictures_in(folder)
    spec = choose_perceptor(perceptor, place, pictures, films_alone=not pictures)
    _warn(notice(spec, pictures))
    loaded = load_perceptor(spec.name, place)
    wanted = studio.query_embedding(loaded, query, place.device)
    with progress_bar("looking") as update:
        index = Indexer(folder, loaded, place.device, every).update(update)
    for problem in index.problems:
        _warn(problem)
    hits = studio.best_hits(index, wanted, count)
    if as_json:
        print(json.dumps([{**hit.entry._asdict(), "score": hit.score} for hit in hits], indent=2, ensure_ascii=False))
    else:
        for hit in hits:
            print(f"{hit.score:6.3f}  {studio.hit_name(hit.entry)}")
    if output is not None:
        sheet = studio.hit_sheet(folder, hits, query)
        about = {"command": "search", "query": query, "perceptor": spec.name}
        write_result(output, lambda path: write_picture(path, sheet, about))
        print(output, file=sys.stderr if as_json else sys.stdout)
    return 0


def upscale(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A picture or a film.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The file to write.")] = None,
    scale: Annotated[int, typer.Option(help="How many times wider and higher.", min=2, max=8)] = 4,
    method: Annotated[str, typer.Option(help="lanczos, realesrgan, or realesrgan-video, which is faster.")] = "lanczos",
    gpu: Annotated[bool, typer.Option("--gpu", help="Run Real-ESRGAN on the first Vulkan device.")] = False,
) -> int:
    """Enlarge a picture or a film."""
    from installation.studio import upscale as studio
    from installation.studio.workspace import make_folder

    chosen = one_of("--method", method, studio.METHODS)
    target = output or studio.target_of(source, scale)
    studio.check_files(source, target)
    make_folder(target.parent)
    upscaler = studio.Upscaler(scale, chosen, gpu)
    with progress_bar("enlarging") as update:
        studio.upscale(source, target, upscaler, update)
    print(target)
    return 0


def _shares(each: Classification) -> dict[str, float]:
    return dict(zip(each.labels, each.shares, strict=True))


def _print_table(found: list[Classification], perceptor: str) -> None:
    from rich.table import Table

    from installation.cli.console import console

    table = Table("picture", f"labels, by {perceptor}", box=None, padding=(0, 2, 0, 0))
    for each in found:
        shares = list(_shares(each).items())[:PRINTED_LABELS]
        table.add_row(str(each.path), "  ".join(f"{label} {share:.0%}" for label, share in shares))
    console().print(table)


def _warn(sentence: str) -> None:
    if sentence:
        print(sentence, file=sys.stderr)
