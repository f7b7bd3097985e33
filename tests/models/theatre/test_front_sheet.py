"""The sheet nearest to the eye rises to one side, and leaves who stands in the middle free."""

from __future__ import annotations

import pytest
import torch

from installation.models.theatre.depth import LOWEST
from installation.models.theatre.front_sheet import EDGES, FRONTED_TERRAINS, front_edges, raised_side
from installation.models.theatre.generator import Theatre
from installation.models.theatre.land_shapes import CHOSEN_BY, LAND_SHAPES, land_shapes, shaped_land
from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import Z
from tests.models.theatre.conftest import CPU, scene, tensors

GRID = PixelGrid(72, 128, CPU)


def staged(terrain: str, wishes: dict[int, float]) -> Scene:
    point = scene(5, sky="noon", terrain=terrain)
    for dimension, value in wishes.items():
        point.z[:, dimension] = value
    return Scene(tensors(point), GRID, 0.0, staged=True)


@torch.inference_mode()
@pytest.mark.parametrize("terrain", [terrains[0] for terrains in EDGES.values()])
@pytest.mark.parametrize("side", [-2.0, 2.0])
def test_the_front_rises_at_one_side_and_stays_below_all_feet_in_the_middle(terrain: str, side: float) -> None:
    one = staged(terrain, {Z.SHIFT[3]: side, Z.RIGHT_SIDE: 0.0})
    wish = raised_side(one)
    assert wish * side > 0
    ground, edge = front_edges(one, wish, slice(None))
    middle = (one.grid.x - 0.5).abs().flatten() < 0.32
    assert float(edge.flatten()[middle].min()) > LOWEST
    assert float(ground.amin()) < 0.93
    assert bool((edge <= ground).all())


@pytest.mark.parametrize("terrain", ["city", "room", "deep sea"])
def test_no_ground_rises_before_streets_rooms_and_the_sea_floor(terrain: str) -> None:
    assert terrain not in FRONTED_TERRAINS


def test_a_picture_for_an_audience_has_a_front_where_z_says(theatre: Theatre) -> None:
    pictures = []
    theatre.set_stage(0.0, "scenes")
    for wish in (0.0, 2.0):
        point = scene(5, sky="noon", terrain="hills")
        point.z[:, Z.SHIFT[3]], point.z[:, Z.RIGHT_SIDE] = wish, 0.0
        pictures.append(theatre.paint(point, (72, 128)).astype(float).mean(2)[-6:, -12:].mean())
    theatre.set_stage(0.0, "blend")
    assert pictures[1] < pictures[0] - 8


@torch.inference_mode()
def test_open_land_has_the_shape_that_z_chooses_and_shapes_differ() -> None:
    outlines = []
    for number, shape in enumerate(LAND_SHAPES):
        wishes = {dimension: 2.0 if one == number else -2.0 for one, dimension in enumerate(CHOSEN_BY)}
        one = staged("hills", wishes)
        shares = land_shapes(one)
        assert LAND_SHAPES[max(range(len(shares)), key=shares.__getitem__)] == shape
        outlines.append(shaped_land(one, 1))
    assert float(outlines[-1].abs().max()) < 0.02
    for first in range(4):
        for second in range(first):
            assert float((outlines[first] - outlines[second]).abs().max()) > 0.05


@torch.inference_mode()
@pytest.mark.parametrize("layer", [0, 1])
def test_round_hills_have_no_steps(layer: int) -> None:
    wishes = {dimension: 2.0 if one == 3 else -2.0 for one, dimension in enumerate(CHOSEN_BY)}
    fine = PixelGrid(288, 2048, CPU)
    one = staged("hills", wishes).on_plane(fine, staged("hills", wishes).weights)
    assert float(shaped_land(one, layer).diff(dim=-1).abs().max()) < 0.02
