"""The atlas holds all silhouettes, in the order of the subjects."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from installation.models.interfaces import ModelPlace
from installation.models.theatre.sdf_atlas import Atlas, load_atlas, subject_weights
from installation.models.theatre.vocabulary import COMPANIONS, ROTATING_PARTS, SUBJECTS
from tests.models.theatre.conftest import CPU


@pytest.fixture(scope="module")
def silhouettes(place: ModelPlace) -> Path:
    return place.assets / "theatre" / "silhouettes.npz"


def test_the_atlas_holds_the_subjects_in_their_order(silhouettes: Path) -> None:
    with np.load(silhouettes) as stored:
        assert tuple(stored["names"]) == tuple(SUBJECTS)
        assert set(stored["turning_names"]) == set(ROTATING_PARTS)


def test_every_silhouette_fills_a_part_of_its_square(atlas: Atlas) -> None:
    depth = atlas.depth.clone()
    for index, field in atlas.rotating.items():
        depth[index] = torch.maximum(depth[index], field)
    filled = (depth > 0).float().mean((1, 2))
    assert filled[-1] == 0  # nobody
    assert filled[:-1].min() > 0.05


def test_an_atlas_of_other_subjects_is_refused(silhouettes: Path, tmp_path: Path) -> None:
    with np.load(silhouettes) as stored:
        parts = dict(stored)
    parts["names"] = parts["names"][::-1]
    np.savez(tmp_path / "other.npz", **parts)
    with pytest.raises(ValueError, match="other silhouettes than the subjects"):
        load_atlas(tmp_path / "other.npz", CPU)


def test_companions_are_drawn_with_the_silhouettes_of_their_names() -> None:
    weights = subject_weights(torch.eye(len(COMPANIONS)))
    names = [list(SUBJECTS)[i] for i in weights.argmax(1).tolist()]
    assert names == ["nobody" if name == "alone" else name for name in COMPANIONS]
    torch.testing.assert_close(weights.sum(1), torch.ones(len(COMPANIONS)))
