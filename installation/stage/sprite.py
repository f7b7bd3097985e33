"""What lies over the picture: words, the line, the help; the same for both painters."""

from __future__ import annotations

from dataclasses import dataclass

import pygame


@dataclass(frozen=True, eq=False)
class Sprite:
    """A transparent surface at a place of the stage (pixels from the upper left), under `alpha` (0..1).

    The surface is never written to once it has been shown: painters keep what they made of it.
    """

    surface: pygame.Surface
    x: int
    y: int
    alpha: float = 1.0


def gradient(width: int, height: int, darkness: float) -> pygame.Surface:
    """A veil that grows from nothing at the top to `darkness` (0..1) at the bottom, softly."""
    column = pygame.Surface((1, height), pygame.SRCALPHA, 32)
    for y in range(height):
        share = (y + 1) / height
        column.set_at((0, y), (0, 0, 0, round(255 * darkness * share * share * (3 - 2 * share))))
    return pygame.transform.scale(column, (width, height))
