"""What lies over the picture in one window only: its test card, its number, and the points of the calibration."""

from __future__ import annotations

import numpy as np
import pygame

from installation.core.param_table import TEST_CARDS
from installation.show.projection import Point, ProjectedWindow
from installation.stage.compositor import Sprite
from installation.stage.projection.calibration import Calibration
from installation.stage.projection.geometry import bend, inverse_pin
from installation.stage.projection.test_cards import draw_card
from installation.stage.text.fonts import ITALIC
from installation.stage.text.typesetter import TextStyle, Typesetter

_GOLD, _WHITE, _SHADE = (255, 196, 64), (255, 255, 255), (6, 6, 10, 190)
KEYS = "arrows 1 px · Shift 10 px · Tab next · M mesh or corners · L lock · Ctrl Z undo · Esc end"
LINE_POINTS = 24  # of an edge of the outline, which a mesh bends


class WindowMarks:
    """Draws the marks of a window, and only when they change."""

    def __init__(self, name: str) -> None:
        """`name` is what identify shows under the number."""
        self._name = name
        self._typesetter = Typesetter()
        self._drawn: tuple[object, ...] = ()
        self._surface = pygame.Surface((1, 1), pygame.SRCALPHA, 32)

    def card(self, window: ProjectedWindow, size: tuple[int, int], brightness: float) -> list[Sprite]:
        """The test card, which covers the picture of (width, height) and is projected with it."""
        if not window.test_card:
            return []
        blends = window.settings.blends if TEST_CARDS[window.test_card] == "blend" else (0.0, 0.0, 0.0, 0.0)
        return [Sprite(draw_card(window.test_card, size, blends), 0, 0, brightness)]

    def marks(self, window: ProjectedWindow, size: tuple[int, int], calibration: Calibration) -> list[Sprite]:
        """What lies over the window of (width, height): the number and the points."""
        if not (window.identified or window.calibrating):
            return []
        content = (window, size, calibration.chosen, calibration.of_mesh)
        if content != self._drawn:
            self._drawn = content
            self._surface = pygame.Surface(size, pygame.SRCALPHA, 32)
            if window.identified:
                self._draw_number(window)
            if window.calibrating:
                self._draw_points(window, calibration)
        return [Sprite(self._surface, 0, 0)]

    def _draw_number(self, window: ProjectedWindow) -> None:
        width, height = self._surface.get_size()
        short = min(width, height)
        box = pygame.Rect(0, 0, short * 0.62, short * 0.62)
        box.center = width // 2, height // 2
        pygame.draw.rect(self._surface, _SHADE, box, border_radius=short // 30)
        self._write(str(window.number), (box.centerx, box.centery - short * 0.05), short * 0.36)
        self._write(self._name, (box.centerx, box.centery + short * 0.16), short * 0.05, italic=True)
        self._write(f"{width} × {height}", (box.centerx, box.centery + short * 0.23), short * 0.04)

    def _draw_points(self, window: ProjectedWindow, calibration: Calibration) -> None:
        width, height = self._surface.get_size()
        unit = max(1, min(width, height) // 360)
        outline = [(x * width, y * height) for x, y in outline_of(window)]
        pygame.draw.lines(self._surface, _GOLD, True, outline, unit)
        handles = calibration.handles(window)
        chosen = calibration.chosen % len(handles)
        for number, handle in enumerate(handles):
            at = handle.at[0] * width, handle.at[1] * height
            pygame.draw.circle(self._surface, _GOLD, at, 7 * unit, unit)
            if number == chosen:
                self._draw_chosen(at, unit)
        x, y = handles[chosen].at[0] * width, handles[chosen].at[1] * height
        what = "mesh point" if handles[chosen].arguments else "corner"
        state = "LOCKED · " if window.locked else ""
        text = f"{state}{what} {chosen + 1} of {len(handles)} · {x:.1f}, {y:.1f} px"
        size = max(11.0, min(height / 30, width / 45))
        self._write(text, (width / 2, height / 2 - 1.2 * size), size, shade=True)
        self._write(KEYS, (width / 2, height / 2 + 0.6 * size), 0.72 * size, shade=True)

    def _draw_chosen(self, at: Point, unit: int) -> None:
        pygame.draw.circle(self._surface, _WHITE, at, 10 * unit, 2 * unit)
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            start, end = (4 * unit, 22 * unit)
            begin = at[0] + dx * start, at[1] + dy * start
            pygame.draw.line(self._surface, _WHITE, begin, (at[0] + dx * end, at[1] + dy * end), unit)

    def _write(self, text: str, centre: Point, size: float, italic: bool = False, shade: bool = False) -> None:
        style = TextStyle(max(8, round(size)), colour=_WHITE)
        if italic:
            style = TextStyle(style.size, ITALIC, _GOLD)
        written = self._typesetter.render_line(text, style)
        place = written.get_rect(center=(round(centre[0]), round(centre[1])))
        if shade:
            pygame.draw.rect(self._surface, _SHADE, place.inflate(size, 0), border_radius=round(size / 3))
        self._surface.blit(written, place)


def outline_of(window: ProjectedWindow) -> list[Point]:
    """The edge of the picture in the window, as shares: straight without a mesh."""
    settings = window.settings
    run = np.linspace(0, 1, LINE_POINTS, endpoint=False)
    zero, one = np.zeros_like(run), np.ones_like(run)
    edge = np.concatenate(
        [np.stack(each, axis=-1) for each in ((run, zero), (one, run), (1 - run, one), (zero, 1 - run))]
    )
    bent = bend(settings.mesh, edge) if settings.mesh else edge
    placed = np.concatenate([bent, np.ones((len(bent), 1))], axis=1) @ np.linalg.inv(inverse_pin(settings.corners)).T
    return [(float(x / depth), float(y / depth)) for x, y, depth in placed]
