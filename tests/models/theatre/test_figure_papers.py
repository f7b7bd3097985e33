"""The paper of each figure."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.interfaces import Floats
from installation.models.theatre.figure_atlas import CUT, FIGURE_LABELS, LABELS, Atlas, PaperLayer
from installation.models.theatre.figure_papers import FIGURE_PAPERS, SECOND_PAPERS
from installation.models.theatre.generator import Theatre
from installation.models.theatre.vocabulary import SUBJECTS
from tests.models.theatre.conftest import render, scene

TREE = {"sky": "noon", "terrain": "desert", "celestial": "empty sky"}


def test_every_figure_has_a_paper() -> None:
    assert set(FIGURE_PAPERS) == set(SUBJECTS) - {"nobody"}


@pytest.mark.slow  # it unpacks every figure
def test_the_figures_with_a_second_paper_have_layers_of_it(atlas: Atlas) -> None:
    kept = [label for label in FIGURE_LABELS if label not in CUT]  # one that is cut is a single sheet
    layered = {label for label in kept if any(layer.second for layer in atlas.layers[LABELS.index(label)])}
    assert layered == set(SECOND_PAPERS)


def colours(theatre: Theatre, **labels: str) -> tuple[Floats, Floats]:
    """The mean colours of the crown and the trunk of a tree, each [3]."""
    picture, empty = (
        render(theatre, scene(4, **TREE, subject=subject, **labels), 96)[0] for subject in ("tree", "nobody")
    )
    rows, columns = np.nonzero(np.abs(picture - empty).max(0) > 0.2)
    middle, height = np.median(columns), np.ptp(rows)
    crown = (rows < rows.min() + 0.4 * height) & (np.abs(columns - middle) < 0.15 * height)
    trunk = (rows > rows.max() - 0.2 * height) & (np.abs(columns - middle) < 0.05 * height)
    crown_colour, trunk_colour = (picture[:, rows[part], columns[part]].mean(1) for part in (crown, trunk))
    return crown_colour, trunk_colour


@pytest.mark.parametrize(
    ("labels", "strongest"), [({}, 1), ({"subject_colour": "red"}, 0), ({"weather": "autumn leaves"}, 0)]
)
def test_a_tree_is_green_or_as_words_and_seasons_say_on_a_brown_trunk(
    theatre: Theatre, labels: dict[str, str], strongest: int
) -> None:
    crown, trunk = colours(theatre, **labels)
    assert crown.argmax() == strongest
    assert trunk.argmax() == 0
    assert abs(trunk[0] - colours(theatre)[1][0]) < 0.12


def test_an_audience_sees_the_colours_within_a_figure_and_no_coat_where_words_name_one(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tinted(subject: str, colour: str = "ink") -> int:
        """How many pixels change by the colours within a figure."""
        point = scene(4, sky="noon", terrain="desert", subject=subject, subject_colour=colour)
        with_tints = theatre.paint(point, 128).astype(np.int16)
        with monkeypatch.context() as patched:
            patched.setattr(PaperLayer, "tinted", False)
            return int((np.abs(with_tints - theatre.paint(point, 128)).sum(2) > 20).sum())

    assert tinted("penguin") == 0  # the models do not see them
    theatre.set_stage(0.0, "scenes")
    try:
        assert tinted("penguin", "blue") > 20  # its beak
        assert tinted("owl") > 3 * tinted("owl", "blue") > 0  # its chest is a coat, its beak is none
    finally:
        theatre.set_stage(0.0, "blend")


def test_the_coats_of_a_tree_give_way_to_a_season(theatre: Theatre) -> None:
    def crown(**labels: str) -> Floats:
        """The mean of the crown's top, which is a coat of light green."""
        theatre.set_stage(0.0, "scenes")
        try:
            return colours(theatre, **labels)[0]
        finally:
            theatre.set_stage(0.0, "blend")

    assert crown().argmax() == 1
    assert crown(weather="autumn leaves").argmax() == 0
    snowy = crown(weather="snow")
    assert snowy.max() - snowy.min() < 0.12
