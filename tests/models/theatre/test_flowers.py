"""Flowers are visible by day and in clear weather, and smaller far away."""

from __future__ import annotations

import numpy as np

from installation.models.theatre.flowers import MEADOW_OF, _named, flower_field
from installation.models.theatre.generator import Theatre
from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.scene import Scene
from tests.models.theatre.conftest import CPU, plain, scene, tensors


def visible(theatre: Theatre, terrain: str = "field", **labels: str) -> float:
    """The share of the nearest ground that differs from most of it; in clear air only flowers do."""
    ground = plain(theatre, 128, terrain=terrain, **labels)[:, 118:]
    smooth = np.median(ground, axis=2, keepdims=True)
    return float((np.abs(ground - smooth).max(0) > 0.08).mean())


def test_flowers_fade_at_dusk_and_in_fog_and_are_gone_at_night(theatre: Theatre) -> None:
    noon, dusk, night = (visible(theatre, sky=sky) for sky in ("noon", "dusk", "night"))
    assert noon > 0.15
    assert night < 0.01 < 0.03 < dusk < noon
    assert 0.02 < visible(theatre, sky="noon", weather="fog") < noon


def test_no_flowers_are_visible_in_snow_nor_in_winter(theatre: Theatre) -> None:
    assert visible(theatre, sky="winter") < 0.01
    flakes = visible(theatre, terrain="hills", sky="noon", weather="snow")
    assert visible(theatre, sky="noon", weather="snow") < flakes + 0.01


def test_flowers_are_smaller_and_denser_far_away() -> None:
    field = flower_field(PixelGrid(128, 128, CPU))
    inside = (field.x > 0) & (field.x < 1)
    far, near = (inside & (field.y > low) & (field.y <= low + 0.06) for low in (0.80, 0.94))
    assert float(field.shape[0, far].mean()) < 0.6 * float(field.shape[0, near].mean())
    assert int(far.sum()) > 1.15 * int(near.sum())


def test_the_meadow_is_of_the_flowers_that_words_name_many_of(theatre: Theatre) -> None:
    def meadows(*marks: str, subject: str = "poppy") -> list[tuple[str, ...]]:
        point = theatre.with_marks(scene(1, terrain="field", subject=subject), marks)
        staged = Scene(tensors(point), PixelGrid(64, 64, CPU), phase=0.0, staged=True)
        return [colours for colours, _ in _named(staged)]

    assert meadows("crowd") == [MEADOW_OF["poppy"]]
    assert meadows("second lavender", "second many", subject="windmill") == [MEADOW_OF["lavender"]]
    assert meadows() == meadows("many", subject="windmill") == meadows("second many", "second fox") == []
