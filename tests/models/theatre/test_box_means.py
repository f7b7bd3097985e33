from __future__ import annotations

import pytest
import torch

from installation.models.theatre.raster import box_means


def test_the_means_are_those_of_whole_squares() -> None:
    planes = torch.rand(1, 2, 7, 9, generator=torch.Generator().manual_seed(1))
    means = box_means(planes, 2)
    assert means.shape == (1, 2, 3, 5)
    assert means[0, 1, 2, 4].item() == pytest.approx(planes[0, 1, 2:7, 4:9].mean().item())


def test_padded_squares_end_where_the_picture_does() -> None:
    planes = torch.rand(1, 1, 7, 9, generator=torch.Generator().manual_seed(1))
    means = box_means(planes, 2, padded=True)
    assert means.shape == planes.shape
    assert means[0, 0, 0, 8].item() == pytest.approx(planes[0, 0, :3, 6:].mean().item())
