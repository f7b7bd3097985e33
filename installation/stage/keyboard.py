"""The keyboard: typing goes into the line, the rest are function and control keys, so that words never trigger them."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from installation.core.messages import SetParam, Trigger
from installation.stage.overlay.text_input import TextInput

SOURCE = "keyboard"
TWICE_SECONDS = 1.0  # between two Escapes that close a window


@dataclass(frozen=True)
class QuitRequest:
    """Somebody closed the window or asked to end the show."""

    source: str = SOURCE


Wish = SetParam | Trigger | QuitRequest


@dataclass(frozen=True)
class StageAction:
    """What the stage does by itself: help, fullscreen."""

    name: str


TALK = pygame.K_F3
_TRIGGERS = {
    pygame.K_F5: "queue/skip",
    pygame.K_F9: "panic",
    pygame.K_F10: "reset",
    pygame.K_F12: "record/still",
    pygame.K_PAGEDOWN: "go",
}
_OWN = {pygame.K_F1: "help", pygame.K_F11: "fullscreen"}


class Keyboard:
    """Turns pygame's events into wishes; keeps the line. Reads no clock and no display, but for the clipboard."""

    def __init__(self, fullscreen: bool, push_to_talk: bool = False) -> None:
        self.line = TextInput()
        self.push_to_talk = push_to_talk  # whether F3, while it is held, opens the microphone
        self.fullscreen = fullscreen
        self.paused = False
        self.blacked_out = False
        self.captions = True
        self._escaped = float("-inf")
        self._down: set[int] = set()  # a key that is held repeats in the line, but asks for nothing twice

    def take(self, event: pygame.event.Event, now: float) -> Wish | StageAction | None:
        """What the event asks for; None if it went into the line or means nothing here."""
        if event.type == pygame.QUIT:
            return QuitRequest("window")
        if event.type == pygame.TEXTINPUT:
            self.line.insert(event.text)
        elif event.type == pygame.TEXTEDITING:
            self.line.compose(event.text, event.start)
        elif event.type == pygame.KEYDOWN:
            self.line.touch(now)
            repeated = event.key in self._down
            self._down.add(event.key)
            wish = None if repeated else self._command(event, now)
            return wish or self._edit(event.key, _control(event))
        elif event.type == pygame.KEYUP:
            held = event.key in self._down
            self._down.discard(event.key)
            return self._talk(False) if held and event.key == TALK else None
        elif event.type == pygame.WINDOWFOCUSLOST:
            talking = TALK in self._down
            self._down.clear()  # what is let go elsewhere is not told here
            return self._talk(False) if talking else None
        if event.type in (pygame.TEXTINPUT, pygame.TEXTEDITING):
            self.line.touch(now)
        return None

    def _command(self, event: pygame.event.Event, now: float) -> Wish | StageAction | None:
        key = event.key
        if _control(event):
            return self._control(key)
        if key in _TRIGGERS:
            return Trigger(_TRIGGERS[key], (), SOURCE)
        if key in _OWN:
            return StageAction(_OWN[key])
        if key == TALK:
            return self._talk(True)
        if key == pygame.K_F6:
            return Trigger("resume" if self.paused else "pause", (), SOURCE)
        if key == pygame.K_F8:
            return SetParam("blackout", not self.blacked_out, SOURCE)
        if key == pygame.K_F2:
            return SetParam("caption/opacity", 0.0 if self.captions else 1.0, SOURCE)
        return self._escape(now) if key == pygame.K_ESCAPE else None

    def _talk(self, talking: bool) -> Wish | None:
        return SetParam("speech/talk", talking, SOURCE) if self.push_to_talk else None

    def _control(self, key: int) -> Wish | None:
        if key == pygame.K_q:
            return QuitRequest()
        if key in (pygame.K_RETURN, pygame.K_KP_ENTER):
            return Trigger("go", (), SOURCE)
        if key == pygame.K_v:
            self.line.insert(_clipboard())
        return None

    def _escape(self, now: float) -> Wish | None:
        """Clears the line; twice on an empty line closes a window, but never a full screen."""
        if self.line.composition:
            return None
        if self.line.text:
            self.line.clear()
            return None
        twice = now - self._escaped < TWICE_SECONDS
        self._escaped = now
        return QuitRequest() if twice and not self.fullscreen else None

    def _edit(self, key: int, word: bool) -> Wish | None:
        line = self.line
        if line.composition:
            return None  # these keys belong to the input method now
        if key in (pygame.K_RETURN, pygame.K_KP_ENTER) and not word:
            words = line.submit()
            return Trigger("prompt", (words,), SOURCE) if words else None
        moves = {
            pygame.K_LEFT: lambda: line.left(word),
            pygame.K_RIGHT: lambda: line.right(word),
            pygame.K_BACKSPACE: lambda: line.backspace(word),
            pygame.K_DELETE: lambda: line.delete(word),
            pygame.K_HOME: line.home,
            pygame.K_END: line.end,
            pygame.K_UP: line.older,
            pygame.K_DOWN: line.newer,
        }
        if key in moves:
            moves[key]()
        return None


def _control(event: pygame.event.Event) -> bool:
    """Whether Ctrl is held. AltGr, which Windows tells as Ctrl and Alt, is not: a German `@` is AltGr Q."""
    return bool(event.mod & pygame.KMOD_CTRL) and not event.mod & (pygame.KMOD_ALT | pygame.KMOD_MODE)


def _clipboard() -> str:
    try:
        return pygame.scrap.get_text()
    except pygame.error:  # the system lets nobody look
        return ""
