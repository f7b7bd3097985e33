"""Sheets of paper have fibres and a torn edge of their own."""

from __future__ import annotations

from installation.models.theatre.paper import deckle, paper_fibres
from installation.models.theatre.raster import PixelGrid
from tests.models.theatre.conftest import CPU

GRID = PixelGrid(90, 160, CPU)


def test_fibres_are_slight_the_same_every_time_and_different_on_each_sheet() -> None:
    first, second = paper_fibres(GRID, 0), paper_fibres(GRID, 1)
    assert first.shape == (1, 1, 90, 160)
    assert abs(float(first.mean()) - 1) < 0.02
    assert 0.005 < float(first.std()) < 0.05
    assert float((first - second).abs().mean()) > 0.005
    assert (paper_fibres(GRID, 0) == first).all()


def test_a_torn_edge_departs_by_a_few_thousandths_at_most() -> None:
    edge = deckle(GRID.x, 0)
    assert edge.shape == (1, 1, 1, 160)
    assert 0.0005 < float(edge.abs().max()) < 0.003
