"""Snow lies on the land, in the light of the sky, and not on water nor under a roof."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.interfaces import ABSENT
from installation.models.theatre.generator import Theatre
from installation.models.theatre.scene import COLUMNS
from tests.models.theatre.conftest import FIXED_SEED, plain, render, scene


@pytest.mark.parametrize(("sky", "limit"), [("noon", 0.9), ("sunset", 0.62), ("night", 0.5)])
def test_snow_whitens_the_land_most_where_it_is_near(theatre: Theatre, sky: str, limit: float) -> None:
    """Compared with the same clouds without snow; no land is brighter than `limit`."""
    bare, white = (plain(theatre, sky=sky, terrain="field", weather=weather) for weather in ("clouds", "snow"))
    change = (white - bare).mean((0, 2))
    far, near = change[44:46].mean(), change[57:61].mean()
    assert 0.01 < far < near
    assert near > 0.15
    assert white[:, 57:61].mean() < limit


def test_snow_at_night_is_blue(theatre: Theatre) -> None:
    red, green, blue = plain(theatre, sky="night", terrain="hills", weather="snow")[:, 58:62].mean((1, 2))
    assert red < green < blue


def test_half_the_snow_is_half_as_white(theatre: Theatre) -> None:
    ground = []
    for share in (1e-6, 0.5, 1 - 1e-6):
        point = scene(FIXED_SEED, sky="noon", terrain="hills")
        point.classes[0, COLUMNS["weather", "clear"]] = ABSENT
        point.classes[0, COLUMNS["weather", "clouds"]] = np.log(1 - share)
        point.classes[0, COLUMNS["weather", "snow"]] = np.log(share)
        ground.append(float(render(theatre, point)[0, :, 58:62].mean()))
    assert (ground[1] - ground[0]) / (ground[2] - ground[0]) == pytest.approx(0.5, abs=0.12)


@pytest.mark.parametrize("terrain", ["sea", "deep sea", "room", "cave"])
def test_no_snow_lies_on_water_nor_under_a_roof(theatre: Theatre, terrain: str) -> None:
    bare, snowy = (
        plain(theatre, sky="noon", terrain=terrain, weather=weather)[:, 60:].ravel() for weather in ("clouds", "snow")
    )
    assert np.median(np.abs(snowy - bare)) < 0.01
