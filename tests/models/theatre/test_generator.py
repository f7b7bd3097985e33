"""The theatre paints what its classes say, at any size and shape, and moves without a jump."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from installation.core.errors import ShowError
from installation.models.interfaces import ABSENT, Floats, Generator, Latents, ModelPlace, Point, logits_of, weights_of
from installation.models.theatre import Theatre, load, scene_classes
from installation.models.theatre.vocabulary import GROUP_SLICES, GROUPS, NUM_CLASSES

ASSETS = Path(__file__).resolve().parents[3] / "assets"


@pytest.fixture(scope="module")
def theatre() -> Theatre:
    torch.set_num_threads(1)
    return load(ModelPlace(ASSETS, ASSETS))


def scene(seed: int = 0, **labels: str) -> Point:
    z = 0.8 * np.random.default_rng(seed).standard_normal((1, 96))
    return Latents(z.astype(np.float32), scene_classes(**labels))


def tensors(point: Point) -> Latents[Tensor]:
    return Latents(torch.tensor(point.z), torch.tensor(point.classes))


def shown(theatre: Theatre, point: Point, size: int | tuple[int, int] = 96, phase: float = 0.0) -> Floats:
    """The picture in 0..1, [3, height, width]."""
    with torch.no_grad():
        picture: Floats = theatre.render(tensors(point), size, phase)[0].numpy()
    return picture


def test_it_is_a_generator_of_184_classes_in_nine_groups(theatre: Theatre) -> None:
    assert isinstance(theatre, Generator)
    assert [(group.name, len(group.labels)) for group in theatre.groups] == [
        ("sky", 17), ("tint", 8), ("celestial", 8), ("weather", 13), ("terrain", 23), ("subject", 86),
        ("subject_colour", 7), ("companion", 17), ("detail", 5),
    ]  # fmt: skip
    assert [group.labels[group.neutral] for group in GROUPS if group.neutral is not None] == [
        "no tint", "empty sky", "clear", "nobody", "ink", "alone", "nothing more"
    ]  # fmt: skip


def test_pictures_of_a_mixed_batch_are_as_those_painted_one_by_one(theatre: Theatre) -> None:
    points = theatre.sample(6, seed=4)
    with torch.no_grad():
        together = theatre.render(tensors(points), (48, 85), 1.7).numpy()
    assert together.shape == (6, 3, 48, 85)
    assert together.min() >= 0
    assert together.max() <= 1
    alone = np.stack([shown(theatre, points[i : i + 1], (48, 85), 1.7) for i in range(6)])
    np.testing.assert_allclose(together, alone, atol=2e-4)


def test_the_same_seed_paints_the_same_bytes(theatre: Theatre) -> None:
    pictures = [theatre.paint(theatre.sample(1, seed=9), (72, 128), 3.0) for _ in range(2)]
    assert pictures[0].shape == (72, 128, 3)
    assert pictures[0].dtype == np.uint8
    np.testing.assert_array_equal(pictures[0], pictures[1])
    assert (pictures[0] != theatre.paint(theatre.sample(1, seed=10), (72, 128), 3.0)).mean() > 0.5


def test_bytes_are_the_rendered_picture(theatre: Theatre) -> None:
    point = theatre.sample(1, seed=12)
    bytes_shown = theatre.paint(point, 64).astype(np.float32) / 255
    assert np.abs(bytes_shown.transpose(2, 0, 1) - shown(theatre, point, 64)).max() <= 1.01 / 255


def test_gradient_reaches_z_and_the_logits_of_present_classes(theatre: Theatre) -> None:
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


def test_every_class_leaves_its_mark_on_the_picture(theatre: Theatre) -> None:
    """Each class alone in its group differs from every other of the group, in a scene where all can be seen."""
    for group in GROUPS:
        place = GROUP_SLICES[group.name]
        logits = np.repeat(scene_classes(sky="dawn", subject="horse", celestial="sun"), len(group.labels), 0)
        logits[:, place] = ABSENT
        logits[np.arange(len(logits)), np.arange(place.start, place.stop)] = 0.0
        z = np.repeat(scene(5).z, len(logits), 0)
        with torch.no_grad():
            pictures = theatre.render(tensors(Latents(z, logits)), 48).flatten(1)
        apart = torch.cdist(pictures, pictures, p=1) / pictures.shape[1]
        assert float((apart + torch.eye(len(apart))).min()) > 0.001, group.name


@pytest.mark.parametrize("terrain", ["sea", "mountains", "city", "cave", "ruins", "field"])
@pytest.mark.parametrize("weather", ["clouds", "rain", "fire"])
def test_a_wide_or_tall_picture_has_the_square_one_in_its_middle(theatre: Theatre, terrain: str, weather: str) -> None:
    point = scene(6, terrain=terrain, weather=weather, sky="night", subject="wolf", celestial="moon")
    square = shown(theatre, point, 64, 2.0)
    middle = slice(8, 56)  # the vignette follows the shape, so the corners may differ a little
    wide = shown(theatre, point, (64, 114), 2.0)[:, :, 25:89]
    tall = shown(theatre, point, (114, 64), 2.0)[:, 25:89]
    for other in (wide, tall):
        bright = other[:, middle, middle].mean() / square[:, middle, middle].mean()
        assert 1.0 < bright < 1.2
        assert np.abs(other - square).mean() < 0.06
        structure = np.corrcoef(np.diff(other, axis=2).ravel(), np.diff(square, axis=2).ravel())[0, 1]
        assert structure > 0.98


def test_a_large_picture_made_small_is_the_small_picture(theatre: Theatre) -> None:
    points = theatre.sample(12, seed=2)
    for i in range(12):
        small, large = shown(theatre, points[i : i + 1], 128), shown(theatre, points[i : i + 1], 256)
        assert np.abs(large.reshape(3, 128, 2, 128, 2).mean((2, 4)) - small).mean() < 0.008


@pytest.mark.parametrize(
    "labels",
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
    ids=str,
)
def test_it_moves_by_itself_and_never_jumps(theatre: Theatre, labels: dict[str, str]) -> None:
    point = scene(7, **labels)
    still = shown(theatre, point, (72, 128))
    assert 255 * np.abs(shown(theatre, point, (72, 128), 3.5) - still).mean() > 0.05
    for start in (0.0, 3.4, 17.0, 3601.3, 1_000_000.7):
        frames = [shown(theatre, point, (72, 128), start + i / 15) for i in range(3)]
        assert max(255 * np.abs(after - before).mean() for before, after in pairwise(frames)) < 2.0


def test_lightning_never_flashes(theatre: Theatre) -> None:
    point = scene(8, weather="lightning", sky="storm")
    light = [shown(theatre, point, (36, 64), t / 10).mean() for t in range(140)]
    assert max(light) - min(light) < 0.08
    assert np.abs(np.diff(light)).max() < 0.012


def test_a_walk_from_scene_to_scene_is_smooth(theatre: Theatre) -> None:
    points = theatre.sample(6, seed=21)
    weights = weights_of(points.classes, GROUPS)
    for a, b in ((0, 1), (2, 3), (4, 5)):
        steps = []
        for t in np.linspace(0, 1, 61):
            z = (1 - t) * points.z[a : a + 1] + t * points.z[b : b + 1]
            mixed = (1 - t) * weights[a : a + 1] + t * weights[b : b + 1]
            steps.append(shown(theatre, Latents(z.astype(np.float32), logits_of(mixed)), 64))
        change = [np.abs(after - before).mean() for before, after in pairwise(steps)]
        assert max(change) < 3 * np.mean(change)


def test_a_class_enters_with_nothing(theatre: Theatre) -> None:
    point = scene(9, weather="clear", subject="nobody")
    without = shown(theatre, point)
    weights = weights_of(point.classes, GROUPS)
    for name, share in (("weather", 0.0011), ("subject", 0.0011)):
        mixed = weights.copy()
        mixed[0, GROUP_SLICES[name]] *= 1 - share
        mixed[0, GROUP_SLICES[name].start + 3] += share
        assert np.abs(shown(theatre, Latents(point.z, logits_of(mixed))) - without).max() < 0.002


def test_samples_are_spread_over_the_world() -> None:
    weights = weights_of(load(ModelPlace(ASSETS, ASSETS)).sample(4000, seed=1).classes, GROUPS)
    share = {group.name: weights[:, GROUP_SLICES[group.name]].mean(0) for group in GROUPS}
    assert share["weather"][0] >= 0.5
    assert share["tint"][0] >= 0.7
    assert share["subject"][-1] == pytest.approx(0.2, abs=0.03)
    assert share["companion"][0] >= 0.75
    assert share["detail"][0] >= 0.6
    assert all(part.min() > 0.006 for part in share.values())


def test_samples_are_coherent() -> None:
    """Ships are at sea, nights have no sun, rain does not fall on deserts: but for one in fifty."""
    weights = weights_of(load(ModelPlace(ASSETS, ASSETS)).sample(8000, seed=2).classes, GROUPS)

    def held(group: str, *labels: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        names = next(one.labels for one in GROUPS if one.name == group)
        columns = [GROUP_SLICES[group].start + names.index(label) for label in labels]
        return np.asarray(weights[:, columns].sum(1) > 0.5)

    dark, ships = held("sky", "night", "aurora", "dusk"), held("subject", "ship", "boat", "whale")
    assert held("celestial", "sun", "red sun")[dark].mean() < 0.02
    water = held("terrain", "sea", "lake", "cliffs", "river", "island", "swamp", "deep sea")
    assert water[ships].mean() > 0.98
    assert held("terrain", "desert")[held("weather", "rain", "snow")].mean() < 0.02
    assert held("terrain", "desert")[held("subject", "camel")].mean() > 0.9
    assert held("terrain", "cave", "volcano").mean() < 0.06


def test_an_unknown_class_names_the_nearest() -> None:
    with pytest.raises(ShowError, match="no terrain 'citty': did you mean 'city'"):
        scene_classes(terrain="citty")
    with pytest.raises(ShowError, match="no group of classes 'terain': did you mean 'terrain'"):
        scene_classes(terain="city")


def test_a_burning_city_shows_its_city(theatre: Theatre) -> None:
    """The dark houses and their windows stay: the middle band is no wall of flame, yet much redder than without."""
    burning = shown(theatre, scene(1, terrain="city", sky="night", weather="fire"), (90, 160))
    calm = shown(theatre, scene(1, terrain="city", sky="night"), (90, 160))
    houses = slice(62, 72)
    flames = (burning[0] > 0.6) & (burning[0] > 1.6 * burning[2])
    assert flames[houses].mean() < 0.35
    assert flames[38:62].mean() > 0.15
    assert (burning[0] - burning[2])[30:].mean() > (calm[0] - calm[2])[30:].mean() + 0.15


def test_the_twin_names_classes_of_the_theatre_and_draws_them_by_tables_of_its_own() -> None:
    rows = json.loads((ASSETS / "biggan-embedded" / "groups.json").read_text(encoding="utf-8"))
    ours = {group.name: set(group.labels) for group in GROUPS}
    labels = {row["name"]: row["labels"] for row in rows}
    for row in rows:
        assert set(row["labels"]) <= ours[row["name"]]
        assert len(row["chances"]) == len(row["labels"])
        for other, table in row["given"].items():
            shape = np.array(table).shape
            assert shape == (len(labels[other]), len(row["labels"]))
            assert (np.array(table).sum(axis=1) > 0.0).all()
