from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from installation.models.interfaces import Group, Latents, Point, logits_of, repeat_layers, weights_of
from installation.render.latent_walk import (
    DRIFT_EASE_SECONDS,
    DRIFT_PERIOD_SECONDS,
    MAX_FRAME_SECONDS,
    Drift,
    LatentWalk,
    WalkClock,
    class_distance,
    interpolate,
    orthonormal_directions,
    slerp,
)

GROUPS = (Group("sky", ("day", "night")), Group("guest", ("nobody", "fox", "crow"), neutral=0))
FRAME = 1.0 / 60.0
SIZE = 24


def point(seed: int, layers: int = 0) -> Point:
    random = np.random.default_rng(seed)
    shape = (1, layers, SIZE) if layers else (1, SIZE)
    weights = np.concatenate([random.dirichlet(np.ones(2)), random.dirichlet(np.ones(3))])[None]
    return Latents(random.standard_normal(shape).astype(np.float32), logits_of(weights.astype(np.float32)))


def walk_at_rest(layers: int = 0, speed: float = 0.0, amount: float = 0.0) -> LatentWalk:
    start = point(1, layers)
    return LatentWalk.at_rest(start, GROUPS, Drift.begin(start.z.shape[1:], 5, 0.0, speed, amount))


def distance(a: Point, b: Point) -> float:
    classes = np.abs(weights_of(a.classes, GROUPS) - weights_of(b.classes, GROUPS)).sum()
    return float(np.linalg.norm(a.z - b.z) / np.linalg.norm(a.z) + classes)


@pytest.mark.parametrize("layers", [0, 3])
def test_slerp_keeps_the_length_of_every_layer(layers: int) -> None:
    a, b = point(1, layers).z, point(2, layers).z
    b = b * np.linalg.norm(a, axis=-1, keepdims=True) / np.linalg.norm(b, axis=-1, keepdims=True)
    lengths = [np.linalg.norm(slerp(a, b, t), axis=-1) for t in (0.25, 0.5, 0.75)]
    np.testing.assert_allclose(lengths, [np.linalg.norm(a, axis=-1)] * 3, rtol=1e-5)


@pytest.mark.parametrize("end", ["other", "equal", "opposite", "zero"])
def test_slerp_begins_and_ends_at_its_arguments(end: str) -> None:
    a = point(1).z
    b = {"other": point(2).z, "equal": a, "opposite": -a, "zero": np.zeros_like(a)}[end]
    np.testing.assert_allclose(slerp(a, b, 0.0), a, atol=1e-5)
    np.testing.assert_allclose(slerp(a, b, 1.0), b, atol=1e-5)


def test_classes_are_interpolated_linearly_in_their_weights() -> None:
    a, b = point(1), point(2)
    between = weights_of(interpolate(a, b, 0.25, GROUPS).classes, GROUPS)
    expected = 0.75 * weights_of(a.classes, GROUPS) + 0.25 * weights_of(b.classes, GROUPS)
    np.testing.assert_allclose(between, expected, atol=1e-4)


def test_classes_that_are_the_same_stay_so_bit_for_bit() -> None:
    a = point(1)
    b = Latents(point(2).z, a.classes.copy())
    between = [interpolate(a, b, t, GROUPS) for t in (0.1, 1 / 3, 0.77)]
    assert all(np.array_equal(one.classes, a.classes) for one in between)
    assert not np.array_equal(between[0].z, between[1].z)


def test_from_one_z_to_a_z_for_each_layer_all_layers_start_at_the_one() -> None:
    flat, layered = point(1), point(2, layers=3)
    near, half = (interpolate(flat, layered, t, GROUPS) for t in (1e-6, 0.5))
    np.testing.assert_allclose(near.z, repeat_layers(flat, 3).z, atol=1e-4)
    np.testing.assert_allclose(half.z, interpolate(repeat_layers(flat, 3), layered, 0.5, GROUPS).z, atol=1e-6)


def test_the_class_distance_is_the_largest_share_of_a_group_that_differs() -> None:
    def classes(*weights: float) -> Point:
        return Latents(np.zeros((1, SIZE), np.float32), logits_of(np.array([weights], np.float32)))

    a, b = classes(1.0, 0.0, 1.0, 0.0, 0.0), classes(0.9, 0.1, 0.4, 0.6, 0.0)
    assert class_distance(a, b, GROUPS) == pytest.approx(0.6, abs=1e-3)


def test_directions_of_the_drift_are_orthonormal_in_every_layer() -> None:
    directions = orthonormal_directions((2, SIZE), 3, seed=1)
    assert directions.shape == (3, 2, SIZE)
    for layer in range(2):
        gram = directions[:, layer] @ directions[:, layer].T
        np.testing.assert_allclose(gram, np.eye(3), atol=1e-5)


def test_a_walk_starts_at_once_and_arrives_in_time() -> None:
    walk = walk_at_rest().move_to(point(2), 10.0, 2.0)
    way = distance(point(1), point(2))
    assert distance(walk.at(10.0), point(1)) < 1e-5
    assert distance(walk.at(10.2), point(1)) > 0.2 * way
    assert distance(walk.at(12.0), point(2)) < 1e-3


def test_a_walk_of_zero_seconds_is_a_cut() -> None:
    assert distance(walk_at_rest().move_to(point(2), 10.0, 0.0).at(10.0), point(2)) < 1e-3


