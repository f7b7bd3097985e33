"""The training run of the perceptor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.models import default_place
from installation.models.clip.perceptor import load_embedded
from installation.training.perceptor import train
from installation.training.perceptor.metrics import TARGETS
from installation.training.perceptor.train import (
    FULL,
    FULL_MINUTES,
    MINIMUM,
    PerceptorOptions,
    PerceptorPlan,
    plan_for,
    train_perceptor,
)


@pytest.mark.slow
@pytest.mark.usefixtures("teacher_packages")
def test_a_tiny_run_gives_files_that_load_and_metrics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "MINIMUM", PerceptorPlan(32, 32, 20, 1, 20, 1, 1))
    out = tmp_path / "clip-embedded"
    metrics = train_perceptor(PerceptorOptions(tmp_path / "work", 0.01, out=out), lambda _: None)
    perceptor = load_embedded("clip-embedded", out, default_place())
    assert perceptor.embed_text(["a wolf"]).shape == (1, 128)
    assert set(TARGETS) <= set(metrics)
    assert json.loads((out / "metrics.json").read_text()) == metrics
    assert sum(path.stat().st_size for path in out.iterdir()) < 15e6
    with pytest.raises(ShowError, match="another budget or seed"):
        train_perceptor(PerceptorOptions(tmp_path / "work", 0.01, seed=2), lambda _: None)


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
