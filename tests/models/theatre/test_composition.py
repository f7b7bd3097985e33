"""Every class is visible and different from the others, and lets gradients through."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.models.interfaces import ABSENT, Latents, logits_of
from installation.models.theatre.composition import BEFORE_FIGURES, BEHIND_FIGURES
from installation.models.theatre.decoded_classes import COLUMNS
from installation.models.theatre.generator import Theatre
from installation.models.theatre.vocabulary import GROUP_SLICES, GROUPS, NUM_CLASSES, TERRAINS, WEATHERS
from tests.conftest import spread
from tests.models.theatre.conftest import (
    FIXED_SEED,
    each_of,
    labels_of,
    noise,
    plain,
    render,
    seen_by_models,
    structure,
)

FIGURES = ("subject", "companion")  # see `test_figures`


def test_layers_belong_to_classes_that_exist() -> None:
    layers = (*BEHIND_FIGURES, *BEFORE_FIGURES)
    assert {(layer.group, label) for layer in layers for label in layer.labels} < COLUMNS.keys()
    assert all(layer.labels for layer in layers if layer.group)


@pytest.mark.parametrize("group", [group.name for group in GROUPS if group.name not in FIGURES])
def test_every_class_changes_the_picture_in_its_own_way(theatre: Theatre, group: str) -> None:
    """In a scene where everything can be seen."""
    pictures = torch.from_numpy(render(theatre, each_of(group, 5, sky="dawn", subject="horse", celestial="sun"), 48))
    pictures = pictures[seen_by_models(group)]
    apart = torch.cdist(pictures.flatten(1), pictures.flatten(1), p=1) / pictures[0].numel()
    assert float((apart + torch.eye(len(apart))).min()) > 0.001


@pytest.mark.parametrize("group", ["sky", "terrain", "weather"])
def test_no_two_classes_look_alike(theatre: Theatre, group: str) -> None:
    pictures = torch.from_numpy(render(theatre, each_of(group, FIXED_SEED)))
    apart = torch.cdist(pictures.flatten(1), pictures.flatten(1), p=1) / pictures[0].numel() + torch.eye(len(pictures))
    assert float(apart.min()) > 0.008, [labels_of(group)[i] for i in divmod(int(apart.argmin()), len(pictures))]


@pytest.mark.parametrize("terrain", TERRAINS[13:])
def test_a_terrain_is_the_same_small_large_and_within_a_wide_picture(theatre: Theatre, terrain: str) -> None:
    labels = {"terrain": terrain, "sky": "dawn", "celestial": "sun"}
    small, large = (plain(theatre, size, 2.0, **labels) for size in (64, 256))
    assert np.abs(large.reshape(3, 64, 4, 64, 4).mean((2, 4)) - small).mean() < 0.014
    wide = plain(theatre, (64, 114), 2.0, **labels)[:, :, 25:89]
    assert np.corrcoef(structure(wide), structure(small))[0, 1] > 0.97


@pytest.mark.parametrize(
    ("group", "label"),
    spread([*(("terrain", label) for label in TERRAINS), *(("weather", label) for label in WEATHERS)], 4),
)
def test_gradients_are_finite_and_reach_z(theatre: Theatre, group: str, label: str) -> None:
    column = COLUMNS[group, label]
    drawn = theatre.sample(40, seed=3)[column % 40 : column % 40 + 1]
    logits = drawn.classes.copy()
    logits[0, GROUP_SLICES[group]] = ABSENT
    logits[0, column] = 0.0
    z, classes = torch.tensor(drawn.z, requires_grad=True), torch.tensor(logits, requires_grad=True)
    torch.autograd.backward(theatre.render(Latents(z, classes), 32, 1.3).mean())
    assert z.grad is not None
    assert classes.grad is not None
    assert torch.isfinite(z.grad).all()
    assert torch.isfinite(classes.grad).all()
    assert int((z.grad != 0).sum()) > 6


def test_an_even_mix_of_all_classes_is_a_picture_with_a_gradient_to_each(theatre: Theatre) -> None:
    weights = np.zeros((1, NUM_CLASSES), np.float32)
    for group in GROUPS:
        weights[0, GROUP_SLICES[group.name]] = 1 / len(group.labels)
    logits = torch.tensor(logits_of(weights), requires_grad=True)
    picture = theatre.render(Latents(torch.tensor(noise(FIXED_SEED)), logits), (40, 71), 2.0)
    torch.autograd.backward((picture * torch.linspace(0, 1, 71)).mean())
    assert bool(((picture >= 0) & (picture <= 1)).all())
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()
    for name in ("sky", "terrain", "weather", "celestial", "detail"):
        assert bool((logits.grad[0, GROUP_SLICES[name]] != 0).all()), name


def test_a_tint_maps_the_picture_to_its_own_hue(theatre: Theatre) -> None:
    red, blue, grey = (plain(theatre, sky="noon", tint=tint) for tint in ("red", "blue", "black and white"))
    assert red[0].mean() > red[2].mean() + 0.15
    assert blue[2].mean() > blue[0].mean() + 0.15
    assert np.ptp(grey, axis=0).mean() < 0.5 * np.ptp(plain(theatre, sky="noon"), axis=0).mean()
