"""Setting words: runs of every script on one baseline, lines broken in balance, a soft halo for legibility."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass

import pygame

from installation.stage.text.bidi_runs import BidiRun, runs, settable
from installation.stage.text.fonts import ROMAN, FontCache, FontFace
from installation.stage.text.graphemes import starts

WARM_WHITE = (255, 248, 236)
CACHE = 32  # set texts kept
ASCENT, DEPTH, LEADING = 1.15, 0.6, 1.22  # of the size: room over and under a baseline, and between baselines
ELLIPSIS = "…"
GLOW = ((8, 0.45, 2), (3, 0.13, 1))  # how much smaller it is drawn, its radius in sizes, how often it is laid


@dataclass(frozen=True)
class Style:
    """How words are set: `size` in pixels of the Latin face; `halo` 0..1, the darkness of the glow behind them."""

    size: int
    face: FontFace = ROMAN
    colour: tuple[int, int, int] = WARM_WHITE
    halo: float = 0.0
    lines: int = 1


class Typesetter:
    """Sets texts onto transparent surfaces and keeps the last ones."""

    def __init__(self) -> None:
        self._fonts = FontCache()
        self._kept: OrderedDict[tuple[str, Style, int], pygame.Surface] = OrderedDict()

    def block(self, text: str, style: Style, width: int) -> pygame.Surface:
        """`text` in at most `style.lines` centred lines of at most `width` pixels, cut with an ellipsis if it must be.

        The surface is as large as the words and their halo; do not write to it.
        """
        key = (text, style, width)
        if key not in self._kept:
            self._kept[key] = self._set(text, style, width)
            if len(self._kept) > CACHE:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def measure(self, text: str, style: Style) -> int:
        """The width of one line in pixels."""
        return sum(self._prepared(run, style).size(run.text)[0] for run in runs(text, style.face))

    def line(self, text: str, style: Style) -> pygame.Surface:
        """One line without halo; its baseline lies ASCENT * size below the top."""
        parts = [(run, self._prepared(run, style)) for run in runs(text, style.face)]
        widths = [font.size(run.text)[0] for run, font in parts]
        height = round((ASCENT + DEPTH) * style.size)
        surface = pygame.Surface((max(1, sum(widths)), height), pygame.SRCALPHA, 32)
        x = 0
        for (run, font), width in zip(parts, widths, strict=True):
            if not width:  # a joiner by itself, which SDL refuses to draw
                continue
            self._prepared(run, style)  # two runs may share a font with different settings
            drawn = font.render(run.text, True, style.colour)
            surface.blit(drawn, (x, round(ASCENT * style.size) - font.get_ascent()))
            x += width
        return surface

    def wrapped(self, text: str, style: Style, width: int) -> list[str]:
        """The lines of `text`, as equal in length as they can be, the last one cut with an ellipsis if it must be."""
        whole = settable(text, style.face)
        if self.measure(whole, style) <= width:
            return [whole] if whole else []
        if style.lines == 1:
            return [self._cut(whole, style, width)]
        place = self._longest(whole, style, width)
        if self.measure(whole[place:].strip(), style) <= width:
            place = self._balanced(whole, place, style)
        rest = Style(style.size, style.face, style.colour, style.halo, style.lines - 1)
        return [whole[:place].strip(), *self.wrapped(whole[place:], rest, width)]

    def _set(self, text: str, style: Style, width: int) -> pygame.Surface:
        lines = [self.line(part, style) for part in self.wrapped(text, style, width)]
        margin = round(style.size * 0.9) if style.halo else 0
        step = round(LEADING * style.size)
        across = max((line.get_width() for line in lines), default=1)
        height = round((ASCENT + DEPTH) * style.size) + step * max(len(lines) - 1, 0)
        words = pygame.Surface((across + 2 * margin, height + 2 * margin), pygame.SRCALPHA, 32)
        for number, line in enumerate(lines):
            words.blit(line, (margin + (across - line.get_width()) // 2, margin + number * step))
        return _haloed(words, style) if style.halo else words

    def _prepared(self, run: BidiRun, style: Style) -> pygame.font.Font:
        font = self._fonts.font(run.face, style.size)
        font.set_script(run.script)
        font.set_direction(pygame.DIRECTION_LTR if run.rightwards else pygame.DIRECTION_RTL)
        return font

    def _balanced(self, text: str, last: int, style: Style) -> int:
        """The break, up to `last`, that makes two lines most alike; in doubt the first is the longer."""
        places = [place for place in _breaks(text) if place <= last]

        def lead(place: int) -> int:
            return self.measure(text[:place].strip(), style) - self.measure(text[place:].strip(), style)

        found = bisect_left(places, 0, key=lead)
        near = places[max(found - 1, 0) : found + 1]
        return min(near, key=lambda place: abs(lead(place)) + (lead(place) < 0) * style.size, default=last)

    def _longest(self, text: str, style: Style, width: int) -> int:
        """The last place to break at which the first line still fits; within a word if it must be."""
        return self._last_fitting(text, _breaks(text), style, width) or (
            self._last_fitting(text, starts(text)[1:], style, width) or len(text)
        )

    def _cut(self, text: str, style: Style, width: int) -> str:
        room = width - self.measure(ELLIPSIS, style)
        place = self._last_fitting(text, _breaks(text), style, room)
        if place < len(text) // 3:  # one endless word
            place = self._last_fitting(text, starts(text), style, room)
        return text[:place].rstrip(" ,;:.–-") + ELLIPSIS

    def _last_fitting(self, text: str, places: list[int], style: Style, width: int) -> int:
        """The last of the places up to which the text fits; 0 if none does."""
        found = bisect_left(places, True, key=lambda place: self.measure(text[:place].strip(), style) > width)
        return places[found - 1] if found else 0


def _breaks(text: str) -> list[int]:
    """Where a line may end: after a space, and between Chinese and Japanese characters (not before their stops)."""
    return [
        place
        for place in range(1, len(text))
        if text[place - 1] == " " or (_ideograph(text[place - 1]) and _ideograph(text[place]) and _opens(text[place]))
    ]


def _ideograph(character: str) -> bool:
    return 0x2E80 <= ord(character) < 0xAC00 or 0xF900 <= ord(character) < 0xFB00 or 0xFF00 <= ord(character) < 0xFFF0


def _opens(character: str) -> bool:
    return character not in "。、，．！？：；」』）】》〉ーぁぃぅぇぉっゃゅょァィゥェォッャュョ"


def _haloed(words: pygame.Surface, style: Style) -> pygame.Surface:
    """The words over their own blurred shadow: a wide soft glow and a tight dark rim, drawn small and enlarged."""
    shadow = words.copy()
    shadow.fill((0, 0, 0, 255), special_flags=pygame.BLEND_RGBA_MULT)
    result = pygame.Surface(words.get_size(), pygame.SRCALPHA, 32)
    for smaller, radius, layers in GLOW:
        size = (max(1, words.get_width() // smaller), max(1, words.get_height() // smaller))
        small = pygame.transform.smoothscale(shadow, size)
        blurred = pygame.transform.gaussian_blur(small, max(1, round(style.size * radius / smaller)))
        wide = pygame.transform.smoothscale(blurred, words.get_size())
        wide.set_alpha(round(255 * style.halo))
        for _ in range(layers):
            result.blit(wide, (0, 0))
    result.blit(words, (0, 0))
    return result
