"""The text input as it is drawn: text on a thin rule at the bottom of the stage, a soft cursor, a dark gradient."""

from __future__ import annotations

import math
import unicodedata

import pygame

from installation.stage.compositor import Sprite
from installation.stage.overlay.band import Band
from installation.stage.overlay.text_input import DisplayText, TextInput
from installation.stage.text.typesetter import ASCENT, WARM_WHITE, TextStyle, Typesetter

SIZE = 0.042  # of the height of the stage
BASELINE = 0.048  # of the height, above the bottom edge
WIDTH = 0.62  # of the width
GRADIENT_HEIGHT = 0.2  # of the height
GRADIENT_DARKNESS = 0.72
BLINK_SECONDS = 1.4


class TextInputView:
    """Draws a text input. Surfaces are redrawn only when the text or the size of the stage changes."""

    def __init__(self, typesetter: Typesetter) -> None:
        self._typesetter = typesetter
        self._drawn: tuple[DisplayText, tuple[int, int]] | None = None
        self._band = Band(GRADIENT_DARKNESS)
        self._text = self._cursor = pygame.Surface((1, 1), pygame.SRCALPHA, 32)
        self._display = DisplayText()
        self._cursor_x = 0

    def sprites(self, text_input: TextInput, size: tuple[int, int], now: float) -> list[Sprite]:
        """The sprites for a stage of (width, height); none while the text input is hidden."""
        opacity = text_input.opacity(now)
        if opacity <= 0.0:
            return []
        if text_input.text or text_input.composition:
            self._display = text_input.display()  # else the text was submitted and fades out
        if (self._display, size) != self._drawn:
            self._drawn = (self._display, size)
            self._draw(size)
        left, top = (size[0] - self._text.get_width()) // 2, self._top(size)
        blink = 0.55 + 0.45 * math.cos(now * 2 * math.pi / BLINK_SECONDS)
        return [
            *self._band.sprites(size, GRADIENT_HEIGHT, opacity),
            Sprite(self._text, left, top, opacity),
            Sprite(self._cursor, left + self._cursor_x, top, opacity * blink),
        ]

    def cursor_rect(self, size: tuple[int, int]) -> pygame.Rect:
        """The cursor on a stage of (width, height); input methods open their list of candidates there."""
        left = (size[0] - self._text.get_width()) // 2 + self._cursor_x
        return pygame.Rect(left, self._top(size), max(1, self._cursor.get_width()), self._text.get_height())

    def _top(self, size: tuple[int, int]) -> int:
        return round(size[1] * (1 - BASELINE)) - round(ASCENT * SIZE * size[1])

    def _draw(self, size: tuple[int, int]) -> None:
        style = TextStyle(round(SIZE * size[1]))
        display = self._display
        text = self._typesetter.render_line(display.text, style)
        width = round(WIDTH * size[0])
        cursor, start, end = (
            self._x(display.text, place, style)
            for place in (display.cursor, display.composition_start, display.composition_end)
        )
        spare = width - text.get_width()
        offset = spare // 2 if spare >= 0 else max(spare, -cursor)  # a long text scrolls with the cursor
        self._text = pygame.Surface((width, text.get_height()), pygame.SRCALPHA, 32)
        self._text.blit(text, (offset, 0))
        rule = round(ASCENT * style.size) + round(style.size * 0.38)
        self._text.blit(_rule(width, max(1, size[1] // 540)), (0, rule))
        if start != end:
            top, thickness = rule - style.size // 6, max(2, size[1] // 360)
            underline = pygame.Rect(offset + min(start, end), top, abs(end - start), thickness)
            self._text.fill((*WARM_WHITE, 200), underline)
        self._cursor_x = offset + cursor
        self._cursor = _cursor(style.size, text.get_height())

    def _x(self, text: str, place: int, style: TextStyle) -> int:
        """Pixels from the left edge to a place in the text; in right-to-left text, places count from the right."""
        before = self._typesetter.measure(text[:place], style)
        strong = (unicodedata.bidirectional(character) for character in text)
        right_to_left = next((each in ("R", "AL") for each in strong if each in ("L", "R", "AL")), False)
        return self._typesetter.measure(text, style) - before if right_to_left else before


def _rule(width: int, thickness: int) -> pygame.Surface:
    """A horizontal line that fades out towards both ends."""
    row = pygame.Surface((width, 1), pygame.SRCALPHA, 32)
    for x in range(width):
        row.set_at((x, 0), (*WARM_WHITE, round(150 * math.sin(math.pi * (x + 0.5) / width) ** 0.7)))
    return pygame.transform.scale(row, (width, thickness))


def _cursor(size: int, height: int) -> pygame.Surface:
    surface = pygame.Surface((max(2, size // 18), height), pygame.SRCALPHA, 32)
    top = round((ASCENT - 0.78) * size)
    surface.fill((*WARM_WHITE, 235), pygame.Rect(0, top, surface.get_width(), round(1.02 * size)))
    return surface
