"""Figures stand on the land: it is level below them, and what lies on a table does not hang before its edge."""

from __future__ import annotations

import pytest
import torch

from installation.models.theatre.draw_context import DrawContext
from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.figures import cast_figures, settle_ground
from installation.models.theatre.footing import SINK, SINK_SHARE
from installation.models.theatre.land import land_ridges
from installation.models.theatre.land_layers import layer_colours
from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.scene import Scene
from installation.models.theatre.sky import sky_gradient
from tests.models.theatre.conftest import scene, tensors

GRID = PixelGrid(144, 256, torch.device("cpu"))


def _context(seed: int, **classes: str) -> DrawContext:
    decoded = Scene(tensors(scene(seed, **classes)), GRID, 0.0, staged=True)
    return DrawContext(sky_gradient(decoded), decoded, land_ridges(decoded), layer_colours(decoded))


@pytest.mark.parametrize("seed", range(4))
def test_the_land_is_level_below_a_wide_figure(atlas: Atlas, seed: int) -> None:
    context = _context(seed, subject="piano", terrain="hills")
    casts = cast_figures(context, atlas)
    settle_ground(atlas, casts)
    (role,) = casts[0].roles
    figure = casts[0].figure(role, role.figure.present()[0], atlas)
    ((x, half, _, surface, side, _),) = figure.placed.places()
    below = (GRID.x - x).abs() < 0.9 * half
    gap = (surface - SINK - SINK_SHARE * side - context.ridges.near)[below]
    assert gap.abs().max() < 0.012  # of it, a tenth of the hill is kept


def test_no_land_is_levelled_far_from_figures(atlas: Atlas) -> None:
    context = _context(1, subject="cat", terrain="hills")
    before = context.ridges.near.clone()
    settle_ground(atlas, cast_figures(context, atlas))
    changed = (context.ridges.near - before).abs().flatten() > 1e-4
    assert changed.any()
    assert not changed.all()


def test_who_is_in_the_air_levels_nothing(atlas: Atlas) -> None:
    context = _context(1, subject="balloon", terrain="hills")
    before = context.ridges.near.clone()
    settle_ground(atlas, cast_figures(context, atlas))
    assert torch.equal(context.ridges.near, before)


@pytest.mark.parametrize("subject", ["fish", "whale", "shark"])
def test_a_swimmer_on_dry_land_lies_on_the_ground(atlas: Atlas, subject: str) -> None:
    context = _context(3, subject=subject, terrain="hills")
    casts = cast_figures(context, atlas)
    settle_ground(atlas, casts)
    (role,) = casts[0].roles
    placed = casts[0].figure(role, role.figure.present()[0], atlas).placed
    ground = context.ridges.near[..., (GRID.x[0, 0, 0] - placed.figure.x.item()).abs().argmin()]
    assert abs(float(placed.surface) - float(ground)) < 0.03
