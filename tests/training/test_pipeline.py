"""The whole training pipeline, with a few steps of everything."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from installation import models
from installation.dream.latent_bank import load_bank
from installation.training.data.held_out import common_words
from installation.training.data.lexicon import LexiconEntry, held_out_entries, training_entries
from installation.training.evaluation import evaluate as evaluation
from installation.training.evaluation.classifier import load_classifier
from installation.training.perceptor import metrics, train, vocabulary_teacher
from installation.training.perceptor.metrics import TARGETS
from installation.training.perceptor.train import METRICS, PerceptorPlan
from installation.training.pipeline import SHARES, PipelineOptions, train_all

THINNED = 120  # of so many entries of the lexicon, which has thousands, one


def thinned(entries: Callable[[], tuple[LexiconEntry, ...]]) -> tuple[LexiconEntry, ...]:
    return entries()[::THINNED]


@pytest.mark.slow
@pytest.mark.usefixtures("teacher_packages")
def test_a_tiny_training_from_random_weights_gives_models_that_load_and_an_evaluation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "MINIMUM", PerceptorPlan(32, 32, 20, 1, 20, 1, 1))
    for module, entries in itertools.product((metrics, vocabulary_teacher), (training_entries, held_out_entries)):
        monkeypatch.setattr(module, entries.__name__, partial(thinned, entries))
    monkeypatch.setattr(evaluation, "common_words", lambda: dict([*common_words().items()][::THINNED]))
    monkeypatch.setattr(evaluation, "THRESHOLD_ENTRIES", 12)
    monkeypatch.setattr(evaluation, "SCENES_PER_PROMPT", 2)
    assets = train_all(PipelineOptions(tmp_path, 600.0, tiny=True, cold_start=True))
    place = models.default_place()._replace(assets=assets)
    perceptor = models.load_perceptor("clip-embedded", place)
    assert perceptor.embed_text(["a wolf"]).shape == (1, 128)
    trained = assets / "clip-embedded"
    assert set(TARGETS) <= set(json.loads((trained / METRICS).read_text(encoding="utf-8")))
    assert sum(path.stat().st_size for path in trained.iterdir()) < 15e6
    for name in ("theatre", "biggan-embedded"):
        generator = models.load_generator(name, place)
        bank = load_bank(name, perceptor.name, place)
        assert generator.paint(bank.point(0, generator.groups)).shape == (128, 128, 3)
    assert load_classifier(assets / "judge").groups == models.load_generator("theatre", place).groups
    table = json.loads((tmp_path / "evaluation" / "table.json").read_text(encoding="utf-8"))
    assert [(row["generator"], row["method"]) for row in table["results"]] == [
        (name, method) for name in ("theatre", "paper-stage") for method in ("bank", "adam", "ours")
    ]


def test_the_shares_of_the_budget_add_up_to_one() -> None:
    assert sum(SHARES.values()) == pytest.approx(1.0)
