"""The help layer: what the keys do, how the workers are, what the operator should know."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import pygame

from installation.stage.ramp import Visibility
from installation.stage.sprite import Sprite
from installation.stage.text.fonts import ITALIC
from installation.stage.text.typesetter import ASCENT, Style, Typesetter

TOGGLE_SECONDS = 0.5
NOTICES = 5  # the last ones are kept
KEYS = (
    ("type, Enter", "say words"),
    ("↑ ↓", "words said before"),
    ("Esc", "clear the line"),
    ("Page Down", "go: next cue, next words"),
    ("F5", "skip to the waiting words"),
    ("F6", "pause, go on"),
    ("F2", "captions"),
    ("F8", "blackout"),
    ("F9", "panic: fade to black"),
    ("F10", "reset: back to the show"),
    ("F11", "full screen"),
    ("F12", "keep the picture"),
    ("F1", "this page"),
    ("Ctrl Q", "quit"),
)
TALK_KEY = ("F3, held", "speak")
_GOLD = (232, 200, 140)
_PALE = (214, 208, 198)
_WARNING = (244, 164, 128)


class HelpOverlay:
    """Keys at the left, the show's state at the right, over a darkened picture."""

    def __init__(self, typesetter: Typesetter, title: str, push_to_talk: bool = False) -> None:
        self.shown = False
        self._toggled = float("-inf")
        self._typesetter = typesetter
        self._title = title
        self._keys = (*KEYS[:1], TALK_KEY, *KEYS[1:]) if push_to_talk else KEYS
        self._lines: tuple[str, ...] = ()
        self._notices: deque[str] = deque(maxlen=NOTICES)
        self._visibility = Visibility(0.25, 0.35)
        self._drawn: tuple[object, ...] = ()
        self._surface = pygame.Surface((1, 1), pygame.SRCALPHA, 32)

    def toggle(self, now: float) -> None:
        """Opens or closes the page; not more often than is safe to look at, for it darkens the whole stage."""
        if now - self._toggled >= TOGGLE_SECONDS:
            self._toggled = now
            self.shown = not self.shown

    def status(self, lines: Sequence[str]) -> None:
        """How the show and its workers are, one sentence a line."""
        self._lines = tuple(lines)

    def warn(self, text: str) -> None:
        """A sentence for the operator; the last few stay, the newest above, where there is always room."""
        self._notices.appendleft(text)

    def sprites(self, size: tuple[int, int], now: float) -> list[Sprite]:
        """What to lay over a stage of that size."""
        alpha = self._visibility.at(self.shown, now)
        if alpha <= 0.0:
            return []
        content = (size, self._lines, tuple(self._notices))
        if content != self._drawn:
            self._drawn = content
            self._surface = self._page(size)
        return [Sprite(self._surface, 0, 0, alpha)]

    def _page(self, size: tuple[int, int]) -> pygame.Surface:
        unit = size[1] / 100
        page = pygame.Surface(size, pygame.SRCALPHA, 32)
        page.fill((6, 6, 10, 205))
        left, right = round(size[0] * 0.12), round(size[0] * 0.56)
        self._put(page, "Laterna", Style(round(8 * unit)), left, 17 * unit)
        self._put(page, self._title, Style(round(4.4 * unit), ITALIC, _PALE), right, 17 * unit)
        pygame.draw.line(page, (*_GOLD, 110), (left, 21 * unit), (size[0] - left, 21 * unit), max(1, size[1] // 720))
        for number, (key, what) in enumerate(self._keys):
            baseline = (29 + 64.4 / len(self._keys) * number) * unit
            self._put(page, key, Style(round(3.1 * unit), colour=_GOLD), left, baseline)
            self._put(page, what, Style(round(3.1 * unit), colour=_PALE), left + round(size[0] * 0.13), baseline)
        self._state(page, right, unit)
        return page

    def _state(self, page: pygame.Surface, left: int, unit: float) -> None:
        width = round(page.get_width() * 0.88) - left
        baseline = 29.0
        for text, colour in [(each, _PALE) for each in self._lines] + [(each, _WARNING) for each in self._notices]:
            style = Style(round(3.1 * unit), colour=colour, lines=3)
            for part in self._typesetter.wrapped(text, style, width):
                if baseline < 94:
                    self._put(page, part, style, left, baseline * unit)
                baseline += 4.0
            baseline += 0.9

    def _put(self, page: pygame.Surface, text: str, style: Style, left: int, baseline: float) -> None:
        page.blit(self._typesetter.line(text, style), (left, round(baseline - ASCENT * style.size)))
