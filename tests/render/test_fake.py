from __future__ import annotations

import numpy as np

from installation.core.messages import Prompt
from installation.models.fake import FakeGenerator
from installation.models.interfaces import Point
from installation.render.fake import SEARCH_PIECES, FakeDream, FakeDreamFactory
from installation.render.latent_walk import class_distance

GENERATOR = FakeGenerator()


def dream(text: str, seed: int = 1) -> FakeDream:
    return FakeDream(GENERATOR, [Prompt(3, text)], seed, {"dream/rate": 1.0})


def after(started: FakeDream, steps: int) -> Point:
    while started.steps < steps:
        started.step()
    return started.point()


def test_dreams_of_one_text_approach_one_place_from_every_seed() -> None:
    first, second = (after(dream("a fox", seed), 160) for seed in (1, 2))
    np.testing.assert_allclose(first.z, second.z, atol=0.05)
    assert class_distance(first, second, GENERATOR.groups) < 0.01


def test_dreams_of_different_texts_go_to_different_places() -> None:
    assert np.abs(after(dream("a fox"), 80).z - after(dream("snow"), 80).z).max() > 0.5


def test_the_class_search_comes_before_the_first_step() -> None:
    started = dream("a fox")
    assert [started.step() for _ in range(SEARCH_PIECES + 1)] == [False] * SEARCH_PIECES + [True]
    assert started.steps == 1


def test_the_score_rises_with_every_step() -> None:
    started = dream("a fox")
    scores = []
    while started.steps < 20:
        if started.step():
            scores.append(started.score)
    assert scores == sorted(set(scores))
    assert scores[0] > started.start_score


def test_a_prompt_without_a_wanted_part_is_reported_once() -> None:
    started = dream("people:-1")
    assert started.pop_notice() == "The prompt 'people:-1' asks for nothing to be shown."
    assert started.pop_notice() == ""


def test_attract_points_are_drawn_by_seed() -> None:
    factory = FakeDreamFactory(GENERATOR)
    first, same, other = (factory.attract_point(seed).z for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)
