"""The present words under the picture, and the quiet line that says what to do."""

from __future__ import annotations

import pygame

from installation.stage.ramp import Ramp, Visibility
from installation.stage.sprite import Sprite
from installation.stage.text.fonts import ITALIC
from installation.stage.text.typesetter import DEPTH, Style, Typesetter

SIZE = 0.058  # of the stage's height
INVITATION_SIZE = 0.04
MEASURE = 0.74  # of the stage's width
FOOT = 0.115  # of the height, under the last baseline: the safe margin, and room for the line
VANISH, APPEAR = 0.35, 0.7  # seconds
HALO = 0.9


class Captions:
    """One caption after the other: the old one vanishes, then the new one appears."""

    def __init__(self, typesetter: Typesetter) -> None:
        self._typesetter = typesetter
        self._opacity = Ramp(1.0)
        self._light = Ramp(0.0)
        self._shown = self._next = ""
        self._invitation = ""
        self._inviting = Visibility(1.5, 0.5)
        self._invited = ""

    def show(self, text: str, now: float) -> None:
        """The words from now on; "" for none."""
        if text == self._next:
            return
        self._next = text
        if self._shown:
            self._light.go(0.0, VANISH, now)

    def typeset(self, size: tuple[int, int]) -> None:
        """Sets the words that are to appear on a stage of that size, ahead of the frame that shows them."""
        if self._next:
            self._block(self._next, _words(size), size)

    def invite(self, text: str) -> None:
        """What to do, told while there are no words; "" for nothing."""
        self._invitation = text

    def opacity(self, value: float, seconds: float, now: float) -> None:
        """The light of the words, 0..1."""
        self._opacity.go(min(max(value, 0.0), 1.0), seconds, now)

    @property
    def visible(self) -> bool:
        """Whether captions are meant to be seen."""
        return self._opacity.target > 0.0

    def sprites(self, size: tuple[int, int], light: float, writing: float, now: float) -> list[Sprite]:
        """What to lay over the stage of that size. `light` is the stage's, `writing` how visible the line is (0..1)."""
        self._turn(now)
        alpha = self._opacity.at(now) * self._light.at(now) * light
        found = self._placed(self._shown, _words(size), size, alpha)
        quiet = self._inviting.at(bool(self._invitation) and not self._shown and writing == 0.0, now)
        self._invited = self._invitation or self._invited
        style = Style(round(INVITATION_SIZE * size[1]), ITALIC, halo=HALO * 0.8, lines=2)
        return found + self._placed(self._invited, style, size, quiet * light * 0.8)

    def _turn(self, now: float) -> None:
        if self._shown != self._next and not self._light.moving(now):
            self._shown = self._next
            self._light = Ramp(0.0)
            self._light.go(1.0 if self._shown else 0.0, APPEAR, now)

    def _placed(self, text: str, style: Style, size: tuple[int, int], alpha: float) -> list[Sprite]:
        if not text or alpha <= 0.0:
            return []
        block = self._block(text, style, size)
        margin = round(style.size * 0.9) if style.halo else 0
        foot = round(size[1] * (1 - FOOT)) + round(DEPTH * style.size) + margin
        return [Sprite(block, (size[0] - block.get_width()) // 2, foot - block.get_height(), alpha)]

    def _block(self, text: str, style: Style, size: tuple[int, int]) -> pygame.Surface:
        return self._typesetter.block(text, style, round(MEASURE * size[0]))


def _words(size: tuple[int, int]) -> Style:
    return Style(round(SIZE * size[1]), halo=HALO, lines=2)
