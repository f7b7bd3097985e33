"""The command `batch`: a picture for each prompt of a file."""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten
from typing import Annotated

import typer

from installation.cli.studio_options import (
    GeneratorName,
    ModelsFolder,
    PerceptorName,
    Seed,
    Settings,
    SizeText,
    progress_bar,
    studio_options,
)

DEFAULT_STEPS = 100
SHOWN = 80  # characters of a prompt in a message
PromptFile = Annotated[Path, typer.Argument(help="Lines (.txt), a table (.csv) or JSON lines (.jsonl).")]


def batch(
    file: PromptFile,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Folder. Default: the file's name.")] = None,
    iterations: Annotated[int, typer.Option("--iterations", "--steps", help="Of each prompt.", min=0)] = DEFAULT_STEPS,
    seed: Seed = 1,
    size: SizeText = "",
    generator: GeneratorName = "auto",
    perceptor: PerceptorName = "auto",
    device: Annotated[str, typer.Option(help="One, or several with commas between; auto: all GPUs.")] = "auto",
    set_: Settings = None,
    models: ModelsFolder = None,
) -> int:
    """Make a picture for each prompt of a file; run again to make what is missing."""
    from installation.render.loading import resolve_device
    from installation.studio.batch import Outcome, run_batch, write_index
    from installation.studio.job_workers import devices_of
    from installation.studio.jobs import read_jobs
    from installation.studio.workspace import make_folder

    jobs = read_jobs(file, seed, iterations)
    folder = output or file.with_suffix("")
    make_folder(folder)
    devices = devices_of(device, resolve_device)
    options = studio_options(generator, perceptor, devices[0], size, set_, models)
    outcomes: list[Outcome] = []
    try:
        with progress_bar("pictures") as update:
            for outcome in run_batch(options, jobs, folder, devices):
                outcomes.append(outcome)
                update(len(outcomes), len(jobs))
    finally:  # also after Ctrl-C
        outcomes.sort(key=lambda each: each.job.number)
        page = write_index([(each.job.prompt, f"{each.job.name}.png", each.error) for each in outcomes], folder)
    failed = [each for each in outcomes if each.error]
    for each in failed:
        print(f"{each.job.number}: '{shorten(each.job.prompt, SHOWN)}' failed: {each.error}")
    made = sum(each.made and not each.error for each in outcomes)
    print(f"{made} made, {len(outcomes) - made - len(failed)} there already, {len(failed)} failed: {page}")
    return 1 if failed else 0
