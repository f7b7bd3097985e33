"""The commands of the studio that show a generator's latent space, and `film`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from installation.cli.studio_options import (
    Device,
    GeneratorName,
    ModelsFolder,
    Output,
    PerceptorName,
    Seed,
    Settings,
    SizeText,
    height_width,
    one_of,
    progress_bar,
    studio_options,
)
from installation.core.errors import ShowError


def sample(
    classes: Annotated[list[str] | None, typer.Argument(help="Classes by name or number; none for any.")] = None,
    output: Output = Path("samples.png"),
    count: Annotated[int, typer.Option(help="Pictures, or rows of a sweep.", min=1, max=100)] = 10,
    truncation: Annotated[
        float, typer.Option(help="Low for typical pictures, high for varied ones.", min=0.02, max=1.0)
    ] = 0.8,
    sweep: Annotated[bool, typer.Option("--sweep", help="Each picture at truncations from 0.1 to 1.")] = False,
    print_z: Annotated[bool, typer.Option("--print-z", help="Print the z of every picture.")] = False,
    save_latents: Annotated[Path | None, typer.Option(help="Write the latents to this .safetensors file.")] = None,
    seed: Seed = 1,
    size: SizeText = "",
    generator: GeneratorName = "auto",
    device: Device = "auto",
    set_: Settings = None,
    models: ModelsFolder = None,
) -> int:
    """Paint random pictures of a generator's classes on one labelled sheet."""
    from installation.core.paths import write_result
    from installation.models.stored_latents import check_suffix as check_latents_suffix
    from installation.models.stored_latents import save_latents as save
    from installation.studio.picture_files import check_suffix, write_picture
    from installation.studio.sample import format_z
    from installation.studio.sample import sample as paint
    from installation.studio.workspace import Studio, make_folder

    check_suffix(output)
    if save_latents is not None:
        check_latents_suffix(save_latents)
    for path in filter(None, (output, save_latents)):
        make_folder(path.parent)
    settings = [*(set_ or ()), f"latent/truncation={truncation}"]
    studio = Studio(studio_options(generator, "auto", device, size, settings, models))
    with progress_bar("painting") as update:
        samples = paint(studio, classes or (), count, seed, sweep, update)
    about = {"generator": studio.generator_name, "seed": str(seed), "truncation": f"{truncation:g}"}
    described = {"command": "sample", "classes": ", ".join(classes or ()), **about}
    write_result(output, lambda path: write_picture(path, samples.sheet, described))
    for row, labels in enumerate(samples.labels):
        print(f"{row + 1:3} {', '.join(labels)}")
        if print_z:
            print(format_z(samples.points, row))
    if save_latents is not None:
        write_result(save_latents, lambda path: save(path, studio.store(samples.points, about)))
        print(save_latents)
    print(output)
    return 0


def interpolate(
    first: Annotated[str, typer.Argument(metavar="A", help="A class, seed:7, stored latents, or words.")],
    last: Annotated[str, typer.Argument(metavar="B", help="The same.")],
    output: Output = Path("interpolation.png"),
    steps: Annotated[int, typer.Option(help="Pictures of a row, or frames of a film.", min=2, max=100_000)] = 8,
    rows: Annotated[int, typer.Option(help="Rows, each with another seed.", min=1, max=20)] = 1,
    linear: Annotated[bool, typer.Option("--linear", help="Interpolate z linearly instead of by slerp.")] = False,
    iterations: Annotated[int, typer.Option(help="Optimisation steps of an end given by words.", min=0)] = 60,
    fps: Annotated[float, typer.Option(help="Frames per second of a film.", min=1.0, max=240.0)] = 30.0,
    seed: Seed = 1,
    size: SizeText = "",
    generator: GeneratorName = "auto",
    perceptor: PerceptorName = "auto",
    device: Device = "auto",
    set_: Settings = None,
    models: ModelsFolder = None,
) -> int:
    """Paint the steps between two pictures: a sheet (PNG, JPEG) or a film (MP4, GIF, WebP, or a folder of PNG)."""
    from installation.core.paths import write_result
    from installation.studio.interpolate import interpolation_grid, steps_between, stored_path
    from installation.studio.picture_files import SUFFIXES, write_picture
    from installation.studio.video import FilmWriter, check_target
    from installation.studio.workspace import Studio, make_folder

    still = output.suffix.lower() in SUFFIXES and output.suffix.lower() != ".webp"
    if not still:
        check_target(output)
        if rows > 1:
            raise ShowError("A film has one row: use --rows with a PNG or JPEG file.")
    make_folder(output.parent)
    options = studio_options(generator, perceptor, device, size, set_, models)
    for path in filter(None, map(stored_path, (first, last))):
        options = options.for_stored(path)
    studio = Studio(options)
    with progress_bar("painting") as update:
        points = []
        for row in range(rows):
            points.append(
                steps_between(studio, first, last, steps, seed + row, "linear" if linear else "slerp", iterations)
            )
            update(row + 1, rows)
        if still:
            picture = interpolation_grid(studio, points, (first, last))
            about = {"command": "interpolate", "from": first, "to": last, "seed": str(seed), "steps": str(steps)}
            about["generator"] = studio.generator_name
            write_result(output, lambda path: write_picture(path, picture, about))
        else:
            with FilmWriter(output, fps) as film:
                for picture in studio.paint_film((point, frame / fps) for frame, point in enumerate(points[0])):
                    film.write(picture)
                    update(film.frames, steps)
    print(output)
    return 0


