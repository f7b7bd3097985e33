"""The script for a borrowed card: stages, deadlines and what it needs, on the CPU."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import zlib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from tests.bench.gpu_day import __main__ as script
from tests.bench.gpu_day import stages
from tests.bench.gpu_day.__main__ import DEADLINE, DONE, FAILED, NO_TIME
from tests.bench.gpu_day.wheels import CARRIED, CARRIED_MIB, THERE

ROOT = Path(__file__).resolve().parents[2]
BLOCKER = """
from importlib.machinery import PathFinder
found = PathFinder.find_spec
def find_spec(name, path=None, target=None):
    return None if name.partition(".")[0] in MISSING else found(name, path, target)
PathFinder.find_spec = find_spec
"""


def normalised(name: str) -> str:
    """The name of a package as an index compares it."""
    return name.lower().replace("_", "-").replace(".", "-")


def missing_modules() -> set[str]:
    """The modules of packages here that the borrowed machine neither has nor is brought."""
    known = {*map(normalised, THERE), *map(normalised, CARRIED)}
    owners = metadata.packages_distributions()
    return {module for module, names in owners.items() if known.isdisjoint(map(normalised, names))}


def run(out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the script on the CPU, with what the borrowed machine will have, and no other package."""
    blocker = out.parent / "sitecustomize.py"
    blocker.write_text(f"MISSING = {missing_modules()}\n{BLOCKER}", encoding="utf-8")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(blocker.parent)}
    command = [sys.executable, "-m", "tests.bench.gpu_day", "--device", "cpu", "--quick", "--out", str(out), *options]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def options(out: Path, only: list[str] | None = None) -> argparse.Namespace:
    """As parsed."""
    return argparse.Namespace(
        out=out, only=only, device="cpu", quick=True, generator="fake", perceptor="fake", weights=out, inside=None
    )


def results_of(out: Path) -> dict[str, Any]:
    """What is on disk."""
    results: dict[str, Any] = json.loads((out / script.RESULTS).read_text(encoding="utf-8"))
    return results


def test_all_stages_together_end_in_time() -> None:
    usual = [stages.STAGES[name].seconds for name in stages.USUAL]
    alone = [stage.seconds for stage in stages.STAGES.values() if not stage.usual]
    assert max(sum(usual), *alone) <= stages.TOTAL_SECONDS <= 560.0


def test_the_wheels_that_have_to_be_carried_are_small() -> None:
    size = 0
    for name in CARRIED:
        files = metadata.distribution(name).files or []
        packed = (path.locate() for path in files if path.suffix != ".pyc")
        size += sum(len(zlib.compress(Path(str(path)).read_bytes())) for path in packed if Path(str(path)).is_file())
    assert size < CARRIED_MIB * 2**20


@pytest.mark.slow
def test_a_dry_run_measures_every_usual_stage_with_the_packages_of_the_machine(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run(out)
    results = results_of(out)
    assert {name: row["ended"] for name, row in results.items()} == dict.fromkeys(stages.USUAL, DONE), results
    assert done.returncode == 0, done.stdout
    checks = results["correctness"]["results"]
    needs_cuda = ("long_prompt_keeps_graphs", "stream_order")
    assert [checks[name] for name in needs_cuda] == [stages.NEEDS_CUDA] * 2
    assert all(check["holds"] for check in checks.values() if check != stages.NEEDS_CUDA)
    (steps,) = results["steps"]["results"].values()
    assert steps["ours"]["median_ms"] > 0.0
    assert steps["a: library"]["times_ours"] > 0.0
    assert steps["c: peer, float32, not compiled"]["median_ms"] > 0.0
    assert results["kernels"]["results"]["step"]["rows"]
    assert results["contention"]["results"]["loop"]["frames_per_second"] > 0.0


@pytest.mark.slow
def test_training_is_a_call_of_its_own_and_goes_on_in_the_next(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for pictures in (16, 32):
        done = run(out, "--only", "training")
        assert done.returncode == 0, done.stdout
        assert results_of(out)["training"]["results"]["pictures"] == pictures
    assert (out / "training" / "weights.pt").stat().st_size <= 16 * 2**20


def test_a_stage_that_takes_too_long_is_ended_and_the_next_one_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(stages.STAGES, "loading", stages.Stage("loading", "measure_loading", 0.01))
    monkeypatch.setitem(stages.STAGES, "kernels", stages.Stage("kernels", "list_kernels", 0.0))
    assert script.run_all(options(tmp_path, ["loading", "kernels"])) == 1
    assert {name: row["ended"] for name, row in results_of(tmp_path).items()} == {
        "loading": DEADLINE,
        "kernels": NO_TIME,
    }


@pytest.mark.slow
def test_a_stage_alone_keeps_the_other_results_and_a_failure_is_told(tmp_path: Path) -> None:
    earlier = {"ended": DONE, "seconds": 1.0, "results": {}}
    stages.write_json(tmp_path / script.RESULTS, {"kernels": earlier})
    assert script.run_all(options(tmp_path, ["correctness"])) == 1
    results = results_of(tmp_path)
    assert results["kernels"] == earlier
    assert results["correctness"]["ended"] == FAILED
    assert "fake" in results["correctness"]["error"]


def test_a_check_that_does_not_hold_is_found() -> None:
    assert script.all_hold({"a": {"holds": True}, "b": stages.NEEDS_CUDA})
    assert not script.all_hold({"a": {"holds": True}, "b": {"holds": False}})
