"""Figures that are joined touch where they are joined: by a rope, in a mouth, in a garment, in a ring, in a glass."""

from __future__ import annotations

from itertools import pairwise

import pytest

from installation.models.theatre.arrangement import arrange_figures
from installation.models.theatre.contact import mouth_of
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import extent_of, layout_figures
from installation.models.theatre.garments import garment_of
from installation.models.theatre.generator import Theatre
from installation.models.theatre.land import land_ridges
from installation.models.theatre.outlines import inner_box, rim_of, sheets_of, solid_cells
from installation.models.theatre.scene import Scene
from tests.models.theatre.conftest import scene, tensors
from tests.models.theatre.test_relations import GRID, Edges, arranged, of_kind


def test_a_boat_is_tied_to_its_jetty_by_a_rope_from_one_to_the_other(theatre: Theatre, atlas: Atlas) -> None:
    point = theatre.with_marks(scene(2, subject="boat", terrain="lake"), ("tied", "second pier"))
    decoded = Scene(tensors(point), GRID, phase=0.0, staged=True)
    ridges = land_ridges(decoded)
    found = arrange_figures(decoded, atlas, ridges, layout_figures(decoded, atlas, ridges))
    (boat,), (pier,), (rope,) = found.subjects, found.behind, found.cords
    for figure, (x, _) in ((boat, rope.begin), (pier, rope.end)):
        edges = Edges(figure, atlas)
        assert edges.left - 0.03 < float(x) < edges.right + 0.03


def test_a_key_is_in_the_beak_of_a_crow(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("in mouth", "second key"), subject="crow")
    (crow,), (key,) = (of_kind(theatre, figures, label) for label in ("crow", "key"))
    x, y = (float(part) for part in mouth_of(crow, atlas))
    edges = Edges(key, atlas)
    assert edges.left < x < edges.right
    assert edges.top < y < edges.foot


@pytest.mark.parametrize(("garment", "rows"), [("hiking boot", (0.7, 1.0)), ("coat", (0.0, 0.92))])
def test_a_garment_is_cut_from_the_outline_of_a_cow(atlas: Atlas, garment: str, rows: tuple[float, float]) -> None:
    sheets = sheets_of(atlas, LABELS.index("cow"))
    worn = solid_cells(garment_of(sheets, garment, "cow"))
    beast = solid_cells(sheets)
    covered = (worn & beast).sum() / beast.sum()
    there = worn.any(1).nonzero().flatten() / len(worn)
    assert 0.05 < float(covered) < 0.8
    assert rows[0] <= float(there.min()) <= float(there.max()) <= rows[1]


def test_children_about_a_tree_stand_before_it_and_behind_it(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("around", "second six"), subject="tree", companion="child")
    labels = [LABELS[one.present()[0]] for one in figures]
    tree = labels.index("tree")
    assert 2 <= tree <= 4
    xs = [float(one.x) for one in figures if LABELS[one.present()[0]] != "tree"]
    assert min(xs) < float(figures[tree].x) < max(xs)


def test_friends_are_on_both_sides_of_their_fire(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("around", "campfire"), subject="group")
    xs = sorted(float(one.x) for one in figures)
    assert len(xs) >= 3
    assert xs[0] < 0.3 < 0.7 < xs[-1]
    assert not [x for x in xs if 0.4 < x < 0.6]


def test_turtles_are_piled_one_above_another(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("piled", "three"), subject="turtle")
    feet = sorted(float(one.foot) for one in figures)
    _, height = extent_of(figures[0], atlas)
    steps = [after - before for before, after in pairwise(feet)]
    assert steps == pytest.approx([float(height) * 0.84] * 2, rel=0.02)


def test_a_moon_is_within_the_jar_that_it_is_in(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("inside", "glassy", "second moon of paper"), subject="jar")
    (jar,), (moon,) = (of_kind(theatre, figures, label) for label in ("jar", "moon of paper"))
    outer, inner = Edges(jar, atlas), Edges(moon, atlas)
    assert outer.left < inner.left < inner.right < outer.right
    assert outer.top < inner.top < inner.foot <= outer.foot + 0.05
    assert inner.right - inner.left > 0.4 * (outer.right - outer.left)
    assert moon.opening is None


def test_outlines_tell_the_room_within_a_bulb_and_the_rim_of_a_boot(atlas: Atlas) -> None:
    bulb = inner_box(sheets_of(atlas, LABELS.index("light bulb")))
    assert bulb.foot < 0.75
    assert bulb.height > 0.3
    boot = rim_of(sheets_of(atlas, LABELS.index("hiking boot")))
    assert boot.y < 0.4


def test_a_fisherman_and_his_dog_are_both_in_their_boat(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("on", "second dog", "third fisherman", "together"), subject="boat")
    (boat,), (dog,), (man,) = (of_kind(theatre, figures, label) for label in ("boat", "dog", "fisherman"))
    hull, beast, person = (Edges(one, atlas) for one in (boat, dog, man))
    assert hull.left < min(beast.left, person.left)
    assert max(beast.right, person.right) < hull.right
    assert hull.top < beast.foot < hull.foot
    assert abs(beast.foot - person.foot) < 0.03


def test_a_snail_has_its_hat_on_its_head_and_not_on_its_shell(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("on", "second top hat"), subject="snail")
    (snail,), (hat,) = (of_kind(theatre, figures, label) for label in ("snail", "top hat"))
    assert float((snail.x - hat.x) * snail.facing / snail.side) > 0.25


def test_a_balloon_is_above_the_hand_that_it_is_tied_to(theatre: Theatre, atlas: Atlas) -> None:
    point = theatre.with_marks(scene(2, subject="toy balloon", companion="child", terrain="hills"), ("tied",))
    decoded = Scene(tensors(point), GRID, phase=0.0, staged=True)
    ridges = land_ridges(decoded)
    found = arrange_figures(decoded, atlas, ridges, layout_figures(decoded, atlas, ridges))
    (balloon,), (child,), (string,) = found.subjects, found.behind, found.cords
    edges = Edges(child, atlas)
    assert Edges(balloon, atlas).foot < edges.top
    assert edges.top + 0.02 < float(string.end[1]) < edges.foot
