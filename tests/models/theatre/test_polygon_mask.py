from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.models.theatre.polygon_mask import Outline, leaf, part_coverages, rasterise
from installation.models.theatre.raster import PixelGrid

GRID = PixelGrid(8, 8, torch.device("cpu"))  # a pixel is 1/8 of a unit


def rectangle(left: float, top: float, right: float, bottom: float) -> Outline:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def test_a_pixel_is_covered_as_far_as_a_polygon_reaches() -> None:
    cover = rasterise(GRID, [rectangle(1 / 8, 2 / 8, 3.5 / 8, 4 / 8)])
    expected = np.zeros((8, 8), np.float32)
    expected[2:4, 1:3], expected[2:4, 3] = 1.0, 0.5
    np.testing.assert_array_equal(cover, expected)


def test_polygons_that_overlap_cover_no_more_than_the_pixel_and_the_picture() -> None:
    outlines = [rectangle(-1, 0, 0.5, 1), rectangle(0.25, 0, 0.75, 1), rectangle(2, 0, 3, 1)]
    cover = rasterise(GRID, outlines)
    assert (cover[:, :6] == 1.0).all()
    assert not cover[:, 6:].any()


def test_what_a_line_runs_round_twice_is_a_hole() -> None:
    there_and_back = [*rectangle(0, 0, 1, 1), (0, 0), *rectangle(0.25, 0.25, 0.75, 0.75), (0.25, 0.25)]
    cover = rasterise(GRID, [there_and_back])
    assert not cover[2:6, 2:6].any()
    assert cover.sum() == 64 - 16


@pytest.mark.parametrize("angle", [0.0, 1.1, -2.0])
def test_a_leaf_has_the_area_of_its_length_and_width(angle: float) -> None:
    grid = PixelGrid(256, 256, torch.device("cpu"))
    middle = 0.5 - 0.2 * np.cos(angle), 0.5 - 0.2 * np.sin(angle)
    area = float(rasterise(grid, [leaf(*middle, 0.4, 0.1, angle)]).mean())
    assert area == pytest.approx(0.4 * 0.1 * 0.62, rel=0.05)


def test_each_polygon_in_the_picture_covers_its_own_pixels() -> None:
    outlines = [rectangle(2, 0, 3, 1), rectangle(0, 0, 2 / 8, 1.5 / 8), rectangle(1 / 8, 0, 3 / 8, 1 / 8)]
    parts = {number: (rows, columns, cover) for number, rows, columns, cover in part_coverages(GRID, outlines)}
    assert list(parts) == [1, 2]
    assert parts[1][:2] == (slice(0, 2), slice(0, 2))
    np.testing.assert_array_equal(parts[1][2], [[1, 1], [0.5, 0.5]])
    assert parts[2][:2] == (slice(0, 1), slice(1, 3))
    assert (parts[2][2] == 1).all()


def test_no_polygons_cover_nothing() -> None:
    assert not rasterise(GRID, []).any()
