from __future__ import annotations

import math

import pytest

from installation.dream.schedule import LEAST_TRUNCATION, MIN_RATE, PRIOR_WEIGHT, RATE_DECAY_STEPS, Z_RATE, Schedule


def test_missing_parameters_have_their_defaults() -> None:
    assert Schedule.from_params({}) == Schedule(rate=1.0, strength=0.7, truncation=0.8)


def test_live_parameters_set_rate_strength_and_truncation() -> None:
    params = {"dream/rate": 0.25, "dream/strength": 0.1, "latent/truncation": 0.0}
    assert Schedule.from_params(params) == Schedule(0.5, 0.1, LEAST_TRUNCATION)


def test_the_learning_rate_falls_with_the_square_root_of_the_steps_and_never_to_zero() -> None:
    schedule = Schedule()
    assert schedule.at(0).rate == pytest.approx(Z_RATE)
    assert schedule.at(int(RATE_DECAY_STEPS)).rate == pytest.approx(Z_RATE / math.sqrt(2.0))
    assert schedule.at(1_000_000).rate == pytest.approx(Z_RATE * MIN_RATE)


@pytest.mark.parametrize(("strength", "factor"), [(1.0, 0.0), (0.7, 1.0), (0.4, 4.0)])
def test_a_weaker_prompt_strength_strengthens_the_latent_prior(strength: float, factor: float) -> None:
    assert Schedule(strength=strength).prior == pytest.approx(factor * PRIOR_WEIGHT)


def test_the_moving_average_becomes_slower_with_the_steps() -> None:
    decays = [Schedule().at(step).decay for step in (0, 100, 1000)]
    assert decays == sorted(decays)
    assert decays[0] == pytest.approx(0.9)
