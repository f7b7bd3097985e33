"""The companion is where words put it: what is covered, what is above, and who is painted last."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch

from installation.models.theatre.arrangement import arrange_figures
from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.figure_layout import Figure, extent_of, layout_figures
from installation.models.theatre.figure_openings import POCKETS
from installation.models.theatre.generator import Theatre
from installation.models.theatre.jointed_figures import jointed_of
from installation.models.theatre.land import land_ridges
from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.scene import Scene
from tests.models.theatre.conftest import CPU, scene, tensors

GRID = PixelGrid(90, 160, CPU)


def arranged(
    theatre: Theatre, atlas: Atlas, marks: tuple[str, ...], seed: int = 2, **classes: str
) -> tuple[list[Figure], Scene]:
    """The figures in the order of painting, and their scene."""
    point = theatre.with_marks(scene(seed, **({"terrain": "hills"} | classes)), marks)
    decoded = Scene(tensors(point), GRID, phase=0.0, staged=True)
    ridges = land_ridges(decoded)
    groups = arrange_figures(decoded, atlas, ridges, layout_figures(decoded, atlas, ridges))
    figures = [
        one
        for group in (*groups[:4], groups.third, *groups.further)
        for figure in group
        for one in figure.each()
        if figure.present()
    ]
    return sorted(figures, key=lambda figure: figure.before), decoded


def of_kind(theatre: Theatre, figures: list[Figure], label: str) -> list[Figure]:
    index = theatre.groups[5].labels.index(label)
    return [figure for figure in figures if index in figure.present()]


class Edges:
    """Left, right, top and foot of a figure."""

    def __init__(self, figure: Figure, atlas: Atlas) -> None:
        half, height = (float(part) for part in extent_of(figure, atlas))
        self.x = float(figure.x)
        self.left, self.right = self.x - half, self.x + half
        self.top, self.foot = float(figure.foot) - height, float(figure.foot)


@pytest.mark.parametrize("subject", ["tree", "house", "fence"])
def test_what_is_behind_is_painted_first_and_partly_covered(theatre: Theatre, atlas: Atlas, subject: str) -> None:
    figures, _ = arranged(theatre, atlas, ("behind", "second bear"), subject=subject)
    (front,), (bear,) = (of_kind(theatre, figures, label) for label in (subject, "bear"))
    assert figures.index(bear) < figures.index(front)
    assert front.before
    near, far = Edges(front, atlas), Edges(bear, atlas)
    width = far.right - far.left
    covered = min(near.right, far.right) - max(near.left, far.left)
    stem = 0.08 if subject == "tree" else covered
    assert 0.15 * width < min(covered, stem) < 0.7 * width


@pytest.mark.parametrize("vessel", ["basket", "bathtub", "wheelbarrow", "box", "suitcase"])
@pytest.mark.parametrize("guest", ["frog", "bear", "hippo"])
def test_head_and_half_the_body_of_who_looks_out_are_above_the_rim(
    theatre: Theatre, atlas: Atlas, vessel: str, guest: str
) -> None:
    figures, _ = arranged(theatre, atlas, ("inside", f"second {guest}"), subject=vessel)
    (front,), (inside,) = (of_kind(theatre, figures, label) for label in (vessel, guest))
    assert figures.index(inside) < figures.index(front)
    around, within = Edges(front, atlas), Edges(inside, atlas)
    rim = around.top + POCKETS[vessel].share * (around.foot - around.top)
    assert rim - within.top > 0.5 * (within.foot - within.top)
    assert within.foot > rim
    assert within.right - within.left > 0.3 * (around.right - around.left)


@pytest.mark.parametrize(("number", "count"), [("three", 3), ("many", 7), ("twelve", 12)])
def test_candles_on_a_cake_can_be_counted(theatre: Theatre, atlas: Atlas, number: str, count: int) -> None:
    marks = ("on", "second candle", f"second {number}")
    figures, _ = arranged(theatre, atlas, marks, subject="cake", terrain="room")
    (cake,), candles = (of_kind(theatre, figures, label) for label in ("cake", "candle"))
    assert len({round(Edges(candle, atlas).x, 4) for candle in candles}) == count
    assert all(figures.index(candle) < figures.index(cake) for candle in candles)


@pytest.mark.parametrize(("number", "count"), [("two", 2), ("five", 5), ("twelve", 12)])
def test_several_of_a_third_figure_stand_beside_the_others(
    theatre: Theatre, atlas: Atlas, number: str, count: int
) -> None:
    marks = ("second cat", "third sheep", f"third {number}")
    figures, _ = arranged(theatre, atlas, marks, subject="dog")
    sheep = sorted(Edges(one, atlas).x for one in of_kind(theatre, figures, "sheep"))
    others = [Edges(one, atlas).x for label in ("dog", "cat") for one in of_kind(theatre, figures, label)]
    assert len({round(x, 3) for x in sheep}) == count
    assert sheep[0] > max(others) or sheep[-1] < min(others)


def test_small_things_share_the_top_of_a_table(theatre: Theatre, atlas: Atlas) -> None:
    marks = ("two", "second knife", "third egg", "third three")
    figures, _ = arranged(theatre, atlas, marks, subject="apple", terrain="room")
    (table,) = of_kind(theatre, figures, "table")
    things = [Edges(one, atlas) for label in ("apple", "knife", "egg") for one in of_kind(theatre, figures, label)]
    assert len(things) == 6
    around = Edges(table, atlas)
    assert all(around.left < thing.left and thing.right < around.right for thing in things)
    egg, apple = (of_kind(theatre, figures, label)[0] for label in ("egg", "apple"))
    assert Edges(egg, atlas).foot - Edges(egg, atlas).top < around.foot - around.top
    assert figures.index(table) < figures.index(apple)


def test_a_fourth_and_a_fifth_figure_stand_beside_the_others(theatre: Theatre, atlas: Atlas) -> None:
    marks = ("second ball", "third snail", "fourth boy", "fifth bench", "fifth two")
    figures, _ = arranged(theatre, atlas, marks, subject="dog")
    kinds = ("dog", "ball", "snail", "boy", "bench")
    found = [Edges(one, atlas) for label in kinds for one in of_kind(theatre, figures, label)]
    assert len(found) == len(kinds) + 1
    found.sort(key=lambda edges: edges.x)
    assert all(first.right < second.left + 0.02 for first, second in pairwise(found))
    assert found[0].left > -0.38
    assert found[-1].right < 1.38


def test_what_is_named_last_lies_on_the_same_table(theatre: Theatre, atlas: Atlas) -> None:
    marks = ("second cup", "third newspaper", "fourth spoon", "fifth egg", "fifth three")
    figures, _ = arranged(theatre, atlas, marks, subject="banana", terrain="room")
    (table,) = of_kind(theatre, figures, "table")
    kinds = ("banana", "cup", "newspaper", "spoon", "egg")
    things = [Edges(one, atlas) for label in kinds for one in of_kind(theatre, figures, label)]
    around = Edges(table, atlas)
    assert len(things) == 7
    assert all(around.left < thing.left and thing.right < around.right for thing in things)


@pytest.mark.parametrize("mount", ["horse", "elephant", "camel", "unicorn"])
def test_a_rider_is_astride_the_back(theatre: Theatre, atlas: Atlas, mount: str) -> None:
    figures, _ = arranged(theatre, atlas, ("riding", "second man"), subject=mount)
    (horse,), (man,) = (of_kind(theatre, figures, label) for label in (mount, "man"))
    assert figures.index(man) > figures.index(horse)  # the near leg is before its body
    animal, rider = Edges(horse, atlas), Edges(man, atlas)
    assert rider.top < animal.top + 0.1
    body = jointed_of(man)
    assert body is not None
    assert animal.top < float(man.point(*body.hips)[1]) < animal.foot - 0.3 * (animal.foot - animal.top)
    assert animal.left < rider.x < animal.right
    assert float(man.facing) == float(horse.facing)


def test_what_is_inside_is_within_it_in_an_opening(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("inside",), subject="house", companion="cat")
    (house,), (cat,) = (of_kind(theatre, figures, label) for label in ("house", "cat"))
    outer, inner = Edges(house, atlas), Edges(cat, atlas)
    assert outer.left < inner.left < inner.right < outer.right
    assert outer.top < inner.top < inner.foot < outer.foot
    assert cat.opening
    assert figures.index(house) < figures.index(cat)


def test_who_is_in_a_cage_is_behind_bars(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("inside", "second lion"), subject="cage")
    (cage,), (lion,) = (of_kind(theatre, figures, label) for label in ("cage", "lion"))
    outer, inner = Edges(cage, atlas), Edges(lion, atlas)
    assert lion.barred
    assert outer.left < inner.left < inner.right < outer.right
    assert inner.foot - inner.top > 0.2 * (outer.foot - outer.top)


@pytest.mark.parametrize("wearer", ["cat", "owl", "dog", "old man"])
def test_glasses_sit_on_the_face(theatre: Theatre, atlas: Atlas, wearer: str) -> None:
    figures, _ = arranged(theatre, atlas, ("on", "second glasses"), subject=wearer)
    (face,), (glasses,) = (of_kind(theatre, figures, label) for label in (wearer, "glasses"))
    assert figures.index(face) < figures.index(glasses)
    worn, who = Edges(glasses, atlas), Edges(face, atlas)
    assert who.left < worn.left < worn.right < who.right + 0.02
    assert worn.right - worn.left < 0.5 * (who.foot - who.top)


def test_one_stands_between_two(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("between", "second pine", "second two"), subject="house")
    house = Edges(of_kind(theatre, figures, "house")[0], atlas)
    left, right = sorted((Edges(one, atlas) for one in of_kind(theatre, figures, "pine")), key=lambda edges: edges.x)
    assert left.right < house.left < house.right < right.left


def test_the_moon_is_between_two_towers(theatre: Theatre, atlas: Atlas) -> None:
    figures, decoded = arranged(theatre, atlas, ("two", "between sky"), subject="tower", sky="night", celestial="moon")
    left, right = sorted((Edges(one, atlas) for one in figures), key=lambda edges: edges.x)
    x, _, radius = (float(part) for part in decoded.celestial_disc)
    assert left.right < x - radius < x + radius < right.left


@pytest.mark.parametrize(("subject", "companion"), [("rose", "bee"), ("tree", "child")])
def test_companions_are_on_both_sides_of_what_they_are_around(
    theatre: Theatre, atlas: Atlas, subject: str, companion: str
) -> None:
    figures, _ = arranged(theatre, atlas, ("around", f"second {companion}", "second four"), subject=subject)
    middle = Edges(of_kind(theatre, figures, subject)[0], atlas)
    around = [Edges(one, atlas).x for one in of_kind(theatre, figures, companion)]
    assert len(around) == 4
    assert min(around) < middle.x < max(around)


def test_what_is_under_a_table_has_room_there(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("under",), subject="table", companion="cat", terrain="room")
    table, cat = (Edges(of_kind(theatre, figures, label)[0], atlas) for label in ("table", "cat"))
    assert table.left < cat.left < cat.right < table.right
    assert cat.top > table.top + 0.3 * (table.foot - table.top)


@pytest.mark.parametrize(
    ("label", "marks", "is_larger"),
    [("whale", ("tiny figure",), True), ("shark", ("tiny figure", "second huge figure"), True), ("fish", (), False)],
)
def test_what_is_larger_than_a_boat_is_so_below_it(
    theatre: Theatre, atlas: Atlas, label: str, marks: tuple[str, ...], is_larger: bool
) -> None:
    figures, _ = arranged(theatre, atlas, ("under", f"second {label}", *marks), subject="boat", terrain="sea")
    boat, below = (Edges(of_kind(theatre, figures, each)[0], atlas) for each in ("boat", label))
    assert (below.right - below.left > boat.right - boat.left) == is_larger
    assert boat.foot < below.foot < 1


def test_words_say_the_size_of_the_companion(theatre: Theatre, atlas: Atlas) -> None:
    ratios = []
    for marks in ((), ("second tiny figure",), ("second huge figure",)):
        figures, _ = arranged(theatre, atlas, marks, subject="snail", companion="house")
        house, snail = (of_kind(theatre, figures, label)[0] for label in ("house", "snail"))
        ratios.append(float(house.side / snail.side))
    usual, tiny, huge = ratios
    assert huge > 1.3 * usual > 2.5 * tiny


def test_a_witch_flies_and_leans_over_her_broom(theatre: Theatre, atlas: Atlas) -> None:
    (witch,), _ = arranged(theatre, atlas, ("flying",), subject="witch")
    assert Edges(witch, atlas).foot < 0.65
    assert witch.turn > 0.5


def test_relations_have_finite_gradients(theatre: Theatre) -> None:
    for marks in (
        ("behind", "second bear"),
        ("riding", "second man"),
        ("inside", "second cat"),
        ("around", "second bee", "second many"),
    ):
        point = theatre.with_marks(scene(1, subject="horse", terrain="hills"), marks)
        z = torch.from_numpy(point.z).requires_grad_()
        picture = theatre.render(type(point)(z, torch.from_numpy(point.classes)), 48)  # type: ignore[arg-type]
        assert torch.isfinite(torch.autograd.grad(picture.sum(), z)[0]).all()


def test_an_animal_is_on_the_shoulder_and_a_bag_on_the_back(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("on", "second parrot"), subject="pirate")
    (pirate,), (parrot,) = (of_kind(theatre, figures, label) for label in ("pirate", "parrot"))
    bearer, bird = Edges(pirate, atlas), Edges(parrot, atlas)
    assert bearer.top < bird.foot < bearer.top + 0.45 * (bearer.foot - bearer.top)
    assert bearer.left < bird.x < bearer.right
    figures, _ = arranged(theatre, atlas, ("on", "second handbag"), subject="boy")
    (boy,), (bag,) = (of_kind(theatre, figures, label) for label in ("boy", "handbag"))
    bearer, borne = Edges(boy, atlas), Edges(bag, atlas)
    assert bearer.top + 0.1 < borne.foot < bearer.foot - 0.1
    assert (borne.x - bearer.x) * float(boy.facing) > 0  # behind him


@pytest.mark.parametrize(("face", "guest"), [("spiderweb", "spider"), ("sunflower", "bee")])
def test_who_is_on_a_web_or_a_flower_is_in_the_middle_of_it(
    theatre: Theatre, atlas: Atlas, face: str, guest: str
) -> None:
    figures, _ = arranged(theatre, atlas, ("on", f"second {guest}"), subject=face)
    (below,), (on_it,) = (of_kind(theatre, figures, label) for label in (face, guest))
    around, within = Edges(below, atlas), Edges(on_it, atlas)
    assert around.left < within.left < within.right < around.right
    assert around.top < within.top
    assert within.foot < around.foot


def test_a_hen_sits_behind_the_tops_of_the_eggs_that_she_is_on(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("on", "three", "second hen"), subject="egg")
    (hen,), eggs = of_kind(theatre, figures, "hen"), of_kind(theatre, figures, "egg")
    hers, below = Edges(hen, atlas), [Edges(egg, atlas) for egg in eggs]
    assert len(below) == 3
    assert all(figures.index(hen) < figures.index(egg) for egg in eggs)
    assert min(egg.left for egg in below) < hers.x < max(egg.right for egg in below)
    assert all(hers.top < egg.top < hers.foot < egg.foot for egg in below)


@pytest.mark.parametrize("subject", ["lighthouse", "goat", "child"])
def test_who_is_on_a_cliff_stands_on_its_top(theatre: Theatre, atlas: Atlas, subject: str) -> None:
    for seed in (2, 5, 8):
        figures, decoded = arranged(theatre, atlas, ("peak",), seed, subject=subject, terrain="cliffs")
        (figure,) = of_kind(theatre, figures, subject)
        feet = Edges(figure, atlas)
        line = land_ridges(decoded).middle[0, 0, 0]
        near = (decoded.grid.x.flatten() - feet.x).abs() < 0.03
        assert abs(float(line[near].min()) - feet.foot) < 0.06
        assert feet.foot < 0.6


@pytest.mark.parametrize(("subject", "third"), [("box", "car"), ("bottle", "bookshelf"), ("cat", "dog")])
def test_a_pair_is_on_a_third_that_is_under_it(theatre: Theatre, atlas: Atlas, subject: str, third: str) -> None:
    marks = ("inside" if subject != "cat" else "on", "second mouse", f"third {third}", "stacked")
    figures, _ = arranged(theatre, atlas, marks, subject=subject)
    (upper,), (mouse,), (lower,) = (of_kind(theatre, figures, label) for label in (subject, "mouse", third))
    on_it, within, below = (Edges(one, atlas) for one in (upper, mouse, lower))
    assert below.left < on_it.x < below.right
    assert below.top - 0.02 < on_it.foot < below.foot - 0.1
    assert abs(within.x - on_it.x) < 0.1
    assert on_it.foot - on_it.top > 0.05


@pytest.mark.parametrize(("act", "thing"), [("held", "lantern"), ("on", "crown"), ("above", "umbrella")])
def test_who_has_a_thing_stands_on_a_third_with_it(theatre: Theatre, atlas: Atlas, act: str, thing: str) -> None:
    figures, _ = arranged(theatre, atlas, (act, f"second {thing}", "third stone", "on third"), subject="fox")
    (fox,), (had,), (stone,) = (of_kind(theatre, figures, label) for label in ("fox", thing, "stone"))
    stands, below = Edges(fox, atlas), Edges(stone, atlas)
    assert below.left < stands.x < below.right
    assert below.top - 0.02 < stands.foot < below.top + 0.1
    assert abs(float(had.x - fox.x)) < 0.5 * (stands.foot - stands.top)


@pytest.mark.parametrize(
    ("marks", "third"),
    [(("on", "second hat"), "umbrella"), (("on", "second scarf"), "shoes"), (("held", "second lantern"), "scarf")],
)
def test_a_third_is_worn_besides_another_thing(
    theatre: Theatre, atlas: Atlas, marks: tuple[str, ...], third: str
) -> None:
    figures, _ = arranged(theatre, atlas, (*marks, f"third {third}"), subject="man")
    (man,), (worn,) = (of_kind(theatre, figures, label) for label in ("man", third))
    assert abs(float(worn.x - man.x)) < 0.12 * float(man.side)
    top, height = float(man.foot) - float(extent_of(man, atlas)[1]), float(extent_of(man, atlas)[1])
    lowest = float(worn.foot)
    assert top < lowest <= float(man.foot) + 0.01
    assert worn.floats
    assert (lowest < top + 0.7 * height) == (third != "shoes")


@pytest.mark.parametrize("where", ["front", "behind"])
def test_a_giant_is_as_large_as_the_house_that_it_is_at(theatre: Theatre, atlas: Atlas, where: str) -> None:
    heights = []
    for marks in ((where, "second snail"), (where, "second snail", "second huge figure")):
        figures, _ = arranged(theatre, atlas, marks, subject="house")
        (house,), (snail,) = (of_kind(theatre, figures, label) for label in ("house", "snail"))
        heights.append(float(extent_of(snail, atlas)[1]) / float(extent_of(house, atlas)[1]))
    assert heights[0] < 0.75 < heights[1]


def test_pack_animals_bear_their_load_on_the_flank_clear_of_the_head(theatre: Theatre, atlas: Atlas) -> None:
    figures, _ = arranged(theatre, atlas, ("on", "second basket"), subject="donkey")
    donkey, basket = (Edges(of_kind(theatre, figures, label)[0], atlas) for label in ("donkey", "basket"))
    assert donkey.left < basket.left < basket.right < donkey.right
    assert donkey.top < basket.top
