"""Events of pygame's keyboard, and a keyboard that handles them."""

from __future__ import annotations

import pygame

from installation.stage.keyboard import Keyboard, StageAction, StageEvent, Toggles

Request = StageEvent | StageAction | None


def key(code: int, mod: int = 0) -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode="")


def key_up(code: int) -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYUP, key=code, mod=0)


def text(characters: str) -> pygame.event.Event:
    return pygame.event.Event(pygame.TEXTINPUT, text=characters)


def handle(keyboard: Keyboard, *events: pygame.event.Event, toggles: Toggles | None = None) -> list[Request]:
    """What the keyboard makes of each event, all at second 0."""
    return [keyboard.handle(event, toggles or Toggles(), 0.0) for event in events]
