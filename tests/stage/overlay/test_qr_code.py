"""The QR code of the audience page on the wall."""

from __future__ import annotations

import numpy as np
import pygame
import pytest
import segno

from installation.stage.overlay.qr_code import FADE_IN, QUIET_MODULES, QrCode, code_card
from installation.stage.text.typesetter import Typesetter

ADDRESS = "http://192.168.1.20:9412/audience"


@pytest.mark.parametrize("side", [60, 216, 648])
def test_the_card_has_every_module_of_the_code_and_a_quiet_zone(side: int) -> None:
    pixels = pygame.surfarray.array3d(code_card(ADDRESS, side))[..., 0].T
    modules = np.array(segno.make_qr(ADDRESS, error="m").matrix, dtype=bool)
    scale = len(pixels) // (len(modules) + 2 * QUIET_MODULES)
    assert scale >= 1
    seen = pixels[scale // 2 :: scale, scale // 2 :: scale] < 128
    assert np.array_equal(seen, np.pad(modules, QUIET_MODULES))


def test_the_code_fades_in_on_demand_and_out_again() -> None:
    code = QrCode(Typesetter())
    assert code.sprites((1280, 720), 1.0, 0.0) == []
    code.set_visible(True)
    assert code.sprites((1280, 720), 1.0, 0.1) == []  # no address yet
    code.set_address(ADDRESS)
    alphas = [max((s.alpha for s in code.sprites((1280, 720), 1.0, 0.1 * t)), default=0.0) for t in range(1, 20)]
    assert alphas == sorted(alphas)
    assert alphas[-1] == 1.0
    card, text = code.sprites((1280, 720), 0.5, 2.0 + FADE_IN)
    assert (card.alpha, text.alpha) == (0.5, 0.5)
    assert card.x + card.surface.get_width() < 1280
    assert text.y >= card.y + card.surface.get_height()
    code.set_visible(False)
    code.sprites((1280, 720), 1.0, 3.0)
    assert code.sprites((1280, 720), 1.0, 4.0) == []


@pytest.mark.parametrize("size", [(320, 180), (1024, 768), (3840, 2160), (1080, 1920)])
def test_card_and_address_lie_on_every_stage(size: tuple[int, int]) -> None:
    code = QrCode(Typesetter())
    code.set_visible(True)
    code.set_address(ADDRESS)
    code.sprites(size, 1.0, 0.0)
    for sprite in code.sprites(size, 1.0, 5.0):
        assert sprite.x >= 0
        assert sprite.x + sprite.surface.get_width() <= size[0]
        assert sprite.y + sprite.surface.get_height() <= size[1]
