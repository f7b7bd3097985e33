"""What words say of figures outlasts every drift, fader and crossfade of the theatre."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.models import default_place, load_generator
from installation.models.capabilities import Arrangeable
from installation.models.interfaces import Floats, Generator, Latents
from installation.models.theatre.marks import second_kind
from installation.render.latent_controls import LatentControls
from installation.render.latent_walk import Drift, geometry_of

MARKS = ("second bear", "inside", "two")


@pytest.fixture(scope="module", params=["theatre", "paper-stage"])
def generator(request: pytest.FixtureRequest) -> Generator:
    return load_generator(request.param, default_place())


def marked(generator: Generator, seed: int) -> Floats:
    assert isinstance(generator, Arrangeable)
    return generator.with_marks(generator.sample(1, seed), MARKS).z


@pytest.mark.parametrize("seed", range(4))
def test_a_second_figure_stays_for_a_whole_loop_of_the_drift(generator: Generator, seed: int) -> None:
    z = marked(generator, seed)
    drift = Drift.begin(z.shape[1:], seed, 0.0, speed=1.0, amount=1.0, geometry=geometry_of(generator))
    moved = [drift.apply(z, time) for time in np.arange(2.0, 14.0, 0.5)]
    assert min(float(second_kind(torch.from_numpy(each)).max()) for each in moved) == 1.0
    assert max(float(np.abs(each - z).max()) for each in moved) > 0.3


def test_faders_leave_the_marks(generator: Generator) -> None:
    controls, point = LatentControls(generator), generator.sample(1, 3)
    controls.set_params({"latent/noise": 1.0})
    controls.advance(10.0)
    z = marked(generator, 3)
    moved = controls.apply(Latents(z, point.classes)).z
    assert isinstance(generator, Arrangeable)
    np.testing.assert_array_equal(moved[:, generator.noise_dimensions :], z[:, generator.noise_dimensions :])
    assert not np.allclose(moved, z)


def test_half_way_the_noise_is_as_long_as_at_the_ends_and_a_mark_is_half_set(generator: Generator) -> None:
    assert isinstance(generator, Arrangeable)
    noise = generator.noise_dimensions
    a, b = generator.with_marks(generator.sample(1, 1), ()).z, marked(generator, 2)
    half = geometry_of(generator).interpolate(a, b, 0.5)
    lengths = [float(np.linalg.norm(each[:, :noise])) for each in (a, half, b)]
    assert lengths[1] == pytest.approx((lengths[0] + lengths[2]) / 2, rel=1e-4)
    np.testing.assert_allclose(half[:, noise:], b[:, noise:] / 2)
