"""Training the classifier."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from installation.training.data.render_store import open_renders
from installation.training.evaluation.classifier_training import ClassifierPlan, measure_accuracy, train_classifier


@pytest.mark.slow
def test_the_same_seed_gives_the_same_weights(tmp_path: Path) -> None:
    classifiers = [
        train_classifier(tmp_path / "work", 600.0, tmp_path / str(run), ClassifierPlan(4, 4, steps))
        for run, steps in enumerate((1, 1, 2))
    ]
    weights = [(tmp_path / str(run) / "judge.safetensors").read_bytes() for run in range(3)]
    assert weights[0] == weights[1] != weights[2]
    assert classifiers[0].accuracy == classifiers[1].accuracy


@pytest.mark.slow
def test_the_classifier_learns_its_training_images(tmp_path: Path) -> None:
    untrained, trained = (
        train_classifier(tmp_path / "work", 600.0, tmp_path / str(steps), ClassifierPlan(8, 1, steps))
        for steps in (0, 24)
    )
    renders = open_renders(tmp_path / "work" / "renders")
    before, after = (np.mean(list(measure_accuracy(one, renders).values())) for one in (untrained, trained))
    assert after > before + 0.2


@pytest.mark.slow
def test_an_exhausted_budget_stops_training_and_still_stores_a_classifier(tmp_path: Path) -> None:
    train_classifier(tmp_path / "work", 1e-9, tmp_path / "out", ClassifierPlan(8, 8, steps=1_000_000))
    assert (tmp_path / "out" / "judge.safetensors").is_file()
