"""The command `render`: thousands of prompts, on all GPUs of a machine or of a cluster."""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated

import typer

from installation.cli.batch import DEFAULT_STEPS, SHOWN, PromptFile
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

if TYPE_CHECKING:
    from installation.studio.job_work import Result, Work
    from installation.studio.render import Engine, Plan
    from installation.studio.render_folder import RenderFolder


def render(
    file: PromptFile,
    out: Annotated[Path, typer.Option("-o", "--out", "--output", help="Folder of the results, one for each prompt.")],
    iterations: Annotated[int, typer.Option("--iterations", "--steps", help="Of each prompt.", min=0)] = DEFAULT_STEPS,
    seed: Seed = 1,
    size: SizeText = "",
    generator: GeneratorName = "auto",
    perceptor: PerceptorName = "auto",
    device: Annotated[str, typer.Option(help="One, or several with commas between; auto: all GPUs.")] = "auto",
    workers: Annotated[int, typer.Option(help="That share each device and its memory.", min=1, max=64)] = 1,
    cluster: Annotated[str, typer.Option(metavar="HOST:PORT", help="The head of a Ray cluster to work on.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would take.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Also what killed its workers in an earlier run.")] = False,
    set_: Settings = None,
    models: ModelsFolder = None,
) -> int:
    """Render the prompts of a file on many devices; run again to continue."""
    from installation.render.loading import resolve_device
    from installation.studio.job_painter import PaintJobs
    from installation.studio.job_workers import JobWorkers, devices_of
    from installation.studio.jobs import read_jobs
    from installation.studio.render import plan
    from installation.studio.render_folder import RenderFolder
    from installation.studio.workspace import Studio, common_settings, make_folder

    jobs = read_jobs(file, seed, iterations)
    make_folder(out)
    devices = devices_of(device, resolve_device)
    work = PaintJobs(Studio(studio_options(generator, perceptor, devices[0], size, set_, models)).options)
    folder = RenderFolder(out, common_settings(work.options))
    if dry_run:
        return _say_what_it_takes(plan(jobs, folder), folder, work, devices[0])
    with folder.locked():
        if retry:
            folder.release(folder.set_aside_names())
        planned = plan(jobs, folder)
        engine: Engine = JobWorkers(work, planned.todo, devices, workers)
        if cluster:
            from installation.studio.job_cluster import JobCluster

            engine = JobCluster(work, planned.todo, cluster, workers)
        return _run(planned, folder, engine)


def _run(planned: Plan, folder: RenderFolder, engine: Engine) -> int:
    from installation.studio.render import render as run
    from installation.studio.render import write_overview

    failed: list[Result] = []
    made = 0
    with progress_bar("prompts") as update:
        for number, result in enumerate(run(planned, folder, engine), 1):
            update(number, len(planned.todo))
            made += not result.error
            if result.error:
                failed.append(result)
                print(f"{result.job.number}: '{shorten(result.job.prompt, SHOWN)}' failed: {result.error}", flush=True)
    page = write_overview(planned, failed, folder)
    aside = f", {len(planned.set_aside)} set aside earlier (--retry)" if planned.set_aside else ""
    print(f"{made} rendered, {len(planned.done)} there already, {len(failed)} failed{aside}: {page}")
    return 1 if failed or planned.set_aside else 0


def _say_what_it_takes(planned: Plan, folder: RenderFolder, work: Work, device: str) -> int:
    from installation.studio.render import estimate

    expected = estimate(planned, folder, work, device)
    basis = "the results that are there" if planned.done else "the first prompt"
    counts = f"{len(planned.jobs)} prompts: {len(planned.todo)} to render, {len(planned.done)} there already"
    print(f"{counts}, {len(planned.set_aside)} set aside")
    hours, size = f"{expected.device_hours:.2f} hours of a device", f"{expected.bytes / 1e9:.2f} GB"
    print(f"{hours} ({device}), {size} of {expected.free / 1e9:.1f} GB free; measured on {basis}")
    return 1 if expected.bytes > expected.free else 0
