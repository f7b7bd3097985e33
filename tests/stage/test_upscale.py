"""Enlarging on the CPU."""

from __future__ import annotations

import numpy as np
import pytest

from installation.stage.upscale import MAX_PIXELS, WEIGHTS, Upscaler, cubic_weights, sharpen, should_sharpen


@pytest.mark.parametrize("position", [0.0, 0.25, 0.5, 0.8, 1.0])
def test_the_weights_of_the_cubic_kernel_sum_to_one(position: float) -> None:
    assert sum(cubic_weights(position)) == pytest.approx(1.0)


def test_on_a_pixel_the_cubic_kernel_gives_that_pixel() -> None:
    assert cubic_weights(0.0) == pytest.approx((0, 1, 0, 0))
    assert cubic_weights(1.0) == pytest.approx((0, 0, 1, 0))


def test_the_weights_of_doubling_are_those_of_the_cubic_kernel() -> None:
    assert [weight / 64 for weight in WEIGHTS] == pytest.approx(cubic_weights(0.25), abs=0.01)
    assert sum(WEIGHTS) == 64


@pytest.mark.parametrize("axis", [0, 1])
def test_doubling_keeps_flat_areas_and_linear_gradients(axis: int) -> None:
    slope = np.arange(0, 200, 10, dtype=np.int16)[:, None, None].repeat(20, axis=1).repeat(3, axis=2)
    doubled = Upscaler().double(slope if axis == 0 else slope.swapaxes(0, 1), axis)
    profile = doubled[:, 0, 0] if axis == 0 else doubled[0, :, 0]
    assert profile.shape == (40,)
    assert np.diff(profile[6:-6]) == pytest.approx(5, abs=2)
    assert (Upscaler().double(np.full((4, 4, 3), 7, np.int16), axis) == 7).all()


def test_a_doubled_edge_is_steeper_than_with_bilinear_scaling() -> None:
    edge = np.zeros((8, 16, 3), np.int16)
    edge[:, 8:] = 200
    row = Upscaler().double(edge, 1)[0, :, 0]
    assert row[15] < 45  # bilinear: 50
    assert row[16] > 155  # bilinear: 150


def test_the_strongest_edges_do_not_overflow() -> None:
    stripes = np.zeros((16, 16, 3), np.int16)
    stripes[:, ::2] = 255
    stripes[::3] = 255
    result = Upscaler().enlarge(stripes, 32, 32)
    assert result.min() > -80
    assert result.max() < 255 + 80


@pytest.mark.parametrize(
    ("size", "enlarged"),
    [
        ((72, 128), (288, 512)),  # twice; three times would have too many pixels
        ((192, 341), (384, 682)),
        ((400, 700), (400, 700)),  # doubled, it would not fit the stage
        ((1, 1), (512, 512)),
    ],
)
def test_doubling_stops_at_the_size_of_the_stage_or_at_the_limit_of_pixels(
    size: tuple[int, int], enlarged: tuple[int, int]
) -> None:
    height, width = Upscaler().enlarge(np.zeros((*size, 3), np.int16), 720, 1280).shape[:2]
    assert (height, width) == enlarged
    assert height * width <= max(MAX_PIXELS, size[0] * size[1])


def test_sharpening_keeps_flat_areas_and_steepens_edges() -> None:
    edge = np.full((6, 12, 3), 60, np.uint8)
    edge[:, 6:] = 180
    sharp = sharpen(edge)
    assert sharp[:, :5].max() == 60
    assert sharp[0, 5, 0] < 60
    assert sharp[0, 6, 0] > 180


def test_only_small_pictures_that_are_enlarged_are_sharpened() -> None:
    sizes = ((192, 341, 720), (432, 768, 720), (720, 400, 720), (720, 1280, 2160))
    assert [should_sharpen(*size) for size in sizes] == [True, True, False, False]
