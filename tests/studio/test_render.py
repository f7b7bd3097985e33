from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from installation.cli.main import main
from installation.core.errors import ShowError
from installation.models.image_files import read_image
from installation.studio.job_work import Result, attempt
from installation.studio.jobs import Job
from installation.studio.render import Plan, estimate, plan, render
from installation.studio.render_folder import RenderFolder
from tests.studio.cheap_work import CheapWork

JOBS = [Job(1, "a fox", 1, 1), Job(2, "the sea", 1, 1), Job(3, "a fox", 1, 1), Job(4, "a fox", 2, 1)]


class Inline:
    """An engine in this process."""

    def __init__(self, log: Path, jobs: Sequence[Job]) -> None:
        self.make, self.jobs = CheapWork(log).prepare("cpu", 1.0), jobs

    def run(self) -> Iterator[Result]:
        return (attempt(self.make, job) for job in self.jobs)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "log").mkdir()
    return tmp_path / "log"


@pytest.fixture
def folder(tmp_path: Path) -> RenderFolder:
    (tmp_path / "out").mkdir()
    return RenderFolder(tmp_path / "out", {"size": None})


def run(folder: RenderFolder, log: Path, jobs: Sequence[Job] = JOBS) -> tuple[Plan, list[Result]]:
    planned = plan(jobs, folder)
    return planned, list(render(planned, folder, Inline(log, planned.todo)))


def test_equal_jobs_are_done_once_and_a_second_run_does_none(folder: RenderFolder, log: Path) -> None:
    assert [result.job.number for result in run(folder, log)[1]] == [1, 2, 4]
    planned, results = run(folder, log)
    assert (len(planned.done), results) == (3, [])


def test_lines_that_move_in_their_file_keep_their_results(folder: RenderFolder, log: Path) -> None:
    run(folder, log)
    moved = [Job(1, "a tree", 1, 1), *(dataclasses.replace(job, number=job.number + 1) for job in JOBS)]
    assert [result.job.prompt for result in run(folder, log, moved)[1]] == ["a tree"]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:3])


@pytest.mark.parametrize(
    "damage", [lambda folder: cut(folder / "picture.png"), lambda folder: (folder / "latents.safetensors").unlink()]
)
def test_a_damaged_result_is_made_again(folder: RenderFolder, log: Path, damage: Callable[[Path], None]) -> None:
    planned, _ = run(folder, log)
    name = planned.names[2]
    damage(folder.path / name)
    assert [result.job.number for result in run(folder, log)[1]] == [2]
    assert (folder.path / name / "picture.png").read_bytes() == b"the sea"


def test_a_folder_of_somebody_else_is_not_replaced(folder: RenderFolder, log: Path) -> None:
    other = folder.path / folder.name(JOBS[1])
    other.mkdir()
    (other / "letter.txt").write_text("mine")
    with pytest.raises(ShowError, match="without a manifest of Laterna's: move it away"):
        run(folder, log)
    assert (other / "letter.txt").read_text() == "mine"


def test_what_a_killed_run_left_half_written_is_removed_and_two_runs_do_not_meet(tmp_path: Path) -> None:
    half = tmp_path / ".fox.partial"
    half.mkdir()
    with RenderFolder(tmp_path, {}).locked():
        assert not half.exists()
        with (
            pytest.raises(ShowError, match="Another render is writing into"),
            RenderFolder(tmp_path, {}).locked(),
        ):
            pass
    with RenderFolder(tmp_path, {}).locked():
        assert list(tmp_path.iterdir()) == [tmp_path / ".laterna-render"]


def test_a_prompt_that_was_set_aside_is_left_out_until_it_is_released(folder: RenderFolder, log: Path) -> None:
    killer = Result(JOBS[1], error="Its worker died 2 times.", set_aside=True)
    folder.set_aside(folder.name(JOBS[1]), killer)
    assert [result.job.number for result in run(folder, log)[1]] == [1, 4]
    folder.release(folder.set_aside_names())
    assert [result.job.number for result in run(folder, log)[1]] == [2]


def test_the_estimate_is_measured_on_the_first_prompt_and_later_on_the_results(folder: RenderFolder, log: Path) -> None:
    work = CheapWork(log)
    size = len(b"a fox" + b"latents")
    assert estimate(plan(JOBS, folder), folder, work, "cpu").bytes == 3 * size
    assert plan(JOBS, folder).done == {}, "an estimate writes no result"
    run(folder, log, JOBS[:1])
    before = len(list(log.iterdir()))
    assert estimate(plan(JOBS, folder), folder, work, "cpu").bytes == 2 * size
    assert len(list(log.iterdir())) == before


@pytest.mark.slow
def test_the_command_renders_in_a_worker_resumes_and_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "poem.jsonl"
    rows = [{"prompt": "a fox"}, {"prompt": "missing.png"}, {"prompt": "the sea", "latent/truncation": 0.5}]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = ["render", str(file), "--out", str(tmp_path / "out"), "--device", "cpu", "--size", "96x64"]
    command += ["--iterations", "0"]
    assert main([*command, "--dry-run"]) == 0
    assert "3 prompts: 3 to render, 0 there already, 0 set aside" in capsys.readouterr().out
    assert main(command) == 1
    printed = capsys.readouterr().out
    assert "2: 'missing.png' failed: The picture missing.png cannot be read" in printed
    assert "2 rendered, 0 there already, 1 failed" in printed
    pictures = list((tmp_path / "out").glob("*/picture.png"))
    assert [read_image(path).shape for path in pictures] == [(64, 96, 3)] * 2
    assert (tmp_path / "out" / "index.html").read_text().count("<figure") == 3
    assert main(command) == 1
    assert "0 rendered, 2 there already, 1 failed" in capsys.readouterr().out
