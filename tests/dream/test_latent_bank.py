from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.dream.latent_bank import (
    ASSETS,
    LatentBank,
    load_bank,
    logits_of_choice,
    opening,
    own_bank,
    shipped_bank,
)
from installation.models import default_place, load_generator
from installation.models.interfaces import Group, ModelPlace, slices, weights_of

GROUPS = (Group("light", ("day", "night")), Group("guest", ("nobody", "owl", "fox"), 0))


def small_bank(n: int = 40) -> LatentBank:
    random = np.random.default_rng(2)
    rows = random.standard_normal((n, 6))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    classes = np.stack([random.integers(2, size=n), random.integers(3, size=n)], axis=1)
    z, labels = random.standard_normal((n, 4)), random.standard_normal((5, 6))
    halves = [values.astype(np.float16) for values in (z, rows, labels)]
    return LatentBank("fake", "fake", halves[0], classes.astype(np.int16), halves[1], halves[2])


@pytest.fixture
def place(tmp_path: Path) -> ModelPlace:
    (tmp_path / "assets" / "banks").mkdir(parents=True)
    (tmp_path / "cache" / "banks").mkdir(parents=True)
    return ModelPlace(tmp_path / "assets", tmp_path / "cache")


def test_a_saved_bank_comes_back_as_it_was(place: ModelPlace) -> None:
    bank = small_bank()
    bank.save(shipped_bank("fake", place.assets))
    loaded = load_bank("fake", "fake", place)
    for name in ("z", "classes", "embeddings", "labels"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(bank, name))


def test_a_bank_that_was_built_here_serves_two_models_that_came_without_one(place: ModelPlace) -> None:
    small_bank().save(shipped_bank("fake", place.assets))
    own = replace(small_bank(30), perceptor="other")
    own.save(own_bank("fake", "other", place.cache))
    assert len(load_bank("fake", "other", place)) == 30
    assert len(load_bank("fake", "fake", place)) == 40


def test_a_bank_of_another_perceptor_is_refused_with_the_command_that_builds_the_right_one(place: ModelPlace) -> None:
    replace(small_bank(), perceptor="other").save(shipped_bank("fake", place.assets))
    with pytest.raises(ShowError, match=r"run_show\.py bank fake --perceptor fake"):
        load_bank("fake", "fake", place)


def test_a_bank_that_is_cut_short_is_said_in_one_sentence(place: ModelPlace) -> None:
    path = own_bank("fake", "fake", place.cache)
    small_bank().save(path)
    whole = path.read_bytes()
    for kept in (0, 500, len(whole) - 1):
        path.write_bytes(whole[:kept])
        with pytest.raises(ShowError, match="is not a Bank, or is cut short"):
            load_bank("fake", "fake", place)


def test_the_nearest_are_the_best_and_the_first_of_them_is_drawn_by_seed() -> None:
    bank = small_bank()
    scores = np.linspace(-1, 1, len(bank)).astype(np.float32)
    drawn = [bank.nearest(scores, seed, 4) for seed in range(30)]
    assert {int(rows[0]) for rows in drawn} == {36, 37, 38, 39}
    assert all(sorted(rows) == list(range(20, 40)) for rows in drawn)
    np.testing.assert_array_equal(drawn[3], bank.nearest(scores, 3, 4))


def test_an_entry_has_one_class_in_each_group() -> None:
    bank = small_bank()
    weights = weights_of(bank.point(5, GROUPS).classes, GROUPS)[0]
    for column, where in enumerate(slices(GROUPS)):
        assert weights[where].argmax() == bank.classes[5, column]
        assert weights[where].max() > 0.9999


def test_a_choice_of_several_becomes_logits_row_by_row() -> None:
    logits = logits_of_choice(np.array([[1, 0], [0, 2]]), GROUPS)
    assert [row.nonzero()[0].tolist() for row in (logits == 0.0)] == [[1, 2], [0, 4]]


@pytest.mark.parametrize("generator", ["theatre", "biggan-embedded"])
def test_the_shipped_banks_are_small_and_spread_over_the_world(generator: str) -> None:
    bank = load_bank(generator, "clip-embedded", default_place())
    assert len(bank) == 4096
    assert shipped_bank(generator).stat().st_size <= 2.2e6
    groups = load_generator(generator, default_place()).groups
    assert [len(np.unique(column)) for column in bank.classes.T] == [len(group.labels) for group in groups]
    lengths = np.linalg.norm(bank.embeddings.astype(np.float32), axis=1)
    np.testing.assert_allclose(lengths, 1.0, atol=2e-3)


@pytest.mark.parametrize("generator", ["theatre", "biggan-embedded"])
def test_opening_pictures_come_with_their_latents(generator: str) -> None:
    found = {opening(generator, seed)[0] for seed in range(60)}
    assert len(found) >= 8
    assert sum(path.stat().st_size for path in found) <= 1.2e6
    path, point = opening(generator, 4)
    assert (path, len(point)) == (opening(generator, 4)[0], 1)
    classes = sum(len(group.labels) for group in load_generator(generator, default_place()).groups)
    assert point.classes.shape == (1, classes)
    assert path.is_relative_to(ASSETS)
