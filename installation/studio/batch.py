"""Many prompts from a file, one picture each: resumes, and one failed prompt does not stop the rest."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any

from installation.core.errors import LaternaError, ShowError
from installation.core.params import MAX_SEED, PARAMS
from installation.models.image_files import read_image
from installation.models.stored_latents import SUFFIX, save_latents
from installation.show.loader import override
from installation.show.settings import Show
from installation.show.text_file import read_text
from installation.studio.imagine import imagine
from installation.studio.picture_files import read_settings, safe_name, write_picture
from installation.studio.workspace import Studio, StudioOptions, writing

MAX_JOBS = 100_000
INDEX = "index.html"

_STYLE = """
:root { color-scheme: dark } body { margin: 1.5rem; background: #131118; color: #fff8ec; font: 16px/1.4 Georgia, serif }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 18px }
figure { margin: 0 } img { width: 100%; border-radius: 4px } .failed { color: #ff9a8a }
"""


@dataclass(frozen=True)
class Job:
    """One prompt of a batch.

    Attributes:
        number: From 1.
        prompt: What to show.
        seed: Of the dream.
        steps: Iterations.
        settings: Further settings by name, as `--set` takes them.
    """

    number: int
    prompt: str
    seed: int
    steps: int
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The stem of its files, which no other job has."""
        return f"{self.number:03}-{safe_name(self.prompt, 50)}"


@dataclass(frozen=True)
class Outcome:
    """What became of a job; `error` is '' after a success."""

    job: Job
    error: str = ""
    made: bool = True  # False: it was there already


OnJob = Callable[[], None]  # after each job


def read_jobs(path: Path, seed: int, steps: int) -> list[Job]:
    """Read the prompts of a text file with a prompt on each line, of CSV with a header, or of JSON lines.

    A CSV file has a column `prompt`, a JSON line a key `prompt`; `seed`, `iterations` and any name that `--set` takes
    may be beside it. `seed` and `steps` are the defaults.

    Raises:
        ShowError: The file cannot be read, is empty, or has a row that is no prompt; the message has its number.
    """
    text = read_text(path, f"the batch {path}")
    match path.suffix.lower():
        case ".csv":
            rows = _csv_rows(text, path)
        case ".jsonl" | ".ndjson" | ".json":
            rows = _json_rows(text, path)
        case _:
            lines = enumerate(text.splitlines(), 1)
            rows = [(n, {"prompt": line.strip()}) for n, line in lines if line.strip() and line[:1] != "#"]
    if not rows:
        raise ShowError(f"{path} holds no prompts.")
    if len(rows) > MAX_JOBS:
        raise ShowError(f"{path} holds {len(rows)} prompts: at most {MAX_JOBS}.")
    return [_job(index, row, f"{path}, line {line}", seed, steps) for index, (line, row) in enumerate(rows, 1)]


def run_jobs(options: StudioOptions, jobs: Sequence[Job], folder: Path, on_job: OnJob) -> list[Outcome]:
    """Make the pictures of the jobs that are not in the folder yet; models are loaded once.

    Raises:
        ShowError: The models cannot be loaded.
    """
    studio = Studio(options)
    outcomes = []
    for job in jobs:
        try:
            outcomes.append(Outcome(job, made=_make(studio, job, folder)))
        except (LaternaError, OSError, ValueError) as error:
            outcomes.append(Outcome(job, str(error)))
        on_job()
    return outcomes


def write_index(outcomes: Sequence[Outcome], folder: Path) -> Path:
    """Write a page with all pictures and all failures. Raises ShowError if it cannot be written."""
    figures = []
    for outcome in sorted(outcomes, key=lambda each: each.job.number):
        words = escape(outcome.job.prompt)
        if outcome.error:
            figures.append(f'<figure class="failed">{words}<br>{escape(outcome.error)}</figure>')
        else:
            name = escape(outcome.job.name)
            image = f'<a href="{name}.png"><img src="{name}.png" alt="" loading="lazy"></a>'
            figures.append(f"<figure>{image}<figcaption>{words}</figcaption></figure>")
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Batch</title><style>{_STYLE}</style><main>{''.join(figures)}</main></html>\n"
    )
    path = folder / INDEX
    with writing(path):
        path.write_text(page, encoding="utf-8")
    return path


def _make(studio: Studio, job: Job, folder: Path) -> bool:
    """Make one picture and its latents; return False if they are there."""
    path = folder / f"{job.name}.png"
    about = {"command": "batch", "prompt": job.prompt, "seed": str(job.seed), "steps": str(job.steps)}
    about |= {"generator": studio.generator_name, "settings": json.dumps(dict(job.settings), sort_keys=True)}
    if _is_made(path, about):
        return False
    show = Show(models=studio.options.models, dream=studio.options.dream)
    changed, values = override(show, dict(job.settings))
    if changed.models != show.models:
        raise ShowError("A prompt of a batch cannot choose models: use --set for all of them.")
    params = {name: value for name, value in values.items() if PARAMS[name].owner == "renderer"}
    own = studio.with_settings(changed.dream, params) if job.settings else studio
    result = imagine(own, job.prompt, job.seed, job.steps)
    with writing(path):
        save_latents(path.with_suffix(SUFFIX), own.store(result.latents, about))
        write_picture(path, result.picture, about)
    return True


def _is_made(path: Path, about: Mapping[str, str]) -> bool:
    if not (path.is_file() and path.with_suffix(SUFFIX).is_file()):
        return False
    try:
        read_image(path)
        return read_settings(path) == dict(about)
    except ShowError:  # half written, or another program's: made again
        return False


def _csv_rows(text: str, path: Path) -> list[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(text.splitlines(), strict=True)
    try:
        if "prompt" not in (reader.fieldnames or ()):
            raise ShowError(f"{path} has no column 'prompt': its first line should be: prompt,seed,iterations")
        return [(reader.line_num, {str(k): v for k, v in row.items() if v and k}) for row in reader]
    except csv.Error as error:
        raise ShowError(f"{path}, line {reader.line_num}: {error}.") from None


def _json_rows(text: str, path: Path) -> list[tuple[int, dict[str, Any]]]:
    return [(number, _json_row(line, number, path)) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _json_row(line: str, number: int, path: Path) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise ShowError(f'{path}, line {number} is no JSON object such as {{"prompt": "a fox", "seed": 2}}.')
    return row


def _job(number: int, row: Mapping[str, Any], where: str, seed: int, steps: int) -> Job:
    prompt = row.get("prompt")
    if not isinstance(prompt, str) or not prompt.strip():
        raise ShowError(f"{where} has no prompt.")
    numbers = {"seed": seed, "iterations": steps}
    for name in numbers:
        if name in row:
            numbers[name] = _whole(row[name], f"{where}: {name}")
    rest = {str(name): _text(value) for name, value in row.items() if name not in ("prompt", *numbers)}
    return Job(number, prompt.strip(), numbers["seed"], numbers["iterations"], rest)


def _whole(value: Any, where: str) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = -1
    if not 0 <= number <= MAX_SEED:
        raise ShowError(f"{where} takes a whole number from 0, not '{value}'.")
    return number


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def devices_of(text: str, resolve: Callable[[str], str]) -> list[str]:
    """The devices of `--device`: several with commas between them, or with "auto" all GPUs of the machine.

    Raises:
        ShowError: There is no such device.
    """
    if text != "auto":
        return [resolve(name.strip()) for name in text.split(",")]
    device = resolve("auto")
    if device != "cuda":
        return [device]
    import torch

    return [f"cuda:{index}" for index in range(torch.cuda.device_count())]


def shares(
    jobs: Sequence[Job], options: StudioOptions, devices: Sequence[str]
) -> Iterator[tuple[StudioOptions, list[Job]]]:
    """The jobs of each device, and its options."""
    for index, device in enumerate(devices):
        place = options.place._replace(device=device)
        if mine := list(jobs[index :: len(devices)]):
            yield replace(options, place=place), mine


def run_on_devices(
    options: StudioOptions, jobs: Sequence[Job], folder: Path, devices: Sequence[str], on_job: OnJob
) -> list[Outcome]:
    """Run the jobs, with a process for each device if there are several.

    Raises:
        ShowError: The models cannot be loaded.
    """
    parts = list(shares(jobs, options, devices))
    if len(parts) == 1:
        return run_jobs(parts[0][0], parts[0][1], folder, on_job)
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    outcomes: list[Outcome] = []
    with ProcessPoolExecutor(len(parts), mp_context=get_context("spawn")) as pool:
        for future in as_completed([pool.submit(_run_share, own, mine, folder) for own, mine in parts]):
            for outcome in future.result():
                outcomes.append(outcome)
                on_job()
    return outcomes


def _run_share(options: StudioOptions, jobs: Sequence[Job], folder: Path) -> list[Outcome]:
    return run_jobs(options, jobs, folder, lambda: None)
