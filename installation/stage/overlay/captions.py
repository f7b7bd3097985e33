"""The caption under the picture, and the invitation that is shown while there is no caption.

Words have a band of their own at the bottom of the stage, darkened, below the feet of the figures. They appear in the
rhythm of speech, and recede once they have been read.
"""

from __future__ import annotations

from itertools import accumulate

import pygame

from installation.stage.compositor import Sprite
from installation.stage.fades import Ramp, Visibility
from installation.stage.overlay.band import Band
from installation.stage.text.fonts import ITALIC
from installation.stage.text.typesetter import DESCENT, HALO_MARGIN, TextStyle, Typesetter, Word

# Sizes and distances are shares of the height of the stage.
CAPTION_SIZE, TWO_LINES_SIZE = 0.056, 0.041  # a text that does not fit on one line is set smaller, on two
INVITATION_SIZE = 0.046
BAND_HEIGHT = 0.19  # of which the upper half is hardly darker than the picture
BOTTOM = 0.046  # below the last baseline: a safe margin
BOTTOM_TYPING = 0.115  # with room for the text input
MAX_WIDTH = 0.84  # of the width of the stage
FADE_OUT, FADE_IN = 0.35, 0.7  # seconds
WORD_FADE = 0.25  # seconds in which a word appears
WORD_SECONDS, CHARACTER_SECONDS = 0.1, 0.045  # of a word: 170 words a minute, as somebody reads aloud
MAX_SPEECH = 4.0  # seconds of a whole text, at most; a longer one is said faster
INVITATION_FADE_IN, INVITATION_FADE_OUT = 1.5, 0.5  # seconds
DIM_AFTER, DIM_SECONDS, DIMMED = 5.0, 2.0, 0.6  # seconds until words recede, and how long that takes; opacity then
HALO = 0.9


class Captions:
    """One caption at a time: the old one fades out before the new one appears."""

    def __init__(self, typesetter: Typesetter) -> None:
        self._typesetter = typesetter
        self._band = Band()
        self._opacity = Ramp(1.0)  # of all captions
        self.added_opacity = 0.0  # by sound
        self._fade = Ramp(0.0)  # of the current one
        self._current = self._next = ""
        self._shown_at = 0.0  # when all of the current one, or the last live words, came
        self._said_from: float | None = None  # when the first word of the current one appeared, until all are there
        self._live, self._stable = "", 0  # what is being said
        self._styled: tuple[str, tuple[int, int], TextStyle] | None = None  # the last text and size of the stage
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
            self._said_from = None
        self._live, self._stable = text, stable

    def prepare(self, size: tuple[int, int]) -> None:
        """Typesets the next caption or the invitation for a stage of (width, height), before a frame shows it."""
        width = round(MAX_WIDTH * size[0])
        if self._invitation:
            self._block(self._invitation, _invitation_style(size), size)
            self._caption_style(self._invitation, size)  # loads the font, which the first caption would wait for
        if self._live:
            self._block(self._live, self._caption_style(self._live, size), size, self._stable)
        if self._next:
            style = self._caption_style(self._next, size)
            self._block(self._next, style, size)
            self._typesetter.render_words(self._next, style, width)

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
        """The sprites for a stage of (width, height): the band if there are words, and the words.

        Args:
            size: Width and height of the stage in pixels.
            brightness: The brightness of the stage, 0..1.
            typing: How visible the text input is, 0..1; it lifts the caption and hides the invitation.
            now: The time in seconds.
        """
        self._advance(now)
        shown = min(max(self._opacity.at(now) + self.added_opacity, 0.0), 1.0) * brightness
        bottom = BOTTOM + (BOTTOM_TYPING - BOTTOM) * typing
        inviting = bool(self._invitation) and not self._current and not self._live and not typing
        invited = self._invitation_visibility.update(inviting, now) * brightness
        if self._live:
            self._shown_at, opacity = now, shown
            words = self._place(self._live, self._caption_style(self._live, size), size, bottom, shown, self._stable)
        else:
            opacity = shown * self._fade.at(now) * self._receded(now)
            words = self._caption(size, bottom, opacity, now)
        words += self._place(self._last_invitation, _invitation_style(size), size, bottom, invited)
        return [*self._band.sprites(size, BAND_HEIGHT, max(opacity, invited) * (1 - typing)), *words] if words else []

    def _receded(self, now: float) -> float:
        """How much of its opacity a caption keeps: all of it while it is read."""
        progress = min(max((now - self._shown_at - DIM_AFTER) / DIM_SECONDS, 0.0), 1.0)
        return 1.0 - (1.0 - DIMMED) * progress

    def _advance(self, now: float) -> None:
        if self._current != self._next and not self._fade.is_moving(now):
            self._current, self._shown_at, self._said_from = self._next, now, now
            self._fade = Ramp(0.0)
            self._fade.start(1.0 if self._current else 0.0, FADE_IN, now)

    def _caption(self, size: tuple[int, int], below: float, opacity: float, now: float) -> list[Sprite]:
        """The current caption as far as it has been said."""
        style = self._caption_style(self._current, size)
        (block,) = self._place(self._current, style, size, below, opacity) or (None,)
        if block is None or self._said_from is None:
            return [block] if block else []
        words = self._typesetter.render_words(self._current, style, round(MAX_WIDTH * size[0]))
        shares = _said(words, now - self._said_from)
        if min(shares, default=1.0) >= 1.0:
            self._said_from = None
            return [block]
        self._shown_at = now
        said = [(word, opacity * share) for word, share in zip(words, shares, strict=True) if share > 0.0]
        return [
            *(
                Sprite(one.halo, block.x + one.x - one.margin, block.y + one.y - one.margin, alpha)
                for one, alpha in said
            ),
            *(Sprite(one.surface, block.x + one.x, block.y + one.y, alpha) for one, alpha in said),
        ]

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

    def _caption_style(self, text: str, size: tuple[int, int]) -> TextStyle:
        """One line if the text fits, else two smaller ones, which take up hardly more height."""
        if self._styled is None or self._styled[:2] != (text, size):
            style = TextStyle(round(CAPTION_SIZE * size[1]), halo=HALO)
            if not self._typesetter.fits(text, style, round(MAX_WIDTH * size[0])):
                style = TextStyle(round(TWO_LINES_SIZE * size[1]), halo=HALO, max_lines=2)
            self._styled = text, size, style
        return self._styled[2]


def _said(words: tuple[Word, ...], seconds: float) -> list[float]:
    """How visible each word is, 0..1, so long after the first one began to appear."""
    lengths = [WORD_SECONDS + CHARACTER_SECONDS * word.length for word in words]
    faster = max(1.0, sum(lengths) / MAX_SPEECH)
    starts = accumulate([0.0, *lengths[:-1]])
    return [min(max((seconds - start / faster) / WORD_FADE, 0.0), 1.0) for start in starts]


def _invitation_style(size: tuple[int, int]) -> TextStyle:
    return TextStyle(round(INVITATION_SIZE * size[1]), ITALIC, halo=HALO, max_lines=2)
