"""The atlas of figures: its table, and that the shipped atlas is what the table draws."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from installation.models import default_place
from installation.models.theatre.figure_atlas import (
    DEPTH_STEP,
    FIELD_SIZE,
    LABELS,
    NEAR_EDGE,
    OUTERMOST,
    depth_of_codes,
    load_atlas,
)
from installation.models.theatre.further_figures import FURTHER_PEOPLE
from installation.models.theatre.glyph_figures import GLYPHS
from installation.models.theatre.outlined_figures import OUTLINED
from installation.models.theatre.vocabulary import SUBJECTS
from installation.training.data.figure_atlas import (
    CroppedField,
    atlas_arrays,
    distance_field,
    extent,
    figure_table,
    motion_of,
)
from installation.training.data.figure_strokes import CANVAS_SIZE, Sheets, draw_strokes

ATLAS = default_place().assets / "theatre" / "figures.npz"
TABLE = figure_table()


def test_the_table_has_every_subject() -> None:
    assert set(TABLE) == set(SUBJECTS) - {"nobody", *GLYPHS, *OUTLINED, *FURTHER_PEOPLE}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["windmill", "house", "couple"])
def test_a_figure_is_drawn_as_in_the_shipped_atlas(name: str) -> None:
    figure = draw_strokes(TABLE[name])
    layers = load_atlas(ATLAS, torch.device("cpu")).layers[LABELS.index(name)]
    opaque = [layer for layer in layers if not layer.lit]
    assert [layer.motion for layer in opaque] == [motion_of(sheets)[0] for sheets in (figure.body, *figure.parts)]
    assert any(layer.lit for layer in layers) == any(sheets.lit.any() for sheets in (figure.body, *figure.parts))
    body = opaque[0]
    top, left = round(body.top * FIELD_SIZE), round(body.left * FIELD_SIZE)
    height, width = body.channels.shape[1:]
    drawn = distance_field(figure.body.shape)[top : top + height, left : left + width]
    stored = body.channels[0].numpy() * DEPTH_STEP
    np.testing.assert_allclose(drawn.clip(OUTERMOST * DEPTH_STEP, 0.127), stored, atol=3.5e-3)
    edge = abs(drawn) < NEAR_EDGE * DEPTH_STEP
    np.testing.assert_allclose(drawn[edge], stored[edge], atol=1e-3)


def test_a_distance_field_is_the_distance_to_the_edge() -> None:
    square = np.zeros((CANVAS_SIZE, CANVAS_SIZE), np.bool_)
    square[256:768, 256:768] = True
    field = distance_field(square)
    assert field[FIELD_SIZE // 2, FIELD_SIZE // 2] == pytest.approx(0.25, abs=3 / CANVAS_SIZE)
    assert field[FIELD_SIZE // 2, FIELD_SIZE // 4 - 6] == pytest.approx(-5.5 / FIELD_SIZE, abs=2 / CANVAS_SIZE)


def test_the_extent_of_a_figure_includes_its_parts_at_any_angle() -> None:
    still = draw_strokes("add 48,80 52,80 52,96 48,96\npart 50,50 swing 0\nadd 48,10 52,10 52,50 48,50")
    spinning = draw_strokes("add 48,80 52,80 52,96 48,96\npart 50,50 spin 1\nadd 48,10 52,10 52,50 48,50")
    assert extent(still) == pytest.approx((0.02, 0.90), abs=0.01)
    assert extent(spinning) == pytest.approx((0.40, 0.90), abs=0.01)


def test_swings_are_given_in_degrees_and_spins_in_radians_a_second() -> None:
    kind, radians = motion_of(Sheets("swing 90"))
    assert (kind, radians) == ("swing", np.pi / 2)
    assert motion_of(Sheets("spin .5")) == ("spin", 0.5)
    assert motion_of(Sheets()) == ("rest", 0.0)


def test_places_have_the_slopes_of_their_facet_and_rare_ones_those_of_the_nearest() -> None:
    channels = np.zeros((4, 4, 6), np.int8)
    channels[1, :, 3:] = 60
    channels[2, 2:, :] = -30
    stored = channels.copy()
    channels[1, 1, 2] = 50  # one place on the edge of a facet
    stored[1, 1, 2] = 60
    opening = CroppedField((0.0,), channels[:1], None, np.zeros((0, 4), np.uint8))
    sheet = CroppedField((0.0,), channels, None, np.zeros((0, 4), np.uint8))
    arrays = atlas_arrays([], [opening, sheet])
    assert arrays["layers"][:, -1].tolist() == [0, 4]
    slopes = arrays["leanings"][arrays["facets"]].reshape(4, 6, 2)
    np.testing.assert_array_equal(np.moveaxis(slopes, 2, 0), stored[1:3])


def test_distances_are_kept_near_the_edge_and_in_steps_of_six_beyond() -> None:
    distances = depth_of_codes().view(np.int8)
    codes = np.arange(256, dtype=np.uint8).view(np.int8).astype(np.int16)
    assert (distances[abs(codes) <= NEAR_EDGE] == codes[abs(codes) <= NEAR_EDGE]).all()
    assert sorted({int(each) for each in distances if each > NEAR_EDGE})[:3] == [30, 36, 42]
    assert (distances.min(), distances.max()) == (OUTERMOST, 127)


def test_what_is_never_seen_of_a_sheet_has_what_is_above_it() -> None:
    channels = np.zeros((4, 3, 2), np.int8)
    channels[0, 1:, 1] = -60
    channels[3] = [[8, 16], [24, 0], [32, 0]]
    sheet = CroppedField((0.0,), channels, None, np.zeros((0, 4), np.uint8))
    assert atlas_arrays([], [sheet])["shades"].reshape(3, 2).tolist() == [[8, 16], [24, 16], [32, 16]]
