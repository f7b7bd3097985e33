"""The theatre keeps the contract of a Generator, at any size, shape and time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

from installation.models.interfaces import Generator, Latents, ModelPlace, logits_of, weights_of
from installation.models.theatre import generator
from installation.models.theatre.composition import paint_scene
from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.generator import Theatre
from installation.models.theatre.planes import Staging
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import GROUP_SLICES, GROUPS, NUM_CLASSES
from tests.conftest import spread
from tests.models.theatre.conftest import plain, render, scene, structure, tensors


def test_it_has_977_classes_in_nine_groups(theatre: Theatre) -> None:
    assert isinstance(theatre, Generator)
    assert {group.name: len(group.labels) for group in theatre.groups} == {
        "sky": 17,
        "tint": 8,
        "celestial": 8,
        "weather": 13,
        "terrain": 23,
        "subject": 879,
        "subject_colour": 7,
        "companion": 17,
        "detail": 5,
    }
    neutral = {group.name: group.labels[group.neutral] for group in theatre.groups if group.neutral is not None}
    assert neutral == {
        "tint": "no tint",
        "celestial": "empty sky",
        "weather": "clear",
        "subject": "nobody",
        "subject_colour": "ink",
        "companion": "alone",
        "detail": "nothing more",
    }


def test_a_mixed_batch_is_painted_like_its_scenes_one_by_one(theatre: Theatre) -> None:
    points = theatre.sample(6, seed=4)
    together = render(theatre, points, (48, 85), 1.7)
    assert together.shape == (6, 3, 48, 85)
    assert together.min() >= 0
    assert together.max() <= 1
    alone = np.concatenate([render(theatre, points[i : i + 1], (48, 85), 1.7) for i in range(6)])
    # a batch has larger boxes, and with them a little more of soft edges: far less than a step of 8 bits
    np.testing.assert_allclose(together, alone, rtol=0, atol=0.1 / 255)


def test_the_same_seed_paints_the_same_bytes(theatre: Theatre) -> None:
    first, again = (theatre.paint(theatre.sample(1, seed=9), (72, 128), 3.0) for _ in range(2))
    assert first.shape == (72, 128, 3)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)
    assert (first != theatre.paint(theatre.sample(1, seed=10), (72, 128), 3.0)).mean() > 0.5


def test_bytes_are_the_rendered_picture(theatre: Theatre) -> None:
    point = theatre.sample(1, seed=12)
    painted = theatre.paint(point, 64).astype(np.float32) / 255
    assert np.abs(painted.transpose(2, 0, 1) - render(theatre, point)[0]).max() <= 1.01 / 255


def test_gradients_reach_z_and_the_logits_of_present_classes(theatre: Theatre) -> None:
    weights = np.zeros((1, NUM_CLASSES), np.float32)
    for group in GROUPS:
        weights[0, GROUP_SLICES[group.name]][:2] = 0.6, 0.4
    z = torch.tensor(scene(3).z, requires_grad=True)
    logits = torch.tensor(logits_of(weights), requires_grad=True)
    torch.autograd.backward(theatre.render(Latents(z, logits), 48)[:, 0].mean())
    assert z.grad is not None
    assert logits.grad is not None
    assert torch.isfinite(z.grad).all()
    assert int((z.grad[0] != 0).sum()) > 15
    assert all((logits.grad[0, GROUP_SLICES[group.name]][:2] != 0).all() for group in GROUPS)


@pytest.mark.parametrize("terrain", ["sea", "mountains", "city", "cave", "ruins", "field"])
@pytest.mark.parametrize("weather", ["clouds", "rain", "fire"])
def test_a_wide_or_tall_picture_has_the_square_one_in_its_middle(theatre: Theatre, terrain: str, weather: str) -> None:
    point = scene(6, terrain=terrain, weather=weather, sky="night", celestial="moon")
    square = render(theatre, point, 64, 2.0)[0]
    wide = render(theatre, point, (64, 114), 2.0)[0, :, :, 25:89]
    tall = render(theatre, point, (114, 64), 2.0)[0, :, 25:89]
    middle = slice(8, 56)  # the vignette follows the shape, so the corners differ a little
    for other in (wide, tall):
        assert 1.0 < other[:, middle, middle].mean() / square[:, middle, middle].mean() < 1.2
        assert np.abs(other - square).mean() < 0.06
        assert np.corrcoef(structure(other), structure(square))[0, 1] > 0.98


def test_a_large_picture_scaled_down_is_the_small_picture(theatre: Theatre) -> None:
    points = theatre.sample(12, seed=2)
    for i in range(12):
        small, large = (render(theatre, points[i : i + 1], size)[0] for size in (128, 256))
        assert np.abs(large.reshape(3, 128, 2, 128, 2).mean((2, 4)) - small).mean() < 0.01


@pytest.mark.parametrize(
    "labels",
    spread(
        [
            {"weather": "rain"},
            {"weather": "snow"},
            {"weather": "petals"},
            {"weather": "fire", "terrain": "city"},
            {"terrain": "sea", "celestial": "moon"},
            {"sky": "night"},
            {"sky": "aurora"},
            {"weather": "clouds"},
            {"weather": "lightning"},
            {"weather": "fog"},
        ],
        3,
    ),
    ids=str,
)
def test_it_moves_by_itself_and_never_jumps(theatre: Theatre, labels: dict[str, str]) -> None:
    point = scene(7, **labels)
    still, later = (render(theatre, point, (72, 128), phase) for phase in (0.0, 3.5))
    assert 255 * np.abs(later - still).mean() > 0.05
    for start in (0.0, 3.4, 17.0, 3601.3, 1_000_000.7):
        frames = [render(theatre, point, (72, 128), start + i / 15) for i in range(3)]
        assert max(255 * np.abs(after - before).mean() for before, after in pairwise(frames)) < 2.0


@pytest.mark.parametrize(
    ("group", "label"),
    [
        *(("weather", label) for label in ("autumn leaves", "fireflies", "falling stars", "ash", "sandstorm")),
        *(("detail", label) for label in ("distant birds", "smoke", "lit windows", "lanterns")),
        *(("terrain", label) for label in ("deep sea", "waterfall", "jungle", "river", "island")),
        ("sky", "storm"),
    ],
)
def test_it_moves_gently_and_stays_what_it_is(theatre: Theatre, group: str, label: str) -> None:
    labels = {group: label, "celestial": "moon"}
    still, later = (plain(theatre, 64, phase, **labels) for phase in (0.0, 5.0))
    assert 255 * np.abs(later - still).mean() > 0.04
    assert 255 * np.abs(plain(theatre, 64, 5.0 + 1 / 15, **labels) - later).mean() < 2.0
    without = [plain(theatre, 64, phase, celestial="moon") for phase in (0.0, 5.0)]
    assert np.abs(later - without[1]).mean() > 0.3 * np.abs(still - without[0]).mean()


@pytest.mark.slow
@pytest.mark.parametrize(("first", "last"), [(0, 1), (2, 3), (4, 5)])
def test_a_walk_from_scene_to_scene_is_smooth(theatre: Theatre, first: int, last: int) -> None:
    points = theatre.sample(6, seed=21)
    weights = weights_of(points.classes, GROUPS)
    t = np.linspace(0, 1, 61, dtype=np.float32)[:, None]
    z, mixed = ((1 - t) * values[first] + t * values[last] for values in (points.z, weights))
    walk = np.concatenate([render(theatre, Latents(z[i : i + 1], logits_of(mixed[i : i + 1])), 48) for i in range(61)])
    steps = np.abs(np.diff(walk, axis=0)).mean((1, 2, 3))
    assert steps.max() < 3 * steps.mean()


def test_without_jitter_z_does_not_move_the_figures(theatre: Theatre, place: ModelPlace) -> None:
    steady = Theatre(place, jitter=0.0)
    moved = scene(1, subject="deer", terrain="hills", sky="noon")
    moved.z[:, 41:44] += 0.5
    still = scene(1, subject="deer", terrain="hills", sky="noon")
    np.testing.assert_allclose(render(steady, moved), render(steady, still), atol=3e-3)  # it may turn a little
    assert np.abs(render(theatre, moved) - render(theatre, still)).mean() > 0.01


def test_samples_scenes_of_one_class_in_each_group(theatre: Theatre) -> None:
    points = theatre.sample(50, seed=3)
    assert points.z.shape == (50, theatre.z_dim)
    present = points.classes == 0.0
    counts = np.stack([present[:, columns].sum(axis=1) for columns in GROUP_SLICES.values()])
    np.testing.assert_array_equal(counts, 1)


@pytest.mark.slow
def test_frames_are_painted_between_the_slices_of_a_preparation(theatre: Theatre) -> None:
    one = scene(3, terrain="graveyard", weather="snow", subject="wolf", celestial="moon")
    leaf = tensors(one).z.requires_grad_(True)
    expected = theatre.paint(one, 48)
    theatre.render(Latents(leaf, tensors(one).classes), 48)
    slices = 0
    while theatre.prepare_gradient(Latents(leaf, tensors(one).classes), 48):
        np.testing.assert_array_equal(theatre.paint(one, 48), expected)  # waits for no lock of what pauses
        slices += 1
    assert slices > 10


@pytest.mark.slow
@pytest.mark.parametrize("terrain", ["graveyard", "sea"])
def test_a_dream_repeats_the_painting_from_a_tape_with_the_same_gradient(
    theatre: Theatre, terrain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted = []

    def counted(scene: Scene, atlas: Atlas, staging: Staging | None) -> Tensor:
        painted.append(scene)
        return paint_scene(scene, atlas, staging)

    monkeypatch.setattr(generator, "paint_scene", counted)
    one = tensors(scene(3, terrain=terrain, weather="snow", subject="wolf", celestial="moon"))
    random = torch.Generator().manual_seed(2)
    towards = torch.rand(1, 3, 48, 48, generator=random)

    def picture_and_gradient(z: Tensor, classes: Tensor) -> list[Tensor]:
        leaf = z.clone().requires_grad_(True)
        while theatre.prepare_gradient(Latents(leaf, classes), 48):
            pass
        picture = theatre.render(Latents(leaf, classes), 48)
        return [picture.detach(), *torch.autograd.grad(picture, leaf, towards)]

    for step in range(18):
        z = one.z + 0.002 * step * torch.randn(one.z.shape, generator=random)
        picture, gradient = picture_and_gradient(z, one.classes)
        if step in (0, 17):  # before it is recorded, and from the tape
            plain_picture, plain_gradient = picture_and_gradient(z, one.classes.clone().requires_grad_(True))
            np.testing.assert_allclose(picture, plain_picture, rtol=0, atol=0.05 / 255)
            np.testing.assert_allclose(
                gradient, plain_gradient, rtol=1e-3, atol=1e-3 * float(plain_gradient.abs().max())
            )
    assert len(painted) < 18, "the painters' Python code does not run any more"
