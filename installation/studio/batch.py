"""Many prompts from a file, one picture each: resumes, and one failed prompt does not stop the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from installation.core.errors import ShowError
from installation.core.paths import write_whole, writing
from installation.models.image_files import read_image
from installation.models.stored_latents import SUFFIX
from installation.studio.job_painter import PaintJobs, about
from installation.studio.job_work import Result, attempt
from installation.studio.job_workers import JobWorkers
from installation.studio.jobs import Job
from installation.studio.picture_files import read_settings
from installation.studio.workspace import Studio, StudioOptions

INDEX = "index.html"

_STYLE = """
:root { color-scheme: dark } body { margin: 1.5rem; background: #131118; color: #fff8ec; font: 16px/1.4 Georgia, serif }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 18px }
figure { margin: 0 } img { width: 100%; border-radius: 4px } .failed { color: #ff9a8a }
"""


@dataclass(frozen=True)
class Outcome:
    """What became of a job; `error` is '' after a success."""

    job: Job
    error: str = ""
    made: bool = True  # False: it was there already


def run_batch(options: StudioOptions, jobs: Sequence[Job], folder: Path, devices: Sequence[str]) -> Iterator[Outcome]:
    """Make the pictures that are not in the folder yet, with a process for each device if there are several.

    Raises:
        ShowError: The models cannot be loaded.
    """
    resolved = Studio(options).options
    missing = []
    for job in jobs:
        if _is_made(folder / f"{job.name}.png", about(job, resolved)):
            yield Outcome(job, made=False)
        else:
            missing.append(job)
    for result in _results(PaintJobs(options), missing, devices):
        yield Outcome(result.job, result.error or _write(result, folder))


def write_index(pictures: Iterable[tuple[str, str, str]], folder: Path) -> Path:
    """Write a page with all pictures and all failures. Raises ShowError if it cannot be written.

    Args:
        pictures: The words, the path inside the folder, and why there is no picture, or ''.
        folder: Where the page is written.
    """
    figures = []
    for words, name, error in pictures:
        words, name = escape(words), escape(name)
        if error:
            figures.append(f'<figure class="failed">{words}<br>{escape(error)}</figure>')
        else:
            image = f'<a href="{name}"><img src="{name}" alt="" loading="lazy"></a>'
            figures.append(f"<figure>{image}<figcaption>{words}</figcaption></figure>")
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Batch</title><style>{_STYLE}</style><main>{''.join(figures)}</main></html>\n"
    )
    path = folder / INDEX
    with writing(path):
        write_whole(path, page.encode())
    return path


def _results(work: PaintJobs, jobs: Sequence[Job], devices: Sequence[str]) -> Iterator[Result]:
    if len(devices) > 1:
        yield from JobWorkers(work, jobs, devices).run()
    elif jobs:
        make = work.prepare(devices[0], 1.0)
        yield from (attempt(make, job) for job in jobs)


def _write(result: Result, folder: Path) -> str:
    """Write the files of a result; return why that failed, or ''."""
    try:
        for suffix, content in result.files.items():
            path = folder / f"{result.job.name}{suffix}"
            with writing(path):
                path.write_bytes(content)
    except ShowError as error:
        return str(error)
    return ""


def _is_made(path: Path, notes: dict[str, str]) -> bool:
    if not (path.is_file() and path.with_suffix(SUFFIX).is_file()):
        return False
    try:
        read_image(path)
        return read_settings(path) == notes
    except ShowError:  # half written, or another program's: made again
        return False
