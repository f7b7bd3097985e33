"""The QR code of the audience page, in a corner of the wall, with the address to type under it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pygame

from installation.stage.compositor import Sprite
from installation.stage.fades import Visibility
from installation.stage.text.typesetter import TextStyle, Typesetter

# Sizes are shares of the height of the stage.
SIDE = 0.3  # of the card
MARGIN = 0.05
ADDRESS_SIZE = 0.024
QUIET_MODULES = 4  # white modules around the code, as ISO 18004 asks for
FADE_IN, FADE_OUT = 0.7, 0.35  # seconds


class QrCode:
    """One code, shown on demand."""

    def __init__(self, typesetter: Typesetter) -> None:
        self._typesetter = typesetter
        self._visibility = Visibility(FADE_IN, FADE_OUT)
        self._wanted, self._address = False, ""

    def set_visible(self, visible: bool) -> None:
        """Shows or hides the code; without an address there is none."""
        self._wanted = visible

    def set_address(self, address: str) -> None:
        """Sets the address in the code."""
        self._address = address

    def sprites(self, size: tuple[int, int], brightness: float, now: float) -> list[Sprite]:
        """The sprites for a stage of (width, height). `brightness` (0..1) is that of the stage."""
        opacity = self._visibility.update(self._wanted and bool(self._address), now) * brightness
        if opacity <= 0.0 or not self._address:
            return []
        width, height = size
        card = code_card(self._address, round(SIDE * height))
        x, y = width - card.get_width() - round(MARGIN * height), round(MARGIN * height)
        style = TextStyle(max(10, round(ADDRESS_SIZE * height)), halo=0.9, max_lines=2)
        text = self._typesetter.render_block(_spoken(self._address), style, round(1.6 * SIDE * height))
        centre = x + card.get_width() // 2 - text.get_width() // 2
        below = Sprite(text, min(centre, width - text.get_width()), y + card.get_height(), opacity)
        return [Sprite(card, x, y, opacity), below]


@lru_cache(maxsize=4)
def code_card(address: str, side: int) -> pygame.Surface:
    """A QR code on a white card of about `side` pixels: every module has the same whole number of pixels."""
    import segno  # with forty modules of the standard library; most shows have no audience page

    modules = np.array(segno.make_qr(address, error="m").matrix, dtype=bool)
    modules = np.pad(modules, QUIET_MODULES)
    scale = max(1, side // len(modules))
    pixels = np.where(modules.repeat(scale, 0).repeat(scale, 1), 0, 255).astype(np.uint8)
    opaque = pygame.surfarray.make_surface(np.repeat(pixels.T[..., None], 3, axis=2))
    card = pygame.Surface(opaque.get_size(), pygame.SRCALPHA)
    card.blit(opaque, (0, 0))
    return card


def _spoken(address: str) -> str:
    """The address as people type it."""
    return address.removeprefix("http://").removeprefix("https://").rstrip("/")
