"""Who comes on stage in a walk is cut before a frame needs them."""

from __future__ import annotations

from installation.models.theatre import jointed_figures
from installation.models.theatre.foresight import Foresight
from installation.models.theatre.generator import Theatre
from tests.models.theatre.conftest import scene


def test_people_are_cut_in_their_poses_before_they_are_painted(theatre: Theatre) -> None:
    point = theatre.with_marks(scene(1, terrain="field", subject="man"), ("fighting", "second nun"))
    foresight = Foresight()
    cutting = foresight.foresee(point)
    assert cutting is not None
    cutting.result()
    assert foresight.foresee(point) is None
    own = object.__new__(Theatre)
    own.__dict__.update(theatre.__dict__)
    own.set_stage(0.0, "scenes")
    before = jointed_figures._jointed.cache_info().misses
    own.paint(point, (36, 64))
    assert jointed_figures._jointed.cache_info().misses == before


def test_a_scene_without_people_needs_nothing(theatre: Theatre) -> None:
    before = jointed_figures._jointed.cache_info().misses
    cutting = Foresight().foresee(theatre.with_marks(scene(1, subject="horse"), ()))
    assert cutting is not None
    cutting.result()
    assert jointed_figures._jointed.cache_info().misses == before
