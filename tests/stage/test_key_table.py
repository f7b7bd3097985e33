"""The table of keys is what the keyboard follows and what the help page shows."""

from __future__ import annotations

from collections.abc import Iterator

import pygame
import pytest

from installation.show.settings import LookSettings
from installation.stage.key_table import KEYS, KeyAction, Shortcut, key_groups
from installation.stage.keyboard import Keyboard
from installation.stage.stage import Stage
from tests.stage.events import handle, key, key_up, text


@pytest.fixture(autouse=True)
def _clipboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pygame.scrap, "get_text", lambda: "pasted")


def in_use() -> Keyboard:
    """A keyboard with words in the history and in the text input, so that every key can do something."""
    keyboard = Keyboard(push_to_talk=True)
    for words in ("one", "two", "three"):
        handle(keyboard, text(words), key(pygame.K_RETURN), key_up(pygame.K_RETURN))
    keyboard.text_input.older()
    keyboard.text_input.older()
    keyboard.text_input.left()
    return keyboard


def has_effect(shortcut: Shortcut) -> bool:
    keyboard = in_use()
    before = (keyboard.text_input.text, keyboard.text_input.cursor)
    asked = handle(keyboard, key(shortcut.key, pygame.KMOD_LCTRL if shortcut.control else 0))
    return asked != [None] or (keyboard.text_input.text, keyboard.text_input.cursor) != before


def all_shortcuts() -> Iterator[Shortcut]:
    codes = {value for name, value in vars(pygame).items() if name.startswith("K_")}
    return (Shortcut(code, control) for code in sorted(codes) for control in (False, True))


def table() -> dict[Shortcut, KeyAction]:
    return {
        shortcut: action for group in KEYS for binding in group.bindings for shortcut, action in binding.actions.items()
    }


def test_exactly_the_keys_of_the_table_have_an_effect() -> None:
    assert {shortcut for shortcut in all_shortcuts() if has_effect(shortcut)} == set(table())


def test_every_action_has_a_key_and_no_key_has_two() -> None:
    assert set(table().values()) == set(KeyAction)
    assert len(table()) == sum(len(binding.actions) for group in KEYS for binding in group.bindings)


@pytest.mark.parametrize("push_to_talk", [True, False])
def test_the_help_page_shows_the_table_that_the_keyboard_follows(push_to_talk: bool) -> None:
    stage = Stage.open(LookSettings(size=(320, 180)), "Test", headless=True, push_to_talk=push_to_talk)
    groups = stage.overlays.help.groups
    assert groups == key_groups(push_to_talk)
    labels = {binding.label for group in groups for binding in group.bindings}
    all_labels = {binding.label for group in KEYS for binding in group.bindings}
    assert all_labels - labels == (set() if push_to_talk else {"F3 (hold)"})
