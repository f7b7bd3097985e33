"""What is computed on a coarse box appears where it would on the box itself."""

from __future__ import annotations

import torch

from installation.models.theatre.coarse import coarse_box, enlarged
from installation.models.theatre.raster import PixelGrid
from tests.models.theatre.conftest import CPU

GRID = PixelGrid(90, 160, CPU)
BOX = GRID.box(0.2, 0.73, 0.1, 0.9)


def test_a_ramp_is_the_same_on_a_coarse_box_but_for_its_ends() -> None:
    part = coarse_box(BOX)
    ramp = enlarged(part.x + 2 * part.y, BOX)
    assert ramp.shape[2:] == (BOX.y.shape[2], BOX.x.shape[3])
    torch.testing.assert_close(ramp[..., 4:-4, 4:-4], (BOX.x + 2 * BOX.y)[..., 4:-4, 4:-4])


def test_what_is_shifted_appears_beside_and_below() -> None:
    part = coarse_box(BOX, 0.03, 0.05)
    shifted = enlarged(part.x + 2 * part.y, BOX)[..., 4:-4, 4:-4]
    torch.testing.assert_close(shifted, (BOX.x + 2 * BOX.y)[..., 4:-4, 4:-4] - 0.13)
