"""The theatre, loaded once, and short ways to make a scene and to look at it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from installation.models.interfaces import ABSENT, Floats, Latents, ModelPlace, Point, Size
from installation.models.theatre.figure_atlas import Atlas, load_atlas
from installation.models.theatre.further_figures import FURTHER_PEOPLE
from installation.models.theatre.generator import Theatre
from installation.models.theatre.vocabulary import GROUP_SLICES, GROUPS, scene_classes

Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

FIXED_SEED = 11  # of the scenes that `plain` paints
CPU = torch.device("cpu")
MOON_PIXELS = 0.8 * np.pi * (64 / 24) ** 2  # of a disc a twelfth of 64 pixels wide, less a fifth


@pytest.fixture(scope="package")
def theatre(place: ModelPlace) -> Theatre:
    torch.set_num_threads(1)
    return Theatre(place)


@pytest.fixture(scope="package")
def atlas(place: ModelPlace) -> Atlas:
    return load_atlas(place.assets / "theatre" / "figures.npz", CPU)


def noise(seed: int) -> Floats:
    """z of one scene, [1, 96]."""
    return 0.8 * np.random.default_rng(seed).standard_normal((1, 96)).astype(np.float32)


def scene(seed: int, **labels: str) -> Point:
    """One scene with these classes and, where none is named, the neutral ones."""
    return Latents(noise(seed), scene_classes(**labels))


def each_of(group: str, seed: int, **labels: str) -> Point:
    """One scene for each class of a group, alike in everything else."""
    columns = GROUP_SLICES[group]
    logits = np.repeat(scene_classes(**labels), columns.stop - columns.start, 0)
    logits[:, columns] = ABSENT
    logits[np.arange(len(logits)), np.arange(columns.start, columns.stop)] = 0.0
    return Latents(np.repeat(noise(seed), len(logits), 0), logits)


def seen_by_models(group: str) -> list[int]:
    """The classes of a group that are drawn for the models: further people are for an audience alone."""
    return [index for index, label in enumerate(labels_of(group)) if label not in FURTHER_PEOPLE]


def labels_of(group: str) -> tuple[str, ...]:
    return next(one.labels for one in GROUPS if one.name == group)


def tensors(point: Point) -> Latents[Tensor]:
    return Latents(torch.tensor(point.z), torch.tensor(point.classes))


def render(theatre: Theatre, point: Point, size: Size = 64, phase: float = 0.0) -> Floats:
    """Pictures in 0..1 without gradient, [batch, 3, height, width]."""
    with torch.inference_mode():
        pictures: Floats = theatre.render(tensors(point), size, phase).numpy()
    return pictures


def plain(theatre: Theatre, size: Size = 64, phase: float = 0.0, /, **labels: str) -> Floats:
    """The picture of a scene that contains only the named classes, in 0..1, [3, height, width]."""
    picture: Floats = render(theatre, scene(FIXED_SEED, **labels), size, phase)[0]
    return picture


def structure(picture: Floats) -> Floats:
    """Horizontal differences, which do not depend on the brightness, flattened."""
    differences: Floats = np.diff(picture, axis=-1).ravel()
    return differences
