"""Resizing."""

from __future__ import annotations

import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from installation.models.resize import middle_square, resized


@pytest.mark.parametrize("side", [32, 30, 50])
def test_fine_stripes_become_grey_without_aliasing(side: int) -> None:
    stripes = (torch.arange(96) % 2).float().expand(1, 3, 96, 96)
    small = resized(stripes, side)
    assert small.shape == (1, 3, side, side)
    inner = small[..., 4:-4, 4:-4]
    assert float(inner.mean()) == pytest.approx(0.5, abs=0.02)
    assert float(inner.std()) < 0.18


@pytest.mark.parametrize("side", [16, 40, 64, 100])
def test_range_and_mean_are_kept(side: int) -> None:
    picture = (torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1)) > 0.5).float()
    other = resized(picture, side)
    assert 0.0 <= float(other.min()) <= float(other.max()) <= 1.0
    assert_allclose(other.mean(), picture.mean(), atol=0.02)


def test_the_middle_square_is_cropped_and_not_squeezed() -> None:
    wide = torch.arange(5.0).expand(1, 3, 3, 5)
    assert_array_equal(middle_square(wide)[0, 0, 0], [1.0, 2.0, 3.0])
    assert_array_equal(middle_square(wide.transpose(2, 3))[0, 0, :, 0], [1.0, 2.0, 3.0])
