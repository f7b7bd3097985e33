"""The table of keys, and what each key asks for."""

from __future__ import annotations

from collections.abc import Iterator

import pygame
import pytest

from installation.core.messages import Origin, SetParam, Trigger
from installation.core.params import PARAMS
from installation.show.settings import LookSettings
from installation.stage.keyboard import (
    KEYS,
    KeyAction,
    Keyboard,
    QuitRequest,
    Shortcut,
    StageAction,
    StageEvent,
    Toggles,
    key_groups,
)
from installation.stage.overlay.help import HelpGroup
from installation.stage.stage import Stage

Asked = StageEvent | StageAction | None


def key(code: int, mod: int = 0) -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode="")


def key_up(code: int) -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYUP, key=code, mod=0)


def text(characters: str) -> pygame.event.Event:
    return pygame.event.Event(pygame.TEXTINPUT, text=characters)


def handle(keyboard: Keyboard, *events: pygame.event.Event, toggles: Toggles | None = None) -> list[Asked]:
    return [keyboard.handle(event, toggles or Toggles(), 0.0) for event in events]


def press(keyboard: Keyboard, code: int, now: float, toggles: Toggles) -> Asked:
    """Presses and releases a key."""
    asked = keyboard.handle(key(code), toggles, now)
    keyboard.handle(key_up(code), toggles, now)
    return asked


@pytest.fixture(autouse=True)
def clipboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pygame.scrap, "get_text", lambda: "pasted")


# -- one table -------------------------------------------------------------------------------------------------------


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
    rows = [
        HelpGroup(group.title, tuple((each.label, each.description) for each in group.bindings))
        for group in key_groups(push_to_talk)
    ]
    assert list(stage.overlays.help.groups) == rows
    labels = {label for group in rows for label, _ in group.rows}
    everything = {binding.label for group in KEYS for binding in group.bindings}
    assert everything - labels == (set() if push_to_talk else {"F3 (hold)"})


# -- each key --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "mod", "expected"),
    [
        (pygame.K_F5, 0, Trigger("queue/skip", (), Origin("keyboard"))),
        (pygame.K_F6, 0, Trigger("pause", (), Origin("keyboard"))),
        (pygame.K_F8, 0, SetParam("blackout", True, Origin("keyboard"))),
        (pygame.K_F2, 0, SetParam("caption/opacity", 0.0, Origin("keyboard"))),
        (pygame.K_F9, 0, Trigger("panic", (), Origin("keyboard"))),
        (pygame.K_F10, 0, Trigger("reset", (), Origin("keyboard"))),
        (pygame.K_F12, 0, Trigger("record/still", (), Origin("keyboard"))),
        (pygame.K_PAGEDOWN, 0, Trigger("go", (), Origin("keyboard"))),
        (pygame.K_RETURN, pygame.KMOD_LCTRL, Trigger("go", (), Origin("keyboard"))),
        (pygame.K_RIGHT, pygame.KMOD_LCTRL, None),
        (pygame.K_q, pygame.KMOD_RCTRL, QuitRequest()),
        (pygame.K_q, pygame.KMOD_LCTRL | pygame.KMOD_RALT, None),  # AltGr Q on Windows: a German @
        (pygame.K_F1, 0, StageAction("help")),
        (pygame.K_F11, 0, StageAction("fullscreen")),
        (pygame.K_q, 0, None),
    ],
)
def test_each_key_asks_for_its_action(code: int, mod: int, expected: Asked) -> None:
    (asked,) = handle(Keyboard(), key(code, mod))
    assert asked == expected
    if isinstance(asked, (Trigger, SetParam)):
        assert asked.name in PARAMS


def test_enter_submits_the_typed_words() -> None:
    asked = handle(Keyboard(), text("a"), text(" fox"), key(pygame.K_RETURN))
    assert asked == [None, None, Trigger("prompt", ("a fox",), Origin("keyboard"))]


