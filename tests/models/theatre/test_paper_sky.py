"""What an audience sees of the sky: sheets of paper around the light, clouds, ridges; and what it hides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from installation.models.interfaces import Floats
from installation.models.theatre.camera import FAR, MIDDLE, camera_at
from installation.models.theatre.composition import BACKDROP, BEHIND_FIGURES, _paint_layers
from installation.models.theatre.figure_layout import LONE_ON_STAGE, layout_figures
from installation.models.theatre.figures import APART, LUMA, PaperFigure, cast_figures
from installation.models.theatre.generator import Theatre
from installation.models.theatre.land import land_ridges
from installation.models.theatre.land_layers import layer_colours, paint_near_layer
from installation.models.theatre.paper_sky import CLOUD_BANKS, SkyRows, paint_sunbeams, staged_sky
from installation.models.theatre.planes import Planes, Staging, staged_planes
from installation.models.theatre.raster import PixelGrid, colour_tensor
from installation.models.theatre.scene import DrawContext, Scene
from installation.models.theatre.scene_change import scene_change
from installation.models.theatre.sky import sky_gradient
from installation.models.theatre.vocabulary import Z
from installation.models.theatre.water import paint_open_water
from tests.models.theatre.conftest import CPU, scene, tensors

GRID = PixelGrid(144, 256, CPU)
HIGH, LOW = 2.0, -2.0  # of z: a bank of clouds that is risen, and one that is not there


def staged(labels: dict[str, str], banks: float = HIGH, phase: float = 0.0) -> Scene:
    point = scene(5, **labels)
    for bank in CLOUD_BANKS:
        point.z[:, bank.raised_by] = banks
    return Scene(tensors(point), GRID, phase, staged=True)


def sky(one: Scene) -> Floats:
    picture: Floats = staged_sky(one, one.palette.far).pixels[0].numpy()
    return picture


def planes_of(one: Scene, amount: float = 1.0) -> Planes:
    return staged_planes(one, Staging(camera_at(one, amount), scene_change(one.weights, True)))


def test_every_second_row_is_painted_and_lies_between_two_of_the_picture() -> None:
    rows = SkyRows(GRID)
    torch.testing.assert_close(rows.y.flatten(), GRID.y.flatten().view(-1, 2).mean(1))
    assert rows.between(-9.0, 9.0) == slice(0, 72)
    assert rows.between(0.5, 0.6) == slice(36, 44)


@torch.inference_mode()
def test_the_sky_is_lightest_around_the_sun_and_has_edges_of_paper() -> None:
    one = staged({"sky": "sunset", "terrain": "sea", "celestial": "sun"}, banks=LOW)
    x, y, _ = (float(value) for value in one.celestial_disc)
    light = sky(one).mean(0)
    column, row = int(float(GRID.column(torch.tensor(x)))), int(float(GRID.row(torch.tensor(y))))
    above = light[:row, column]
    assert above[-1] > above[0] + 0.1
    assert (np.diff(light[row]) ** 2).max() > 20 * np.median(np.diff(light[row]) ** 2)


@torch.inference_mode()
def test_clouds_are_there_as_z_says_and_hide_the_stars() -> None:
    labels = {"sky": "night", "terrain": "field"}
    cloudy, clear, milky = staged(labels), staged(labels, LOW), staged(labels | {"sky": "milky way"})
    difference = np.abs(sky(cloudy) - sky(clear)).mean(0)
    assert difference.max() > 0.1
    assert difference[:20].max() < 0.01
    covered = []
    for one in (cloudy, clear, milky):
        sky(one)
        assert one.clouded is not None
        covered.append(float(one.clouded[0, 0, :95].mean()))
    assert covered[0] > 0.1
    assert covered[1:] == pytest.approx(covered[2:] * 2, abs=0.02)


@torch.inference_mode()
def test_the_sky_drifts_and_never_jumps() -> None:
    labels = {"sky": "noon", "terrain": "hills"}
    first, next_frame, later = (sky(staged(labels, phase=phase)) for phase in (3601.0, 3601.0 + 1 / 15, 3640.0))
    assert np.abs(next_frame - first).mean() < 0.002 < np.abs(later - first).mean()


@torch.inference_mode()
@pytest.mark.parametrize("terrain", ["hills", "forest", "lake", "river", "city", "road", "desert"])
def test_land_is_painted_only_where_nearer_land_does_not_hide_it(terrain: str) -> None:
    pictures = []
    for whole in (False, True):
        one = staged({"sky": "dusk", "terrain": terrain}, phase=8.0)
        planes = dict(planes_of(one))
        if whole:
            planes = {name: replace(plane, hidden=9.0) for name, plane in planes.items()}
        _paint_layers(planes, (*BACKDROP, *BEHIND_FIGURES))
        paint_near_layer(planes["stage"])
        pictures.append(planes["stage"].canvas.pixels)
    torch.testing.assert_close(*pictures, rtol=0, atol=1 / 255)
    assert planes_of(one)[MIDDLE].hidden < 1.2 or terrain == "road"
    assert (planes_of(one)[FAR].hidden < 1.2) == (terrain != "lake")


@torch.inference_mode()
@pytest.mark.parametrize("sky_name", ["noon", "golden hour", "sunset", "night", "dusk"])
@pytest.mark.parametrize("subject", ["tree", "cat", "dragon", "lion", "swan", "child"])
def test_a_figure_stands_apart_from_what_lies_behind_it(theatre: Theatre, sky_name: str, subject: str) -> None:
    one = staged({"sky": sky_name, "terrain": "hills", "subject": subject})
    planes = planes_of(one, 0.0)
    _paint_layers(planes, (*BACKDROP, *BEHIND_FIGURES))
    stage = planes["stage"]
    (cast,) = cast_figures(stage, theatre._atlas)
    (role,) = cast.roles
    figure = PaperFigure(cast.context, role, role.figure.present()[0], theatre._atlas)
    luma = colour_tensor(LUMA, CPU)
    plain = figure._colour
    missing = float(figure._set_apart())
    before, after = (float((colour * luma).sum()) for colour in (plain, figure._colour))
    assert abs(missing) <= APART
    assert (after - before) * missing >= -1e-4
    if abs(missing) > 0.1:
        assert abs(after - before) > 0.02


@torch.inference_mode()
def test_only_a_lone_figure_is_larger_for_an_audience(theatre: Theatre) -> None:
    def side(staged_too: bool, **labels: str) -> float:
        point = scene(5, sky="noon", terrain="desert", **labels)
        point.z[:, Z.SUBJECT_SIZE] = 0.0
        one = Scene(tensors(point), GRID, 0.0, staged=staged_too)
        planes = planes_of(one, 0.0)
        return float(layout_figures(one, theatre._atlas, planes["stage"].ridges).subject.side)

    assert side(True, subject="cup") == pytest.approx(LONE_ON_STAGE * side(False, subject="cup"), rel=0.02)
    pair = {"subject": "cup", "companion": "cat"}
    assert side(True, **pair) == pytest.approx(side(False, **pair), rel=0.02)


@torch.inference_mode()
@pytest.mark.parametrize(
    ("sky_name", "weather", "lit"), [("noon", "clear", True), ("noon", "rain", False), ("night", "clear", False)]
)
def test_beams_of_sun_fall_among_trees_on_a_clear_day(sky_name: str, weather: str, lit: bool) -> None:
    one = staged({"sky": sky_name, "weather": weather, "terrain": "forest"})
    context = planes_of(one)["middle"]
    before = context.canvas.pixels.clone()
    paint_sunbeams(context)
    assert bool((context.canvas.pixels > before + 0.02).any()) == lit


@torch.inference_mode()
def test_no_two_meadows_are_alike_and_sand_stays_sand() -> None:
    hues = {}
    for terrain in ("field", "desert"):
        for value in (-1.5, 1.5):
            point = scene(5, sky="noon", terrain=terrain)
            point.z[:, Z.GROUND_WAVES[0][2]] = value
            red, green, _ = layer_colours(Scene(tensors(point), GRID, 0.0, staged=True)).middle.flatten().tolist()
            hues[terrain, value] = red / green
    assert hues["field", 1.5] > 1.2 * hues["field", -1.5]
    assert hues["desert", 1.5] < 1.25 * hues["desert", -1.5]
    assert min(hues["desert", value] for value in (-1.5, 1.5)) > 1


@torch.inference_mode()
def test_waves_have_white_edges_for_an_audience_alone() -> None:
    light = []
    for for_audience in (True, False):
        one = staged({"sky": "noon", "terrain": "sea"})
        one.staged = for_audience
        context = DrawContext(sky_gradient(one), one, land_ridges(one), layer_colours(one))
        paint_open_water(context)
        light.append(context.canvas.pixels[0, :, 100:].mean(0))
    assert float((light[0] - light[0].median(1, keepdim=True).values > 0.15).float().mean()) > 0.01
    assert float((light[1] - light[1].median(1, keepdim=True).values > 0.15).float().mean()) < 0.005
