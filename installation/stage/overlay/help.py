"""The help overlay: what the keys do, the state of the show, and notices for the operator."""

from __future__ import annotations

from collections import deque

import pygame

from installation.stage.compositor import Sprite
from installation.stage.fades import Visibility
from installation.stage.key_table import KeyGroup
from installation.stage.text.fonts import ITALIC, ROMAN
from installation.stage.text.typesetter import ASCENT, WARM_WHITE, TextStyle, Typesetter

MIN_TOGGLE_SECONDS = 0.5  # between two toggles, because each one darkens or lights the whole stage
FADE_IN, FADE_OUT = 0.25, 0.35  # seconds
MAX_NOTICES = 5

# Positions and sizes are in hundredths of the height of the stage; columns are shares of its width.
TITLE_BASELINE, RULE, FIRST_BASELINE, LAST_BASELINE = 13.0, 17.0, 24.5, 93.0
TITLE_SIZE, SHOW_TITLE_SIZE, TEXT_SIZE = 7.5, 4.4, 2.75
MAX_LEADING, STATUS_LEADING, PARAGRAPH_GAP = 4.2, 3.7, 0.9
GROUP_GAP = 0.55  # rows
GROUP_COLUMN, LABEL_COLUMN, DESCRIPTION_COLUMN, STATUS_COLUMN, RIGHT_EDGE = 0.06, 0.13, 0.295, 0.62, 0.94
STATUS_LINES = 3  # of each sentence

_BACKGROUND = (6, 6, 10, 205)
_GOLD = (232, 200, 140)
_PALE = (214, 208, 198)
_DIM = (168, 160, 150)
_WARNING = (244, 164, 128)


class HelpOverlay:
    """A page over the darkened picture: keys on the left, state and notices on the right.

    Attributes:
        groups: The keys.
        visible: Whether the page is shown, or fading in.
        status: The state of the show and its workers, one sentence a line.
    """

    def __init__(self, typesetter: Typesetter, title: str, groups: tuple[KeyGroup, ...]) -> None:
        """Creates a hidden page. `title` is that of the show."""
        self.groups = groups
        self.visible = False
        self._toggled_at = float("-inf")
        self._typesetter = typesetter
        self._title = title
        self.status: tuple[str, ...] = ()
        self._notices: deque[str] = deque(maxlen=MAX_NOTICES)
        self._visibility = Visibility(FADE_IN, FADE_OUT)
        self._drawn: tuple[object, ...] = ()
        self._surface = pygame.Surface((1, 1), pygame.SRCALPHA, 32)

    def toggle(self, now: float) -> None:
        """Shows or hides the page; ignored within `MIN_TOGGLE_SECONDS` of the last toggle."""
        if now - self._toggled_at >= MIN_TOGGLE_SECONDS:
            self._toggled_at = now
            self.visible = not self.visible

    def add_notice(self, text: str) -> None:
        """Adds a sentence for the operator above the older ones; the oldest is dropped beyond `MAX_NOTICES`."""
        self._notices.appendleft(text)

    def sprites(self, size: tuple[int, int], now: float) -> list[Sprite]:
        """The sprites for a stage of (width, height)."""
        opacity = self._visibility.update(self.visible, now)
        if opacity <= 0.0:
            return []
        content = (size, self.status, tuple(self._notices))
        if content != self._drawn:
            self._drawn = content
            self._surface = self._page(size)
        return [Sprite(self._surface, 0, 0, opacity)]

    def _page(self, size: tuple[int, int]) -> pygame.Surface:
        width, height = size
        page = pygame.Surface(size, pygame.SRCALPHA, 32)
        page.fill(_BACKGROUND)
        self._put(page, "Laterna", _style(page, TITLE_SIZE), LABEL_COLUMN, TITLE_BASELINE)
        title_style = _style(page, SHOW_TITLE_SIZE, _PALE, italic=True)
        self._put(page, self._title, title_style, STATUS_COLUMN, TITLE_BASELINE)
        y = RULE * height / 100
        pygame.draw.line(page, (*_GOLD, 110), (GROUP_COLUMN * width, y), (RIGHT_EDGE * width, y), max(1, height // 720))
        self._draw_keys(page)
        self._draw_status(page)
        return page

    def _draw_keys(self, page: pygame.Surface) -> None:
        rows = sum(len(group.bindings) for group in self.groups) + GROUP_GAP * (len(self.groups) - 1)
        leading = min((LAST_BASELINE - FIRST_BASELINE) / max(rows - 1, 1), MAX_LEADING)
        gold, pale = _style(page, TEXT_SIZE, _GOLD), _style(page, TEXT_SIZE, _PALE)
        dim = _style(page, TEXT_SIZE, _DIM, italic=True)
        baseline = FIRST_BASELINE
        for group in self.groups:
            self._put(page, group.title, dim, GROUP_COLUMN, baseline)
            for binding in group.bindings:
                self._put(page, binding.label, gold, LABEL_COLUMN, baseline)
                self._put(page, binding.description, pale, DESCRIPTION_COLUMN, baseline)
                baseline += leading
            baseline += GROUP_GAP * leading

    def _draw_status(self, page: pygame.Surface) -> None:
        width = round((RIGHT_EDGE - STATUS_COLUMN) * page.get_width())
        baseline = FIRST_BASELINE
        lines = [(each, _PALE) for each in self.status] + [(each, _WARNING) for each in self._notices]
        for text, colour in lines:
            style = _style(page, TEXT_SIZE, colour, lines=STATUS_LINES)
            for line in self._typesetter.wrap(text, style, width):
                if baseline <= LAST_BASELINE:
                    self._put(page, line, style, STATUS_COLUMN, baseline)
                baseline += STATUS_LEADING
            baseline += PARAGRAPH_GAP

    def _put(self, page: pygame.Surface, text: str, style: TextStyle, column: float, baseline: float) -> None:
        x, y = round(column * page.get_width()), baseline * page.get_height() / 100
        page.blit(self._typesetter.render_line(text, style), (x, round(y - ASCENT * style.size)))


def _style(
    page: pygame.Surface,
    size: float,
    colour: tuple[int, int, int] = WARM_WHITE,
    italic: bool = False,
    lines: int = 1,
) -> TextStyle:
    face = ITALIC if italic else ROMAN
    return TextStyle(round(size * page.get_height() / 100), face, colour, max_lines=lines)
