"""The camera moves slowly over planes: near ones far, far ones hardly, and figures with the ground below them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from installation.models.interfaces import Floats, Latents, Point
from installation.models.theatre.camera import (
    DEPTHS,
    FAR,
    MIDDLE,
    MOVE_SECONDS,
    NEAR,
    PICTURE,
    SKY,
    STAGE,
    Camera,
    camera_at,
)
from installation.models.theatre.figure_layout import layout_figures
from installation.models.theatre.generator import Theatre
from installation.models.theatre.land import land_ridges
from installation.models.theatre.paper import fibres_of, paper_fibres
from installation.models.theatre.raster import PixelGrid, box_texture
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import Z
from tests.conftest import spread
from tests.models.theatre.conftest import CPU, scene, tensors

SIZE = (72, 128)
GRID = PixelGrid(*SIZE, CPU)


def trucking(point: Point, amount: float = 5.0) -> Point:
    """The same scene with a camera that moves to the right alone."""
    z = point.z.copy()
    z[0, list(Z.CAMERA)] = amount, 0.0, 0.0
    return Latents(z, point.classes)


def camera(phase: float, amount: float = 1.0) -> Camera:
    return camera_at(Scene(tensors(trucking(scene(1))), GRID, phase), amount)


def test_a_move_takes_16_seconds_eases_and_returns() -> None:
    ends = camera(-MOVE_SECONDS / 2).x, camera(MOVE_SECONDS / 2).x, camera(1.5 * MOVE_SECONDS).x
    assert ends[0] == pytest.approx(-ends[1]) == pytest.approx(ends[2])
    assert 0.08 < ends[1] < 0.12
    near_the_end = camera(MOVE_SECONDS / 2 - 1).x
    assert ends[1] - near_the_end < 0.25 * (camera(1.0).x - camera(0.0).x)
    assert camera(8.0, amount=0.5).x == pytest.approx(ends[1] / 2)
    assert camera(8.0, amount=0.0) == Camera(0.0, 0.0, 0.0)


def test_z_makes_it_push_in_where_nothing_else_is_asked() -> None:
    still = Latents(np.zeros((1, 96), np.float32), scene(1).classes)
    pushed = camera_at(Scene(tensors(still), GRID, 8.0), 1.0)
    assert pushed.x == pushed.y == 0
    assert 0.1 < pushed.push <= 0.15


def test_planes_move_by_their_depth_and_figures_with_the_nearest_land() -> None:
    moved = Camera(0.1, 0.0, 0.0)
    still = Camera(0.0, 0.0, 0.0).see(GRID, 1.0).left
    lefts = [moved.see(GRID, DEPTHS[plane]).left - still for plane in (NEAR, STAGE, MIDDLE, FAR, SKY)]
    assert lefts == pytest.approx([0.1, 0.06, 0.035, 0.015, 0.005])


def test_the_ground_goes_on_below_the_scene() -> None:
    for grid in (GRID, PixelGrid(128, 72, CPU)):
        seen = Camera(0.0, 0.0, 0.0).see(grid, DEPTHS[STAGE])
        assert seen.top == pytest.approx(grid.top)
        assert (grid.bottom - seen.top) / (seen.bottom - seen.top) == pytest.approx(PICTURE)


def test_a_grid_under_a_camera_knows_where_its_pixels_are() -> None:
    seen = Camera(0.1, -0.03, 0.2).see(GRID, 1.0)
    torch.testing.assert_close(seen.column(seen.x).flatten(), torch.arange(128.0), atol=1e-3, rtol=0)
    torch.testing.assert_close(seen.row(seen.y).flatten(), torch.arange(72.0), atol=1e-3, rtol=0)
    assert seen.right - seen.left == pytest.approx((GRID.right - GRID.left) / 1.2 / PICTURE)
    box = seen.box(0.4, 0.6, 0.3, 0.5)
    assert abs(float(box.x[..., 0]) - 0.3) < seen.pixel
    assert abs(float(box.y[:, :, 0]) - 0.4) < seen.pixel


def across(grid: PixelGrid) -> torch.Tensor:
    return (grid.x + 2 * grid.y).expand(1, 1, grid.height, grid.width)


def test_textures_are_interpolated_where_the_camera_looks() -> None:
    box = Camera(0.05, 0.02, 0.1).see(GRID, 1.0).box(0.2, 0.8)
    expected = across(box.grid)[:, :, box.rows, box.columns]
    torch.testing.assert_close(box_texture(across, box), expected, atol=1e-4, rtol=0)
    assert box_texture(across, GRID.box()).equal(across(GRID))


def test_the_fibres_of_a_sheet_move_with_it() -> None:
    store = GRID.overscan
    steps = 3 / GRID.unit
    box = GRID.seen_from((0.5 + steps, 0.5), 1.0).box()
    margin = (store.height - GRID.height) // 2
    rows, columns = slice(margin, margin + 72), slice(margin + 3, margin + 131)
    torch.testing.assert_close(fibres_of(box, 1), paper_fibres(store, 1)[:, :, rows, columns], atol=1e-4, rtol=0)
    fallen = Camera(0.0, 0.0, 0.0).see(GRID, 1.0, fallen=1.1).box()
    assert fibres_of(fallen, 1).shape == (1, 1, 72, 128)


def test_a_figure_stays_on_its_ridge_while_the_camera_moves(theatre: Theatre) -> None:
    point = scene(3, terrain="hills", subject="owl")
    feet = []
    for x in (-0.1, 0.0, 0.1):
        grid = Camera(x, 0.0, 0.0).see(PixelGrid(288, 512, CPU), DEPTHS[STAGE])
        placed = Scene(tensors(point), grid, 0.0)
        subject = layout_figures(placed, theatre._atlas, land_ridges(placed)).subject
        feet.append((float(subject.x), float(subject.foot)))
    np.testing.assert_allclose(feet, [feet[1]] * 3, atol=1e-3)


def staged(theatre: Theatre, point: Point, phase: float, size: tuple[int, int] = SIZE) -> Floats:
    picture: Floats = theatre.paint(point, size, phase).astype(np.float32)
    return picture


@pytest.fixture
def stage(theatre: Theatre) -> Theatre:
    """A theatre with a camera, which leaves the shared one as it is."""
    own = object.__new__(Theatre)
    own.__dict__.update(theatre.__dict__)
    own.set_stage(1.0, "scenes")
    return own


TERRAINS = ("mountains", "city", "road", "room", "cave", "jungle", "field", "swamp", "deep sea", "island")


@pytest.mark.parametrize("terrain", spread(TERRAINS, 3))
def test_the_camera_moves_every_terrain_without_a_jump_or_a_bare_edge(stage: Theatre, terrain: str) -> None:
    point = trucking(scene(4, terrain=terrain, subject="horse", sky="dusk"))
    moves = [staged(stage, point, MOVE_SECONDS / 2 + step / 10) for step in range(3)]
    assert max(np.abs(after - before).mean() for before, after in itertools.pairwise(moves)) < 2.5
    begin, end = (staged(stage, point, seconds) for seconds in (24.0, 8.0))
    assert np.abs(begin - end).mean() > 0.6


def test_the_same_time_gives_the_same_picture_and_no_camera_the_flat_one(theatre: Theatre, stage: Theatre) -> None:
    point = scene(5, terrain="forest", subject="wolf")
    assert (staged(stage, point, 8.0) == staged(stage, point, 8.0)).all()
    assert (staged(stage, point, 8.0) != staged(theatre, point, 8.0)).any()
    stage.set_stage(0.0, "blend")
    assert (staged(stage, point, 8.0) == staged(theatre, point, 8.0)).all()
