"""Fireworks light the sky, follow the time, and never jump."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.models.interfaces import Floats
from installation.models.theatre.composition import paint_scene
from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.generator import Theatre
from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.scene import Scene
from tests.models.theatre.conftest import CPU, scene, tensors

GRID = PixelGrid(90, 160, CPU)


def painted(theatre: Theatre, atlas: Atlas, phase: float, *marks: str) -> Floats:
    point = theatre.with_marks(scene(1, sky="night", terrain="sea"), marks)
    with torch.inference_mode():
        return np.asarray(paint_scene(Scene(tensors(point), GRID, phase, staged=True), atlas)[0])


def test_rockets_burst_in_the_sky_and_change_with_time(theatre: Theatre, atlas: Atlas) -> None:
    dark, lit, later = (
        painted(theatre, atlas, phase, *marks)
        for phase, marks in ((0.0, ()), (0.0, ("fireworks",)), (1.5, ("fireworks",)))
    )
    added = (lit - dark).max(axis=0)
    assert (added[:45] > 0.2).mean() > 0.02
    assert np.abs(later - lit)[:, :45].max() > 0.2


@pytest.mark.slow
def test_no_moment_of_fireworks_jumps(theatre: Theatre, atlas: Atlas) -> None:
    before = painted(theatre, atlas, 0.0, "fireworks")
    for step in range(1, 60):
        after = painted(theatre, atlas, step / 30, "fireworks")
        assert np.abs(after - before).mean() < 0.01
        before = after
