"""The help page."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pygame
from numpy.typing import NDArray

from installation.stage.key_table import KeyBinding, KeyGroup
from installation.stage.overlay.help import HelpOverlay
from installation.stage.text.typesetter import Typesetter

SIZE = (320, 180)


def row(label: str, description: str) -> KeyBinding:
    return KeyBinding(label, description, {})


GROUPS = (
    KeyGroup("Words", (row("Enter", "show the words"), row("Esc", "clear the line"))),
    KeyGroup("Stage", (row("F8", "blackout"), row("F9", "panic"))),
)


def page(groups: tuple[KeyGroup, ...] = GROUPS, status: tuple[str, ...] = (), notices: tuple[str, ...] = ()) -> bytes:
    overlay = HelpOverlay(Typesetter(), "Test", groups)
    overlay.status = status
    for notice in notices:
        overlay.add_notice(notice)
    overlay.toggle(0.0)
    overlay.sprites(SIZE, 0.0)
    (sprite,) = overlay.sprites(SIZE, 1.0)
    assert sprite.alpha == 1.0
    return pygame.image.tobytes(sprite.surface, "RGBA")


def pixels(page: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(page, np.uint8).reshape(SIZE[1], SIZE[0], 4)


def test_every_key_every_description_and_every_title_is_drawn() -> None:
    whole = page()
    for group in GROUPS:
        variants = [replace(group, title="")]
        for binding in group.bindings:
            for changed in (replace(binding, label=""), replace(binding, description="")):
                bindings = tuple(changed if each is binding else each for each in group.bindings)
                variants.append(replace(group, bindings=bindings))
        for variant in variants:
            assert page(tuple(variant if each is group else each for each in GROUPS)) != whole


def test_many_keys_fit_the_page() -> None:
    rows = tuple(row(f"F{number}", "something") for number in range(1, 25))
    with_keys, empty = pixels(page((KeyGroup("Keys", rows),))), pixels(page(()))
    drawn = np.flatnonzero((with_keys != empty).any(axis=(1, 2)))
    assert drawn.min() > 0
    assert drawn.max() < SIZE[1] - 4


def test_the_newest_notice_is_drawn_however_long_the_status_and_the_older_notices_are() -> None:
    status = ("a worker with a long report that fills more than one line of the page",) * 5
    older = ("an older notice that is long as well and needs more than one line",) * 4
    pages = [page(status=status, notices=(*older, newest)) for newest in ("the disk is full", "the network is down")]
    assert pages[0] != pages[1]


def test_the_page_cannot_be_toggled_fast_enough_to_flash() -> None:
    overlay = HelpOverlay(Typesetter(), "Test", GROUPS)
    visible = []
    for tick in range(60):
        overlay.toggle(tick / 30)
        visible.append(overlay.visible)
    assert sum(before != after for before, after in pairwise(visible)) <= 4
