"""What the keys of the stage do: requests to the show, actions of the stage, and edits of the text input.

Characters go to the text input. Everything else is on function, control and cursor keys, so that typed words never
trigger anything. `key_table` names the keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import pygame

from installation.core.messages import KEYBOARD, SetParam, Trigger
from installation.stage.key_table import KeyAction, Shortcut, key_groups
from installation.stage.overlay.text_input import TextInput

DOUBLE_PRESS_SECONDS = 1.0  # at most, between the two presses of Esc that close a window


@dataclass(frozen=True)
class QuitRequest:
    """The request to end the show."""

    source: Literal["keyboard", "window"] = "keyboard"


@dataclass(frozen=True)
class StageAction:
    """Something that the stage does by itself."""

    name: Literal["help", "fullscreen"]


StageEvent = SetParam | Trigger | QuitRequest


_TRIGGERS = {
    KeyAction.GO: "go",
    KeyAction.BACK: "playhead/previous",
    KeyAction.SKIP: "queue/skip",
    KeyAction.RESET: "reset",
    KeyAction.PANIC: "panic",
    KeyAction.STILL: "record/still",
    KeyAction.TEST_CARD: "output/testcard/next",
}
# What keys do in the text input. They repeat while held, and belong to an input method while it composes.
_EDITS: Mapping[KeyAction, Callable[[TextInput, bool], None]] = {
    KeyAction.OLDER: lambda text_input, _: text_input.older(),
    KeyAction.NEWER: lambda text_input, _: text_input.newer(),
    KeyAction.LEFT: TextInput.left,
    KeyAction.RIGHT: TextInput.right,
    KeyAction.HOME: lambda text_input, _: text_input.home(),
    KeyAction.END: lambda text_input, _: text_input.end(),
    KeyAction.BACKSPACE: TextInput.backspace,
    KeyAction.DELETE: TextInput.delete,
}


@dataclass(frozen=True)
class Toggles:
    """The present state of what the toggle keys switch."""

    paused: bool = False
    blackout: bool = False
    captions: bool = True
    fullscreen: bool = False
    calibrating: bool = False
    identified: bool = False


class Keyboard:
    """Turns pygame's events into events of the stage and edits the text input. Reads no clock and no display."""

    def __init__(self, push_to_talk: bool = False) -> None:
        self.text_input = TextInput()
        self._actions = {
            shortcut: action
            for group in key_groups(push_to_talk)
            for binding in group.bindings
            for shortcut, action in binding.actions.items()
        }
        self._escaped_at = float("-inf")
        self._held: set[int] = set()

    def handle(self, event: pygame.event.Event, toggles: Toggles, now: float) -> StageEvent | StageAction | None:
        """What the event asks for; None if it only edits the text input or has no meaning here."""
        match event.type:
            case pygame.QUIT:
                return QuitRequest("window")
            case pygame.KEYDOWN:
                self.text_input.touch(now)
                return self._press(event, toggles, now)
            case pygame.KEYUP:
                return self._release(event.key)
            case pygame.WINDOWFOCUSLOST:  # another window gets the KEYUP of what is held now
                released = [self._release(key) for key in tuple(self._held)]
                return next((asked for asked in released if asked), None)
            case pygame.TEXTINPUT:
                self.text_input.insert(event.text)
                self.text_input.touch(now)
            case pygame.TEXTEDITING:
                self.text_input.compose(event.text, event.start)
                self.text_input.touch(now)
        return None

    def _press(self, event: pygame.event.Event, toggles: Toggles, now: float) -> StageEvent | StageAction | None:
        shortcut = Shortcut(event.key, _has_control(event))
        action = self._actions.get(shortcut)
        repeated = event.key in self._held
        self._held.add(event.key)
        if action is None:
            return None
        if action is KeyAction.SUBMIT:
            return self._submit()
        if action in _EDITS:
            if not self.text_input.composition:
                _EDITS[action](self.text_input, shortcut.control)
            return None
        return None if repeated else self._perform(action, toggles, now)

    def _submit(self) -> Trigger | None:
        words = self.text_input.submit()
        return Trigger("prompt", (words,), KEYBOARD) if words else None

    def _release(self, key: int) -> StageEvent | None:
        held = key in self._held
        self._held.discard(key)
        talking = self._actions.get(Shortcut(key)) is KeyAction.TALK
        return SetParam("speech/talk", False, KEYBOARD) if held and talking else None

    def _perform(self, action: KeyAction, toggles: Toggles, now: float) -> StageEvent | StageAction | None:
        if action in _TRIGGERS:
            return Trigger(_TRIGGERS[action], (), KEYBOARD)
        match action:
            case KeyAction.TALK:
                return SetParam("speech/talk", True, KEYBOARD)
            case KeyAction.PAUSE:
                return Trigger("resume" if toggles.paused else "pause", (), KEYBOARD)
            case KeyAction.BLACKOUT:
                return SetParam("blackout", not toggles.blackout, KEYBOARD)
            case KeyAction.CAPTIONS:
                return SetParam("caption/opacity", 0.0 if toggles.captions else 1.0, KEYBOARD)
            case KeyAction.CALIBRATE:
                return SetParam("output/calibrate", not toggles.calibrating, KEYBOARD)
            case KeyAction.IDENTIFY:
                return SetParam("output/identify", not toggles.identified, KEYBOARD)
            case KeyAction.HELP:
                return StageAction("help")
            case KeyAction.FULLSCREEN:
                return StageAction("fullscreen")
            case KeyAction.QUIT:
                return QuitRequest()
            case KeyAction.PASTE:
                self.text_input.insert(_clipboard())
            case KeyAction.ESCAPE:
                return self._escape(toggles, now)
        return None

    def _escape(self, toggles: Toggles, now: float) -> QuitRequest | None:
        """Clears the text input; twice on an empty one closes a window, but never a full screen."""
        if self.text_input.composition:
            return None
        if self.text_input.text:
            self.text_input.clear()
            return None
        twice = now - self._escaped_at < DOUBLE_PRESS_SECONDS
        self._escaped_at = now
        return QuitRequest() if twice and not toggles.fullscreen else None


def _has_control(event: pygame.event.Event) -> bool:
    """Whether Ctrl is held. AltGr does not count: Windows reports it as Ctrl and Alt, and a German `@` is AltGr Q."""
    return bool(event.mod & pygame.KMOD_CTRL) and not event.mod & (pygame.KMOD_ALT | pygame.KMOD_MODE)


def _clipboard() -> str:
    try:
        return pygame.scrap.get_text()
    except pygame.error:  # the system does not give access to it
        return ""
