"""The walk never jumps, arrives, breathes around what was dreamed, and stands still when it is told to."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.fake import FakeGenerator
from installation.models.interfaces import Group, Latents, Point, logits_of, repeat_layers, weights_of
from installation.render.latent_walk import (
    LONGEST_STEP,
    PERIOD_SECONDS,
    SETTLE_SECONDS,
    Drift,
    LatentWalk,
    WalkTime,
    mix,
    slerp,
)

GROUPS = (Group("sky", ("day", "night")), Group("who", ("nobody", "fox", "crow"), neutral=0))
MOMENT = 1.0 / 60.0


def point(seed: int, layers: int = 0) -> Point:
    random = np.random.default_rng(seed)
    shape = (1, layers, 24) if layers else (1, 24)
    weights = np.concatenate([random.dirichlet(np.ones(2)), random.dirichlet(np.ones(3))])[None]
    return Latents(random.standard_normal(shape).astype(np.float32), logits_of(weights.astype(np.float32)))


def still(layers: int = 0, speed: float = 0.0, amount: float = 0.0) -> LatentWalk:
    start = point(1, layers)
    return LatentWalk.at_rest(start, GROUPS, Drift.drawn(start.z.shape[1:], 5, 0.0, speed, amount))


def distance(a: Point, b: Point) -> float:
    classes = np.abs(weights_of(a.classes, GROUPS) - weights_of(b.classes, GROUPS)).sum()
    return float(np.linalg.norm(a.z - b.z) / np.linalg.norm(a.z) + classes)


@pytest.mark.parametrize("layers", [0, 3])
def test_slerp_keeps_the_length_of_every_layer_on_its_way(layers: int) -> None:
    a, b = point(1, layers).z, point(2, layers).z
    b = b * np.linalg.norm(a, axis=-1, keepdims=True) / np.linalg.norm(b, axis=-1, keepdims=True)
    lengths = [np.linalg.norm(slerp(a, b, t), axis=-1) for t in (0.25, 0.5, 0.75)]
    np.testing.assert_allclose(lengths, [np.linalg.norm(a, axis=-1)] * 3, rtol=1e-5)


def test_slerp_begins_and_ends_where_it_should_even_between_equals_and_opposites() -> None:
    a = point(1).z
    for b in (point(2).z, a, -a, np.zeros_like(a)):
        np.testing.assert_allclose(slerp(a, b, 0.0), a, atol=1e-5)
        np.testing.assert_allclose(slerp(a, b, 1.0), b, atol=1e-5)


def test_classes_are_mixed_in_their_weights() -> None:
    a, b = point(1), point(2)
    between = weights_of(mix(a, b, 0.25, GROUPS).classes, GROUPS)
    expected = 0.75 * weights_of(a.classes, GROUPS) + 0.25 * weights_of(b.classes, GROUPS)
    np.testing.assert_allclose(between, expected, atol=1e-4)


def test_a_walk_begins_where_it_stands_sets_off_at_once_and_arrives_in_time() -> None:
    walk = still().towards(point(2), 10.0, 2.0)
    way = distance(point(1), point(2))
    assert distance(walk.at(10.0), point(1)) < 1e-5
    assert distance(walk.at(10.2), point(1)) > 0.2 * way
    assert distance(walk.at(12.0), point(2)) < 1e-3


def test_no_seconds_are_a_cut() -> None:
    assert distance(still().towards(point(2), 10.0, 0.0).at(10.0), point(2)) < 1e-3


@pytest.mark.parametrize("layers", [0, 3])
def test_nothing_that_happens_on_the_way_makes_a_jump(layers: int) -> None:
    walk, t = still(layers, speed=0.6, amount=0.8), 0.0
    steps, before = [], walk.at(t)
    for i in range(600):
        if i % 50 == 10:
            walk = walk.towards(point(i, layers), t, 2.0)
        if i % 7 == 3:
            walk = walk.follow(mix(walk.aim, point(i, layers), 0.02, GROUPS), t)
        if i % 90 == 60:
            walk = walk.drifting(t, speed=(i % 4) / 3, amount=(i % 3) / 2)
        assert distance(walk.at(t), before) < 1e-5  # a change moves nothing at its own moment
        t += MOMENT
        steps.append(distance(walk.at(t), before))
        before = walk.at(t)
    assert 0.001 < max(steps) < 0.12


def test_a_dream_that_progresses_is_followed_all_the_way() -> None:
    walk = still().towards(point(2), 0.0, 1.0)
    for i in range(120):
        walk = walk.follow(mix(point(2), point(3), i / 119, GROUPS), i * MOMENT)
    assert distance(walk.at(8.0), point(3)) < 0.01


def test_the_drift_is_a_closed_loop_around_the_target_that_touches_no_class() -> None:
    walk = still(speed=0.5, amount=0.4)
    t, period = SETTLE_SECONDS, PERIOD_SECONDS / 0.5
    loop = [walk.at(t + period * i / 64) for i in range(65)]
    away = [distance(each, point(1)) for each in loop]
    middle = np.mean([each.z for each in loop[:-1]], axis=0)
    assert distance(loop[0], loop[-1]) < 1e-3
    assert 0.25 < max(away) < 0.55
    assert np.linalg.norm(middle - point(1).z) < 0.1 * np.linalg.norm(point(1).z)
    assert all(np.array_equal(each.classes, point(1).classes) for each in loop)


def test_a_drift_without_size_or_speed_stays_on_the_dream() -> None:
    assert distance(still(speed=1.0, amount=0.0).at(7.7), point(1)) < 1e-5
    assert distance(still(speed=0.0, amount=1.0).at(7.7), point(1)) < 1e-5


def test_time_stands_still_in_a_pause_and_goes_on_from_there() -> None:
    time = WalkTime()
    times = [time.advance(now, paused) for now, paused in [(100.0, False), (100.1, False), (109.0, True)]]
    times += [time.advance(now) for now in (109.1, 109.2)]
    np.testing.assert_allclose(times, [0.0, 0.1, 0.1, 0.2, 0.3], atol=1e-9)


def test_a_stall_is_not_made_up_for() -> None:
    time = WalkTime()
    time.advance(100.0)
    assert time.advance(130.0) == LONGEST_STEP


def test_the_phase_goes_on_in_a_successor() -> None:
    first, second = WalkTime(), WalkTime()
    for i in range(11):
        first.advance(5000.0 + 0.1 * i)
    second.advance(5001.1)
    assert second.phase - first.phase == pytest.approx(0.1)


def test_a_picture_of_small_latents_is_led_astray_too() -> None:
    generator = FakeGenerator()
    start = generator.sample(1, 3)
    tiny = Latents(start.z[:, :2], start.classes)
    walk = LatentWalk.at_rest(tiny, generator.groups, Drift.drawn((2,), 1, 0.0, 1.0, 1.0))
    assert walk.at(3.0).z.shape == (1, 2)


def test_between_one_z_and_a_z_for_each_layer_all_layers_set_off_from_the_one() -> None:
    flat, rich = point(1), point(2, layers=3)
    near, half = (mix(flat, rich, t, GROUPS) for t in (1e-6, 0.5))
    np.testing.assert_allclose(near.z, np.repeat(flat.z[:, None], 3, axis=1), atol=1e-4)
    np.testing.assert_allclose(half.z, mix(repeat_layers(flat, 3), rich, 0.5, GROUPS).z, atol=1e-6)


def test_a_walk_at_an_opening_with_one_z_goes_on_to_a_dream_with_many() -> None:
    flat, rich = point(1), point(2, layers=3)
    walk = LatentWalk.at_rest(flat, GROUPS, Drift.drawn(flat.z.shape[1:], 1, 0.0, 0.5, 0.5))
    before = walk.at(4.0)
    walk = walk.towards(rich, 4.0, 2.0)
    shown = [walk.at(4.0 + t) for t in (1e-4, 1.0, 2.5)]
    assert [each.z.shape for each in shown] == [(1, 3, *flat.z.shape[1:])] * 3
    np.testing.assert_allclose(shown[0].z, np.repeat(before.z[:, None], 3, axis=1), atol=0.01)
