"""The near frame stands at the sides of a wide picture and leaves the square in the middle free."""

from __future__ import annotations

import pytest

from installation.models.theatre import near_frame
from installation.models.theatre.generator import Theatre
from installation.models.theatre.raster import PixelGrid
from installation.models.theatre.vocabulary import Z
from tests.models.theatre.conftest import CPU, render, scene


@pytest.mark.parametrize("bough", near_frame.BOUGHS)
def test_the_frame_leaves_the_square_free_and_fills_the_corners(bough: str) -> None:
    mask = near_frame._frame_mask(PixelGrid(72, 128, CPU), bough)[0, 0].numpy()
    assert mask[:, 28:100].max() == 0
    assert min(mask[-6:, :8].mean(), mask[-6:, -8:].mean()) > 0.2
    assert min(mask[:14, :20].mean(), mask[:14, -20:].mean()) > 0.03


@pytest.mark.parametrize(
    ("terrain", "side", "framed"), [("hills", 1.0, True), ("hills", -1.0, False), ("sea", 1.0, False)]
)
def test_land_with_plants_has_a_frame_as_z_says(theatre: Theatre, terrain: str, side: float, framed: bool) -> None:
    point = scene(1, sky="noon", terrain=terrain)
    point.z[:, Z.LEFT_SIDE] = side
    picture = render(theatre, point, (72, 128))[0].mean(0)
    darker = picture[:10, 30:42].mean() - picture[:10, :12].mean()
    assert (darker > 0.1) == framed


def test_small_pictures_that_are_compared_are_without_a_frame(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = scene(1, sky="noon", terrain="hills")
    point.z[:, Z.LEFT_SIDE] = 1.0
    drawn: list[int] = []

    def noted(grid: PixelGrid, bough: str) -> tuple[list[str], list[str]]:
        assert bough == "leaves"
        drawn.append(grid.height)
        return [], []

    monkeypatch.setattr(near_frame, "_bounds", noted)
    for height in (48, 72):
        render(theatre, point, (height, height * 16 // 9))
    assert drawn == [72]


@pytest.mark.parametrize(("bough", "blooming"), [("leaves", True), ("needles", True), ("bare", False)])
def test_flowers_stand_on_the_ground_below_leaves_and_needles(bough: str, blooming: bool) -> None:
    petals = near_frame._frame_mask(PixelGrid(144, 256, CPU), bough)[0, 2].numpy()
    assert petals[:72].max() == 0
    assert (min(petals[72:, :56].max(), petals[72:, -56:].max()) > 0.5) == blooming