def test_an_input_method_that_composes_keeps_enter_escape_and_the_cursor_keys() -> None:
    keyboard = Keyboard()
    composing = pygame.event.Event(pygame.TEXTEDITING, text="tai", start=3, length=0)
    codes = (pygame.K_RETURN, pygame.K_BACKSPACE, pygame.K_ESCAPE, pygame.K_LEFT)
    assert handle(keyboard, composing, *map(key, codes)) == [None] * 5
    assert keyboard.text_input.composition == "tai"
    asked = handle(keyboard, text("太"), key_up(pygame.K_RETURN), key(pygame.K_RETURN))
    assert asked[-1] == Trigger("prompt", ("太",), Origin("keyboard"))


def test_the_keys_of_pause_blackout_and_captions_reverse_the_present_state() -> None:
    toggles = Toggles(paused=True, blackout=True, captions=False)
    assert handle(Keyboard(), key(pygame.K_F6), key(pygame.K_F8), key(pygame.K_F2), toggles=toggles) == [
        Trigger("resume", (), Origin("keyboard")),
        SetParam("blackout", False, Origin("keyboard")),
        SetParam("caption/opacity", 1.0, Origin("keyboard")),
    ]


@pytest.mark.parametrize(("fullscreen", "third"), [(False, QuitRequest()), (True, None)])
def test_escape_clears_the_text_and_twice_more_closes_a_window_but_no_full_screen(
    fullscreen: bool, third: Asked
) -> None:
    keyboard, toggles = Keyboard(), Toggles(fullscreen=fullscreen)
    keyboard.handle(text("wolf"), toggles, 0.0)
    assert [press(keyboard, pygame.K_ESCAPE, now, toggles) for now in (0.0, 0.2, 0.4)] == [None, None, third]
    assert keyboard.text_input.text == ""


def test_two_presses_of_escape_far_apart_close_nothing() -> None:
    keyboard = Keyboard()
    assert [press(keyboard, pygame.K_ESCAPE, now, Toggles()) for now in (0.0, 5.0)] == [None, None]


def test_a_held_key_acts_once_but_repeats_in_the_text_input() -> None:
    keyboard = Keyboard()
    held = [key(code) for code in [pygame.K_PAGEDOWN] * 5 + [pygame.K_ESCAPE] * 5]
    assert handle(keyboard, *held) == [Trigger("go", (), Origin("keyboard")), *[None] * 9]
    handle(keyboard, text("wolf"), *[key(pygame.K_BACKSPACE)] * 3)
    assert keyboard.text_input.text == "w"


def test_control_v_pastes_and_an_unreadable_clipboard_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    keyboard = Keyboard()
    handle(keyboard, key(pygame.K_v, pygame.KMOD_LCTRL), key_up(pygame.K_v))
    assert keyboard.text_input.text == "pasted"

    def unreadable() -> str:
        raise pygame.error("no access")

    monkeypatch.setattr(pygame.scrap, "get_text", unreadable)
    handle(keyboard, key(pygame.K_v, pygame.KMOD_LCTRL))
    assert keyboard.text_input.text == "pasted"


def test_closing_the_window_asks_to_quit() -> None:
    assert handle(Keyboard(), pygame.event.Event(pygame.QUIT)) == [QuitRequest("window")]


def test_push_to_talk_lasts_while_its_key_is_held_and_the_window_has_the_focus() -> None:
    keyboard = Keyboard(push_to_talk=True)
    down, up = key(pygame.K_F3), key_up(pygame.K_F3)
    on, off = SetParam("speech/talk", True, Origin("keyboard")), SetParam("speech/talk", False, Origin("keyboard"))
    assert handle(keyboard, down, down, down, up, up) == [on, None, None, off, None]
    assert handle(keyboard, down, pygame.event.Event(pygame.WINDOWFOCUSLOST), up) == [on, off, None]
    assert keyboard.text_input.text == ""


def test_without_push_to_talk_its_key_does_nothing() -> None:
    assert handle(Keyboard(), key(pygame.K_F3), key_up(pygame.K_F3)) == [None, None]
