"""Sheets of paper are folded into facets that lean away from a ridge."""

from __future__ import annotations

import numpy as np

from installation.training.data.paper_relief import folded_slopes

SIDE = 128


def test_a_long_sheet_has_a_ridge_along_its_middle() -> None:
    sheet = np.zeros((SIDE, SIDE), np.bool_)
    sheet[48:80, 8:120] = True
    corners = np.array([(8, 48), (120, 48), (120, 80), (8, 80)], np.float64)
    slopes = folded_slopes(sheet, corners)
    assert slopes[1, 52, 20:108].max() < -0.1  # above the ridge the paper leans upwards, below it downwards
    assert slopes[1, 76, 20:108].min() > 0.1
    assert not slopes[:, ~sheet].any()


def test_facets_are_plane() -> None:
    sheet = np.zeros((SIDE, SIDE), np.bool_)
    sheet[16:112, 16:112] = True
    slopes = folded_slopes(sheet, np.array([(16, 16), (112, 16), (112, 112), (16, 112)], np.float64))
    leanings = {tuple(row) for row in slopes[:, sheet].T.round(4).tolist()}
    assert 4 <= len(leanings) < 60


def test_a_sheet_without_area_is_flat() -> None:
    sheet = np.zeros((SIDE, SIDE), np.bool_)
    sheet[60, 10:20] = True
    assert not folded_slopes(sheet, np.array([(10, 60), (20, 60), (15, 60)], np.float64)).any()


def test_a_curved_edge_leans_as_the_facet_inside_it() -> None:
    angles = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    y, x = np.mgrid[:128, :128] + 0.5
    sheet = (x - 64) ** 2 + (y - 64) ** 2 < 51.0**2  # a pixel more than the polygon below
    slopes = folded_slopes(sheet, np.stack([64 + 50 * np.cos(angles), 64 + 50 * np.sin(angles)], 1))
    assert np.hypot(*slopes)[sheet].min() > 0.1
