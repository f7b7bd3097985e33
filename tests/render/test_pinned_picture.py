"""Pictures that are shown as they were stored, and the T-bar."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from installation.core.messages import Direction, Prompt, StoredPicture, Value
from installation.models.fake import FakeGenerator
from installation.models.interfaces import Point
from installation.render.pinned_picture import PinnedPicture
from tests.render.test_renderer import JUMP, Player

STILL: dict[str, Value] = {"walk/speed": 0.0, "walk/amount": 0.0}
GENERATOR = FakeGenerator()


def picture(name: str, seed: int, generator: str = "fake") -> StoredPicture:
    point = GENERATOR.sample(1, seed)
    return StoredPicture(name, point.z, point.classes, generator)


def shown(player: Player) -> Point:
    point = player.renderer._walk
    assert point is not None
    return point.without_drift(player.renderer._now)


def pinned(*pictures: StoredPicture, first: int = 5, weights: tuple[float, ...] = (1.0,)) -> Direction:
    prompts = tuple(
        Prompt(first + n, "a fox", weight, picture=each.name)
        for n, (each, weight) in enumerate(zip(pictures, weights, strict=True))
    )
    return Direction(1, prompts, 1.0, STILL, number=first, pictures=pictures)


def test_a_pinned_picture_is_shown_exactly_and_never_dreamed_away() -> None:
    player = Player(Direction(1, (Prompt(1, "a wolf"),), 1.0, STILL))
    player.play(2.0)
    stored = picture("one.safetensors", 42)
    player.renderer.direct(replace(pinned(stored), fade_seconds=5.0))
    player.play(6.0)
    assert not player.renderer.dreaming
    np.testing.assert_allclose(shown(player).z, stored.z, atol=1e-3)
    player.play(5.0)
    np.testing.assert_allclose(shown(player).z, stored.z, atol=1e-3)
    assert player.largest_change < JUMP


def test_an_earlier_prompt_comes_back_with_the_latents_that_its_dream_had_come_to() -> None:
    prompt = Prompt(1, "a wolf")
    player = Player(Direction(1, (prompt,), 1.0, STILL))
    player.play(3.0)
    dream = player.renderer.dream
    assert dream is not None
    wanted = dream.point()
    player.renderer.direct(Direction(1, (Prompt(2, "a fox"),), 1.0, STILL))
    (kept,) = player.renderer.take_ended()
    assert (kept.name, kept.generator) == ("prompt:1", "fake")
    player.play(3.0)
    back = replace(prompt, picture=kept.name)
    player.renderer.direct(Direction(1, (back,), 1.0, STILL, pictures=(kept,)))
    player.play(6.0)
    np.testing.assert_allclose(shown(player).z, wanted.z, atol=1e-3)


def test_two_pictures_blend_by_their_weights_and_follow_them() -> None:
    a, b = picture("snapshot:1", 1), picture("snapshot:2", 2)
    player = Player(pinned(a, b, weights=(1.0, 0.0)))
    player.play(4.0)
    np.testing.assert_allclose(shown(player).z, a.z, atol=1e-3)
    player.renderer.direct(pinned(a, b, weights=(0.0, 1.0)))
    assert isinstance(player.renderer.dream, PinnedPicture)
    player.play(6.0)
    np.testing.assert_allclose(shown(player).z, b.z, atol=1e-2)


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        (picture("x", 1, generator="biggan-128"), "The picture 'x' is of 'biggan-128', not of 'fake'"),
        (StoredPicture("x", np.zeros((1, 3), np.float32), np.zeros((1, 7), np.float32)), "of another generator"),
        (StoredPicture("x", np.full((1, 12), np.nan, np.float32), np.zeros((1, 7), np.float32)), "of another"),
    ],
)
def test_latents_that_the_generator_cannot_show_are_reported_and_the_words_are_dreamed(
    stored: StoredPicture, sentence: str
) -> None:
    player = Player(pinned(stored))
    assert sentence in player.renderer.pop_notice()
    player.play(1.0)
    assert player.renderer.dreaming


def test_a_seed_of_a_prompt_gives_the_same_dream_again() -> None:
    points = []
    for number in (1, 9):
        player = Player(Direction(1, (Prompt(number, "a wolf", seed=77),), 1.0, STILL), seed=number)
        player.play(2.0)
        dream = player.renderer.dream
        assert dream is not None
        points.append(dream.point().z)
    np.testing.assert_array_equal(points[0], points[1])


def test_the_bar_holds_a_transition_where_it_is_and_one_lets_it_run() -> None:
    a, b = picture("a", 1), picture("b", 2)
    player = Player(pinned(a))
    player.play(3.0)
    held = replace(pinned(b, first=6), params={**STILL, "transition/position": 0.0})
    player.renderer.direct(replace(pinned(a), params={**STILL, "transition/position": 0.0}))
    player.play(1.0)
    player.renderer.direct(held)
    player.play(5.0)
    np.testing.assert_allclose(shown(player).z, a.z, atol=1e-3)
    player.renderer.direct(replace(held, params={**STILL, "transition/position": 0.5}))
    player.play(3.0)
    half = shown(player).z
    assert np.linalg.norm(half - a.z) > 0.3
    assert np.linalg.norm(half - b.z) > 0.3
    player.renderer.direct(replace(held, params={**STILL, "transition/position": 1.0}))
    player.play(3.0)
    np.testing.assert_allclose(shown(player).z, b.z, atol=1e-2)


def test_other_weights_under_the_same_ids_move_a_dream_without_a_new_one() -> None:
    prompts = (Prompt(1, "a wolf", 1.0), Prompt(2, "the sea", 0.0))
    player = Player(Direction(1, prompts, 1.0, STILL))
    player.play(3.0)
    dream = player.renderer.dream
    before = shown(player).z
    player.renderer.direct(Direction(1, (replace(prompts[0], weight=0.0), replace(prompts[1], weight=1.0)), 1.0, STILL))
    assert player.renderer.dream is dream
    player.play(8.0)
    assert np.linalg.norm(shown(player).z - before) > 0.5
