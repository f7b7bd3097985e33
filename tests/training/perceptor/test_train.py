"""The training run of the perceptor."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.models import default_place
from installation.training.perceptor import train
from installation.training.perceptor.metrics import TARGETS
from installation.training.perceptor.train import (
    FULL,
    FULL_MINUTES,
    MINIMUM,
    PerceptorOptions,
    plan_for,
    train_perceptor,
)


def test_a_run_of_another_seed_is_not_mixed_with_that_in_the_folder(tmp_path: Path) -> None:
    options = PerceptorOptions(tmp_path, 0.01)
    train._claim_work_folder(options, MINIMUM)
    train._claim_work_folder(options, MINIMUM)
    with pytest.raises(ShowError, match="another budget or seed"):
        train_perceptor(replace(options, seed=2), lambda _: None)


def test_a_missing_folder_of_initial_weights_is_an_error(tmp_path: Path) -> None:
    options = PerceptorOptions(tmp_path / "work", 0.01, warm_start=tmp_path / "missing")
    with pytest.raises(ShowError, match="does not exist"):
        train_perceptor(options, lambda _: None)


def test_the_plan_follows_from_the_budget() -> None:
    assert plan_for(FULL_MINUTES) == FULL
    assert plan_for(0.001) == MINIMUM
    half, double = plan_for(FULL_MINUTES / 2), plan_for(2 * FULL_MINUTES)
    assert half.image_steps == FULL.image_steps // 2
    assert double.training_images == 2 * FULL.training_images
    assert double.vocabulary == FULL.vocabulary


def test_the_shipped_metrics_have_the_names_of_this_version() -> None:
    metrics = json.loads((default_place().assets / "clip-embedded" / "metrics.json").read_text())
    assert set(TARGETS) <= set(metrics)
