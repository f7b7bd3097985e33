"""Every sky, weather, place and detail is seen, stays what it is at any size and shape, and lets gradients through."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from installation.models.interfaces import ABSENT, Floats, Latents, ModelPlace, logits_of
from installation.models.theatre import Theatre, load, scene_classes
from installation.models.theatre.flowers import meadow
from installation.models.theatre.polygon_mask import Outline, stroke
from installation.models.theatre.raster import Frame
from installation.models.theatre.sliding_mask import laid
from installation.models.theatre.vocabulary import (
    CELESTIALS,
    DETAILS,
    GROUP_SLICES,
    GROUPS,
    NUM_CLASSES,
    SKIES,
    TERRAINS,
    WEATHERS,
)

ASSETS = Path(__file__).resolve().parents[3] / "assets"
NOISE = 0.8 * np.random.default_rng(11).standard_normal((1, 96)).astype(np.float32)


@pytest.fixture(scope="module")
def theatre() -> Theatre:
    torch.set_num_threads(1)
    return load(ModelPlace(ASSETS, ASSETS))


def shown(theatre: Theatre, size: int | tuple[int, int] = 64, phase: float = 0.0, **labels: str) -> Floats:
    """The picture of a scene in which there is nothing but what is named, in 0..1, [3, height, width]."""
    with torch.inference_mode():
        point = Latents(torch.tensor(NOISE), torch.tensor(scene_classes(**labels)))
        picture: Floats = theatre.render(point, size, phase)[0].numpy()
    return picture


@pytest.mark.parametrize("weather", WEATHERS[1:])
def test_a_weather_is_seen_under_light_and_dark_skies(theatre: Theatre, weather: str) -> None:
    for sky in ("noon", "night", "grey"):
        for phase in (0.0, 3.5):
            change = np.abs(shown(theatre, 64, phase, sky=sky, weather=weather) - shown(theatre, 64, phase, sky=sky))
            assert change.mean() > 0.006, (sky, phase)


@pytest.mark.parametrize("detail", DETAILS[1:])
def test_a_detail_is_seen_under_light_and_dark_skies(theatre: Theatre, detail: str) -> None:
    for sky in ("noon", "night", "sunset"):
        change = np.abs(shown(theatre, 64, 2.0, sky=sky, detail=detail) - shown(theatre, 64, 2.0, sky=sky)).max(0)
        assert (change > 0.12).sum() > 25, sky


@pytest.mark.parametrize("group", ["sky", "terrain", "weather"])
def test_no_two_classes_of_a_group_look_alike(theatre: Theatre, group: str) -> None:
    labels = next(one.labels for one in GROUPS if one.name == group)
    pictures = torch.stack([torch.from_numpy(shown(theatre, 64, **{group: label}).copy()) for label in labels])
    apart = torch.cdist(pictures.flatten(1), pictures.flatten(1), p=1) / pictures[0].numel() + torch.eye(len(labels))
    assert float(apart.min()) > 0.008, [labels[i] for i in divmod(int(apart.argmin()), len(labels))]


@pytest.mark.parametrize("terrain", TERRAINS)
def test_a_celestial_body_is_seen_above_every_place(theatre: Theatre, terrain: str) -> None:
    """It covers at least what a disc of a twelfth of the height does, less a fifth for what may stand before it."""
    for body, sky in (("moon", "night"), ("red sun", "dusk"), ("crescent moon", "sunset"), ("comet", "blue hour")):
        place = {"terrain": terrain, "sky": sky}
        change = np.abs(shown(theatre, 64, celestial=body, **place) - shown(theatre, 64, **place)).max(0)
        assert (change > 0.15).sum() > 0.8 * np.pi * (64 / 24) ** 2, body


@pytest.mark.parametrize("sky", SKIES)
def test_a_celestial_body_is_seen_in_every_sky_and_through_every_weather(theatre: Theatre, sky: str) -> None:
    for body in list(CELESTIALS)[:-1]:
        change = np.abs(shown(theatre, 64, sky=sky, celestial=body) - shown(theatre, 64, sky=sky)).max(0)
        assert (change > 0.05).sum() > 0.8 * np.pi * (64 / 24) ** 2, body
    for weather in ("clouds", "rain", "lightning", "ash", "sandstorm", "fog"):
        place = {"sky": sky, "weather": weather}
        change = np.abs(shown(theatre, 64, celestial="red sun", **place) - shown(theatre, 64, **place)).max(0)
        assert (change > 0.08).sum() > 0.8 * np.pi * (64 / 24) ** 2, weather


@pytest.mark.parametrize("terrain", TERRAINS[13:])
def test_a_place_is_the_same_small_and_large_and_amid_a_wide_picture(theatre: Theatre, terrain: str) -> None:
    scene = {"terrain": terrain, "sky": "dawn", "celestial": "sun"}
    small, large = shown(theatre, 64, 2.0, **scene), shown(theatre, 256, 2.0, **scene)
    assert np.abs(large.reshape(3, 64, 4, 64, 4).mean((2, 4)) - small).mean() < 0.014
    wide = shown(theatre, (64, 114), 2.0, **scene)[:, :, 25:89]
    assert np.corrcoef(np.diff(wide, axis=2).ravel(), np.diff(small, axis=2).ravel())[0, 1] > 0.97


@pytest.mark.parametrize(
    ("group", "label"),
    [
        *(("weather", label) for label in ("autumn leaves", "fireflies", "falling stars", "ash", "sandstorm")),
        *(("detail", label) for label in DETAILS[1:]),
        *(("terrain", label) for label in ("deep sea", "waterfall", "jungle", "river", "island")),
        ("sky", "storm"),
    ],
)
def test_it_moves_gently_and_stays_what_it_is(theatre: Theatre, group: str, label: str) -> None:
    scene = {group: label, "celestial": "moon"}
    still = shown(theatre, 64, 0.0, **scene)
    later = shown(theatre, 64, 5.0, **scene)
    assert 255 * np.abs(later - still).mean() > 0.04
    assert 255 * np.abs(shown(theatre, 64, 5.0 + 1 / 15, **scene) - later).mean() < 2.0
    without = shown(theatre, 64, 5.0, celestial="moon")
    assert np.abs(later - without).mean() > 0.3 * np.abs(still - shown(theatre, 64, 0.0, celestial="moon")).mean()


def test_gradients_of_all_classes_and_of_z_are_numbers(theatre: Theatre) -> None:
    drawn = theatre.sample(40, seed=3)
    logits = drawn.classes.copy()
    for i, label in enumerate(TERRAINS + WEATHERS):  # each terrain, then each weather, once
        group = "terrain" if i < len(TERRAINS) else "weather"
        names = next(one.labels for one in GROUPS if one.name == group)
        logits[i, GROUP_SLICES[group]] = ABSENT
        logits[i, GROUP_SLICES[group].start + names.index(label)] = 0.0
    for row in range(36):
        z = torch.tensor(drawn.z[row : row + 1], requires_grad=True)
        classes = torch.tensor(logits[row : row + 1], requires_grad=True)
        torch.autograd.backward(theatre.render(Latents(z, classes), 32, 1.3).mean())
        assert z.grad is not None
        assert classes.grad is not None
        assert torch.isfinite(z.grad).all()
        assert torch.isfinite(classes.grad).all()
        assert int((z.grad != 0).sum()) > 6


def test_everything_at_once_is_still_a_picture(theatre: Theatre) -> None:
    """All classes mixed evenly: numbers within 0..1, and a gradient to every class."""
    weights = np.zeros((1, NUM_CLASSES), np.float32)
    for group in GROUPS:
        weights[0, GROUP_SLICES[group.name]] = 1 / len(group.labels)
    logits = torch.tensor(logits_of(weights), requires_grad=True)
    picture = theatre.render(Latents(torch.tensor(NOISE), logits), (40, 71), 2.0)
    torch.autograd.backward((picture * torch.linspace(0, 1, 71)).mean())
    assert bool(((picture >= 0) & (picture <= 1)).all())
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()
    for name in ("sky", "terrain", "weather", "celestial", "detail"):
        assert bool((logits.grad[0, GROUP_SLICES[name]] != 0).all()), name


SCENERY = ("graveyard", "swamp", "island", "jungle", "village", "city", "ruins", "forest", "ice", "deep sea")
MOVING = (*range(21, 38),)  # the dimensions of z that move what stands in a place


@pytest.mark.parametrize("labels", [*({"terrain": place} for place in SCENERY), {"detail": "lit windows"}], ids=str)
def test_what_stands_in_a_place_follows_z_and_never_jumps(theatre: Theatre, labels: dict[str, str]) -> None:
    z = np.repeat(NOISE, 61, 0)
    z[:, MOVING] = np.linspace(-1.2, 1.2, 61, dtype=np.float32)[:, None]
    logits = np.repeat(scene_classes(sky="dawn", **labels), 61, 0)
    with torch.inference_mode():
        points = [Latents(torch.tensor(z[i : i + 1]), torch.tensor(logits[i : i + 1])) for i in range(61)]
        walk = torch.cat([theatre.render(point, 64) for point in points])
    steps = (walk[1:] - walk[:-1]).abs().mean((1, 2, 3))
    assert float((walk[0] - walk[-1]).abs().mean()) > 0.004
    assert float(steps.max()) < 2.5 * float(steps.mean())


@pytest.mark.parametrize("size", [(64, 114), (114, 64)])
def test_scenery_reaches_from_side_to_side_however_far_it_has_slid(theatre: Theatre, size: tuple[int, int]) -> None:
    """A wide or tall picture shows what the square one shows, at both ends of z."""
    for sign in (-2.0, 2.0):
        z = torch.tensor(NOISE)
        z[:, MOVING] = sign
        for place in ("graveyard", "swamp", "jungle", "city"):
            point = Latents(z, torch.tensor(scene_classes(sky="dawn", terrain=place)))
            with torch.inference_mode():
                square, other = theatre.render(point, 64)[0], theatre.render(point, size)[0]
            middle = other[:, (size[0] - 64) // 2 :, (size[1] - 64) // 2 :][:, :64, :64]
            assert np.corrcoef(middle.diff(dim=2).flatten(), square.diff(dim=2).flatten())[0, 1] > 0.97, place


def test_a_stencil_slides_and_grows_by_exactly_as_much_as_it_is_told() -> None:
    """A post slides by parts of a pixel without losing anything, grows from its foot, and each of a batch by itself."""
    frame = Frame(40, 60, torch.device("cpu"))
    aside, tall = torch.tensor([-0.2, 0.0, 0.013, 0.2]).view(-1, 1, 1, 1), torch.tensor([0.5, 1.0, 1.2, 1.5])
    slid = laid(frame.box(), _post, aside)
    across = (slid * frame.x).sum((1, 2, 3)) / slid.sum((1, 2, 3))
    torch.testing.assert_close(across, 0.5 + aside.flatten(), atol=1e-4, rtol=0)
    torch.testing.assert_close(slid.sum((1, 2, 3)), torch.full((4,), 0.1 * 0.4 * 40 * 40), atol=0.05, rtol=0)
    grown = laid(frame.box(), _post, aside, tall.view(-1, 1, 1, 1), 0.8)
    torch.testing.assert_close(grown.sum((1, 2, 3)), 0.1 * 0.4 * 40 * 40 * tall, atol=0.8, rtol=0)
    part = frame.box(0.5, 0.9, 0.2, 0.7)
    torch.testing.assert_close(laid(part, _post, aside), slid[:, :, part.rows, part.columns])


def test_a_gradient_moves_a_stencil_where_it_is_wanted() -> None:
    frame = Frame(40, 40, torch.device("cpu"))
    aside, tall = torch.full((1, 1, 1, 1), 0.03, requires_grad=True), torch.full((1, 1, 1, 1), 1.1, requires_grad=True)
    cover = laid(frame.box(), _post, aside, tall, 0.8)
    place, size = (cover * frame.x).sum() / cover.sum(), cover.sum()
    (right,) = torch.autograd.grad(place, aside, retain_graph=True)
    (larger,) = torch.autograd.grad(size, tall)
    assert float(right) == pytest.approx(1.0, rel=0.2)
    assert float(larger) == pytest.approx(0.1 * 0.4 * 1600, rel=0.3)


def _post() -> list[Outline]:
    return [stroke(0.5, 0.8, 0.5, 0.4, 0.1, 0.1)]


@pytest.mark.parametrize("sky", ["noon", "sunset", "night"])
def test_snow_whitens_the_land_most_where_it_is_near(theatre: Theatre, sky: str) -> None:
    """Against the same clouds without snow: all land is paler, the near land most, and none of it glares."""
    bare, white = (shown(theatre, 64, sky=sky, terrain="field", weather=weather) for weather in ("clouds", "snow"))
    change = (white - bare).mean((0, 2))
    far, near = change[44:46].mean(), change[57:61].mean()
    assert 0.01 < far < near
    assert near > 0.15
    assert white[:, 57:61].mean() < {"noon": 0.9, "sunset": 0.62, "night": 0.5}[sky]


def test_snow_at_night_is_blue_and_half_the_snow_lies_half_as_white(theatre: Theatre) -> None:
    white = shown(theatre, 64, sky="night", terrain="hills", weather="snow")[:, 58:62].mean((1, 2))
    assert white[0] < white[1] < white[2]
    classes = scene_classes(sky="noon", terrain="hills")
    names = GROUP_SLICES["weather"].start + np.array([WEATHERS.index("clouds"), WEATHERS.index("snow")])
    ground = []
    for share in (1e-6, 0.5, 1 - 1e-6):
        classes[0, GROUP_SLICES["weather"]] = ABSENT
        classes[0, names] = np.log([1 - share, share])
        with torch.inference_mode():
            ground.append(theatre.render(Latents(torch.tensor(NOISE), torch.tensor(classes)), 64)[0, :, 58:62].mean())
    assert float((ground[1] - ground[0]) / (ground[2] - ground[0])) == pytest.approx(0.5, abs=0.12)


@pytest.mark.parametrize("terrain", ["sea", "deep sea", "room", "cave"])
def test_no_snow_lies_on_water_nor_under_a_roof(theatre: Theatre, terrain: str) -> None:
    bare, snowy = (
        shown(theatre, 64, sky="noon", terrain=terrain, weather=weather)[:, 60:].ravel()
        for weather in ("clouds", "snow")
    )
    assert np.median(np.abs(snowy - bare)) < 0.01


def flowers_seen(theatre: Theatre, terrain: str = "field", **labels: str) -> float:
    """How much of the nearest ground has another colour than most of it: in clear air nothing but flowers has."""
    ground = shown(theatre, 128, terrain=terrain, **labels)[:, 118:]
    smooth = np.median(ground, axis=2, keepdims=True)
    return float((np.abs(ground - smooth).max(0) > 0.08).mean())


def test_a_field_has_flowers_by_day_that_fade_at_dusk_and_in_fog_and_are_gone_at_night(theatre: Theatre) -> None:
    noon, dusk, night = (flowers_seen(theatre, sky=sky) for sky in ("noon", "dusk", "night"))
    assert noon > 0.15
    assert night < 0.01 < 0.03 < dusk < noon
    assert 0.02 < flowers_seen(theatre, sky="noon", weather="fog") < noon


def test_no_flowers_are_seen_in_snow_nor_in_winter(theatre: Theatre) -> None:
    assert flowers_seen(theatre, sky="winter") < 0.01
    flakes = flowers_seen(theatre, terrain="hills", sky="noon", weather="snow")
    assert flowers_seen(theatre, sky="noon", weather="snow") < flakes + 0.01


def test_flowers_are_smaller_and_closer_together_far_off() -> None:
    field = meadow(Frame(128, 128, torch.device("cpu")))
    inside = (field.x > 0) & (field.x < 1)
    rows = [inside & (field.y > low) & (field.y <= low + 0.06) for low in (0.80, 0.94)]
    sizes = [float(field.measures[0, row].mean()) for row in rows]
    assert sizes[0] < 0.6 * sizes[1]
    assert int(rows[0].sum()) > 1.15 * int(rows[1].sum())
