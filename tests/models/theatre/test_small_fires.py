"""Fires that words name burn on the thing that they name, or beside the figures, and not across the land."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.interfaces import Floats
from installation.models.theatre.generator import Theatre
from tests.models.theatre.conftest import Mask, render, scene

SIZE = (96, 170)


def flames(theatre: Theatre, marks: tuple[str, ...], **classes: str) -> Mask:
    """Where flames are, [height, width]."""
    with_fire, without = (
        np.asarray(render(theatre, theatre.with_marks(scene(3, **classes), names), SIZE)[0])
        for names in (marks, tuple(mark for mark in marks if mark not in ("burning", "campfire")))
    )
    red, _, blue = with_fire
    burns: Floats = (red > 0.6) & (red > 2 * blue) & (np.abs(with_fire - without).sum(0) > 0.3)
    return np.asarray(burns)


def span(mask: Mask) -> tuple[int, int]:
    columns = np.flatnonzero(mask.any(0))
    return int(columns[0]), int(columns[-1])


@pytest.mark.parametrize("subject", ["house", "tree", "car", "ship"])
def test_flames_rise_from_what_burns_and_from_nothing_else(theatre: Theatre, subject: str) -> None:
    around = {"sky": "night", "terrain": "desert"}
    burning = flames(theatre, ("burning",), subject=subject, **around)
    figure = np.abs(
        render(theatre, scene(3, subject=subject, **around), SIZE)[0] - render(theatre, scene(3, **around), SIZE)[0]
    ).sum(0)
    low, high = span(np.asarray(figure > 0.5))
    left, right = span(burning)
    assert burning.sum() > 60
    assert low - 6 < left < right < high + 6
    assert np.flatnonzero(burning.any(1))[0] < np.flatnonzero((figure > 0.5).any(1))[0] - 3


def test_a_house_has_flames_in_its_windows(theatre: Theatre) -> None:
    burning = flames(theatre, ("burning",), subject="house", sky="noon", terrain="desert")
    rows = np.flatnonzero(burning.any(1))
    assert rows[-1] - rows[0] > 25


def test_smoke_rises_from_the_chimney_of_a_house_and_from_nowhere_else(theatre: Theatre) -> None:
    stage = object.__new__(Theatre)
    stage.__dict__.update(theatre.__dict__)
    stage.set_stage(0.0, "scenes")
    smoking, clear, bare = (
        stage.paint(scene(3, sky="noon", terrain="desert", **more), SIZE).astype(np.float32) / 255
        for more in ({"subject": "house", "detail": "smoke"}, {"subject": "house"}, {})
    )
    house = np.asarray(np.abs(clear - bare).sum(2) > 0.5)
    smoke = np.asarray(np.abs(smoking - clear).sum(2) > 0.1)
    left, right = span(house)
    assert smoke.sum() > 15
    assert left < span(smoke)[0] < span(smoke)[1] < right + 20


def test_a_campfire_burns_beside_a_figure_and_is_smaller(theatre: Theatre) -> None:
    small = flames(theatre, ("campfire",), subject="tent", sky="night", terrain="lake")
    wall = flames(theatre, (), subject="tent", sky="night", terrain="lake", weather="fire")
    left, right = span(small)
    assert small.sum() > 20
    assert right - left < 30
    assert wall.sum() == 0  # the same picture twice
    alone = flames(theatre, ("campfire",), sky="night", terrain="desert")
    assert alone.sum() > 1.5 * small.sum()


def test_of_a_man_and_a_house_the_house_burns(theatre: Theatre) -> None:
    marks = ("burning", "second house")
    burning = flames(theatre, marks, subject="man", sky="noon", terrain="desert")
    point = theatre.with_marks(scene(3, subject="man", sky="noon", terrain="desert"), marks)
    alone = theatre.with_marks(scene(3, subject="man", sky="noon", terrain="desert"), ())
    house = np.abs(render(theatre, point, SIZE)[0] - render(theatre, alone, SIZE)[0]).sum(0) > 0.5
    left, right = span(burning)
    assert span(np.asarray(house))[1] >= right > left


def test_fires_flicker_and_never_jump(theatre: Theatre) -> None:
    point = theatre.with_marks(scene(3, subject="tent", sky="night", terrain="lake"), ("campfire",))
    begin, soon, later = (render(theatre, point, SIZE, phase)[0] for phase in (9.0, 9.0 + 1 / 15, 9.9))
    assert 255 * np.abs(soon - begin).mean() < 1.0 < 255 * np.abs(later - begin).max()
