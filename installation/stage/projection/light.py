"""The light of a projection: edge blend, mask and colour. Every function works on whole arrays."""

from __future__ import annotations

import numpy as np
import pygame
from numpy.typing import NDArray

from installation.show.projection import ProjectionSettings

Doubles = NDArray[np.float64]

LUMA = (0.2126, 0.7152, 0.0722)  # ITU-R BT.709
MASK_OVERSAMPLING = 4  # for smooth edges


def ramp(share: Doubles, curve: float) -> Doubles:
    """The share of the light at `share` (0..1) of an edge blend; those of two projectors add up to 1."""
    at = np.clip(share, 0.0, 1.0)
    return np.where(at < 0.5, 0.5 * (2 * at) ** curve, 1 - 0.5 * (2 * (1 - at)) ** curve)


def blend(settings: ProjectionSettings, places: Doubles) -> Doubles:
    """The factor (0..1) of the colours at `places` [..., 2] of the picture.

    The light of a projector grows with the power `blend_gamma` of a colour, so the ramp of the light has to be raised
    to its inverse.
    """
    left, right, top, bottom = settings.blends
    light = np.ones(places.shape[:-1])
    for width, distance in (
        (left, places[..., 0]),
        (right, 1 - places[..., 0]),
        (top, places[..., 1]),
        (bottom, 1 - places[..., 1]),
    ):
        if width:
            light *= ramp(distance / width, settings.blend_curve)
    return np.asarray(light ** (1 / settings.blend_gamma), float)


def colour_change(settings: ProjectionSettings) -> tuple[Doubles, float]:
    """Saturation, then contrast, then brightness: a matrix [3, 3] for colours in 0..1, and what is added to each."""
    kept = settings.saturation
    mixed = kept * np.eye(3) + (1 - kept) * np.tile(LUMA, (3, 1))
    return settings.brightness * settings.contrast * mixed, settings.brightness * 0.5 * (1 - settings.contrast)


def draw_mask(settings: ProjectionSettings, width: int, height: int) -> NDArray[np.uint8]:
    """The mask of a projector, [height, width]: 255 where light may fall, 0 inside the polygons."""
    if not settings.mask:
        return np.full((height, width), 255, np.uint8)
    surface = pygame.Surface((width * MASK_OVERSAMPLING, height * MASK_OVERSAMPLING), 0, 32)
    surface.fill((255, 255, 255))
    scale = (width * MASK_OVERSAMPLING, height * MASK_OVERSAMPLING)
    for polygon in settings.mask:
        pygame.draw.polygon(surface, (0, 0, 0), [(x * scale[0], y * scale[1]) for x, y in polygon])
    small = pygame.transform.smoothscale(surface, (width, height))
    return np.frombuffer(pygame.image.tobytes(small, "RGB"), np.uint8).reshape(height, width, 3)[..., 0].copy()
