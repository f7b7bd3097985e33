"""The command `imagine`: one picture of a prompt, or a sheet of several seeds, with a live view in the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from installation.cli.imagine_view import live_view
from installation.cli.studio_options import (
    Device,
    GeneratorName,
    ModelsFolder,
    PerceptorName,
    Settings,
    height_width,
    one_of,
    parse_seeds,
    studio_options,
)
from installation.core.errors import ShowError
from installation.core.param_table import MAX_SEED

if TYPE_CHECKING:
    from collections.abc import Callable

    from installation.studio.imagine import Imagined, ImagineState
    from installation.studio.workspace import Studio

STEPS = 150
PRINTED_SCORES = 12  # of all scores of a picture
VIDEO_FRAMES = 120  # of a progress video, about


class Quality(NamedTuple):
    """A preset, as pixray has them."""

    iterations: int
    cutouts: int
    size: int  # pixels of the optimised picture, where the generator has no fixed size


QUALITIES = {
    "draft": Quality(40, 4, 64),
    "normal": Quality(STEPS, 6, 96),
    "better": Quality(300, 16, 128),
    "best": Quality(600, 32, 192),
}

FLAGS = {  # options that are keys of a show, and their names with --set
    "optimizer": "dream.optimizer",
    "cutouts": "dream.cutouts",
    "learning_rate": "dream.learning_rate",
    "population": "dream.population",
    "loss": "dream.loss",
    "classes": "dream.classes",
    "start": "dream.start",
    "start_classes": "dream.start_classes",
    "truncation": "latent/truncation",
}


def imagine(
    text: Annotated[str, typer.Argument(help="'a fox:2 | fog | blur:-1 | photo.png:.5'")] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="PNG, JPEG or WebP. Default: the prompt and the seed.")
    ] = None,
    iterations: Annotated[
        int | None, typer.Option("--iterations", "--steps", help="Optimisation steps. Default: 150.", min=0)
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same bytes.", min=0, max=MAX_SEED)] = None,
    seeds: Annotated[str, typer.Option(help="Several seeds, and one sheet of them: 1-9 or 3,7.")] = "",
    size: Annotated[str, typer.Option(help="WIDTHxHEIGHT. Default: 1280x720, or the generator's own size.")] = "",
    optimizer: Annotated[
        str, typer.Option(help="adam, sgd, cma-es, cma-es-with-adam, cma-es-then-adam, or those two with sgd.")
    ] = "",
    cutouts: Annotated[str, typer.Option(help="Cutouts of an iteration.")] = "",
    learning_rate: Annotated[str, typer.Option(help="Of z.")] = "",
    population: Annotated[str, typer.Option(help="Candidates of a generation of CMA-ES.")] = "",
    loss: Annotated[str, typer.Option(help="spherical or cosine.")] = "",
    classes: Annotated[str, typer.Option(help="discrete, optimised or frozen.")] = "",
    class_: Annotated[list[str] | None, typer.Option("--class", help="A class at the start; repeatable.")] = None,
    start: Annotated[str, typer.Option(help="bank, random or fusedream.")] = "",
    start_classes: Annotated[str, typer.Option(help="words, bank, random, dirichlet, mix or embedding.")] = "",
    truncation: Annotated[str, typer.Option(help="0.05 to 1.")] = "",
    quality: Annotated[
        str, typer.Option(help="draft, normal, better or best: iterations, cutouts and detail at once.")
    ] = "",
    layers: Annotated[bool, typer.Option("--layers", help="A z for each layer of a BigGAN, as in Big Sleep.")] = False,
    grayscale: Annotated[bool, typer.Option("--grayscale", help="Without colours.")] = False,
    onto: Annotated[str, typer.Option(help="Set what the prompt shows into a picture of these words.")] = "",
    resume: Annotated[Path | None, typer.Option(help="Continue from these stored latents.")] = None,
    like: Annotated[Path | None, typer.Option(help="Repeat the settings inside this picture.")] = None,
    latents: Annotated[
        bool, typer.Option("--latents", help="Also write .safetensors, _noise.txt and _class.txt.")
    ] = False,
    video: Annotated[bool, typer.Option("--video", help="Also write a film of the progress, .mp4.")] = False,
    save_every: Annotated[
        int, typer.Option(help="Write a picture of every so many iterations; with --latents theirs too.", min=0)
    ] = 0,
    preview: Annotated[bool, typer.Option("--preview", help="Show the picture in a window meanwhile.")] = False,
    generator: GeneratorName = "auto",
    perceptor: PerceptorName = "auto",
    device: Device = "auto",
    set_: Settings = None,
    models: ModelsFolder = None,
) -> int:
    """Make one picture of a prompt, with the same models and optimisation as a show. Ctrl-C keeps the best so far."""
    from installation.models.stored_latents import read_latents
    from installation.studio.composition import compose
    from installation.studio.imagine import imagine as make
    from installation.studio.imagine import settings_of, so_far
    from installation.studio.picture_files import check_suffix, repeatable_settings, safe_name
    from installation.studio.workspace import Studio, make_folder

    given = {
        **dict(zip(FLAGS, (optimizer, cutouts, learning_rate, population, loss, classes), strict=False)),
        "start": start,
        "start_classes": start_classes,
        "truncation": truncation,
    }
    assignments = [f"{FLAGS[name]}={value}" for name, value in given.items() if value]
    assignments += [f"dream.class_names={json.dumps(class_, ensure_ascii=False)}"] if class_ else []
    assignments += ["dream.latents=layers"] if layers else []
    assignments += ["dream.grayscale=true"] if grayscale else []
    if quality:
        preset = QUALITIES[one_of("--quality", quality, QUALITIES)]
        iterations = preset.iterations if iterations is None else iterations
        assignments = [f"dream.cutouts={preset.cutouts}", f"dream.size={preset.size}", *assignments]
    if like is not None:
        found, its_seed, its_steps, its_assignments = repeatable_settings(like)
        text, size = text or found.get("prompt", ""), size or found.get("size", "")
        onto = onto or found.get("onto", "")
        generator = found.get("generator", "auto") if generator == "auto" else generator
        perceptor = found.get("perceptor", "auto") if perceptor == "auto" else perceptor
        seed = its_seed if seed is None else seed
        iterations = its_steps if iterations is None else iterations
        assignments = [*its_assignments, *assignments]
    if not text:
        raise ShowError("Say what the picture should show: run_show.py imagine 'a red sun over the sea'.")
    if onto and (resume is not None or video or save_every):
        raise ShowError("--onto makes a picture of two dreams: leave out --resume, --video and --save-every.")
    numbers = parse_seeds(seeds) if seeds else [1 if seed is None else seed]
    target = output or Path(f"{safe_name(text)}_{numbers[0] if len(numbers) == 1 else seeds.replace(',', '-')}.png")
    check_suffix(target)
    if size:
        height_width(size)
    make_folder(target.parent)
    assignments += set_ or []
    options = studio_options(generator, perceptor, device, size, assignments, models)
    studio = Studio(options.for_stored(resume) if resume is not None else options)
    steps = STEPS if iterations is None else iterations
    point = studio.stored(resume)[:1] if resume is not None else None
    new_words = resume is not None and read_latents(resume).settings.get("prompt", text) != text
    every = max(1, steps // VIDEO_FRAMES) if video else 0
    results: list[Imagined] = []
    number, stem = numbers[0], target

    def rescue(state: ImagineState) -> None:
        shown = so_far(studio, text, number, state)
        _write(studio, stem, [shown], settings_of(studio, shown, steps, assignments, onto), latents=latents)
        print(f"The display is gone: {stem} shows iteration {state.step} of {steps}.")

    with live_view(studio, preview, rescue) as view, _keeping(results):
        for number in numbers:
            stem = target if len(numbers) == 1 else target.with_stem(f"{target.stem}_{number}")
            if onto:
                results.append(compose(studio, text, onto, number, steps, on_state=view))
            else:
                on_state = _saving(studio, stem, save_every, latents, view) if save_every else view
                results.append(
                    make(
                        studio,
                        text,
                        number,
                        steps,
                        on_state=on_state,
                        resume=point,
                        new_words=new_words,
                        stage_every=every,
                    )
                )
            if len(numbers) > 1:  # each at once, so that none is lost
                own = settings_of(studio, results[-1], steps, assignments, onto)
                _write(studio, stem, results[-1:], own, latents=latents)
            if results[-1].interrupted:
                break
    about = settings_of(studio, results[0], steps, assignments, onto)
    _write(studio, target, results, about, latents=latents)
    if video:
        _write_video(studio, target.with_suffix(".mp4"), results[0])
    _print(target, results, steps)
    if len(results) < len(numbers):
        print(f"Interrupted after {len(results)} of {len(numbers)} seeds; their pictures are kept.")
    return 0


@contextmanager
def _keeping(results: Sequence[Imagined]) -> Iterator[None]:
    """Let Ctrl-C end the work, but keep the pictures that are finished."""
    try:
        yield
    except KeyboardInterrupt:
        if not results:
            raise


def _write(studio: Studio, target: Path, results: Sequence[Imagined], about: dict[str, str], latents: bool) -> None:
    """Write the picture, or the sheet of several, and the latents if they are asked for."""
    from installation.core.paths import write_result
    from installation.studio.contact_sheet import Cell, cell_size, contact_sheet, rows_of
    from installation.studio.picture_files import write_picture

    picture = results[0].picture
    if len(results) > 1:
        cells = [Cell(each.picture, f"seed {each.seed}") for each in results]
        picture = contact_sheet(rows_of(cells, round(len(cells) ** 0.5 + 0.49)), cell=cell_size(picture, 216))

    def write(path: Path) -> None:
        write_picture(path, picture, about)
        if latents:
            _write_latents(studio, path, results, about)

    write_result(target, write)


def _write_latents(studio: Studio, target: Path, results: Sequence[Imagined], about: dict[str, str]) -> None:
    """Write latents beside `target` as safetensors, and those of one seed as the notebooks do. Raises OSError."""
    import numpy as np

    from installation.models.capabilities import FreeLatents
    from installation.models.interfaces import Latents
    from installation.models.stored_latents import SUFFIX, save_latents, save_notebook_latents

    points = [each.latents for each in results]
    together = Latents(*(np.concatenate([getattr(point, part) for point in points]) for part in ("z", "classes")))
    save_latents(target.with_suffix(SUFFIX), studio.store(together, about))
    if len(results) > 1 or isinstance(studio.generator, FreeLatents):
        return  # the notebooks have no z that describe a picture
    for row in range(len(together)):  # two of a composition
        name = target.stem if len(together) == 1 else f"{target.stem}_{row + 1}"
        save_notebook_latents(target.with_name(name), together[row : row + 1])


def _saving(
    studio: Studio, target: Path, every: int, latents: bool, view: Callable[[ImagineState], None] | None
) -> Callable[[ImagineState], None]:
    """What writes a picture, and its latents, of every so many iterations at once, before it passes a state on."""
    from installation.models.stored_latents import SUFFIX, save_latents
    from installation.studio.imagine import paint
    from installation.studio.picture_files import write_picture

    full = False

    def on_state(state: ImagineState) -> None:
        nonlocal full
        if state.step % every == 0 and not full:
            path = target.with_stem(f"{target.stem}-{state.step:04}")
            try:
                write_picture(path, paint(studio, state.point), {"iteration": str(state.step)})
                if latents:
                    save_latents(path.with_suffix(SUFFIX), studio.store(state.point, {"iteration": str(state.step)}))
            except OSError as error:
                full = True
                reason = error.strerror or error
                print(f"{path} cannot be written: {reason}. The work goes on without saving its way.", file=sys.stderr)
        if view is not None:
            view(state)

    return on_state


def _write_video(studio: Studio, path: Path, result: Imagined) -> None:
    from installation.studio.imagine import paint
    from installation.studio.video import FilmWriter

    with FilmWriter(path, 24.0) as film:
        for point in (*result.stages, *[result.latents] * 24):
            film.write(paint(studio, point))
    print(path)


def _print(target: Path, results: Sequence[Imagined], steps: int) -> None:
    for each in results:
        seed = f"seed {each.seed}: " if len(results) > 1 else ""
        if each.scores:
            print(f"{seed}score {score_line(each.scores)}, best {each.best_score:.3f}\n{', '.join(each.labels)}")
        if each.notice:
            print(each.notice)
        if each.interrupted:
            print(f"Interrupted after {each.steps} of {steps} iterations; the best picture so far is kept.")
    print(target)


def score_line(scores: Sequence[float]) -> str:
    """About `PRINTED_SCORES` evenly spaced scores and the last one."""
    every = max(1, len(scores) // PRINTED_SCORES)
    return " ".join(f"{score:.3f}" for score in [*scores[:-1:every], scores[-1]])
