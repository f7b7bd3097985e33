"""The celestial body is visible everywhere and through everything."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from installation.models.theatre.generator import Theatre
from installation.models.theatre.vocabulary import CELESTIALS, SKIES, TERRAINS
from tests.conftest import spread
from tests.models.theatre.conftest import MOON_PIXELS, plain, render, scene


@pytest.mark.parametrize("terrain", spread(TERRAINS, 4))
def test_a_celestial_body_is_visible_above_every_terrain(theatre: Theatre, terrain: str) -> None:
    for body, sky in (("moon", "night"), ("red sun", "dusk"), ("crescent moon", "sunset"), ("comet", "blue hour")):
        labels = {"terrain": terrain, "sky": sky}
        change = np.abs(plain(theatre, celestial=body, **labels) - plain(theatre, **labels)).max(0)
        assert (change > 0.15).sum() > MOON_PIXELS, body


@pytest.mark.parametrize("sky", spread(SKIES, 4))
def test_a_celestial_body_is_visible_in_every_sky(theatre: Theatre, sky: str) -> None:
    without = plain(theatre, sky=sky)
    for body in list(CELESTIALS)[:-1]:
        change = np.abs(plain(theatre, sky=sky, celestial=body) - without).max(0)
        assert (change > 0.05).sum() > MOON_PIXELS, body


@pytest.mark.parametrize("sky", spread(SKIES, 4))
def test_a_celestial_body_is_visible_through_every_weather(theatre: Theatre, sky: str) -> None:
    for weather in ("clouds", "rain", "lightning", "ash", "sandstorm", "fog"):
        labels = {"sky": sky, "weather": weather}
        change = np.abs(plain(theatre, celestial="red sun", **labels) - plain(theatre, **labels)).max(0)
        assert (change > 0.08).sum() > MOON_PIXELS, weather


def test_two_or_three_moons_stand_apart_and_one_after_the_other_is_smaller(theatre: Theatre) -> None:
    def sizes(*marks: str) -> list[int]:
        pictures = [
            render(theatre, theatre.with_marks(scene(3, sky="night", terrain="hills", celestial=name), marks), 96)[0]
            for name in ("moon", "empty sky")
        ]
        discs, count = ndimage.label(np.abs(pictures[0] - pictures[1]).min(0)[:60] > 0.35)
        return sorted(((discs == index + 1).sum() for index in range(count)), reverse=True)

    one, two, three = sizes(), sizes("two sky"), sizes("three sky")
    assert [len(one), len(two), len(three)] == [1, 2, 3]
    assert two[0] > 1.5 * two[1] > 0
    assert abs(two[0] - one[0]) <= 0.1 * one[0]