def test_a_walk_waits_at_its_limit_until_it_is_released_and_then_arrives() -> None:
    free = walk_at_rest().move_to(point(2), 10.0, 2.0)
    walk = free.limited(0.45)
    assert distance(walk.at(10.1), free.at(10.1)) == 0.0
    waiting = walk.at(20.0)
    assert distance(waiting, walk.at(12.0)) == 0.0
    assert distance(waiting, point(2)) > 0.3 * distance(point(1), point(2))
    released = walk.released(20.0)
    assert distance(released.at(20.0), waiting) < 1e-5
    assert distance(released.at(21.2), point(2)) < 1e-3
    assert distance(walk.released(10.1).at(10.3), free.at(10.3)) == 0.0


@pytest.mark.slow
@pytest.mark.parametrize("layers", [0, 3])
def test_no_change_of_a_walk_makes_it_jump(layers: int) -> None:
    walk, t = walk_at_rest(layers, speed=0.6, amount=0.8), 0.0
    shown = [walk.at(t)]
    for i in range(600):
        if i % 50 == 10:
            walk = walk.move_to(point(i, layers), t, 2.0)
        if i % 7 == 3:
            walk = walk.follow(interpolate(walk.target, point(i, layers), 0.02, GROUPS), t)
        if i % 90 == 60:
            walk = walk.with_drift(t, speed=(i % 4) / 3, amount=(i % 3) / 2)
        assert distance(walk.at(t), shown[-1]) < 1e-5  # a change moves nothing at its own moment
        t += FRAME
        shown.append(walk.at(t))
    assert 0.001 < max(distance(b, a) for a, b in pairwise(shown)) < 0.12


def test_a_target_that_moves_is_followed_to_its_end() -> None:
    walk = walk_at_rest().move_to(point(2), 0.0, 1.0)
    for i in range(120):
        walk = walk.follow(interpolate(point(2), point(3), i / 119, GROUPS), i * FRAME)
    assert distance(walk.at(8.0), point(3)) < 0.01


def test_the_drift_is_a_closed_loop_around_the_target() -> None:
    walk = walk_at_rest(speed=0.5, amount=0.4)
    begin, period = DRIFT_EASE_SECONDS, DRIFT_PERIOD_SECONDS / 0.5
    loop = [walk.at(begin + period * i / 64) for i in range(65)]
    centre = np.mean([each.z for each in loop[:-1]], axis=0)
    assert distance(loop[0], loop[-1]) < 1e-3
    assert 0.25 < max(distance(each, point(1)) for each in loop) < 0.55
    assert np.linalg.norm(centre - point(1).z) < 0.1 * np.linalg.norm(point(1).z)


def test_the_drift_does_not_change_the_classes() -> None:
    walk = walk_at_rest(speed=0.5, amount=0.4)
    assert all(np.array_equal(walk.at(0.5 * i).classes, point(1).classes) for i in range(40))


@pytest.mark.parametrize(("speed", "amount"), [(1.0, 0.0), (0.0, 1.0)])
def test_a_drift_without_speed_or_amount_shows_the_target(speed: float, amount: float) -> None:
    assert distance(walk_at_rest(speed=speed, amount=amount).at(7.7), point(1)) < 1e-5


def test_a_z_of_fewer_dimensions_than_the_drift_has_directions_drifts_too() -> None:
    small = Latents(point(1).z[:, :2], point(1).classes)
    walk = LatentWalk.at_rest(small, GROUPS, Drift.begin((2,), 1, 0.0, 1.0, 1.0))
    assert walk.at(3.0).z.shape == (1, 2)
    assert not np.allclose(walk.at(3.0).z, small.z)


def test_a_walk_from_one_z_continues_to_a_z_for_each_layer() -> None:
    flat, layered = point(1), point(2, layers=3)
    walk = LatentWalk.at_rest(flat, GROUPS, Drift.begin(flat.z.shape[1:], 1, 0.0, 0.5, 0.5))
    before = walk.at(4.0)
    walk = walk.move_to(layered, 4.0, 2.0)
    shown = [walk.at(4.0 + t) for t in (1e-4, 1.0, 2.5)]
    assert [each.z.shape for each in shown] == [(1, 3, SIZE)] * 3
    np.testing.assert_allclose(shown[0].z, repeat_layers(before, 3).z, atol=0.01)


def test_the_walk_clock_stands_still_in_a_pause_and_continues_from_there() -> None:
    clock = WalkClock()
    times = [clock.advance(now, paused) for now, paused in [(100.0, False), (100.1, False), (109.0, True)]]
    times += [clock.advance(now) for now in (109.1, 109.2)]
    np.testing.assert_allclose(times, [0.0, 0.1, 0.1, 0.2, 0.3], atol=1e-9)


def test_the_walk_clock_does_not_catch_up_with_a_stall() -> None:
    clock = WalkClock()
    clock.advance(100.0)
    assert clock.advance(130.0) == MAX_FRAME_SECONDS


def test_the_phase_continues_in_the_renderer_of_the_next_process() -> None:
    first, second = WalkClock(), WalkClock()
    for i in range(11):
        first.advance(5000.0 + 0.1 * i)
    second.advance(5001.1)
    assert second.phase - first.phase == pytest.approx(0.1)
