"""Marks in z arrange the figures: how many, how large, of what paper, and who stands on whom."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.models.capabilities import Arrangeable
from installation.models.interfaces import Floats, Point
from installation.models.theatre.generator import Theatre
from installation.models.theatre.marks import (
    BEGINS,
    DIMENSIONS,
    PAPERS,
    PLAIN,
    SECOND,
    THIRD,
    THIRD_SAID,
    further_said,
    marks_of,
    names_third,
    second_kind,
    second_paper,
    third_kind,
    with_marks,
)
from installation.models.theatre.vocabulary import SUBJECTS, Z
from tests.models.theatre.conftest import render, scene

SIZE = (96, 170)
SEED = 2


def red_columns(picture: Floats) -> int:
    """How many separate pieces of red there are from left to right. [3, height, width] -> count."""
    red = (picture[0] - np.maximum(picture[1], picture[2]) > 0.25).sum(axis=0) > 1
    return int((red[1:] & ~red[:-1]).sum() + red[0])


def red_share(picture: Floats) -> float:
    return float((picture[0] - np.maximum(picture[1], picture[2]) > 0.25).mean())


def drawn(theatre: Theatre, marks: tuple[str, ...], **classes: str) -> Floats:
    point: Point = theatre.with_marks(scene(SEED, **classes), marks)
    return np.asarray(render(theatre, point, SIZE)[0])


@pytest.mark.parametrize(("marks", "count"), [((), 1), (("two",), 2), (("three",), 3), (("four",), 4)])
@pytest.mark.parametrize("subject", ["bell", "rabbit"])
def test_there_are_as_many_figures_as_words_say(
    theatre: Theatre, subject: str, marks: tuple[str, ...], count: int
) -> None:
    picture = drawn(theatre, marks, subject=subject, subject_colour="red", sky="noon", terrain="desert")
    assert red_columns(picture) == count


def test_figures_and_celestial_bodies_have_the_size_that_words_say(theatre: Theatre) -> None:
    ball = {"subject": "heart", "subject_colour": "red", "sky": "noon", "terrain": "desert"}
    usual, huge, tiny = (red_share(drawn(theatre, marks, **ball)) for marks in ((), ("huge figure",), ("tiny figure",)))
    assert huge > 1.25 * usual > 3.5 * tiny > 0
    sun = {"celestial": "red sun", "sky": "noon", "terrain": "desert"}
    assert red_share(drawn(theatre, ("huge sky",), **sun)) > 2.5 * red_share(drawn(theatre, (), **sun))


def test_a_pink_castle_is_pink(theatre: Theatre) -> None:
    ink, pink = (drawn(theatre, marks, subject="castle", sky="grey") for marks in ((), ("pink",)))
    changed = np.abs(pink - ink).sum(axis=0) > 0.5
    red, green, blue = pink[:, changed].mean(axis=1)
    assert changed.mean() > 0.02
    assert red > blue > green


@pytest.mark.parametrize("mark", ["on", "above", "under", "front", "behind", "lifted"])
def test_one_figure_stands_where_words_put_it(theatre: Theatre, mark: str) -> None:
    figures = {"subject": "house", "companion": "cat", "sky": "morning", "terrain": "field"}
    beside, placed = (drawn(theatre, marks, **figures) for marks in ((), (mark,)))
    assert np.abs(placed - beside).mean() > 0.002


def test_marks_are_read_as_they_were_set() -> None:
    z = np.zeros((1, 96), np.float32)
    for name in PLAIN:
        assert marks_of(with_marks(z, (name,))) == (name,)
    assert set(marks_of(with_marks(z, ("twelve", "second ten", "held", "second fox")))) == {
        "twelve",
        "second ten",
        "held",
        "second fox",
    }


def test_only_words_set_marks(theatre: Theatre) -> None:
    assert isinstance(theatre, Arrangeable)
    point = theatre.sample(64, 1)
    assert (np.abs(point.z[:, list(DIMENSIONS)]) < BEGINS).mean() > 0.999
    marked = theatre.with_marks(point[:1], ("two", "pink"))
    assert theatre.with_marks(marked, ()).z[0, list(DIMENSIONS)].tolist() == [0.0] * len(DIMENSIONS)
    assert (marked.z[0, : min(DIMENSIONS)] == point.z[0, : min(DIMENSIONS)]).all()
    assert set(DIMENSIONS).isdisjoint(Z.CAMERA)


def test_marks_have_a_finite_gradient(theatre: Theatre) -> None:
    point = theatre.with_marks(scene(1, subject="owl", companion="tree"), ("many", "huge sky", "orange", "on"))
    z = torch.from_numpy(point.z).requires_grad_()
    picture = theatre.render(type(point)(z, torch.from_numpy(point.classes)), 48)  # type: ignore[arg-type]
    gradient = torch.autograd.grad(picture.sum(), z)[0]
    assert torch.isfinite(gradient).all()


def numbered(*names: str) -> torch.Tensor:
    """Latents with these marks alone."""
    return torch.from_numpy(with_marks(np.zeros((1, 96), np.float32), names))


def test_every_second_and_third_figure_has_a_number_of_its_own() -> None:
    kinds = [name for name in SUBJECTS if name != "nobody"]
    for paper in ((), ("second pink",)):
        z = torch.cat([numbered(SECOND + name, THIRD + kinds[-1 - index], *paper) for index, name in enumerate(kinds)])
        for weights, expected in ((second_kind(z), kinds), (third_kind(z), kinds[::-1])):
            assert [list(SUBJECTS)[index] for index in weights.argmax(1).tolist()] == expected
            assert weights.sum(1).tolist() == [1.0] * len(kinds)
        assert second_paper(z).sum().item() == len(kinds) * len(paper)
        assert not paper or set(second_paper(z).argmax(1).tolist()) == {list(PAPERS).index("pink")}
        assert names_third(z).item()
    assert not names_third(numbered("second fox", "second pink")).item()


@pytest.mark.parametrize("said", [*THIRD_SAID[0], *THIRD_SAID[1][1:], *THIRD_SAID[2]])
def test_a_third_figure_has_a_number_a_paper_and_a_state(said: str) -> None:
    marks = ("second fox", "second pink", "third king", f"third {said}")
    assert marks_of(numbered(*marks).numpy()) == marks
    both = ("second fox", "third roller skate", "third twelve", f"third {said}")
    assert {f"third {said}", "third roller skate"} <= {*marks_of(numbered(*both).numpy())}


@pytest.mark.parametrize("paper", ["red", "black", "yellow"])
def test_a_fourth_and_a_fifth_figure_have_a_kind_a_paper_and_a_number(paper: str) -> None:
    others = ("three", "second roller skate", "second pink", "third cup", "third two", "third silver")
    more = ("fourth roller skate", f"fourth {paper}", "fourth three", "fifth horse", f"fifth {paper}", "fifth six")
    assert marks_of(numbered(*others, *more).numpy()) == (*others, *more)
    assert marks_of(numbered(*others, "fourth spoon").numpy()) == (*others, "fourth spoon")


def test_no_fourth_figure_is_seen_on_the_way_to_one() -> None:
    first, last = numbered("second fox", "third king"), numbered("second fox", "third king", "fourth cup", "fifth owl")
    way = torch.cat([first + share * (last - first) for share in np.linspace(0, 1, 401)])
    for kinds, _, _ in further_said(way):
        assert kinds.count_nonzero(1).max() <= 1
        assert kinds[:-10].amax() < 0.5 < kinds[-1].amax()


def test_a_number_of_nine_digits_is_written_and_read(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {f"figure {index}": index for index in range(400)}
    monkeypatch.setattr("installation.models.theatre.marks.SUBJECTS", names)
    z = numbered("second figure 399", "third figure 301", "second grey")
    assert (second_kind(z).argmax().item(), third_kind(z).argmax().item()) == (399, 301)
    assert second_paper(z).argmax().item() == list(PAPERS).index("grey")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("second fox",), ("second owl",)),
        (("second fox", "third king"), ("second owl", "third queen", "second red")),
        (("second fox", "second red"), ("second owl", "third king")),
    ],
)
def test_one_further_figure_leaves_before_another_comes(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    first, last = numbered(*before), numbered(*after)
    way = torch.cat([first + share * (last - first) for share in np.linspace(0, 1, 401)])
    for kind in (second_kind, third_kind):
        weights = kind(way)
        assert weights.count_nonzero(1).max() <= 1
        changed = weights.argmax(1).diff().nonzero()[:, 0]
        both = torch.minimum(weights.amax(1)[:-1], weights.amax(1)[1:])
        assert both[changed].amax().item() < 0.1 if len(changed) else True


def test_a_second_figure_of_any_kind_stands_beside_the_subject(theatre: Theatre) -> None:
    around = {"subject": "tower", "sky": "noon", "terrain": "desert"}
    alone, one, three = (
        red_columns(drawn(theatre, marks, **around))
        for marks in ((), ("second elephant", "second red"), ("second elephant", "second three", "second red"))
    )
    assert (alone, one, three) == (0, 1, 3)


def test_two_groups_stand_apart(theatre: Theatre) -> None:
    around = {"subject": "rabbit", "subject_colour": "red", "sky": "noon", "terrain": "desert"}
    picture = drawn(theatre, ("three", "second bell", "second two", "second red"), **around)
    assert red_columns(picture) == 5
