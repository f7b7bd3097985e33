"""Latents are decoded to class weights, motion and colours without jumps."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from installation.models.interfaces import Latents, logits_of, weights_of
from installation.models.theatre.decoded_classes import WEIGHT_THRESHOLD, class_weights
from installation.models.theatre.generator import Theatre
from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import GROUP_SLICES, GROUPS
from tests.models.theatre.conftest import CPU, render, scene, tensors


def decoded(phase: float = 0.0, **labels: str) -> Scene:
    return Scene(tensors(scene(3, **labels)), PixelGrid(32, 32, CPU), phase)


def test_weights_of_each_group_sum_to_one_and_small_ones_are_zero() -> None:
    logits = torch.randn(4, sum(len(group.labels) for group in GROUPS), generator=torch.Generator().manual_seed(1)) * 4
    weights, plain = class_weights(logits.double()), weights_of(logits.double().numpy(), GROUPS)
    for columns in GROUP_SLICES.values():
        torch.testing.assert_close(weights[:, columns].sum(1), torch.ones(4, dtype=torch.float64))
    np.testing.assert_array_equal(weights.numpy() > 0, plain > WEIGHT_THRESHOLD)


@pytest.mark.parametrize(("group", "share"), [("weather", 0.0011), ("subject", 0.0011)])
def test_a_class_appears_from_nothing(theatre: Theatre, group: str, share: float) -> None:
    point = scene(9, weather="clear", subject="nobody")
    without = render(theatre, point, 96)
    mixed = weights_of(point.classes, GROUPS)
    mixed[0, GROUP_SLICES[group]] *= 1 - share
    mixed[0, GROUP_SLICES[group].start + 3] += share
    change = np.abs(render(theatre, Latents(point.z, logits_of(mixed)), 96) - without).max()
    assert change < 0.002


def test_only_present_classes_are_reported() -> None:
    one = decoded(sky="night", weather="rain")
    assert one.present("weather") == ["rain"]
    assert one.has("weather", "snow", "rain")
    assert not one.has("weather", "snow", "fog")
    assert one.has_only("sky", "night")
    assert float(one.weight("weather", "rain", "snow")) == pytest.approx(1.0)


def test_motion_is_exact_after_weeks() -> None:
    seconds = 1_000_000.7
    one = decoded(seconds)
    assert one.angle(1.1) == math.fmod(1.1 * seconds, 2 * math.pi)
    rates = torch.tensor([0.37, 5.9])
    exact = torch.tensor([math.fmod(float(rate) * seconds, 3.0) for rate in rates])
    torch.testing.assert_close(one.distance(rates, 3.0), exact, atol=1e-6, rtol=0)
