"""Before an audience every figure is where it is at home: in the water, on an island, on a street, on a table."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.interfaces import Floats
from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.generator import Theatre
from installation.models.theatre.land import island_x, island_y, land_ridges
from installation.models.theatre.roads_rivers import river_course
from installation.models.theatre.street import LANE, STREET_TOP
from tests.models.theatre.conftest import scene
from tests.models.theatre.test_relations import Edges, arranged, of_kind

SIZE = (90, 160)


def painted(theatre: Theatre, **classes: str) -> Floats:
    """The staged picture of a scene, [height, width, 3] in 0..255."""
    theatre.set_stage(0.0, "scenes")
    try:
        return theatre.paint(scene(3, **classes), SIZE, 30.0).astype(np.float32)
    finally:
        theatre.set_stage(0.0, "blend")


@pytest.mark.parametrize("marks", [(), ("five",)])
@pytest.mark.parametrize("terrain", ["sea", "lake", "island"])
def test_fish_swim_below_the_surface(theatre: Theatre, atlas: Atlas, terrain: str, marks: tuple[str, ...]) -> None:
    for seed in range(4):
        figures, decoded = arranged(theatre, atlas, marks, seed, subject="fish", terrain=terrain)
        for figure in figures:
            edges = Edges(figure, atlas)
            assert figure.submerged
            assert edges.top > float(decoded.horizon)
            assert edges.foot < 0.96


@pytest.mark.parametrize("subject", ["boat", "ship", "swan", "duck"])
def test_what_floats_on_a_river_is_between_its_banks(theatre: Theatre, atlas: Atlas, subject: str) -> None:
    for seed, marks in enumerate(((), (), ("two",), ("three",))):
        boats, decoded = arranged(theatre, atlas, marks, seed, subject=subject, terrain="river")
        for boat in boats:
            middle, half = (float(part) for part in river_course(decoded, boat.foot - 0.045 * boat.side))
            edges = Edges(boat, atlas)
            assert middle - half < edges.left < edges.right < middle + half


@pytest.mark.parametrize("subject", ["castle", "lighthouse", "horse", "tree"])
def test_who_needs_ground_stands_on_the_island(theatre: Theatre, atlas: Atlas, subject: str) -> None:
    figures, decoded = arranged(theatre, atlas, ("second dog",), subject=subject, terrain="island")
    assert all(figure.far for figure in figures)
    for figure in figures:
        assert abs(float(figure.x - island_x(decoded))) < 0.33
        assert float(figure.foot - 0.045 * figure.side) == pytest.approx(float(island_y(decoded, figure.x)), abs=0.03)
    assert float(land_ridges(decoded).near.min()) > 0.92  # no shore in front
    boats, _ = arranged(theatre, atlas, (), subject="boat", terrain="island")
    assert not boats[0].far


def test_water_reflects_what_stands_on_an_island(theatre: Theatre) -> None:
    there, alone = (painted(theatre, terrain="island", sky="noon", subject=name) for name in ("castle", "nobody"))
    changed = np.abs(there - alone).mean(2)
    assert changed[20:54].mean() > 4
    assert changed[60:78].mean() > 2


@pytest.mark.parametrize("subject", ["car", "bus", "bicycle", "truck", "motorcycle"])
@pytest.mark.parametrize("terrain", ["city", "road", "hills"])
def test_wheels_stand_on_a_street(theatre: Theatre, atlas: Atlas, subject: str, terrain: str) -> None:
    figures, decoded = arranged(theatre, atlas, ("four",), subject=subject, terrain=terrain)
    assert len({float(figure.facing) for figure in figures}) == 1  # they queue
    for figure in figures:
        assert LANE[0] < float(figure.foot - 0.045 * figure.side) < LANE[1]
        assert figure.before
    assert float(decoded.on_wheels) == 1
    assert land_ridges(decoded).near[0, 0, 0].tolist() == pytest.approx([STREET_TOP] * decoded.grid.width)


def test_a_train_runs_on_rails_and_a_boat_on_neither(theatre: Theatre, atlas: Atlas) -> None:
    _, train = arranged(theatre, atlas, (), subject="train", terrain="mountains")
    _, boat = arranged(theatre, atlas, (), subject="boat", terrain="lake")
    _, at_sea = arranged(theatre, atlas, (), subject="car", terrain="sea")
    assert [float(one.on_rails) for one in (train, boat)] == [1, 0]
    assert float(at_sea.on_wheels) == 0


@pytest.mark.parametrize("thing", ["letter", "cup", "candle", "apple"])
def test_small_things_lie_on_a_table_in_a_room_and_on_the_ground_outdoors(
    theatre: Theatre, atlas: Atlas, thing: str
) -> None:
    figures, _ = arranged(theatre, atlas, (), subject=thing, terrain="room")
    table, lying = (Edges(of_kind(theatre, figures, label)[0], atlas) for label in ("table", thing))
    assert table.left < lying.left < lying.right < table.right
    assert table.top < lying.foot < table.top + 0.6 * (table.foot - table.top)
    (outdoors,), decoded = arranged(theatre, atlas, (), subject=thing, terrain="hills")
    ridge = land_ridges(decoded).near[0, 0, 0]
    column = int(decoded.grid.column(outdoors.x))
    assert float(outdoors.foot - 0.045 * outdoors.side) == pytest.approx(float(ridge[column]), abs=0.05)


def test_two_things_share_a_table_and_somebody_stands_beside_it(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("second cup",), subject="book", terrain="room")
    table, book, cup = (Edges(of_kind(theatre, figures, label)[0], atlas) for label in ("table", "book", "cup"))
    assert max(book.left, cup.left) > min(book.right, cup.right)
    assert table.left < min(book.left, cup.left) < max(book.right, cup.right) < table.right
    figures, _ = arranged(theatre, atlas, ("second cup",), subject="man", terrain="room")
    man, table = (Edges(of_kind(theatre, figures, label)[0], atlas) for label in ("man", "table"))
    assert man.foot == pytest.approx(table.foot, abs=0.03)


def test_what_is_alone_is_small_in_a_wide_shot(theatre: Theatre, atlas: Atlas) -> None:
    (usual,), _ = arranged(theatre, atlas, (), subject="tree")
    (alone,), _ = arranged(theatre, atlas, ("wide",), subject="tree")
    assert float(alone.side) < 0.8 * float(usual.side)


def test_what_is_large_by_nature_is_larger_than_a_child(theatre: Theatre, atlas: Atlas) -> None:
    for large in ("bus", "house", "elephant"):
        figures, _ = arranged(theatre, atlas, (f"second {large}",), subject="child")
        child, other = (Edges(of_kind(theatre, figures, label)[0], atlas) for label in ("child", large))
        assert other.foot - other.top > 0.8 * (child.foot - child.top)
        covered = min(child.right, other.right) - max(child.left, other.left)
        assert covered < 0.25 * (child.right - child.left)


def test_who_walks_a_dog_is_larger_than_it(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, (), subject="dog", companion="walker", terrain="field")
    dog, walker = (Edges(of_kind(theatre, figures, label)[0], atlas) for label in ("dog", "walker"))
    assert walker.foot - walker.top > 1.1 * (dog.foot - dog.top)


def test_a_lamp_over_a_chair_stands_behind_it(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("above",), subject="chair", companion="lamp", terrain="room")
    lamp, chair = (Edges(of_kind(theatre, figures, label)[0], atlas) for label in ("lamp", "chair"))
    assert lamp.top < chair.top - 0.1
    assert lamp.foot == pytest.approx(chair.foot, abs=0.06)


def test_a_figure_stands_before_the_moon_or_below_it(theatre: Theatre, atlas: Atlas) -> None:
    for seed in range(4):
        around = {"subject": "tower", "sky": "night", "celestial": "moon"}
        for mark in ("behind sky", "above sky"):
            (tower,), decoded = arranged(theatre, atlas, (mark,), seed, **around)
            edges, (x, y, radius) = Edges(tower, atlas), (float(part) for part in decoded.celestial_disc)
            aside = 0.8 * radius if mark == "behind sky" else 0.0  # of the moon, that peeps out
            assert abs(edges.x - x) == pytest.approx(aside, abs=0.05)
            if mark == "behind sky":
                assert edges.top < y + radius
            else:
                assert edges.top > y


def test_who_walks_in_a_street_stands_on_it(theatre: Theatre, atlas: Atlas) -> None:
    (cow,), decoded = arranged(theatre, atlas, ("street",), subject="cow", terrain="city")
    assert float(decoded.on_wheels) == 1
    assert LANE[0] < float(cow.foot - 0.045 * cow.side) < LANE[1]


@pytest.mark.parametrize("marks", [("held", "second book", "third cat"), ("second cat",)])
def test_a_cat_is_on_the_sill_behind_who_is_in_the_room(theatre: Theatre, atlas: Atlas, marks: tuple[str, ...]) -> None:
    figures, _ = arranged(theatre, atlas, (*marks, "on sill", "salon"), subject="woman", terrain="room")
    (woman,), (cat,) = (of_kind(theatre, figures, label) for label in ("woman", "cat"))
    assert float(cat.foot - 0.045 * cat.side) == pytest.approx(0.735, abs=0.02)
    assert 0.225 < float(cat.x) < 0.775
    assert float(woman.foot) > float(cat.foot)
    assert abs(float(woman.x - cat.x)) > 0.1


def test_a_thing_on_the_sill_is_in_the_window_of_any_room(theatre: Theatre, atlas: Atlas) -> None:
    feet = {}
    for room in ("salon", "kitchen", "library"):
        (apple,), _ = arranged(theatre, atlas, ("sill", room), subject="apple", terrain="room")
        feet[room] = float(apple.foot - 0.045 * apple.side)
    assert feet == pytest.approx({"salon": 0.747, "kitchen": 0.472, "library": 0.632}, abs=0.005)
