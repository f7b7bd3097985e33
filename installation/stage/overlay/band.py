"""A darkening towards the bottom of the stage, on which words are readable over any picture."""

from __future__ import annotations

import pygame

from installation.stage.compositor import Sprite

DARKNESS = 0.62  # at the bottom edge


class Band:
    """Draws the band once for each size of the stage."""

    def __init__(self, darkness: float = DARKNESS) -> None:
        """`darkness` is the opacity at the bottom edge, 0..1."""
        self._darkness = darkness
        self._drawn: tuple[tuple[int, int], float] | None = None
        self._surface = pygame.Surface((1, 1), pygame.SRCALPHA, 32)

    def sprites(self, size: tuple[int, int], height: float, opacity: float) -> list[Sprite]:
        """The band on a stage of (width, height) pixels, `height` (0..1) of the stage high; none if it is invisible."""
        if opacity <= 0.0:
            return []
        if self._drawn != (size, height):
            self._drawn = size, height
            self._surface = _gradient(size[0], round(height * size[1]), self._darkness)
        return [Sprite(self._surface, 0, size[1] - self._surface.get_height(), opacity)]


def _gradient(width: int, height: int, darkness: float) -> pygame.Surface:
    """Black, with an opacity that rises smoothly from 0 at the top to `darkness` at the bottom."""
    column = pygame.Surface((1, height), pygame.SRCALPHA, 32)
    for y in range(height):
        share = (y + 1) / height
        column.set_at((0, y), (0, 0, 0, round(255 * darkness * share * share * (3 - 2 * share))))
    return pygame.transform.scale(column, (width, height))
