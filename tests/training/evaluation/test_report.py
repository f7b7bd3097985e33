"""The report of the evaluation."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from installation.models.theatre.vocabulary import GROUPS
from installation.training.data.held_out import HeldOutPrompt
from installation.training.evaluation.report import (
    Evaluation,
    EvaluationResult,
    format_table,
    write_json,
    write_sheets,
)
from installation.training.evaluation.scoring import ClassFidelity
from tests.training.evaluation.test_scoring import EMPTY_SEA

ACCURACY = {group.name: 0.9 for group in GROUPS} | {"terrain": 0.93}


def sea_result() -> EvaluationResult:
    scores = {0: [0.5, 0.6], 24: [0.7, 0.8]}
    result = EvaluationResult("theatre", "ours", 24, scores=scores, colour_matches=[True, False], seconds=3.0)
    result.counts.add(HeldOutPrompt("the sea", "short", {"terrain": ("sea",)}), EMPTY_SEA, GROUPS)
    result.images = [("the sea", np.full((8, 8, 3), 100, np.uint8))] * 3
    return result


def test_the_table_has_the_accuracy_of_the_classifier_before_the_results() -> None:
    fidelity = ClassFidelity({group.name: 0.5 for group in GROUPS}, 0.07)
    table = format_table(Evaluation(ACCURACY, [sea_result()], {"theatre": 0.5}, {"biggan-embedded": fidelity}))
    lines = table.splitlines()
    assert lines[2] == (
        "| *classifier, held-out renders* |  | 90% | 90% | 90% | 90% | 93% | 90% | 90% | 90% | 90% |  |  |  |  |  |  |"
    )
    assert lines[3].startswith("| biggan-embedded | *class fidelity* | 50% |")
    assert lines[4] == (
        "| theatre | ours | – | – | – | – | 100% | – | – | – | – | **100%** | 0% | 0% | 50% | 0: 0.55, 24: 0.75 | 3.0 |"
    )
    assert {line.count("|") for line in lines[:5]} == {18}
    assert lines[6:] == [
        "Asked for in 1 prompts: terrain 1.",
        "Common words whose nearest bank entry shows what is expected, theatre: 50%.",
        "L1 distance of biggan-embedded to its teacher: 0.0700 (colours in -1..1).",
    ]


def test_the_json_has_the_shares_of_every_result(tmp_path: Path) -> None:
    write_json(Evaluation(ACCURACY, [sea_result()]), tmp_path / "table.json")
    document = json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))
    assert document["classifier_accuracy"] == ACCURACY
    assert [row["shares"] for row in document["results"]] == [{"terrain": 1.0, "all": 1.0}]


def test_a_generator_has_a_sheet_of_its_images_and_one_that_compares_the_methods(tmp_path: Path) -> None:
    write_sheets([sea_result(), sea_result()], "theatre", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"theatre.png", "theatre-methods.png"}
