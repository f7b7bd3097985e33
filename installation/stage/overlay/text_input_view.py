"""The typed line as it is drawn: words on a hairline at the foot of the stage, a soft cursor, a veil behind them."""

from __future__ import annotations

import math
import unicodedata

import pygame

from installation.stage.overlay.text_input import TextInput
from installation.stage.sprite import Sprite, gradient
from installation.stage.text.typesetter import ASCENT, WARM_WHITE, Style, Typesetter

SIZE = 0.042  # of the stage's height
BASELINE = 0.048  # of the height, above the lower edge
MEASURE = 0.62  # of the width
VEIL = 0.2  # of the height


class TextInputView:
    """Draws a Line. Surfaces are made anew only when the words or the stage change."""

    def __init__(self, typesetter: Typesetter) -> None:
        self._typesetter = typesetter
        self._drawn: tuple[object, ...] = ()
        self._words = self._cursor = self._veil = pygame.Surface((1, 1), pygame.SRCALPHA, 32)
        self._shown = ("", 0, (0, 0))
        self._cursor_x = 0

    def sprites(self, line: TextInput, size: tuple[int, int], now: float) -> list[Sprite]:
        """What to lay over a stage of that size; nothing while the line is not there."""
        alpha = line.light(now)
        if alpha <= 0.0:
            return []
        if line.text or line.composition:
            self._shown = line.shown()  # a submitted line fades away with its words
        if (self._shown, size) != self._drawn:
            self._drawn = (self._shown, size)
            self._draw(size)
        left, top = (size[0] - self._words.get_width()) // 2, self._top(size)
        breath = 0.55 + 0.45 * math.cos(now * 2 * math.pi / 1.4)
        return [
            Sprite(self._veil, 0, size[1] - self._veil.get_height(), alpha),
            Sprite(self._words, left, top, alpha),
            Sprite(self._cursor, left + self._cursor_x, top, alpha * breath),
        ]

    def cursor_rect(self, size: tuple[int, int]) -> pygame.Rect:
        """Where the cursor is on a stage of that size, for the candidates of an input method."""
        left = (size[0] - self._words.get_width()) // 2 + self._cursor_x
        return pygame.Rect(left, self._top(size), max(1, self._cursor.get_width()), self._words.get_height())

    def _top(self, size: tuple[int, int]) -> int:
        return round(size[1] * (1 - BASELINE)) - round(ASCENT * SIZE * size[1])

    def _draw(self, size: tuple[int, int]) -> None:
        style = Style(round(SIZE * size[1]))
        text, cursor, span = self._shown
        words = self._typesetter.line(text, style)
        width = round(MEASURE * size[0])
        x, start, end = (self._x(text, place, style) for place in (cursor, *span))
        offset = (width - words.get_width()) // 2 if words.get_width() <= width else max(width - words.get_width(), -x)
        self._words = pygame.Surface((width, words.get_height()), pygame.SRCALPHA, 32)
        self._words.blit(words, (offset, 0))
        rule = round(ASCENT * style.size) + round(style.size * 0.38)
        self._words.blit(_hairline(width, max(1, size[1] // 540)), (0, rule))
        if start != end:
            under = pygame.Rect(
                offset + min(start, end), rule - style.size // 6, abs(end - start), max(2, size[1] // 360)
            )
            self._words.fill((*WARM_WHITE, 200), under)
        self._cursor_x = offset + x
        self._cursor = _cursor(style.size, words.get_height())
        self._veil = gradient(size[0], round(VEIL * size[1]), 0.72)

    def _x(self, text: str, place: int, style: Style) -> int:
        """The distance of a place in the text from the line's left edge; from the right in right-to-left text."""
        before = self._typesetter.measure(text[:place], style)
        strong = (unicodedata.bidirectional(character) for character in text)
        leftwards = next((each in ("R", "AL") for each in strong if each in ("L", "R", "AL")), False)
        return self._typesetter.measure(text, style) - before if leftwards else before


def _hairline(width: int, thickness: int) -> pygame.Surface:
    """A rule that fades out towards both ends."""
    row = pygame.Surface((width, 1), pygame.SRCALPHA, 32)
    for x in range(width):
        row.set_at((x, 0), (*WARM_WHITE, round(150 * math.sin(math.pi * (x + 0.5) / width) ** 0.7)))
    return pygame.transform.scale(row, (width, thickness))


def _cursor(size: int, height: int) -> pygame.Surface:
    surface = pygame.Surface((max(2, size // 18), height), pygame.SRCALPHA, 32)
    top = round((ASCENT - 0.78) * size)
    surface.fill((*WARM_WHITE, 235), pygame.Rect(0, top, surface.get_width(), round(1.02 * size)))
    return surface
