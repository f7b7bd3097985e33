"""What an audience sees of the sky: sheets of paper around the light, clouds, ridges; and what it hides."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch

from installation.models.interfaces import Floats
from installation.models.theatre.camera import FAR, MIDDLE, camera_at
from installation.models.theatre.composition import BACKDROP, BEHIND_FIGURES, _paint_layers
from installation.models.theatre.draw_context import DrawContext
from installation.models.theatre.figure_colours import APART, LUMA, FigureColours
from installation.models.theatre.figure_layout import LONE_ON_STAGE, layout_figures
from installation.models.theatre.figures import cast_figures
from installation.models.theatre.generator import Theatre
from installation.models.theatre.land import land_ridges
from installation.models.theatre.land_layers import (
    _lit_across,
    _sunlight,
    layer_colours,
    paint_middle_layer,
    paint_near_layer,
)
from installation.models.theatre.paper_clouds import BANK, CHOSEN_BY, CLEAR, HEAP, KINDS, STREAKS, cloud_kinds
from installation.models.theatre.paper_sky import CHOSEN_BY as LIGHT_CHOSEN_BY
from installation.models.theatre.paper_sky import (
    PLAIN,
    RAYED,
    RINGS,
    STRIPS,
    paint_sunbeams,
    sky_light,
    sky_lights,
    staged_sky,
)
from installation.models.theatre.placed_figure import PlacedFigure
from installation.models.theatre.planes import Planes, Staging, staged_planes
from installation.models.theatre.raster import PixelGrid, colour_tensor
from installation.models.theatre.scene import Scene
from installation.models.theatre.scene_change import scene_change
from installation.models.theatre.sky import sky_gradient
from installation.models.theatre.sky_rows import SkyRows
from installation.models.theatre.staged_palettes import CHOSEN_BY as SCHEME_CHOSEN_BY
from installation.models.theatre.staged_palettes import SCHEMES, towards_scheme
from installation.models.theatre.vocabulary import Z
from installation.models.theatre.water import paint_open_water
from tests.models.theatre.conftest import CPU, scene, tensors

GRID = PixelGrid(144, 256, CPU)


def staged(labels: dict[str, str], clouds: int = BANK, phase: float = 0.0, light: int = RINGS) -> Scene:
    point = scene(5, **labels)
    point.z[:, Z.HORIZON] = 0.0
    for chosen_by, chosen in ((CHOSEN_BY, clouds), (LIGHT_CHOSEN_BY, light)):
        for kind, dimension in enumerate(chosen_by):
            point.z[:, dimension] = 2.0 if kind == chosen else -2.0
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
    one = staged({"sky": "sunset", "terrain": "sea", "celestial": "sun"}, clouds=CLEAR)
    x, y, _ = (float(value) for value in one.celestial_disc)
    light = sky(one).mean(0)
    column, row = int(float(GRID.column(torch.tensor(x)))), int(float(GRID.row(torch.tensor(y))))
    above = light[:row, column]
    assert above[-1] > above[0] + 0.1
    assert (np.diff(light[row]) ** 2).max() > 20 * np.median(np.diff(light[row]) ** 2)


@torch.inference_mode()
def test_clouds_are_there_as_z_says_and_hide_the_stars() -> None:
    labels = {"sky": "night", "terrain": "field"}
    cloudy, clear, milky = staged(labels), staged(labels, CLEAR), staged(labels | {"sky": "milky way"})
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
@pytest.mark.parametrize("kind", range(1, len(KINDS)))
def test_the_sky_drifts_and_never_jumps(kind: int) -> None:
    labels = {"sky": "noon", "terrain": "hills"}
    first, next_frame, later = (sky(staged(labels, kind, phase)) for phase in (3601.0, 3601.0 + 1 / 15, 3640.0))
    assert np.abs(next_frame - first).mean() < 0.002
    assert np.abs(later - first).mean() > 3 * np.abs(next_frame - first).mean()
    assert np.abs(first - sky(staged(labels, CLEAR, 3601.0))).max() > 0.05


@pytest.mark.slow
@torch.inference_mode()
def test_z_chooses_among_the_kinds_of_cloud_without_a_jump() -> None:
    point = scene(5, sky="sunset", terrain="sea")
    before: Floats | None = None
    seen = set()
    for step in range(361):
        for kind, dimension in enumerate(CHOSEN_BY):
            point.z[:, dimension] = 1.5 * np.cos(2 * np.pi * (step / 360 - kind / len(KINDS)))
        one = Scene(tensors(point), GRID, 0.0, staged=True)
        seen.add(int(np.argmax(cloud_kinds(one))))
        now = sky(one)
        assert before is None or np.abs(now - before).mean() < 0.02
        before = now
    assert len(seen) >= 4


@torch.inference_mode()
def test_the_shadow_of_a_heap_is_faint_and_fades_below_it() -> None:
    labels = {"sky": "noon", "terrain": "sea"}
    change = (sky(staged(labels, HEAP)) - sky(staged(labels, CLEAR))).mean(0)
    assert change.max() > 0.1
    shadow = np.minimum(change, 0)
    assert -0.06 < shadow.min() < -0.01
    assert np.abs(np.diff(shadow, axis=0)).max() < 0.05


@torch.inference_mode()
def test_a_streak_is_one_stroke_and_no_row_of_spots() -> None:
    labels = {"sky": "noon", "terrain": "sea"}
    change = (sky(staged(labels, STREAKS)) - sky(staged(labels, CLEAR))).mean(0)
    assert change.max() > 0.1
    assert np.abs(np.diff(change.max(0))).sum() < 3.0  # spots make it rise and fall all the time


@torch.inference_mode()
def test_most_skies_have_no_bank_of_clouds_and_skies_differ() -> None:
    for name, clear_at_least in (("night", 0.6), ("noon", 0.1), ("sunset", 0.0)):
        scenes = (Scene(tensors(scene(seed, sky=name)), GRID, 0.0, staged=True) for seed in range(60))
        kinds = [int(np.argmax(cloud_kinds(one))) for one in scenes]
        assert kinds.count(BANK) < 15
        assert kinds.count(CLEAR) >= 60 * clear_at_least
        assert len(set(kinds)) >= 3


@torch.inference_mode()
def test_rain_comes_from_heavy_clouds_that_hang_down() -> None:
    wet, dry = (sky(staged({"sky": "noon", "weather": weather}, CLEAR)).mean(0) for weather in ("rain", "clear"))
    assert wet[:30].mean() < dry[:30].mean() - 0.05
    assert np.abs(wet - dry)[80:].mean() < 0.03


@torch.inference_mode()
def test_a_light_without_a_body_has_rings_or_rays_as_z_says() -> None:
    labels = {"sky": "dawn", "terrain": "cliffs"}  # no land in the distance
    plain, rings, rays = (sky(staged(labels, CLEAR, light=light)).mean(0) for light in (PLAIN, RINGS, RAYED))
    x, y = (float(value) for value in sky_light(staged(labels, CLEAR)))
    row, column = (int(float(where)) for where in (GRID.row(torch.tensor(y - 0.3)), GRID.column(torch.tensor(x))))
    across = [np.abs(np.diff(picture[row])).max() for picture in (plain, rays)]
    upwards = [np.abs(np.diff(picture[:90, column])).max() for picture in (plain, rings)]
    assert across[1] > 10 * across[0]
    assert 1.3 * upwards[0] < upwards[1] < 2.0 * upwards[0]  # an edge that is seen, but no hard one


@torch.inference_mode()
def test_a_sky_of_torn_strips_has_soft_edges_and_few_clouds() -> None:
    labels = {"sky": "dusk", "terrain": "cliffs"}
    strips, plain = (staged(labels, STREAKS, light=light) for light in (STRIPS, PLAIN))
    steps = [np.abs(np.diff(sky(one)[:, :80, 128].mean(0))) for one in (strips, plain)]
    assert steps[0].max() > 3 * np.median(steps[0])
    assert steps[0].max() < 0.2
    assert sky_lights(strips)[STRIPS] > 0.9 > 0.1 > sky_lights(plain)[STRIPS]
    others = [Scene(tensors(scene(seed, **labels)), GRID, 0.0, staged=True) for seed in range(9)]
    assert sum(cloud_kinds(one, 1.0)[CLEAR] > 0.9 for one in others) > 4


@torch.inference_mode()
def test_an_audience_sees_colour_schemes_that_the_models_do_not_know() -> None:
    colours: dict[bool, list[torch.Tensor]] = {True: [], False: []}
    for staged_too, seen in colours.items():
        for scheme in range(SCHEMES):
            point = scene(5, sky="noon", terrain="hills")
            point.z[:, :SCHEME_CHOSEN_BY] = 4.0 * towards_scheme(scheme).numpy()
            one = Scene(tensors(point), GRID, 0.0, staged=staged_too)
            land = layer_colours(one).middle if staged_too else one.palette.far
            seen.append(torch.cat([one.palette.zenith, one.palette.horizon, land]).flatten())
    assert min(float((a - b).abs().max()) for a, b in itertools.combinations(colours[True], 2)) > 0.08
    for known in colours[False]:
        torch.testing.assert_close(known, colours[False][0])


@torch.inference_mode()
@pytest.mark.parametrize("sky_name", ["noon", "morning", "golden hour", "sunset", "dusk", "night", "grey"])
def test_land_lies_in_layers_that_get_darker_towards_the_eye_and_none_is_neon(sky_name: str) -> None:
    for scheme in range(SCHEMES):
        point = scene(5, sky=sky_name, terrain="hills")
        point.z[:, :SCHEME_CHOSEN_BY] = 4.0 * towards_scheme(scheme).numpy()
        layers = layer_colours(Scene(tensors(point), GRID, 0.0, staged=True))
        papers = torch.cat([layers.far, layers.middle, layers.near]).flatten(1)
        light, neon = papers @ torch.tensor([0.3, 0.55, 0.15]), papers[:, 1] - papers[:, ::2].amax(1)
        assert float(light[2]) < min(float(light[0]), float(light[1])) - 0.03
        assert float(neon.max()) < 0.18


def test_noon_keeps_a_blue_sky_in_every_scheme() -> None:
    for scheme in range(SCHEMES):
        point = scene(5, sky="noon")
        point.z[:, :SCHEME_CHOSEN_BY] = 4.0 * towards_scheme(scheme).numpy()
        red, green, blue = Scene(tensors(point), GRID, 0.0, staged=True).palette.zenith.flatten().tolist()
        assert blue > green > red + 0.1


@torch.inference_mode()
def test_a_low_sun_stands_near_the_horizon_of_open_land_for_an_audience() -> None:
    heights = {}
    for name in ("sunset", "noon"):
        for staged_too in (True, False):
            point = scene(5, sky=name, terrain="sea", celestial="sun")
            one = Scene(tensors(point), GRID, 0.0, staged=staged_too)
            heights[name, staged_too] = float(one.horizon - one.celestial_disc.y)
    assert heights["sunset", True] < 0.25 < heights["noon", True]
    assert heights["sunset", False] == heights["noon", False]


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
    colours = FigureColours(PlacedFigure(cast.context, role, role.figure.present()[0], theatre._atlas))
    luma = colour_tensor(LUMA, CPU)
    plain = colours.paper
    colours.set_apart()
    assert colours.missing is not None
    missing = float(colours.missing)
    before, after = (float((colour * luma).sum()) for colour in (plain, colours.paper))
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
def test_no_streaks_hang_from_the_feet_of_firs() -> None:
    planes = dict(planes_of(staged({"sky": "noon", "terrain": "forest"}), 0.0))
    planes["middle"] = replace(planes["middle"], hidden=9.0)
    paint_middle_layer(planes["middle"])
    context = planes["middle"]
    below = context.canvas.pixels[0, :, int(144 * (float(context.ridges.middle.max()) + 0.03))].mean(0)
    fibres = 0.02  # these stay
    assert float((below[1:] - below[:-1]).abs().max()) < fibres


@torch.inference_mode()
@pytest.mark.parametrize(("sky_name", "least"), [("noon", 0.35), ("golden hour", 0.29), ("sunset", 0.21)])
def test_the_nearest_land_is_no_black_band_by_day_and_has_tussocks(sky_name: str, least: float) -> None:
    context = planes_of(staged({"sky": sky_name, "terrain": "hills"}), 0.0)["stage"]
    paint_near_layer(context)
    foot = context.canvas.pixels[0, :, 136:].amax(0)
    assert float(foot.mean()) > least
    assert float((foot / foot.mean(1, keepdim=True)).std()) > 0.035


@torch.inference_mode()
def test_sand_stays_sand_in_every_scheme() -> None:
    for scheme in range(SCHEMES):
        point = scene(5, sky="noon", terrain="desert")
        point.z[:, :SCHEME_CHOSEN_BY] = 4.0 * towards_scheme(scheme).numpy()
        red, green, blue = layer_colours(Scene(tensors(point), GRID, 0.0, staged=True)).middle.flatten().tolist()
        assert red > 1.1 * green > 1.2 * blue


@torch.inference_mode()
def test_land_is_warm_near_the_light_and_cool_far_from_it() -> None:
    one = staged({"sky": "sunset", "terrain": "hills", "celestial": "sun"})
    colour = torch.full((1, 3, 1, 1), 0.4)
    lit = _lit_across(one, 2, colour, _sunlight(one))
    warmth = (lit[0, 0] - lit[0, 2]).flatten()
    x, _ = sky_light(one)
    away = (one.grid.x - x).abs().flatten()
    assert float(warmth[away.argmin()]) > float(warmth[away.argmax()]) + 0.02


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
