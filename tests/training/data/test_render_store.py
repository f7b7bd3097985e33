"""Pictures to learn from: drawn evenly, painted into a folder, and the same however often that was broken off."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from installation.core.errors import ShowError
from installation.models.interfaces import Generator, slices
from installation.models.theatre.vocabulary import GROUPS
from installation.training.data import render_store
from installation.training.data.render_store import open_renders, render_set
from installation.training.data.scene_sampler import NEUTRAL, draw_classes, draw_scenes, shares_of
from tests.models.conftest import generator_named


@pytest.fixture
def theatre() -> Generator:
    return generator_named("theatre")


def test_every_class_is_drawn_about_as_often_as_any_other_of_its_group() -> None:
    shares = shares_of(draw_classes(np.random.default_rng(7), 30_000))
    for group in GROUPS:
        others = np.delete(shares[group.name], group.neutral) if group.neutral is not None else shares[group.name]
        assert others.min() > 0.6 * others.mean(), group.name
        assert others.max() < 1.6 * others.mean(), group.name


def test_one_scene_in_five_has_nobody_and_nobody_has_no_colour() -> None:
    choice = draw_classes(np.random.default_rng(8), 20_000)
    columns = {group.name: column for column, group in enumerate(GROUPS)}
    subject, colour = GROUPS[columns["subject"]], GROUPS[columns["subject_colour"]]
    nobody = choice[:, columns["subject"]] == subject.neutral
    assert_allclose(nobody.mean(), NEUTRAL["subject"], atol=0.02)
    assert (choice[nobody, columns["subject_colour"]] == colour.neutral).all()


def test_the_same_seed_draws_the_same_scenes(theatre: Generator) -> None:
    first, again, other = draw_scenes(theatre, 9, 3), draw_scenes(theatre, 9, 3), draw_scenes(theatre, 9, 4)
    assert_array_equal(first.z, again.z)
    assert_array_equal(first.classes, again.classes)
    assert not np.array_equal(first.z, other.z)


def test_a_set_that_was_broken_off_ends_as_one_made_at_a_stroke(
    theatre: Generator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render_store, "CHUNK", 16)
    whole = render_set(theatre, 40, 3, tmp_path / "whole", size=16)
    render_set(theatre, 40, 3, tmp_path / "broken", size=16)
    done = np.load(tmp_path / "broken" / "done.npy", mmap_mode="r+")
    pictures = np.load(tmp_path / "broken" / "pictures.npy", mmap_mode="r+")
    done[1], pictures[16:32] = False, 0
    with pytest.raises(ShowError, match="no finished set"):
        open_renders(tmp_path / "broken")
    mended = render_set(theatre, 40, 3, tmp_path / "broken", size=16)
    assert_array_equal(mended.pictures, whole.pictures)
    assert whole.pictures.std() > 20


def test_two_processes_paint_what_one_paints(theatre: Generator, tmp_path: Path) -> None:
    count = render_store.CHUNK + 8
    one = render_set(theatre, count, 3, tmp_path / "one", size=8)
    two = render_set(theatre, count, 3, tmp_path / "two", size=8, processes=2)
    assert_array_equal(two.pictures, one.pictures)


def test_the_latents_of_a_set_paint_its_pictures(theatre: Generator, tmp_path: Path) -> None:
    made = render_set(theatre, 6, 5, tmp_path / "set", size=32)
    latents = made.latents(slice(0, 6))
    drawn = [latents.classes[:, where].argmax(axis=1) for where in slices(GROUPS)]
    assert_array_equal(np.stack(drawn, axis=1), made.classes)
    assert made.labels(2)["sky"] == GROUPS[0].labels[made.classes[2, 0]]


def test_usual_scenes_are_those_that_the_theatre_samples(theatre: Generator, tmp_path: Path) -> None:
    usual = render_set(theatre, 400, 5, tmp_path / "usual", size=8, usual=True)
    even = render_set(theatre, 400, 5, tmp_path / "even", size=8)
    columns = {group.name: column for column, group in enumerate(GROUPS)}
    untinted = [float((made.classes[:, columns["tint"]] == 0).mean()) for made in (usual, even)]
    assert untinted[0] > untinted[1] + 0.1
    with pytest.raises(ShowError, match="another set"):
        render_set(theatre, 400, 5, tmp_path / "usual", size=8)


def test_a_folder_with_another_set_is_not_painted_over(theatre: Generator, tmp_path: Path) -> None:
    render_set(theatre, 4, 1, tmp_path / "set", size=16)
    with pytest.raises(ShowError, match="another set"):
        render_set(theatre, 4, 2, tmp_path / "set", size=16)
