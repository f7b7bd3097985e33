"""Run the stages of the GPU day, each in a process of its own.

python -m tests.bench.gpu_day --out DIR [--only STAGE] [--device cpu --quick]
python -m tests.bench.gpu_day --out DIR --only training

A process that hangs is ended at its deadline, and an error of CUDA, which leaves a process unusable, spoils one stage.
Each result is on disk as soon as it is known. The exit status is 1 if a stage failed or was ended, or if a check of
correctness did not hold.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.gpu_day.stages import STAGES, TOTAL_SECONDS, USUAL, Day, write_json
from tests.bench.gpu_day.wheels import stand_in

RESULTS = "results.json"
DONE, FAILED, DEADLINE, NO_TIME = "done", "failed", "deadline", "no time left"
ERROR_LENGTH = 2000  # characters kept of an error
MODELS = {"cuda": ("biggan-deep-512", "ViT-B-32"), "cpu": ("biggan-deep-128", "clip-embedded")}


def main() -> int:
    """Run one stage in this process (--inside), or all of them in children."""
    options = parse()
    if options.inside:
        run_inside(options, options.inside)
        return 0
    options.out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="laterna-gpu-day-") as temporary:
        options.weights = options.weights or Path(temporary)
        return run_all(options)


def parse() -> argparse.Namespace:
    """The options; models that are not named suit the device."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.gpu_day", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("gpu_day"), help="the folder of results.json")
    parser.add_argument("--only", choices=STAGES, action="append", help="run this stage alone; may be repeated")
    parser.add_argument("--device", default="cuda", help="cuda, cuda:1, cpu")
    parser.add_argument("--quick", action="store_true", help="few repetitions: tries the script, not the card")
    parser.add_argument("--generator", help="a BigGAN-deep by name")
    parser.add_argument("--perceptor")
    parser.add_argument("--weights", type=Path, help="keep the random weights in this folder, for the next call")
    parser.add_argument("--inside", choices=STAGES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    generator, perceptor = MODELS["cpu" if options.device == "cpu" else "cuda"]
    options.generator = options.generator or generator
    options.perceptor = options.perceptor or perceptor
    return options


def run_all(options: argparse.Namespace) -> int:
    """Run the chosen stages, or the usual ones, within TOTAL_SECONDS; results of other stages in the file stay."""
    path = options.out / RESULTS
    results: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if options.only and path.exists() else {}
    began, good = time.monotonic(), True
    for name in options.only or USUAL:
        limit = min(STAGES[name].seconds, TOTAL_SECONDS - (time.monotonic() - began))
        results[name] = row = run_child(options, name, limit)
        write_json(path, results)
        good &= row["ended"] == DONE and all_hold(row["results"])
        print(f"{name}: {row['ended']} after {row['seconds']} s {row.get('error', '')}".rstrip(), flush=True)
    return 0 if good else 1


def all_hold(results: dict[str, Any]) -> bool:
    """Whether no check among the results says that it does not hold."""
    return not any(isinstance(value, dict) and value.get("holds") is False for value in results.values())


def run_child(options: argparse.Namespace, name: str, limit: float) -> dict[str, Any]:
    """Run a stage as a process, end it after `limit` seconds, and read what it has reported until then."""
    if limit <= 0.0:
        return {"ended": NO_TIME, "seconds": 0.0, "results": {}}
    stage_path = options.out / f"{name}.json"
    stage_path.unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.bench.gpu_day", "--inside", name, "--out", str(options.out)]
    command += ["--device", options.device, "--weights", str(options.weights)]
    command += ["--generator", options.generator, "--perceptor", options.perceptor]
    command += ["--quick"] if options.quick else []
    began, row = time.monotonic(), {"ended": DONE}
    try:
        done = subprocess.run(command, timeout=limit, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            row = {"ended": FAILED, "error": done.stderr[-ERROR_LENGTH:]}
    except subprocess.TimeoutExpired:
        row = {"ended": DEADLINE}
    results = json.loads(stage_path.read_text(encoding="utf-8")) if stage_path.exists() else {}
    stage_path.unlink(missing_ok=True)
    return {**row, "seconds": round(time.monotonic() - began, 1), "results": results}


def run_inside(options: argparse.Namespace, name: str) -> None:
    """Run a stage in this process."""
    results: dict[str, Any] = {}

    def report(key: str, value: Any) -> None:
        results[key] = value
        write_json(options.out / f"{name}.json", results)

    names = options.generator, options.perceptor
    day = Day(options.device, *names, options.quick, options.weights, options.out, report)
    stand_in()
    STAGES[name].run(day)


if __name__ == "__main__":
    raise SystemExit(main())
