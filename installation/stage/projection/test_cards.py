"""Test cards: pictures that show what is wrong with a wall."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pygame
from numpy.typing import NDArray

from installation.core.param_table import TEST_CARDS
from installation.show.projection import ProjectionSettings
from installation.stage.text.typesetter import TextStyle, Typesetter

COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
GRID_ROWS = 8  # squares of the grid
CIRCLE = 0.42  # its radius, as a share of the shorter side
RAMP_STEPS = 11
_LINE, _BRIGHT, _RED, _GREY = (96, 96, 96), (255, 255, 255), (230, 0, 0), (110, 110, 110)


def projected_by(card: int, settings: ProjectionSettings) -> ProjectionSettings:
    """How a card lies on the wall: the chequer pixel by pixel, the blend zone without its ramp, others as a picture."""
    match TEST_CARDS[card]:
        case "chequer":
            return ProjectionSettings()
        case "blend":
            return settings.model_copy(
                update=dict.fromkeys(("blend_left", "blend_right", "blend_top", "blend_bottom"), 0.0)
            )
    return settings


@lru_cache(maxsize=2)
def draw_card(card: int, size: tuple[int, int], blends: tuple[float, float, float, float]) -> pygame.Surface:
    """A test card of (width, height) pixels by its number in `TEST_CARDS`. Do not draw on it.

    `blends` are the widths of the edge blend: left, right, top and bottom, as shares.
    """
    surface = pygame.Surface(size, pygame.SRCALPHA, 32)
    match TEST_CARDS[card]:
        case "grid":
            _draw_grid(surface)
        case "ramp":
            _draw_ramp(surface)
        case "blend":
            _draw_blend(surface, blends)
        case "chequer":
            _draw_chequer(surface)
        case colour:
            surface.fill(COLOURS[colour])
    return surface


def _draw_grid(surface: pygame.Surface) -> None:
    """Squares, a circle, a cross and a frame of one pixel; the corners are numbered clockwise from the top left."""
    surface.fill((0, 0, 0))
    width, height = surface.get_size()
    middle, short = (width // 2, height // 2), min(width, height)
    side = short / GRID_ROWS
    for length, centre, line in ((width, middle[0], 0), (height, middle[1], 1)):
        for step in range(-int(centre / side), int(centre / side) + 1):
            at = round(centre + step * side)
            ends = ((at, 0), (at, height)) if line == 0 else ((0, at), (width, at))
            if 0 <= at < length:
                pygame.draw.line(surface, _LINE, *ends)
    pygame.draw.circle(surface, _BRIGHT, middle, round(CIRCLE * short), max(1, short // 360))
    pygame.draw.line(surface, _BRIGHT, (middle[0], 0), (middle[0], height))
    pygame.draw.line(surface, _BRIGHT, (0, middle[1]), (width, middle[1]))
    pygame.draw.rect(surface, _BRIGHT, surface.get_rect(), 1)
    _write(surface, f"{width} × {height}", (middle[0], middle[1] - round(0.5 * side)), side * 0.45)
    away = round(0.8 * side)
    corners = ((away, away), (width - away, away), (width - away, height - away), (away, height - away))
    for number, corner in enumerate(corners, 1):
        _write(surface, str(number), corner, side)


def _draw_ramp(surface: pygame.Surface) -> None:
    """Above, every level of grey from black to white; below, steps of ten per cent."""
    width, height = surface.get_size()
    pixels = np.empty((height, width), np.uint8)
    pixels[: height // 2] = np.rint(np.linspace(0, 255, width))
    steps = np.minimum(np.arange(width) * RAMP_STEPS // width, RAMP_STEPS - 1)
    pixels[height // 2 :] = np.rint(steps * 255 / (RAMP_STEPS - 1))
    _put_grey(surface, pixels)
    for step in range(RAMP_STEPS):
        colour = (0, 0, 0) if step > RAMP_STEPS // 2 else (200, 200, 200)
        at = round((step + 0.5) * width / RAMP_STEPS), round(0.93 * height)
        _write(surface, f"{10 * step}", at, min(height, width) / 18, colour)


def _draw_blend(surface: pygame.Surface, blends: tuple[float, float, float, float]) -> None:
    """The zones where the picture fades out, in red."""
    surface.fill(_GREY)
    width, height = surface.get_size()
    left, right, top, bottom = (
        round(share * side) for share, side in zip(blends, (width, width, height, height), strict=True)
    )
    zones = (
        pygame.Rect(0, 0, left, height),
        pygame.Rect(width - right, 0, right, height),
        pygame.Rect(0, 0, width, top),
        pygame.Rect(0, height - bottom, width, bottom),
    )
    for zone in zones:
        surface.fill(_RED, zone)
    for zone in filter(None, zones):
        pygame.draw.rect(surface, _BRIGHT, zone, 1)
    if not any(zones):
        _write(surface, "no edge blend", (width // 2, height // 2), min(width, height) / 14)


def _draw_chequer(surface: pygame.Surface) -> None:
    """Black and white pixels in turn: a wall out of focus is grey."""
    width, height = surface.get_size()
    _put_grey(surface, ((np.add.outer(np.arange(height), np.arange(width)) % 2) * 255).astype(np.uint8))


def _put_grey(surface: pygame.Surface, pixels: NDArray[np.uint8]) -> None:
    height, width = pixels.shape
    grey = np.repeat(pixels[..., None], 3, axis=2)
    surface.blit(pygame.image.frombuffer(grey.tobytes(), (width, height), "RGB"), (0, 0))


def _write(
    surface: pygame.Surface,
    text: str,
    centre: tuple[int, int],
    size: float,
    colour: tuple[int, int, int] = _BRIGHT,
) -> None:
    written = Typesetter().render_line(text, TextStyle(max(8, round(size)), colour=colour))
    surface.blit(written, written.get_rect(center=centre))
