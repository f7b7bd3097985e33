from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.dream.latent_bank import (
    LatentBank,
    load_bank,
    load_openings,
    logits_of_choice,
    openings_folder,
    shipped_bank_path,
)
from installation.models import bank_file, default_place, load_generator
from installation.models.interfaces import Group, ModelPlace, slices, weights_of

GROUPS = (Group("light", ("day", "night")), Group("guest", ("nobody", "owl", "fox"), 0))
EMBEDDED = ["theatre", "biggan-embedded"]


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


def test_a_saved_bank_is_loaded_in_the_precision_of_a_byte(place: ModelPlace) -> None:
    bank = small_bank()
    bank.save(shipped_bank_path("fake", place.assets))
    loaded = load_bank("fake", "fake", place)
    assert loaded.model_names == bank.model_names
    for name in ("classes", "label_embeddings"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(bank, name))
    for name in ("z", "embeddings"):  # in steps of a 127th of the largest value of a row
        rows = getattr(bank, name).astype(np.float32)
        steps = np.abs(rows).max(axis=1, keepdims=True) / 127
        assert (np.abs(getattr(loaded, name) - rows) <= 0.6 * steps + 1e-3).all()


def test_a_bank_built_on_this_machine_is_used_where_the_shipped_one_is_of_another_perceptor(place: ModelPlace) -> None:
    small_bank(40).save(shipped_bank_path("fake", place.assets))
    replace(small_bank(30), perceptor="other").save(bank_file("fake", "other", place.cache))
    assert [len(load_bank("fake", perceptor, place)) for perceptor in ("fake", "other")] == [40, 30]


def test_a_missing_bank_is_reported_with_the_command_that_builds_it(place: ModelPlace) -> None:
    replace(small_bank(), perceptor="other").save(shipped_bank_path("fake", place.assets))
    with pytest.raises(ShowError, match=r"run_show\.py bank fake --perceptor fake"):
        load_bank("fake", "fake", place)


@pytest.mark.parametrize("kept", [0, 500, -1])
def test_a_truncated_bank_is_reported(place: ModelPlace, kept: int) -> None:
    path = bank_file("fake", "fake", place.cache)
    small_bank().save(path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ShowError, match="is not a latent bank or is truncated"):
        load_bank("fake", "fake", place)


def test_the_start_is_drawn_by_seed_from_the_best_entries_and_the_others_follow() -> None:
    bank = small_bank()
    scores = np.linspace(-1, 1, len(bank)).astype(np.float32)
    drawn = [bank.nearest(scores, seed, 4) for seed in range(30)]
    assert {int(entries[0]) for entries in drawn} == {36, 37, 38, 39}
    assert all(sorted(entries) == list(range(20, 40)) for entries in drawn)
    np.testing.assert_array_equal(drawn[3], bank.nearest(scores, 3, 4))


def test_good_entries_are_drawn_from_the_first_eighth() -> None:
    assert {small_bank(40).draw_good(seed) for seed in range(60)} == set(range(5))


def test_an_entry_has_one_class_in_each_group() -> None:
    bank = small_bank()
    weights = weights_of(bank.point(5, GROUPS).classes, GROUPS)[0]
    assert [int(weights[where].argmax()) for where in slices(GROUPS)] == bank.classes[5].tolist()
    assert min(float(weights[where].max()) for where in slices(GROUPS)) > 0.9999


def test_several_choices_become_logits_row_by_row() -> None:
    logits = logits_of_choice(np.array([[1, 0], [0, 2]]), GROUPS)
    assert [row.nonzero()[0].tolist() for row in (logits == 0.0)] == [[1, 2], [0, 4]]


@pytest.mark.parametrize("generator", EMBEDDED)
def test_the_shipped_banks_are_small_and_contain_every_class(generator: str) -> None:
    bank = load_bank(generator, "clip-embedded", default_place())
    assert len(bank) == {"theatre": 4096, "biggan-embedded": 3712}[generator]
    assert shipped_bank_path(generator).stat().st_size <= 1.1e6
    groups = load_generator(generator, default_place()).groups
    taught = [len(group.labels) - len(group.like) for group in groups]
    assert [len(np.unique(column)) for column in bank.classes.T] == taught
    lengths = np.linalg.norm(bank.embeddings.astype(np.float64), axis=1)
    np.testing.assert_allclose(lengths, 1.0, atol=5e-3)  # a byte rounds each component by a 250th of the largest


@pytest.mark.parametrize("generator", EMBEDDED)
def test_opening_pictures_are_small_and_come_with_their_latents(generator: str) -> None:
    openings = [next(load_openings(generator, seed)) for seed in range(60)]
    files = {path for path, _ in openings}
    assert len(files) >= 8
    assert sum(path.stat().st_size for path in files) <= 1.2e6
    classes = sum(len(group.labels) for group in load_generator(generator, default_place()).groups)
    assert {point.classes.shape for _, point in openings} == {(1, classes)}


def test_the_same_seed_gives_the_same_opening_pictures_each_once() -> None:
    order = [path for path, _ in load_openings("theatre", 4)]
    assert order == [path for path, _ in load_openings("theatre", 4)]
    assert sorted(order) == sorted(openings_folder("theatre").glob("*.jpg"))


def test_without_pictures_or_latents_there_is_no_opening(tmp_path: Path) -> None:
    assert list(load_openings("fake", 1, tmp_path)) == []
    shutil.copytree(openings_folder("theatre"), openings_folder("theatre", tmp_path))
    latents = openings_folder("theatre", tmp_path) / "openings.npz"
    latents.write_bytes(latents.read_bytes()[:500])
    assert list(load_openings("theatre", 1, tmp_path)) == []
