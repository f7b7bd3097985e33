"""Who comes on stage in a walk is cut before a frame needs them."""

from __future__ import annotations

import pytest

from installation.models.interfaces import ModelPlace
from installation.models.theatre import figure_atlas, jointed_figures, rooms
from installation.models.theatre.figure_atlas import load_atlas
from installation.models.theatre.foresight import Foresight
from installation.models.theatre.generator import Theatre
from tests.models.theatre.conftest import scene


def test_people_are_cut_in_their_poses_before_they_are_painted(theatre: Theatre) -> None:
    own = on_stage(theatre)
    marks = ("fighting", "second nun", "third sailor")
    point = theatre.with_marks(scene(1, terrain="field", subject="man"), marks)
    foresight = Foresight(own._atlas)
    cutting = foresight.foresee(point)
    assert cutting is not None
    cutting.result()
    assert foresight.foresee(point) is None
    before = jointed_figures._jointed.cache_info().misses
    own.paint(point, (36, 64))
    assert jointed_figures._jointed.cache_info().misses == before


def test_things_are_cut_before_they_are_painted(
    theatre: Theatre, place: ModelPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = on_stage(theatre)
    own._atlas = load_atlas(place.assets / "theatre" / "figures.npz", own.device)
    point = theatre.with_marks(scene(1, terrain="field", subject="toolbox"), ())
    cutting = Foresight(own._atlas).foresee(point)
    assert cutting is not None
    cutting.result()
    monkeypatch.setattr(figure_atlas, "_cut_layer", None)
    own.paint(point, (36, 64))


def on_stage(theatre: Theatre) -> Theatre:
    """The same theatre as an audience sees it."""
    own = object.__new__(Theatre)
    own.__dict__.update(theatre.__dict__)
    own.set_stage(0.0, "scenes")
    return own


def test_a_place_is_painted_before_it_is_shown(theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
    own = on_stage(theatre)
    before, after = (own.with_marks(scene(seed, terrain="city"), (mark,)) for seed, mark in ((1, "shops"), (2, "yard")))
    own.paint(before, (130, 236))
    own._largest = (130, 236)  # other tests have painted larger ones
    own._foresight = Foresight(own._atlas)
    own.recast(before, after, after, 0.1)
    assert own._foresight._thread is not None
    own._foresight._thread.shutdown()
    monkeypatch.setitem(rooms.SETS, "yard", ("000000", None))
    own.paint(after, (130, 236))
