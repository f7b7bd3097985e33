"""The surface of the paper that pictures are shown on."""

from __future__ import annotations

import numpy as np
import pytest

from installation.stage.compositor_cpu import CpuCompositor
from installation.stage.crossfade import CrossfadeView
from installation.stage.paper_surface import mean_brightness, paper_tile
from installation.stage.picture import DecodedPicture

STAGE = (640, 360)


def shown(level: int, paper: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    grey = DecodedPicture.from_pixels(np.full((180, 320, 3), level, np.uint8))
    stage = CpuCompositor(STAGE, "fill", 0.0, windowed=False, paper=paper)
    stage.draw(CrossfadeView(grey, grey, 1.0), ())
    return stage.capture()


def test_without_strength_a_surface_changes_nothing() -> None:
    assert paper_tile(0.0).min() == 255
    assert mean_brightness(0.0) == 1.0


def test_a_tile_continues_beyond_its_edges() -> None:
    tile = paper_tile(1.0).astype(float)
    inner, across = np.abs(np.diff(tile, axis=1)).mean(), np.abs(tile[:, 0] - tile[:, -1]).mean()
    assert across == pytest.approx(inner, rel=0.15)


@pytest.mark.parametrize("level", [20, 120, 200])
def test_a_picture_on_paper_is_as_bright_as_without_and_has_grain(level: int) -> None:
    plain, paper = shown(level, 0.0), shown(level, 1.0)
    assert paper.mean() == pytest.approx(plain.mean(), abs=1.0)
    assert paper.std() == pytest.approx(0.016 * level, abs=0.9)  # next to nothing in the dark
