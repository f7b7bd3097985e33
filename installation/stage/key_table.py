"""The table of all keys of the stage: what they do, and how the help page and `run_show.py keys` describe them.

This is the only place that names a key: `Keyboard`, the help page and the command all read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

import pygame


class KeyAction(Enum):
    """What a key does; each has a row in `KEYS`."""

    SUBMIT = auto()
    TALK = auto()
    OLDER = auto()
    NEWER = auto()
    ESCAPE = auto()
    LEFT = auto()
    RIGHT = auto()
    HOME = auto()
    END = auto()
    BACKSPACE = auto()
    DELETE = auto()
    PASTE = auto()
    GO = auto()
    BACK = auto()
    SKIP = auto()
    PAUSE = auto()
    RESET = auto()
    CAPTIONS = auto()
    BLACKOUT = auto()
    PANIC = auto()
    STILL = auto()
    HELP = auto()
    FULLSCREEN = auto()
    CALIBRATE = auto()
    TEST_CARD = auto()
    IDENTIFY = auto()
    QUIT = auto()


class Shortcut(NamedTuple):
    """A key code of pygame, pressed with or without Ctrl."""

    key: int
    control: bool = False


@dataclass(frozen=True)
class KeyBinding:
    """A row of the table of keys.

    Attributes:
        label: The keys, as people write them.
        description: What they do, in a few words.
        actions: What each shortcut of the row does.
        push_to_talk: Whether the row belongs only to shows with push to talk.
    """

    label: str
    description: str
    actions: Mapping[Shortcut, KeyAction]
    push_to_talk: bool = False


@dataclass(frozen=True)
class KeyGroup:
    """Rows of the table of keys that belong together."""

    title: str
    bindings: tuple[KeyBinding, ...]


def _plain(actions: Mapping[int, KeyAction]) -> dict[Shortcut, KeyAction]:
    """Actions on keys without Ctrl."""
    return {Shortcut(key): action for key, action in actions.items()}


def _control(actions: Mapping[int, KeyAction]) -> dict[Shortcut, KeyAction]:
    """Actions on keys with Ctrl."""
    return {Shortcut(key, control=True): action for key, action in actions.items()}


def _either(actions: Mapping[int, KeyAction]) -> dict[Shortcut, KeyAction]:
    """Actions on keys with and without Ctrl."""
    return {**_plain(actions), **_control(actions)}


_SUBMIT = _plain(dict.fromkeys((pygame.K_RETURN, pygame.K_KP_ENTER), KeyAction.SUBMIT))
_TALK = _plain({pygame.K_F3: KeyAction.TALK})
_RECALL = _either({pygame.K_UP: KeyAction.OLDER, pygame.K_DOWN: KeyAction.NEWER})
_MOVE = _either(
    {
        pygame.K_LEFT: KeyAction.LEFT,
        pygame.K_RIGHT: KeyAction.RIGHT,
        pygame.K_HOME: KeyAction.HOME,
        pygame.K_END: KeyAction.END,
    }
)
_DELETE = _either({pygame.K_BACKSPACE: KeyAction.BACKSPACE, pygame.K_DELETE: KeyAction.DELETE})
_GO = {
    **_plain({pygame.K_PAGEDOWN: KeyAction.GO}),
    **_control(dict.fromkeys((pygame.K_RETURN, pygame.K_KP_ENTER), KeyAction.GO)),
}

_WORDS = (
    KeyBinding("Enter", "show the words you typed", _SUBMIT),
    KeyBinding("F3 (hold)", "speak into the microphone", _TALK, push_to_talk=True),
    KeyBinding("↑ ↓", "earlier or later words", _RECALL),
    KeyBinding("Esc", "clear the line; twice: close the window", _plain({pygame.K_ESCAPE: KeyAction.ESCAPE})),
    KeyBinding("← → Home End", "move the cursor; Ctrl: by words", _MOVE),
    KeyBinding("Backspace, Delete", "delete a character; Ctrl: a word", _DELETE),
    KeyBinding("Ctrl V", "paste", _control({pygame.K_v: KeyAction.PASTE})),
)
_SHOW = (
    KeyBinding("Page Down, Ctrl Enter", "GO: next cue or next queued words", _GO),
    KeyBinding("Page Up", "back to the cue or script line before", _plain({pygame.K_PAGEUP: KeyAction.BACK})),
    KeyBinding("F5", "skip to the next queued words", _plain({pygame.K_F5: KeyAction.SKIP})),
    KeyBinding("F6", "pause or resume", _plain({pygame.K_F6: KeyAction.PAUSE})),
)
_STAGE = (
    KeyBinding("F8", "blackout on or off", _plain({pygame.K_F8: KeyAction.BLACKOUT})),
    KeyBinding("F9", "panic: fade to black; twice: cut", _plain({pygame.K_F9: KeyAction.PANIC})),
    KeyBinding("F10", "reset: end panic and blackout", _plain({pygame.K_F10: KeyAction.RESET})),
    KeyBinding("F2", "captions on or off", _plain({pygame.K_F2: KeyAction.CAPTIONS})),
    KeyBinding("F12", "save the picture as a PNG file", _plain({pygame.K_F12: KeyAction.STILL})),
)
_WINDOW = (
    KeyBinding("F1", "help on or off", _plain({pygame.K_F1: KeyAction.HELP})),
    KeyBinding("F11", "full screen on or off", _plain({pygame.K_F11: KeyAction.FULLSCREEN})),
    KeyBinding("Ctrl Q", "quit", _control({pygame.K_q: KeyAction.QUIT})),
)
_WALL = (
    KeyBinding("Ctrl K", "move the corners of the picture", _control({pygame.K_k: KeyAction.CALIBRATE})),
    KeyBinding("Ctrl T", "next test card", _control({pygame.K_t: KeyAction.TEST_CARD})),
    KeyBinding("Ctrl I", "number of every window", _control({pygame.K_i: KeyAction.IDENTIFY})),
)
KEYS = (
    KeyGroup("Words", _WORDS),
    KeyGroup("Show", _SHOW),
    KeyGroup("Stage", _STAGE),
    KeyGroup("Window", _WINDOW),
    KeyGroup("Wall", _WALL),
)


def key_groups(push_to_talk: bool) -> tuple[KeyGroup, ...]:
    """The groups of `KEYS` with the rows that apply to a show with or without push to talk."""
    return tuple(
        KeyGroup(group.title, tuple(row for row in group.bindings if push_to_talk or not row.push_to_talk))
        for group in KEYS
    )
