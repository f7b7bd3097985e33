from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from installation.training.data.held_out import HeldOutPrompt
from tests.bench.optimisers import Run, curve, missing_runs, reached, read_results

FOX = Run("ours", "a fox", (0.1, 1.0, 6.0), (3, 20, 90), (0.5, 1.0, 1.0))
SHIP = Run("ours", "a ship", (0.1, 1.0, 6.0), (3, 20, 90), (0.0, 0.5, 1.0))


def test_the_share_at_a_limit_is_that_of_the_last_picture_judged_before() -> None:
    assert curve([FOX, SHIP], "seconds", [0.05, 0.1, 2.0, 6.0]) == [0.0, 0.25, 0.75, 1.0]
    assert curve([FOX, SHIP], "evaluations", [2, 19, 20]) == [0.0, 0.25, 0.75]


def test_a_share_is_reached_only_where_it_is_kept() -> None:
    assert reached(0.9, [0.2, 0.95, 0.8, 0.9, 0.9], [1, 2, 3, 4, 5]) == 4
    assert reached(0.9, [0.9, 0.8], [1, 2]) == float("inf")


def test_runs_of_an_earlier_piece_are_not_repeated(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    path.write_text(json.dumps(asdict(FOX)) + "\n")
    assert read_results(path) == [FOX]
    prompts = [HeldOutPrompt(text, "plain", {}) for text in ("a fox", "a ship")]
    left = [(way, prompt.text) for way, prompt in missing_runs([FOX], prompts, ["ours", "sgd"])]
    assert left == [("sgd", "a fox"), ("ours", "a ship"), ("sgd", "a ship")]
