"""Every weather is visible, and none of it flashes."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.theatre.generator import Theatre
from installation.models.theatre.vocabulary import WEATHERS
from tests.conftest import spread
from tests.models.theatre.conftest import plain, render, scene


@pytest.mark.parametrize("weather", spread(WEATHERS[1:], 3))
def test_a_weather_is_visible_under_light_and_dark_skies(theatre: Theatre, weather: str) -> None:
    for sky in ("noon", "night", "grey"):
        for phase in (0.0, 3.5):
            change = np.abs(plain(theatre, 64, phase, sky=sky, weather=weather) - plain(theatre, 64, phase, sky=sky))
            assert change.mean() > 0.006, (sky, phase)


@pytest.mark.slow
def test_lightning_never_flashes(theatre: Theatre) -> None:
    point = scene(8, weather="lightning", sky="storm")
    light = [render(theatre, point, (36, 64), t / 10).mean() for t in range(140)]
    assert max(light) - min(light) < 0.08
    assert np.abs(np.diff(light)).max() < 0.012


def test_a_bolt_is_always_visible(theatre: Theatre) -> None:
    for phase in np.linspace(0, 7, 15):
        picture, without = (plain(theatre, 64, float(phase), sky="storm", weather=w) for w in ("lightning", "clear"))
        assert (np.abs(picture - without)[:, :40].max(0) > 0.2).sum() > 5, phase
