"""Text as pixels, for contact sheets and captions in films; in all scripts and with the fonts of the stage."""

from __future__ import annotations

import numpy as np
import pygame
from numpy.typing import NDArray

from installation.stage.text.fonts import ITALIC, ROMAN
from installation.stage.text.typesetter import TextStyle, Typesetter

Pixels = NDArray[np.uint8]


class TextRaster:
    """Typesets text into arrays."""

    def __init__(self) -> None:
        self._typesetter = Typesetter()

    def block(
        self, text: str, size: int, width: int, max_lines: int = 2, halo: float = 0.0, italic: bool = False
    ) -> Pixels:
        """Typeset centred lines.

        Args:
            text: Cut with an ellipsis if it does not fit.
            size: Of the font, in pixels.
            width: Of the lines, at most, in pixels.
            max_lines: Lines, at most.
            halo: Opacity of a dark halo behind the letters, 0..1.
            italic: Whether the letters are italic.

        Returns:
            [height, width, 4], RGB and opacity.
        """
        style = TextStyle(size, ITALIC if italic else ROMAN, halo=halo, max_lines=max_lines)
        surface = self._typesetter.render_block(text, style, width)
        flat = np.frombuffer(pygame.image.tobytes(surface, "RGBA"), np.uint8)
        return flat.reshape(surface.get_height(), surface.get_width(), 4)


def draw_over(picture: Pixels, sprite: Pixels, left: int, top: int, opacity: float = 1.0) -> None:
    """Blend `sprite` [h, w, 4] over `picture` [height, width, 3] in place; what lies outside is cut off."""
    height, width = picture.shape[:2]
    first_row, first_column = max(0, -top), max(0, -left)
    visible = sprite[first_row : max(0, height - top), first_column : max(0, width - left)]
    if not visible.size:
        return
    row, column = top + first_row, left + first_column
    under = picture[row : row + visible.shape[0], column : column + visible.shape[1]]
    alpha = visible[:, :, 3:].astype(np.float32) * (opacity / 255.0)
    under[:] = np.rint(under + (visible[:, :, :3].astype(np.float32) - under) * alpha).astype(np.uint8)
