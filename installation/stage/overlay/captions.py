"""The caption under the picture, and the invitation that is shown while there is no caption."""

from __future__ import annotations

import pygame

from installation.stage.compositor import Sprite
from installation.stage.fades import Ramp, Visibility
from installation.stage.text.fonts import ITALIC
from installation.stage.text.typesetter import DESCENT, HALO_MARGIN, TextStyle, Typesetter

# Sizes and distances are shares of the height of the stage.
CAPTION_SIZE = 0.058
INVITATION_SIZE = 0.04
BOTTOM = 0.055  # below the last baseline: a safe margin; a line lies on the ground, below the feet of figures
BOTTOM_TYPING = 0.115  # with room for the text input
MAX_WIDTH = 0.84  # of the width of the stage
FADE_OUT, FADE_IN = 0.35, 0.7  # seconds
INVITATION_FADE_IN, INVITATION_FADE_OUT = 1.5, 0.5  # seconds
DIM_AFTER, DIM_SECONDS, DIMMED = 5.0, 2.0, 0.6  # seconds until words recede, and how long that takes; opacity then
HALO = 0.9
INVITATION_HALO = 0.8 * HALO
INVITATION_OPACITY = 0.8


class Captions:
    """One caption at a time: the old one fades out before the new one fades in."""

    def __init__(self, typesetter: Typesetter) -> None:
        self._typesetter = typesetter
        self._opacity = Ramp(1.0)  # of all captions
        self.added_opacity = 0.0  # by sound
        self._fade = Ramp(0.0)  # of the current one
        self._current = self._next = ""
        self._shown_at = 0.0  # when the current one, or the last live words, came
        self._live, self._stable = "", 0  # what is being said
        self._invitation = self._last_invitation = ""
        self._invitation_visibility = Visibility(INVITATION_FADE_IN, INVITATION_FADE_OUT)

    def set_text(self, text: str, now: float) -> None:
        """Replaces the caption; "" removes it."""
        if text == self._next:
            return
        self._next = text
        if self._current:
            self._fade.start(0.0, FADE_OUT, now)

    def set_live(self, text: str, stable: int) -> None:
        """Shows words that are being said, at once; "" shows the caption again, at once.

        The first `stable` characters are certain, and the others are dimmed.
        """
        if self._live and not text:
            self._current, self._fade = self._next, Ramp(1.0 if self._next else 0.0)
        self._live, self._stable = text, stable

    def prepare(self, size: tuple[int, int]) -> None:
        """Typesets the next caption for a stage of (width, height), ahead of the frame that shows it."""
        if self._live:
            self._block(self._live, _caption_style(size), size, self._stable)
        if self._next:
            self._block(self._next, _caption_style(size), size)

    def set_invitation(self, text: str) -> None:
        """Sets the text that is shown while there is no caption; "" removes it."""
        self._invitation = text
        self._last_invitation = text or self._last_invitation  # which fades out with its words

    def set_opacity(self, value: float, seconds: float, now: float) -> None:
        """Fades the captions to an opacity of `value`, clipped to 0..1."""
        self._opacity.start(min(max(value, 0.0), 1.0), seconds, now)

    @property
    def enabled(self) -> bool:
        """Whether captions are, or become, visible."""
        return self._opacity.target > 0.0

    def sprites(self, size: tuple[int, int], brightness: float, typing: float, now: float) -> list[Sprite]:
        """The sprites for a stage of (width, height).

        Args:
            size: Width and height of the stage in pixels.
            brightness: The brightness of the stage, 0..1.
            typing: How visible the text input is, 0..1; it lifts the caption and hides the invitation.
            now: The time in seconds.
        """
        self._advance(now)
        shown = min(max(self._opacity.at(now) + self.added_opacity, 0.0), 1.0) * brightness
        bottom = BOTTOM + (BOTTOM_TYPING - BOTTOM) * typing
        opacity = shown * self._fade.at(now) * self._receded(now)
        caption = self._place(self._current, _caption_style(size), size, bottom, opacity)
        if self._live:
            self._shown_at = now
            caption = self._place(self._live, _caption_style(size), size, bottom, shown, self._stable)
        inviting = bool(self._invitation) and not self._current and not self._live and not typing
        visible = self._invitation_visibility.update(inviting, now)
        opacity = visible * brightness * INVITATION_OPACITY
        return caption + self._place(self._last_invitation, _invitation_style(size), size, bottom, opacity)

    def _receded(self, now: float) -> float:
        """How much of its opacity a caption keeps: all of it while it is read."""
        progress = min(max((now - self._shown_at - DIM_AFTER) / DIM_SECONDS, 0.0), 1.0)
        return 1.0 - (1.0 - DIMMED) * progress

    def _advance(self, now: float) -> None:
        if self._current != self._next and not self._fade.is_moving(now):
            self._current, self._shown_at = self._next, now
            self._fade = Ramp(0.0)
            self._fade.start(1.0 if self._current else 0.0, FADE_IN, now)

    def _place(
        self,
        text: str,
        style: TextStyle,
        size: tuple[int, int],
        below: float,
        opacity: float,
        certain: int | None = None,
    ) -> list[Sprite]:
        if not text or opacity <= 0.0:
            return []
        block = self._block(text, style, size, certain)
        margin = round(style.size * HALO_MARGIN) if style.halo else 0
        bottom = round(size[1] * (1 - below)) + round(DESCENT * style.size) + margin
        return [Sprite(block, (size[0] - block.get_width()) // 2, bottom - block.get_height(), opacity)]

    def _block(self, text: str, style: TextStyle, size: tuple[int, int], certain: int | None = None) -> pygame.Surface:
        return self._typesetter.render_block(text, style, round(MAX_WIDTH * size[0]), certain)


def _caption_style(size: tuple[int, int]) -> TextStyle:
    return TextStyle(round(CAPTION_SIZE * size[1]), halo=HALO, max_lines=2)


def _invitation_style(size: tuple[int, int]) -> TextStyle:
    return TextStyle(round(INVITATION_SIZE * size[1]), ITALIC, halo=INVITATION_HALO, max_lines=2)
