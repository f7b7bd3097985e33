"""What each key asks for."""

from __future__ import annotations

import pygame
import pytest

from installation.core.messages import Origin, SetParam, Trigger
from installation.core.params import PARAMS
from installation.stage.keyboard import Keyboard, QuitRequest, StageAction, Toggles
from tests.stage.events import Request, handle, key, key_up, text


def press(keyboard: Keyboard, code: int, now: float, toggles: Toggles) -> Request:
    """Presses and releases a key."""
    asked = keyboard.handle(key(code), toggles, now)
    keyboard.handle(key_up(code), toggles, now)
    return asked


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
        (pygame.K_PAGEUP, 0, Trigger("playhead/previous", (), Origin("keyboard"))),
        (pygame.K_RIGHT, pygame.KMOD_LCTRL, None),
        (pygame.K_q, pygame.KMOD_RCTRL, QuitRequest()),
        (pygame.K_q, pygame.KMOD_LCTRL | pygame.KMOD_RALT, None),  # AltGr Q on Windows: a German @
        (pygame.K_k, pygame.KMOD_LCTRL, SetParam("output/calibrate", True, Origin("keyboard"))),
        (pygame.K_t, pygame.KMOD_LCTRL, Trigger("output/testcard/next", (), Origin("keyboard"))),
        (pygame.K_i, pygame.KMOD_LCTRL, SetParam("output/identify", True, Origin("keyboard"))),
        (pygame.K_F1, 0, StageAction("help")),
        (pygame.K_F11, 0, StageAction("fullscreen")),
        (pygame.K_q, 0, None),
    ],
)
def test_each_key_asks_for_its_action(code: int, mod: int, expected: Request) -> None:
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
    fullscreen: bool, third: Request
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
    monkeypatch.setattr(pygame.scrap, "get_text", lambda: "pasted")
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
