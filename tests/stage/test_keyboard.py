"""What the keys ask for."""

from __future__ import annotations

import pygame
import pytest

from installation.core.messages import SetParam, Trigger
from installation.core.params import PARAMS
from installation.stage.keyboard import Keyboard, QuitRequest, StageAction, Wish


def key(code: int, mod: int = 0) -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode="")


def press(keys: Keyboard, code: int, now: float) -> Wish | StageAction | None:
    """Down and up again."""
    asked = keys.take(key(code), now)
    keys.take(pygame.event.Event(pygame.KEYUP, key=code, mod=0), now)
    return asked


def text(characters: str) -> pygame.event.Event:
    return pygame.event.Event(pygame.TEXTINPUT, text=characters)


def keyboard(fullscreen: bool = False) -> Keyboard:
    return Keyboard(fullscreen)


@pytest.mark.parametrize(
    ("code", "mod", "wish"),
    [
        (pygame.K_F5, 0, Trigger("queue/skip", (), "keyboard")),
        (pygame.K_F6, 0, Trigger("pause", (), "keyboard")),
        (pygame.K_F8, 0, SetParam("blackout", True, "keyboard")),
        (pygame.K_F2, 0, SetParam("caption/opacity", 0.0, "keyboard")),
        (pygame.K_F9, 0, Trigger("panic", (), "keyboard")),
        (pygame.K_F10, 0, Trigger("reset", (), "keyboard")),
        (pygame.K_F12, 0, Trigger("record/still", (), "keyboard")),
        (pygame.K_PAGEDOWN, 0, Trigger("go", (), "keyboard")),
        (pygame.K_RETURN, pygame.KMOD_LCTRL, Trigger("go", (), "keyboard")),
        (pygame.K_RIGHT, pygame.KMOD_LCTRL, None),
        (pygame.K_q, pygame.KMOD_RCTRL, QuitRequest()),
        (pygame.K_q, pygame.KMOD_LCTRL | pygame.KMOD_RALT, None),  # AltGr Q on Windows: a German @
        (pygame.K_F1, 0, StageAction("help")),
        (pygame.K_F11, 0, StageAction("fullscreen")),
        (pygame.K_q, 0, None),
    ],
)
def test_each_key_asks_for_its_own(code: int, mod: int, wish: object) -> None:
    asked = keyboard().take(key(code, mod), 0.0)
    assert asked == wish
    if isinstance(asked, (Trigger, SetParam)):
        assert asked.name in PARAMS


def test_typing_and_enter_say_the_words() -> None:
    keys = keyboard()
    assert [keys.take(each, 0.0) for each in (text("a"), text(" fox"), key(pygame.K_RETURN))] == [
        None,
        None,
        Trigger("prompt", ("a fox",), "keyboard"),
    ]


def test_an_input_method_keeps_its_keys_to_itself() -> None:
    keys = keyboard()
    keys.take(pygame.event.Event(pygame.TEXTEDITING, text="tai", start=3, length=0), 0.0)
    for code in (pygame.K_RETURN, pygame.K_BACKSPACE, pygame.K_ESCAPE, pygame.K_LEFT):
        assert keys.take(key(code), 0.0) is None
    keys.take(text("太"), 0.0)
    assert keys.take(key(pygame.K_RETURN), 0.0) == Trigger("prompt", ("太",), "keyboard")


def test_pause_and_blackout_and_captions_are_switches() -> None:
    keys = keyboard()
    keys.paused, keys.blacked_out, keys.captions = True, True, False
    asked = [keys.take(key(code), 0.0) for code in (pygame.K_F6, pygame.K_F8, pygame.K_F2)]
    assert asked == [
        Trigger("resume", (), "keyboard"),
        SetParam("blackout", False, "keyboard"),
        SetParam("caption/opacity", 1.0, "keyboard"),
    ]


def test_escape_clears_the_line_and_twice_closes_a_window_but_never_a_full_screen() -> None:
    for fullscreen, last in ((False, QuitRequest()), (True, None)):
        keys = keyboard(fullscreen)
        keys.take(text("wolf"), 0.0)
        assert [press(keys, pygame.K_ESCAPE, now) for now in (0.0, 0.2, 0.4)] == [None, None, last]
        assert keys.line.text == ""


def test_two_escapes_far_apart_close_nothing() -> None:
    keys = keyboard()
    assert [press(keys, pygame.K_ESCAPE, now) for now in (0.0, 5.0)] == [None, None]


def test_a_held_key_asks_once_but_repeats_in_the_line() -> None:
    keys = keyboard()
    asked = [keys.take(key(code), 0.0) for code in [pygame.K_PAGEDOWN] * 5 + [pygame.K_ESCAPE] * 5]
    assert asked == [Trigger("go", (), "keyboard"), *[None] * 9]
    keys.take(text("wolf"), 0.0)
    for _ in range(3):
        keys.take(key(pygame.K_BACKSPACE), 0.0)
    assert keys.line.text == "w"


def test_closing_the_window_is_a_wish_to_quit() -> None:
    assert keyboard().take(pygame.event.Event(pygame.QUIT), 0.0) == QuitRequest("window")


def test_a_key_that_is_held_opens_the_microphone_where_the_show_asks_for_it() -> None:
    keys, up = Keyboard(False, push_to_talk=True), pygame.event.Event(pygame.KEYUP, key=pygame.K_F3, mod=0)
    on, off = SetParam("speech/talk", True, "keyboard"), SetParam("speech/talk", False, "keyboard")
    asked = [keys.take(each, 0.0) for each in (key(pygame.K_F3), key(pygame.K_F3), key(pygame.K_F3), up, up)]
    assert asked == [on, None, None, off, None]  # a held key repeats
    assert keys.take(key(pygame.K_F3), 0.0) == on
    assert keys.take(pygame.event.Event(pygame.WINDOWFOCUSLOST), 0.0) == off
    assert keys.take(up, 0.0) is None
    assert keys.line.text == ""
    assert [keyboard().take(each, 0.0) for each in (key(pygame.K_F3), up)] == [None, None]
