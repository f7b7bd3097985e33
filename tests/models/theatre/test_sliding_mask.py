"""Masks shift and stretch by exactly as much as asked, with the right gradient."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from installation.models.theatre.polygon_mask import Outline, stroke
from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.sliding_mask import mask_coverage
from tests.models.theatre.conftest import CPU

SIDE = 40  # pixels of a unit
AREA = 0.1 * 0.4 * SIDE**2  # of the post, in pixels


def post() -> list[Outline]:
    """A rectangle 0.1 wide and 0.4 high that stands at (0.5, 0.8)."""
    return [stroke(0.5, 0.8, 0.5, 0.4, 0.1, 0.1)]


def batch(*values: float) -> Tensor:
    return torch.tensor(values).view(-1, 1, 1, 1)


def test_a_shift_moves_a_mask_by_parts_of_a_pixel_and_loses_nothing() -> None:
    grid, shift = PixelGrid(SIDE, 60, CPU), batch(-0.2, 0.0, 0.013, 0.2)
    cover = mask_coverage(grid.box(), post, shift)
    centre = (cover * grid.x).sum((1, 2, 3)) / cover.sum((1, 2, 3))
    torch.testing.assert_close(centre, 0.5 + shift.flatten(), atol=1e-4, rtol=0)
    torch.testing.assert_close(cover.sum((1, 2, 3)), torch.full((4,), AREA), atol=0.05, rtol=0)


def test_a_part_of_the_picture_has_the_same_mask() -> None:
    grid, shift = PixelGrid(SIDE, 60, CPU), batch(-0.2, 0.013)
    box = grid.box(0.5, 0.9, 0.2, 0.7)
    whole = mask_coverage(grid.box(), post, shift)
    torch.testing.assert_close(mask_coverage(box, post, shift), whole[:, :, box.rows, box.columns])


def test_a_stretch_grows_a_mask_from_its_foot() -> None:
    grid, stretch = PixelGrid(SIDE, 60, CPU), batch(0.5, 1.0, 1.2, 1.5)
    cover = mask_coverage(grid.box(), post, torch.zeros(4, 1, 1, 1), stretch, foot=0.8)
    torch.testing.assert_close(cover.sum((1, 2, 3)), AREA * stretch.flatten(), atol=0.8, rtol=0)
    below = grid.box(top=0.8 + 2 * grid.pixel)
    assert float(cover[:, :, below.rows].max()) < 0.01


def test_gradients_are_those_of_the_shift_and_of_the_stretch() -> None:
    grid = PixelGrid(SIDE, SIDE, CPU)
    shift, stretch = batch(0.03).requires_grad_(), batch(1.1).requires_grad_()
    cover = mask_coverage(grid.box(), post, shift, stretch, foot=0.8)
    (moves,) = torch.autograd.grad((cover * grid.x).sum() / cover.sum(), shift, retain_graph=True)
    (grows,) = torch.autograd.grad(cover.sum(), stretch)
    assert float(moves) == pytest.approx(1.0, rel=0.2)
    assert float(grows) == pytest.approx(AREA, rel=0.3)
