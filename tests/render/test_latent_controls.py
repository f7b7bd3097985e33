"""Faders on latent space, and the directions of the macros."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from installation.core.messages import Direction, Prompt, Value
from installation.core.param_table import MACROS
from installation.models import default_place, load_generator
from installation.models.fake import FakeGenerator
from installation.models.interfaces import Latents, ModelPlace, Point, slices, weights_of
from installation.render.frame_painter import mean_difference
from installation.render.latent_controls import LatentControls
from installation.render.latent_directions import (
    DirectionSearch,
    found_path,
    load_directions,
    save_directions,
)
from installation.render.latent_walk import rotate_towards
from tests.render.test_renderer import JUMP, Player

GENERATOR = FakeGenerator()
POINT = GENERATOR.sample(1, 3)
STILL: dict[str, Value] = {"walk/speed": 0.0, "walk/amount": 0.0}


def settled(**params: Value) -> tuple[LatentControls, list[str]]:
    controls = LatentControls(GENERATOR)
    controls.set_directions(np.eye(12, dtype=np.float32)[:MACROS])
    sentences = controls.set_params({name.replace("__", "/"): value for name, value in params.items()})
    controls.advance(60.0)
    return controls, sentences


def test_faders_in_their_middle_change_nothing() -> None:
    controls, _ = settled(latent__macro__1=0.5)
    assert controls.apply(POINT) is POINT


def test_a_macro_moves_z_along_its_direction_and_keeps_its_length() -> None:
    high, low = (settled(latent__macro__2=value)[0].apply(POINT).z for value in (1.0, 0.0))
    assert high[0, 1] > POINT.z[0, 1] > low[0, 1]
    np.testing.assert_allclose(np.linalg.norm(high), np.linalg.norm(POINT.z), rtol=1e-5)


def test_a_fader_is_followed_smoothly() -> None:
    controls = LatentControls(GENERATOR)
    controls.set_params({"latent/noise": 1.0})
    way = []
    for _ in range(10):
        controls.advance(1 / 30)
        way.append(float(np.linalg.norm(controls.apply(POINT).z - POINT.z)))
    assert way == sorted(way)
    assert way[0] < 0.4 * way[-1]


def test_macros_begin_to_move_when_their_directions_are_known() -> None:
    controls = LatentControls(GENERATOR)
    controls.set_params({"latent/macro/1": 1.0})
    controls.advance(60.0)
    controls.set_directions(np.eye(12, dtype=np.float32)[:MACROS])
    assert controls.apply(POINT) is POINT
    way = []
    for _ in range(30):
        controls.advance(1 / 30)
        way.append(float(controls.apply(POINT).z[0, 0] - POINT.z[0, 0]))
    assert way == sorted(way)
    assert 0.0 < way[0] < 0.4 * way[-1]


def test_a_class_takes_its_weight_from_the_others_of_its_group_only() -> None:
    hour, glass = slices(GENERATOR.groups)
    after = weights_of(settled(latent__class__2__weight=0.25)[0].apply(POINT).classes, GENERATOR.groups)
    before = weights_of(POINT.classes, GENERATOR.groups)
    np.testing.assert_allclose(after[:, hour].sum(), 1.0, rtol=1e-5)
    np.testing.assert_allclose(after[0, 2], 0.75 * before[0, 2] + 0.25, rtol=1e-4)
    np.testing.assert_allclose(after[:, glass], before[:, glass], atol=1e-5)


def test_classes_together_weigh_at_most_one() -> None:
    params: dict[str, Value] = {f"latent__class__{n}__weight": 1.0 for n in (0, 1)}
    after = weights_of(settled(**params)[0].apply(POINT).classes, GENERATOR.groups)
    np.testing.assert_allclose(after[0, :2], [0.5, 0.5], atol=1e-4)


def test_a_class_that_does_not_exist_is_named() -> None:
    assert settled(latent__class__99__weight=1.0)[1] == ["'fake' has no class 99; its classes are 0 to 6."]


# -- directions ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def directions() -> np.ndarray:
    search = DirectionSearch(GENERATOR)
    for _ in range(1000):
        if search.directions is not None:
            break
        search.step()
    assert search.directions is not None
    return search.directions


def effect(point: Point, direction: np.ndarray) -> float:
    moved = Latents(rotate_towards(point.z, direction, 0.5), point.classes)
    return float(((GENERATOR.paint(moved, 64).astype(float) - GENERATOR.paint(point, 64)) ** 2).mean())


def test_the_directions_are_orthonormal_and_change_pictures_more_than_random_ones(directions: np.ndarray) -> None:
    np.testing.assert_allclose(directions @ directions.T, np.eye(MACROS), atol=1e-4)
    random = np.random.default_rng(1)
    points = [GENERATOR.sample(1, seed) for seed in range(40)]
    drawn = [vector / np.linalg.norm(vector) for vector in random.standard_normal((40, 12)).astype(np.float32)]
    strongest = np.mean([effect(point, direction) for point in points for direction in directions[:2]])
    assert strongest > 1.2 * np.mean([effect(point, vector) for point, vector in zip(points, drawn, strict=True)])


def test_directions_are_kept_on_disk_and_damaged_ones_are_found_again(tmp_path: Path, directions: np.ndarray) -> None:
    place = ModelPlace(tmp_path, tmp_path)
    assert load_directions(GENERATOR, place) is None
    save_directions(directions, found_path("fake", tmp_path))
    loaded = load_directions(GENERATOR, place)
    assert loaded is not None
    np.testing.assert_array_equal(loaded, directions)
    found_path("fake", tmp_path).write_bytes(b"rubbish")
    assert load_directions(GENERATOR, place) is None


@pytest.mark.parametrize("name", ["theatre", "biggan-embedded"])
def test_the_embedded_generators_come_with_their_directions(name: str) -> None:
    assert load_directions(load_generator(name, default_place()), default_place()) is not None


def test_a_macro_acts_in_a_renderer_once_its_direction_is_found_and_makes_nothing_jump(tmp_path: Path) -> None:
    player = Player(Direction(1, (Prompt(1, "a wolf"),), 1.0, STILL), place=ModelPlace(tmp_path, tmp_path))
    player.play(8.0)
    before = player.play(0.1)
    player.largest_change = 0.0
    assert player.renderer.direction is not None
    player.renderer.direct(replace(player.renderer.direction, params={**STILL, "latent/macro/1": 0.9}))
    assert player.renderer.dreaming
    after = player.play(6.0)
    assert mean_difference(before.picture, after.picture) > 4.0
    assert player.largest_change < JUMP


def test_what_sound_adds_acts_at_once_and_ends_at_once() -> None:
    controls, _ = settled(latent__noise=0.1)
    before = controls.apply(POINT).z
    controls.set_params({"latent/noise": 0.1}, {"latent/noise": 0.5})
    loud = controls.apply(POINT).z
    controls.set_params({"latent/noise": 0.1})
    np.testing.assert_array_equal(controls.apply(POINT).z, before)
    np.testing.assert_allclose(loud, settled(latent__noise=0.5)[0].apply(POINT).z, rtol=1e-5)


def test_related_classes_are_those_of_the_words_and_change_with_them() -> None:
    controls, _ = settled(latent__related__2__weight=0.6)
    assert controls.uses_related
    for related in ((4, 2, 1), (0, 3)):
        controls.set_related(related)
        controls.advance(60.0)
        wanted = related[1]
        weights = weights_of(controls.apply(POINT).classes, GENERATOR.groups)[0]
        assert weights[wanted] >= 0.6
    controls.set_related((0,))
    controls.advance(60.0)
    assert controls.apply(POINT) is POINT
