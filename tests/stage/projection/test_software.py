"""The projection without a GPU changes colours as the shader does."""

from __future__ import annotations

import numpy as np
import pytest

from installation.show.projection import ProjectionSettings
from installation.stage.projection.software import SoftwareProjection

WHITE, GREY, RED, DARK = 0xFFFFFF, 0x808080, 0xE02010, 0x102030


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"brightness": 0.5}, [0x808080, 0x404040, 0x701008, 0x081018]),
        ({"contrast": 2.0}, [0xFFFFFF, 0x818181, 0xFF0000, 0x000000]),
        ({"saturation": 0.0}, [0xFFFFFF, 0x808080, 0x484848, 0x1E1E1E]),
        ({"saturation": 2.0, "brightness": 0.5}, [0x808080, 0x404040, 0xBC0000, 0x011121]),
    ],
)
def test_colours_are_changed(changed: dict[str, float], expected: list[int]) -> None:
    picture = np.repeat(np.array([[WHITE], [GREY], [RED], [DARK]], np.uint32), 40, axis=1)
    seen = np.zeros_like(picture)
    SoftwareProjection(ProjectionSettings.model_validate(changed), (40, 4), (40, 4)).draw(picture, seen)
    for row, wanted in zip(seen, expected, strict=True):
        for shift in (16, 8, 0):
            assert abs(int(row[20] >> shift & 0xFF) - (wanted >> shift & 0xFF)) <= 1