def walk(
    stored: Annotated[list[Path], typer.Argument(help="Stored latents in order; a file may occur again.")],
    output: Output = Path("walk.mp4"),
    steps: Annotated[int, typer.Option(help="Frames from one picture to the next.", min=1, max=100_000)] = 90,
    hold: Annotated[int, typer.Option(help="Frames that a picture stays.", min=0, max=100_000)] = 30,
    fps: Annotated[float, typer.Option(help="Frames per second.", min=1.0, max=240.0)] = 30.0,
    loop: Annotated[bool, typer.Option("--loop", help="Return to the first picture.")] = False,
    transitions: Annotated[bool, typer.Option("--transitions", help="Transitions only, no holds.")] = False,
    easing: Annotated[str, typer.Option(help="Of a transition: smooth, linear, in or out.")] = "smooth",
    classes: Annotated[
        str, typer.Option(help="logits: slerp, as the notebooks; weights: linear, as a live show.")
    ] = "",
    scenes: Annotated[
        bool, typer.Option("--scenes", help="Paper scenes change as on a stage, and a camera moves, as in a live show.")
    ] = False,
    breathe: Annotated[float, typer.Option(help="How far a held picture moves around itself.", min=0.0, max=1.0)] = 0.0,
    jitter: Annotated[float, typer.Option(help="How far noise moves every frame.", min=0.0, max=1.0)] = 0.0,
    captions: Annotated[
        Path | None, typer.Option(help="A line of text for each picture; default: the stored prompts.")
    ] = None,
    srt: Annotated[bool, typer.Option("--srt", help="Write the captions beside the film, as NAME.srt.")] = False,
    burn: Annotated[bool, typer.Option("--burn", help="Draw the captions into the film.")] = False,
    audio: Annotated[Path | None, typer.Option(help="A sound track, for MP4.")] = None,
    seed: Seed = 1,
    size: SizeText = "",
    generator: GeneratorName = "auto",
    device: Device = "auto",
    set_: Settings = None,
    models: ModelsFolder = None,
) -> int:
    """Render a film that walks through stored latents: MP4, GIF, WebP, or a folder of PNG files."""
    from installation.studio.video import check_target
    from installation.studio.walk import EASINGS, WalkOutput, WalkPlan, render_walk
    from installation.studio.workspace import Studio, make_folder

    check_target(output)
    plan = WalkPlan(
        steps=steps,
        hold=0 if transitions else hold,
        fps=fps,
        loop=loop,
        easing=one_of("--easing", easing, EASINGS),
        classes=one_of("--classes", classes or ("weights" if scenes else "logits"), ("logits", "weights")),
        breathe=breathe,
        jitter=jitter,
        seed=seed,
    )
    make_folder(output.parent)
    studio = Studio(studio_options(generator, "auto", device, size, set_, models).for_stored(stored[0]))
    if scenes:
        studio.use_scenes()
    with progress_bar("rendering") as update:
        frames = render_walk(studio, stored, plan, WalkOutput(output, captions, srt, burn, audio), update)
    print(f"{output}: {frames} frames, {frames / fps:.1f} s")
    return 0


def film(
    journal: Annotated[Path, typer.Argument(help="What --journal wrote during a performance.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The film. Default: NAME.mp4.")] = None,
    size: Annotated[str, typer.Option(help="WIDTHxHEIGHT. Default: that of the stage.")] = "",
    fps: Annotated[float, typer.Option(help="Frames per second.", min=10.0, max=240.0)] = 30.0,
    captions: Annotated[
        bool | None, typer.Option("--captions/--no-captions", help="In the picture. Default: as in the show.")
    ] = None,
    srt: Annotated[bool, typer.Option("--srt", help="Write the captions beside the film, as NAME.srt.")] = False,
    audio: Annotated[Path | None, typer.Option(help="A sound track, for MP4; a show's song in its place.")] = None,
    device: Device = "auto",
    models: ModelsFolder = None,
) -> int:
    """Render a performance again from its journal, at any size and frame rate."""
    from installation.models import default_place
    from installation.studio.film import FilmPlan, render_film
    from installation.studio.video import check_target
    from installation.studio.workspace import make_folder

    target = output or journal.with_suffix(".mp4")
    check_target(target)
    width_height = height_width(size)[::-1] if size else None
    make_folder(target.parent)
    plan = FilmPlan(width_height, fps, captions, srt, audio, None if device == "auto" else device)
    with progress_bar("rendering") as update:
        frames = render_film(default_place(cache=models), journal, target, plan, update)
    print(f"{target}: {frames} frames, {frames / fps:.1f} s")
    return 0
