"""Enlarging in software."""

from __future__ import annotations

import numpy as np
import pytest

from installation.stage.upscale import MOST_PIXELS, WEIGHTS, Upscaler, cubic, sharpened, worth_sharpening


@pytest.mark.parametrize("place", [0.0, 0.25, 0.5, 0.8, 1.0])
def test_the_weights_of_the_cubic_keep_the_light(place: float) -> None:
    assert sum(cubic(place)) == pytest.approx(1.0)


def test_at_a_pixel_the_cubic_is_that_pixel() -> None:
    assert cubic(0.0) == pytest.approx((0, 1, 0, 0))
    assert cubic(1.0) == pytest.approx((0, 0, 1, 0))


def test_the_weights_of_the_doubling_are_the_cubics() -> None:
    assert [weight / 64 for weight in WEIGHTS] == pytest.approx(cubic(0.25), abs=0.01)
    assert sum(WEIGHTS) == 64


@pytest.mark.parametrize("axis", [0, 1])
def test_doubling_keeps_flat_and_sloping_light(axis: int) -> None:
    slope = np.arange(0, 200, 10, dtype=np.int16)[:, None, None].repeat(20, axis=1).repeat(3, axis=2)
    twice = Upscaler().doubled(slope if axis == 0 else slope.swapaxes(0, 1), axis)
    course = twice[:, 0, 0] if axis == 0 else twice[0, :, 0]
    assert course.shape == (40,)
    assert np.diff(course[6:-6]) == pytest.approx(5, abs=2)
    assert Upscaler().doubled(np.full((4, 4, 3), 7, np.int16), axis) == pytest.approx(7)


def test_an_edge_is_steeper_than_bilinear_would_have_it() -> None:
    edge = np.zeros((8, 16, 3), np.int16)
    edge[:, 8:] = 200
    row = Upscaler().doubled(edge, 1)[0, :, 0]
    assert row[15] < 45  # bilinear: a quarter of the way
    assert row[16] > 155


def test_the_brightest_edges_do_not_overflow() -> None:
    stripes = np.zeros((16, 16, 3), np.int16)
    stripes[:, ::2] = 255
    stripes[::3] = 255
    result = Upscaler().enlarged(stripes, 32, 32)
    assert result.min() > -80
    assert result.max() < 255 + 80


@pytest.mark.parametrize("size", [(72, 128), (192, 341), (400, 700), (90, 160), (1, 1)])
def test_enlarging_stays_within_the_stage_and_its_time(size: tuple[int, int]) -> None:
    height, width = Upscaler().enlarged(np.zeros((*size, 3), np.int16), 720, 1280).shape[:2]
    assert height <= 720
    assert width <= 1280
    assert height * width <= max(MOST_PIXELS, size[0] * size[1])
    assert (height, width) == (72 * 4, 128 * 4) or size != (72, 128)


def test_sharpening_leaves_flat_light_alone_and_steepens_edges() -> None:
    edge = np.full((6, 12, 3), 60, np.uint8)
    edge[:, 6:] = 180
    sharp = sharpened(edge)
    assert sharp[:, :5].max() == 60
    assert sharp[0, 5, 0] < 60
    assert sharp[0, 6, 0] > 180


def test_only_small_pictures_that_are_enlarged_are_sharpened() -> None:
    assert worth_sharpening(192, 341, 720)
    assert not worth_sharpening(720, 400, 720)
    assert not worth_sharpening(720, 1280, 2160)
