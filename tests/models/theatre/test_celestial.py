"""The celestial body is visible everywhere and through everything."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.theatre.generator import Theatre
from installation.models.theatre.vocabulary import CELESTIALS, SKIES, TERRAINS
from tests.models.theatre.conftest import MOON_PIXELS, plain


@pytest.mark.parametrize("terrain", TERRAINS)
def test_a_celestial_body_is_visible_above_every_terrain(theatre: Theatre, terrain: str) -> None:
    for body, sky in (("moon", "night"), ("red sun", "dusk"), ("crescent moon", "sunset"), ("comet", "blue hour")):
        labels = {"terrain": terrain, "sky": sky}
        change = np.abs(plain(theatre, celestial=body, **labels) - plain(theatre, **labels)).max(0)
        assert (change > 0.15).sum() > MOON_PIXELS, body


@pytest.mark.parametrize("sky", SKIES)
def test_a_celestial_body_is_visible_in_every_sky(theatre: Theatre, sky: str) -> None:
    without = plain(theatre, sky=sky)
    for body in list(CELESTIALS)[:-1]:
        change = np.abs(plain(theatre, sky=sky, celestial=body) - without).max(0)
        assert (change > 0.05).sum() > MOON_PIXELS, body


@pytest.mark.parametrize("sky", SKIES)
def test_a_celestial_body_is_visible_through_every_weather(theatre: Theatre, sky: str) -> None:
    for weather in ("clouds", "rain", "lightning", "ash", "sandstorm", "fog"):
        labels = {"sky": sky, "weather": weather}
        change = np.abs(plain(theatre, celestial="red sun", **labels) - plain(theatre, **labels)).max(0)
        assert (change > 0.08).sum() > MOON_PIXELS, weather
