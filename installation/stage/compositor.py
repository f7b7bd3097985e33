"""What a painter is: it brings a View and what lies over it onto the stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from installation.stage.crossfade import CrossfadeView
from installation.stage.sprite import Sprite


class Compositor(Protocol):
    """Two of them: `gl.GLPainter` and `software.SoftwarePainter`, with the same look."""

    name: str

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the stage in pixels."""

    def resize(self, size: tuple[int, int]) -> None:
        """The stage has another size from now on."""

    def paint(self, view: CrossfadeView | None, sprites: Sequence[Sprite]) -> None:
        """Paints one presented frame; None is black."""

    def flip(self) -> None:
        """Brings what was painted onto the display."""

    def read_into(self, array: NDArray[np.uint8]) -> None:
        """Writes what the audience sees into `array` [h, w, 3], C-contiguous, of any size. May be one frame late."""

    def capture(self) -> NDArray[np.uint8]:
        """What was painted last, [h, w, 3]."""

    def close(self) -> None:
        """Gives back what the painter holds."""
