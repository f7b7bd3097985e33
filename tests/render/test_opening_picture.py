"""The opening picture: damaged files never stop a show."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from installation.dream.latent_bank import load_openings, openings_folder
from installation.models import default_place
from installation.models.interfaces import ModelPlace
from installation.render.opening_picture import first_picture
from installation.show.settings import ModelSettings
from installation.stage.picture import read_picture

SIZE = (360, 640)
SEED = 3
MODELS = ModelSettings(generator="theatre", perceptor="clip-embedded")


@pytest.fixture
def place(tmp_path: Path) -> ModelPlace:
    """Assets with opening pictures alone."""
    shutil.copytree(openings_folder("theatre"), openings_folder("theatre", tmp_path))
    return default_place()._replace(assets=tmp_path)


def test_a_truncated_picture_is_passed_over_with_its_latents(place: ModelPlace) -> None:
    (first, _), (second, point) = list(load_openings("theatre", SEED, place.assets))[:2]
    first.write_bytes(first.read_bytes()[:200])
    found = first_picture(MODELS, place, SEED, SIZE)
    assert np.array_equal(found.picture, read_picture(second))
    assert found.latents is not None
    assert np.array_equal(found.latents[0], point.z)


@pytest.mark.parametrize("pattern", ["*.jpg", "openings.npz"])
def test_without_any_whole_picture_a_dark_gradient_is_shown(place: ModelPlace, pattern: str) -> None:
    for path in openings_folder("theatre", place.assets).glob(pattern):
        path.write_bytes(path.read_bytes()[:20])
    found = first_picture(MODELS, place, SEED, SIZE)
    assert found.latents is None
    assert found.picture.shape == (*SIZE, 3)
    assert 0 < found.picture[-1].mean() < found.picture[0].mean() < 60
