"""All overlays of the stage together: which sprites lie over the picture, and which of them are for the audience."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pygame

from installation.stage.compositor import Sprite
from installation.stage.key_table import key_groups
from installation.stage.overlay.captions import Captions
from installation.stage.overlay.help import HelpOverlay
from installation.stage.overlay.qr_code import QrCode
from installation.stage.overlay.text_input import TextInput
from installation.stage.overlay.text_input_view import TextInputView
from installation.stage.text.typesetter import Typesetter


@dataclass(frozen=True)
class OverlaySprites:
    """What lies over the picture.

    Attributes:
        audience: The caption or the invitation, and the QR code.
        all: What is on the stage, with the operator's help page and text input.
        cursor: The cursor of the text input if that is visible.
    """

    audience: tuple[Sprite, ...] = ()
    all: tuple[Sprite, ...] = ()
    cursor: pygame.Rect | None = None

    def over(self, card: Sequence[Sprite]) -> OverlaySprites:
        """The same over a test card, which covers what is for the audience; without one, the same."""
        if not card:
            return self
        hidden = {id(sprite.surface) for sprite in self.audience}
        operator = [sprite for sprite in self.all if id(sprite.surface) not in hidden]
        return OverlaySprites(tuple(card), (*card, *operator), self.cursor)


class Overlays:
    """Captions, the QR code, the help page and the text input."""

    def __init__(self, title: str, push_to_talk: bool) -> None:
        typesetter = Typesetter()
        self.captions = Captions(typesetter)
        self.qr_code = QrCode(typesetter)
        self.help = HelpOverlay(typesetter, title, key_groups(push_to_talk))
        self._text_input = TextInputView(typesetter)

    def sprites(self, text_input: TextInput, size: tuple[int, int], brightness: float, now: float) -> OverlaySprites:
        """The sprites for a stage of (width, height). `brightness` (0..1) is that of the stage."""
        caption = self.captions.sprites(size, brightness, text_input.opacity(now), now)
        caption += self.qr_code.sprites(size, brightness, now)
        help_page = self.help.sprites(size, now)
        typed = self._text_input.sprites(text_input, size, now)
        uncovered = 1.0 - sum(sprite.alpha for sprite in help_page)
        visible = [replace(sprite, alpha=sprite.alpha * uncovered) for sprite in caption] if uncovered else []
        cursor = self._text_input.cursor_rect(size) if typed else None
        return OverlaySprites(tuple(caption), (*visible, *help_page, *typed), cursor)
