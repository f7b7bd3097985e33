"""Trees stand on the land that an audience sees, and not where a tree or the cold is what matters."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.theatre import groves
from installation.models.theatre.generator import Theatre
from installation.models.theatre.plants import ROWS
from tests.conftest import spread
from tests.models.theatre.conftest import CPU, scene

SIZE = (144, 256)


def painted(theatre: Theatre, monkeypatch: pytest.MonkeyPatch, **labels: str) -> float:
    """How many pixels of a staged scene differ from those of one without trees, as a share."""
    theatre.set_stage(1.0, "scenes")
    point, pictures = scene(1, **labels), []
    for wooded in (True, False):
        with monkeypatch.context() as patch:
            if not wooded:
                patch.setattr(groves, "TREELESS", (labels["subject"],))
            pictures.append(theatre.paint(point, SIZE).astype(int))
    theatre.set_stage(0.0, "blend")
    return float((np.abs(pictures[0] - pictures[1]).max(2) > 12).mean())


@pytest.mark.parametrize(
    "terrain", spread(["field", "hills", "river", "mountains", "desert", "forest", "ice", "deep sea"], 3)
)
def test_trees_stand_on_open_land(theatre: Theatre, monkeypatch: pytest.MonkeyPatch, terrain: str) -> None:
    assert 0.001 < painted(theatre, monkeypatch, sky="noon", terrain=terrain, subject="horse") < 0.25


@pytest.mark.parametrize("labels", [{"terrain": "sea"}, {"terrain": "lake"}, {"terrain": "hills", "subject": "tree"}])
def test_no_trees_stand_in_the_sea_or_around_a_tree(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch, labels: dict[str, str]
) -> None:
    assert painted(theatre, monkeypatch, **({"sky": "noon", "subject": "horse"} | labels)) == 0


@pytest.mark.parametrize("kind", spread(ROWS, 3))
def test_each_column_of_a_strip_knows_a_trunk_near_it(kind: str) -> None:
    strip = groves._strip(kind, 64, 1, CPU)
    cover = strip.pixels[0].view(strip.rows, -1)
    assert cover[0].amax() == 0  # no top is cut off
    assert cover.amax() == 1
    assert strip.trunk[cover.amax(0) > 0.5].abs().max() < 0.12
    assert 0.2 < (cover.amax(0) > 0.5).float().mean() < 0.9  # groups, and clearings between them


def test_trees_that_are_looked_up_in_a_finer_strip_have_soft_edges() -> None:
    strip = groves._strip("leafy", 64, 3, CPU)
    seen = strip.pixels[0].view(strip.rows, -1)[1::3, 1::3]
    coarse = groves._strip("leafy", 64, 1, CPU).pixels[0]
    shares = [float(((one > 0.1) & (one < 0.9)).sum() / (one > 0.1).sum()) for one in (seen, coarse)]
    assert shares[0] == pytest.approx(shares[1], rel=0.25)


@pytest.mark.parametrize(("unit", "finer"), [(48, 3), (288, 3), (432, 2), (720, 1), (1080, 1)])
def test_the_strip_of_a_small_picture_is_small(unit: int, finer: int) -> None:
    assert groves._fineness(unit) == finer
