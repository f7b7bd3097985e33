"""The stroke language of hand-drawn figures."""

from __future__ import annotations

import numpy as np
import pytest

from installation.training.data.silhouette_sdf import distance_field
from installation.training.data.silhouette_strokes import CANVAS_SIZE, Mask, StrokeCanvas, draw_strokes

CENTRE = (0.5, 0.5)


def draw(strokes: str) -> StrokeCanvas:
    return draw_strokes(StrokeCanvas.empty(), strokes, CENTRE)


def at(mask: Mask, x: float, y: float) -> bool:
    """The value at a place in hundredths of the square's side."""
    return bool(mask[round(y * CANVAS_SIZE / 100), round(x * CANVAS_SIZE / 100)])


def test_strokes_are_applied_in_order() -> None:
    drawn = draw("""
        add polygon 20,20 80,20 80,80 20,80
        cut disc 50,50 10 10
        lit polygon 24,24 34,24 34,34 24,34 mirrored
        add line 2 24,29 34,29
    """)
    assert [at(drawn.shape, x, 50) for x in (10, 30, 50, 70)] == [False, True, False, True]
    assert [at(drawn.lit, 29, y) for y in (26, 29, 32)] == [True, False, True]
    assert at(drawn.lit, 71, 29)
    assert not at(drawn.shape, 71, 29)


def test_a_repeated_stroke_is_rotated_about_the_hub() -> None:
    drawn = draw("turn disc 50,20 6 6 times 4")
    assert all(at(drawn.turning, x, y) for x, y in ((50, 20), (80, 50), (50, 80), (20, 50)))
    assert not at(drawn.turning, 50, 50)
    assert not drawn.shape.any()


def test_a_ring_has_a_hole() -> None:
    drawn = draw("add ring 50,50 30 10")
    assert [at(drawn.shape, x, 50) for x in (10, 20, 50, 80)] == [False, True, False, True]


def test_a_curve_passes_through_its_points_and_keeps_sharp_ones() -> None:
    field = distance_field(draw("add curve 50,10! 90,50 50,90! 10,50").shape)
    inside = np.flatnonzero(field[64] > 0)
    assert inside[[0, -1]] == pytest.approx([12.8, 114.2], abs=1.5)
    width = (field > 0).sum(1)
    assert width[14] < 16 < 30 < width[24]


@pytest.mark.parametrize(
    ("stroke", "message"),
    [("fold disc 50,50 5 5", "there is no stroke 'fold'"), ("add blob 50,50 5 5", "there is no shape 'blob'")],
)
def test_an_unknown_stroke_or_shape_is_an_error(stroke: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw(stroke)
