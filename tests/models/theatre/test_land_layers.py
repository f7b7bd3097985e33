"""Snow lies on the land, in the light of the sky, and not on water nor under a roof."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.models.interfaces import ABSENT
from installation.models.theatre.decoded_classes import COLUMNS
from installation.models.theatre.generator import Theatre
from installation.models.theatre.land_layers import _steepness, layer_colours
from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.relief import FIRS, MASSIFS, TILE, relief
from installation.models.theatre.scene import Scene
from installation.models.theatre.snow import shaded_snow
from installation.models.theatre.turf import TURF_TILE, turf
from tests.models.theatre.conftest import CPU, FIXED_SEED, plain, render, scene, tensors


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


@torch.inference_mode()
def test_the_shade_on_snow_is_bluer_than_its_light_for_an_audience() -> None:
    one = Scene(tensors(scene(5, sky="winter", terrain="hills")), PixelGrid(64, 64, CPU), 0.0, staged=True)
    lit = layer_colours(one).middle
    shade = shaded_snow(one, lit)
    assert float(lit[0, 0] / lit[0, 2]) > 1.2 * float(shade[0, 0] / shade[0, 2])


def test_the_softness_of_an_edge_is_the_same_on_a_steep_slope() -> None:
    """Of a straight edge that falls by `slope`, the distance to it is 1 / sqrt(1 + slope²) of that downwards."""
    x = torch.arange(12.0) / 100
    for slope in (0.0, 1.0, 3.0):
        steep = _steepness((slope * x).view(1, 1, 1, -1), 100)
        torch.testing.assert_close(steep, torch.full((1, 1, 1, 12), (1 + slope**2) ** -0.5))


@pytest.mark.parametrize("row", [FIRS, *MASSIFS])
def test_relief_repeats_and_has_no_seam(row: int) -> None:
    x = torch.linspace(-0.5, 0.5, 4001)
    heights = relief(row, x)
    torch.testing.assert_close(heights, relief(row, x + TILE), atol=2e-3, rtol=0)
    assert 0 <= float(heights.min()) < 0.5 < float(relief(row, torch.linspace(0, TILE, 4001)).max()) < 1.6
    assert float(heights.diff().abs().max()) < 0.02


def test_grass_grows_in_unequal_blades_all_along_the_land() -> None:
    """A comb of equal blades would have equal gaps; nowhere is the edge bare for long, and it has no seam."""
    x = torch.linspace(0, TURF_TILE, 6401)
    heights = turf(x)
    inner = heights[1:-1]
    tips = x[1:-1][(inner > heights[:-2]) & (inner >= heights[2:])]
    gaps = tips.diff()
    assert float(gaps.std() / gaps.mean()) > 0.35
    assert float(heights[:6400].view(25, -1).amax(1).min()) > 0.15
    assert 0.8 < float(heights.max()) <= 1
    torch.testing.assert_close(turf(x[:99] - TURF_TILE), heights[:99], atol=0.01, rtol=0)
