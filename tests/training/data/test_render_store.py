"""Rendered images on disk: resumable, and the same by any number of processes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from installation.core.errors import ShowError
from installation.models.interfaces import Generator, slices
from installation.models.theatre.vocabulary import GROUPS
from installation.training.data import render_store
from installation.training.data.render_store import open_renders, render_images


@pytest.mark.slow
def test_a_resumed_set_has_the_images_of_an_uninterrupted_one(theatre: Generator, tmp_path: Path) -> None:
    uninterrupted = render_images(theatre, 40, 3, tmp_path / "whole", size=16, chunk=16)
    render_images(theatre, 40, 3, tmp_path / "interrupted", size=16, chunk=16)
    done = np.load(tmp_path / "interrupted" / "done.npy", mmap_mode="r+")
    images = np.load(tmp_path / "interrupted" / "pictures.npy", mmap_mode="r+")
    done[1], images[16:32] = False, 0
    with pytest.raises(ShowError, match="no finished set"):
        open_renders(tmp_path / "interrupted")
    resumed = render_images(theatre, 40, 3, tmp_path / "interrupted", size=16, chunk=16)
    assert_array_equal(resumed.images, uninterrupted.images)
    assert uninterrupted.images.std() > 20


@pytest.mark.slow
def test_two_processes_render_what_one_renders(theatre: Generator, tmp_path: Path) -> None:
    one = render_images(theatre, 40, 3, tmp_path / "one", size=8, chunk=16)
    two = render_images(theatre, 40, 3, tmp_path / "two", size=8, processes=2, chunk=16)
    assert_array_equal(two.images, one.images)


def test_the_latents_of_a_set_have_its_classes_and_render_its_images(theatre: Generator, tmp_path: Path) -> None:
    renders = render_images(theatre, 6, 5, tmp_path / "set", size=32)
    latents = renders.latents(slice(0, 6))
    classes = [latents.classes[:, where].argmax(axis=1) for where in slices(GROUPS)]
    assert_array_equal(np.stack(classes, axis=1), renders.classes)
    assert renders.labels(2)["sky"] == GROUPS[0].labels[renders.classes[2, 0]]
    phase = float(np.random.default_rng(chunk_seed(5, 0)).uniform(0.0, render_store.MAX_PHASE))
    again = render_store._render_batch(theatre, latents, phase, 32, supersampled=False)
    assert np.abs(again.astype(int) - renders.images).max() <= 1  # rounding


def chunk_seed(seed: int, chunk: int) -> int:
    return int(np.random.SeedSequence([seed, chunk]).generate_state(1)[0])


@pytest.mark.slow
def test_images_that_are_not_balanced_have_the_generators_own_classes(theatre: Generator, tmp_path: Path) -> None:
    typical = render_images(theatre, 120, 5, tmp_path / "typical", size=8, balanced=False)
    balanced = render_images(theatre, 120, 5, tmp_path / "balanced", size=8)
    tint = next(column for column, group in enumerate(GROUPS) if group.name == "tint")
    without_tint = [float((renders.classes[:, tint] == 0).mean()) for renders in (typical, balanced)]
    assert without_tint[0] > without_tint[1] + 0.1
    with pytest.raises(ShowError, match="another set"):
        render_images(theatre, 120, 5, tmp_path / "typical", size=8)


def test_a_folder_with_another_set_is_not_overwritten(theatre: Generator, tmp_path: Path) -> None:
    first = render_images(theatre, 4, 1, tmp_path / "set", size=16)
    before = np.array(first.images)
    with pytest.raises(ShowError, match="another set"):
        render_images(theatre, 4, 2, tmp_path / "set", size=16)
    assert_array_equal(open_renders(tmp_path / "set").images, before)
