from __future__ import annotations

from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.studio.job_workers import JobWorkers
from installation.studio.jobs import Job
from tests.studio.cheap_work import CheapWork


def jobs(*prompts: str) -> list[Job]:
    return [Job(number, prompt, 1, 1) for number, prompt in enumerate(prompts, 1)]


@pytest.mark.slow
def test_a_prompt_that_kills_its_worker_is_tried_twice_and_the_others_are_done(tmp_path: Path) -> None:
    todo = jobs("a fox", "poison", "wrong", "killed once", "the sea")
    results = {each.job.prompt: each for each in JobWorkers(CheapWork(tmp_path), todo, ["cpu"], 2).run()}
    errors = {prompt: (result.error, result.set_aside) for prompt, result in results.items()}
    assert errors == {
        "a fox": ("", False),
        "poison": ("Its worker died 2 times: the prompt is set aside.", True),
        "wrong": ("This prompt is wrong.", False),
        "killed once": ("", False),
        "the sea": ("", False),
    }
    assert len(list(tmp_path.glob("002-poison-*"))) == 2
    assert all(each.name.endswith("-cpu-0.5") for each in tmp_path.glob("worker-*"))


@pytest.mark.slow
def test_the_job_of_a_killed_worker_goes_to_one_that_waits(tmp_path: Path) -> None:
    todo = jobs("a fox", "killed late")  # killed while the other worker has nothing left to do
    results = list(JobWorkers(CheapWork(tmp_path), todo, ["cpu"], 2).run())
    assert {each.job.prompt: each.error for each in results} == {"a fox": "", "killed late": ""}


@pytest.mark.slow
def test_models_that_cannot_be_loaded_end_the_run_with_their_sentence(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match="There are no models for cpu"):
        list(JobWorkers(CheapWork(tmp_path, loads=False), jobs("a fox"), ["cpu"]).run())


def test_without_jobs_no_worker_is_started(tmp_path: Path) -> None:
    assert list(JobWorkers(CheapWork(tmp_path), [], ["cpu"]).run()) == []
