"""The language of paper and scissors that figures are drawn with."""

from __future__ import annotations

import numpy as np
import pytest

from installation.training.data.figure_strokes import CANVAS_SIZE, RELIEF_SIZE, Mask, Sheets, draw_strokes, outline


def at(mask: Mask, x: float, y: float) -> bool:
    """The value at a place in hundredths of the square's side."""
    return bool(mask[round(y * CANVAS_SIZE / 100), round(x * CANVAS_SIZE / 100)])


def test_strokes_are_applied_in_order() -> None:
    body = draw_strokes("""
        add 20,20 80,20 80,80 20,80
        cut disc 50,50 10
        lit 24,24 34,24 34,34 24,34 mirrored
        add line 2 24,29 34,29
    """).body
    assert [at(body.shape, x, 50) for x in (10, 30, 50, 70)] == [False, True, False, True]
    assert [at(body.lit, 29, y) for y in (26, 29, 32)] == [True, False, True]
    assert at(body.lit, 71, 29)
    assert not at(body.shape, 71, 29)


def test_a_flipped_stroke_is_only_its_mirror_image() -> None:
    body = draw_strokes("add 10,10 20,10 20,20 10,20 flipped").body
    assert [at(body.shape, x, 15) for x in (15, 85)] == [False, True]


def test_a_repeated_stroke_is_rotated_about_the_joint_of_its_part() -> None:
    figure = draw_strokes("part 50,50 spin 1\nadd disc 50,20 6 times 4")
    (part,) = figure.parts
    assert all(at(part.shape, x, y) for x, y in ((50, 20), (80, 50), (50, 80), (20, 50)))
    assert not at(part.shape, 50, 50)
    assert not figure.body.shape.any()
    assert (part.motion, part.pivot) == ("spin 1", (50.0, 50.0))


def test_strokes_after_body_belong_to_the_body_again() -> None:
    figure = draw_strokes("part 50,50 swing 5\nadd disc 20,20 6\nbody\nadd disc 80,80 6")
    assert at(figure.body.shape, 80, 80)
    assert not at(figure.body.shape, 20, 20)


def test_another_paper_is_a_layer_in_front_that_moves_as_the_one_before() -> None:
    figure = draw_strokes(
        """
        second
        add disc 50,80 6
        part 50,50 swing 5
        first
        add disc 50,20 9
        second
        add disc 50,20 5
        cut disc 50,20 2
        """
    )
    hair, face = figure.parts
    assert [sheets.second for sheets in (figure.body, hair, face)] == [True, False, True]
    assert (face.motion, face.pivot, face.joined) == (hair.motion, hair.pivot, True)
    assert (at(hair.shape, 50, 20), at(face.shape, 50, 20), at(face.shape, 53.5, 20)) == (True, False, True)


def test_a_hole_beside_the_paper_of_its_layer_is_an_error() -> None:
    with pytest.raises(ValueError, match="'cut disc 50,20 2' cuts no paper"):
        draw_strokes("add disc 50,20 9\nsecond\nadd disc 50,80 5\nfirst\ncut disc 50,20 2")


def test_a_folded_sheet_leans_away_from_its_middle_and_a_flat_one_as_it_says() -> None:
    middle = RELIEF_SIZE // 2
    folded = draw_strokes("add 20,20 80,20 80,80 20,80").body.slopes
    assert folded[0, middle, RELIEF_SIZE // 4] < -0.2 < 0.2 < folded[0, middle, 3 * RELIEF_SIZE // 4]
    assert folded[1, RELIEF_SIZE // 4, middle] < -0.2 < 0.2 < folded[1, 3 * RELIEF_SIZE // 4, middle]
    flat = draw_strokes("flat 3,-2 20,20 80,20 80,80 20,80").body.slopes
    np.testing.assert_allclose(flat[:, middle, middle], (0.3, -0.2), atol=1e-6)


def test_a_sheet_shades_the_one_below_at_its_edge() -> None:
    shade = draw_strokes("flat 0,0 10,10 90,10 90,90 10,90\nflat 0,0 40,40 60,40 60,60 40,60").body.shade
    beside, away, on_top = (shade[RELIEF_SIZE // 2, round(x * RELIEF_SIZE / 100)] for x in (61, 80, 50))
    assert beside > 0.2
    assert (away, on_top) == (0, 0)


def test_a_ring_has_a_hole() -> None:
    body = draw_strokes("add ring 50,50 30 10").body
    assert [at(body.shape, x, 50) for x in (10, 20, 50, 80)] == [False, True, False, True]


def test_a_curve_passes_through_its_points_and_keeps_sharp_ones() -> None:
    (points,) = outline("curve", ["50,10!", "90,50", "50,90!", "10,50"])
    assert {(50.0, 10.0), (90.0, 50.0), (50.0, 90.0), (10.0, 50.0)} <= {(float(x), float(y)) for x, y in points}


@pytest.mark.parametrize(
    ("stroke", "message"),
    [("fold disc 50,50 5 5", "there is no stroke 'fold'"), ("add blob 50,50 5 5", "there is no shape 'blob'")],
)
def test_an_unknown_stroke_or_shape_is_an_error(stroke: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw_strokes(stroke)


def tint_at(sheets: Sheets, x: float, y: float) -> tuple[int, ...]:
    """The colour at a place in hundredths of the square's side: red, green, blue, coat; () of the paper's own."""
    number = sheets.tints[round(y * RELIEF_SIZE / 100), round(x * RELIEF_SIZE / 100)]
    return sheets.colours[number - 1] if number else ()


def test_a_tint_colours_a_part_of_the_sheets_so_far_and_a_later_sheet_covers_it() -> None:
    body = draw_strokes("""
        flat 0,0 20,20 80,20 80,80 20,80
        tint ff8000 20,20 50,20 50,80 20,80
        coat 0000ff 20,60 80,60 80,80 20,80
        flat 0,0 disc 30,40 5
        tint 00ff00
        flat 0,0 disc 70,40 5
        tint none
        flat 0,0 disc 70,70 5
    """).body
    assert tint_at(body, 40, 40) == (255, 128, 0, 0)
    assert tint_at(body, 40, 70) == (0, 0, 255, 1)
    assert tint_at(body, 70, 40) == (0, 255, 0, 0)
    assert [tint_at(body, x, y) for x, y in ((60, 40), (30, 40), (70, 70), (10, 40))] == [()] * 4


def test_a_tint_beside_the_paper_of_its_layer_is_an_error() -> None:
    with pytest.raises(ValueError, match="'tint ff0000 disc 50,80 2' colours no paper"):
        draw_strokes("add disc 50,20 9\npart 50,50 swing 5\nadd disc 50,50 5\ntint ff0000 disc 50,80 2")
