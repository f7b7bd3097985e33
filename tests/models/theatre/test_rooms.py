"""Rooms that an audience sees: which words and z choose, and how they are lit."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.dream.scene_words import WITHOUT_WINDOW
from installation.models.interfaces import Floats
from installation.models.theatre.generator import Theatre
from installation.models.theatre.marks import HIDE_ALL, OPEN_SETS, ROOMS, SET, with_marks
from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.rooms import BY_CHANCE, SALON, SETS, _set_texture, room_shares
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import Z
from tests.conftest import spread
from tests.models.theatre.conftest import CPU, scene, tensors

GRID = PixelGrid(144, 256, CPU)
FIELDS = ("grain field", "vegetable field", "maize field", "bamboo grove", "orchard", "olive grove")
UNLIT = ("attic", "studio", *FIELDS, *HIDE_ALL)  # sets without lamps
SIZE = (72, 128)


@pytest.fixture
def stage(theatre: Theatre) -> Theatre:
    """A theatre as an audience sees it; the shared one stays as it is."""
    own = object.__new__(Theatre)
    own.__dict__.update(theatre.__dict__)
    own.set_stage(0.0, "scenes")
    return own


def shares(z: dict[int, float], *marks: str) -> dict[str, float]:
    point = scene(1, terrain="room")
    point.z[:, list(z)] = list(z.values())
    point.z[:] = with_marks(point.z, marks)
    return room_shares(Scene(tensors(point), GRID, 0.0, staged=True))


def painted(stage: Theatre, room: str, terrain: str = "room", **labels: str) -> Floats:
    point = stage.with_marks(scene(3, terrain=terrain, **labels), (room,))
    point.z[:, Z.SHIFT[1]] = -3.0  # the first variant
    picture: Floats = stage.paint(point, SIZE).astype(np.float32)
    return picture


def test_words_choose_a_room_and_z_where_they_name_none() -> None:
    assert {SALON, *SETS} == set(ROOMS)
    assert [shares({}, room) for room in ROOMS] == [{room: 1.0} for room in ROOMS]
    chosen = [shares({Z.SHIFT[0]: float(np.arctanh(at))}) for at in np.linspace(-0.75, 0.75, len(BY_CHANCE))]
    assert [max(found, key=lambda name: found[name]) for found in chosen] == list(BY_CHANCE)


@pytest.mark.slow
def test_words_bring_a_room_by_degrees_and_z_never_shows_two_at_once() -> None:
    for mark in (0.0, 3.2, 3.5, 3.65, SET):
        point = scene(1, terrain="room")
        point.z[:] = with_marks(point.z, ("kitchen",)) * (mark / SET if mark else 0.0)
        found = room_shares(Scene(tensors(point), GRID, 0.0, staged=True))
        assert max(found.values()) == 1.0
        assert ("kitchen" in found) == (mark > 3.0)
    places = np.arctanh(np.linspace(-0.999, 0.999, 4001))
    amounts = np.array([[shares({Z.SHIFT[0]: at}).get(room, 0.0) for room in BY_CHANCE] for at in places[::10]])
    assert ((amounts == 0.0) | (amounts == 1.0)).all()
    assert (amounts.sum(1) == 1.0).all()


@pytest.mark.slow
def test_every_room_is_unlike_the_others_and_has_a_window_but_for_three(stage: Theatre) -> None:
    pictures = {room: painted(stage, room, sky="dusk") for room in ROOMS}
    for room, picture in pictures.items():
        least = 5 if room in ("quay", "harbour") else 8  # one place, with a walk before the water or without
        assert min(np.abs(picture - other).mean() for name, other in pictures.items() if name != room) > least, room
    for room in SETS:
        openings = float(_set_texture(GRID, room)[0, 5].mean())
        assert (openings > 0.02) == (room not in (*WITHOUT_WINDOW, "bamboo grove")), room  # whose canes hide the sky


@pytest.mark.parametrize("room", spread(SETS, 4))
def test_a_room_is_dark_at_night_but_for_its_lamps(stage: Theatre, room: str) -> None:
    noon, night = (painted(stage, room, sky=sky) for sky in ("noon", "night"))
    assert noon.mean() > 1.15 * night.mean()
    texture = _set_texture(GRID, room)[0]
    walls, lamps = texture[5] < 0.5, texture[4] > 0.8
    assert bool(lamps.any()) == (room not in UNLIT)
    if lamps.any() and room not in OPEN_SETS:  # where white stones may be as bright
        light = torch.from_numpy(night.mean(2))[None, None]
        bright = torch.nn.functional.interpolate(light, walls.shape, mode="bilinear")[0, 0]
        assert float(bright[lamps & walls].mean()) > 1.5 * float(bright[walls & ~lamps].mean())


def test_the_models_know_one_room_alone(theatre: Theatre) -> None:
    plain, kitchen = (
        theatre.paint(theatre.with_marks(scene(3, terrain="room"), marks), SIZE) for marks in ((), ("kitchen",))
    )
    assert (plain == kitchen).all()


@pytest.mark.parametrize("room", spread(SETS, 4))
def test_z_shows_a_room_in_variants_that_do_not_look_alike(room: str) -> None:
    grid = PixelGrid(72, 128, CPU)
    first, *others = (_set_texture(grid, room, variant) for variant in range(4))
    assert min(float((first - other).abs().mean()) for other in others) > 0.002


def test_a_place_under_the_open_sky_hides_the_nearest_land(stage: Theatre) -> None:
    street, land = (painted(stage, "houses", terrain, sky="noon") for terrain in ("room", "city"))
    skyline = stage.paint(scene(3, terrain="city", sky="noon"), SIZE).astype(np.float32)
    assert np.abs(street - land).mean() < 6 < np.abs(land - skyline).mean()


def test_fog_lies_before_the_houses_of_a_street(stage: Theatre) -> None:
    clear, foggy = (
        painted(stage, "houses", terrain="city", sky="morning", weather=weather) for weather in ("clear", "fog")
    )
    houses = slice(10, 40)
    assert foggy[houses].std() < 0.7 * clear[houses].std()


def test_another_world_hides_the_hills_of_this_one(stage: Theatre) -> None:
    hills, plain = (painted(stage, "moonscape", terrain=terrain, sky="night") for terrain in ("mountains", "field"))
    np.testing.assert_array_equal(hills[45:], plain[45:])
