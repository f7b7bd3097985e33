"""Typesetting: runs of every script on one baseline, balanced line breaks, and a soft halo for legibility."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pygame

from installation.stage.text.bidi_runs import BidiRun, supported_text, visual_runs
from installation.stage.text.fonts import ROMAN, FontCache, FontFace
from installation.stage.text.graphemes import cluster_starts

WARM_WHITE = (255, 248, 236)
CACHED_BLOCKS = 32
ASCENT, DESCENT, LEADING = 1.15, 0.6, 1.22  # in sizes: above a baseline, below it, from one baseline to the next
ELLIPSIS = "…"
UNCERTAIN = 0.65  # opacity of words that may still change
HALO_MARGIN = 0.9  # around the text, in sizes
HALO_LAYERS = ((8, 0.45, 2), (3, 0.13, 1))  # reduction of the image, blur radius in sizes, how often it is laid
_NO_LINE_START = "。、，．！？：；」』）】》〉ーぁぃぅぇぉっゃゅょァィゥェォッャュョ"  # after Japanese kinsoku rules
_IDEOGRAPHIC = (range(0x2E80, 0xAC00), range(0xF900, 0xFB00), range(0xFF00, 0xFFF0))


@dataclass(frozen=True)
class TextStyle:
    """How text is set.

    Attributes:
        size: Pixels of the Latin face.
        face: The Latin face; other scripts have faces of their own.
        colour: Red, green, blue, 0..255.
        halo: Opacity of the dark halo, 0..1.
        max_lines: Longer text is cut with an ellipsis.
    """

    size: int
    face: FontFace = ROMAN
    colour: tuple[int, int, int] = WARM_WHITE
    halo: float = 0.0
    max_lines: int = 1


class Word(NamedTuple):
    """A word of a block, and its halo.

    Attributes:
        surface: Its letters; shared: do not draw on it.
        halo: What lies below them; transparent without a halo.
        x: Of the letters, in pixels from the left edge of the block.
        y: Of the letters, in pixels from the upper edge of the block.
        margin: By how many pixels the halo is larger on each side.
        length: Characters.
    """

    surface: pygame.Surface
    halo: pygame.Surface
    x: int
    y: int
    margin: int
    length: int


class Typesetter:
    """Renders text to transparent surfaces and caches the most recent blocks."""

    def __init__(self) -> None:
        self._fonts = FontCache()
        self._blocks: OrderedDict[tuple[str, TextStyle, int, int], pygame.Surface] = OrderedDict()
        self._words: tuple[tuple[str, TextStyle, int], tuple[Word, ...]] | None = None  # of the last block asked for

    def render_block(self, text: str, style: TextStyle, width: int, certain: int | None = None) -> pygame.Surface:
        """Text in centred lines of at most `width` pixels; from the character `certain` on it is dimmed.

        The surface is as large as the text and its halo. It is shared: do not draw on it.
        """
        certain = len(text) if certain is None else certain
        key = (text, style, width, certain)
        if key not in self._blocks:
            self._blocks[key] = self._render_lines(self.wrap(text, style, width), style, certain)
            if len(self._blocks) > CACHED_BLOCKS:
                self._blocks.popitem(last=False)
        self._blocks.move_to_end(key)
        return self._blocks[key]

    def render_words(self, text: str, style: TextStyle, width: int) -> tuple[Word, ...]:
        """The same block in pieces, in the order of reading, so that its words can appear one by one.

        A line that mixes directions of reading is one piece; of ideographs, each is one.
        """
        key = (text, style, width)
        if self._words is None or self._words[0] != key:
            self._words = key, tuple(self._split(self.wrap(text, style, width), style))
        return self._words[1]

    def _split(self, lines: list[str], style: TextStyle) -> Iterator[Word]:
        margin = round(style.size * HALO_MARGIN) if style.halo else 0
        widths = [self.measure(line, style) for line in lines]
        for number, (line, width) in enumerate(zip(lines, widths, strict=True)):
            left, top = margin + (max(widths) - width) // 2, margin + number * round(LEADING * style.size)
            for drawn, x, length in self._pieces(line, style):
                size = drawn.get_width() + 2 * margin, drawn.get_height() + 2 * margin
                framed = pygame.Surface(size, pygame.SRCALPHA, 32)
                framed.blit(drawn, (margin, margin))
                yield Word(drawn, _halo(framed, style), left + x, top, margin, length)

    def _pieces(self, line: str, style: TextStyle) -> list[tuple[pygame.Surface, int, int]]:
        """The words of a line in the order of reading: letters, pixels from its left edge, number of characters."""
        directions = {run.left_to_right for run in visual_runs(line, style.face)}
        breaks = [0, *_line_breaks(line), len(line)] if len(directions) == 1 else [0, len(line)]
        whole, pieces = self.measure(line, style), []
        for start, end in pairwise(breaks):
            word = line[start:end].strip()
            if word:
                x = self.measure(line[:start], style)
                x = x if directions == {True} else whole - x - self.measure(word, style)
                pieces.append((self.render_line(word, style), x, end - start))
        return pieces

    def render_line(self, text: str, style: TextStyle) -> pygame.Surface:
        """One line without halo; its baseline is ASCENT sizes below the top."""
        parts = [(run, self._font(run, style)) for run in visual_runs(text, style.face)]
        widths = [font.size(run.text)[0] for run, font in parts]
        height = round((ASCENT + DESCENT) * style.size)
        surface = pygame.Surface((max(1, sum(widths)), height), pygame.SRCALPHA, 32)
        x = 0
        for (run, font), width in zip(parts, widths, strict=True):
            if not width:  # a joiner by itself, which SDL_ttf refuses to draw
                continue
            self._font(run, style)  # again, because runs may share a font with other settings
            drawn = font.render(run.text, True, style.colour)
            surface.blit(drawn, (x, round(ASCENT * style.size) - font.get_ascent()))
            x += width
        return surface

    def measure(self, text: str, style: TextStyle) -> int:
        """The width of one line in pixels."""
        return sum(self._font(run, style).size(run.text)[0] for run in visual_runs(text, style.face))

    def fits(self, text: str, style: TextStyle, width: int) -> bool:
        """Whether a text fits on one line of `width` pixels."""
        return self.measure(supported_text(text, style.face), style) <= width

    def wrap(self, text: str, style: TextStyle, width: int) -> list[str]:
        """Break text into at most `style.max_lines` lines of at most `width` pixels.

        The last two lines are as equal in length as possible. Text that does not fit is cut with an ellipsis.
        """
        supported = supported_text(text, style.face)
        if self.measure(supported, style) <= width:
            return [supported] if supported else []
        if style.max_lines == 1:
            return [self._truncated(supported, style, width)]
        end = self._first_line_end(supported, style, width)
        if self.measure(supported[end:].strip(), style) <= width:
            end = self._balanced_break(supported, end, style)
        rest = replace(style, max_lines=style.max_lines - 1)
        return [supported[:end].strip(), *self.wrap(supported[end:], rest, width)]

    def _render_lines(self, lines: list[str], style: TextStyle, certain: int) -> pygame.Surface:
        rendered = []
        for text in lines:
            rendered.append(self._dimmed(self.render_line(text, style), text, style, certain))
            certain = max(0, certain - len(text) - 1)
        margin = round(style.size * HALO_MARGIN) if style.halo else 0
        leading = round(LEADING * style.size)
        width = max((line.get_width() for line in rendered), default=1)
        height = round((ASCENT + DESCENT) * style.size) + leading * max(len(rendered) - 1, 0)
        surface = pygame.Surface((width + 2 * margin, height + 2 * margin), pygame.SRCALPHA, 32)
        for number, line in enumerate(rendered):
            surface.blit(line, (margin + (width - line.get_width()) // 2, margin + number * leading))
        return _with_halo(surface, style) if style.halo else surface

    def _dimmed(self, rendered: pygame.Surface, line: str, style: TextStyle, certain: int) -> pygame.Surface:
        """Dim a rendered line from the character `certain` on; all of it if it is read from right to left."""
        if certain >= len(line):
            return rendered
        first = self.measure(line[:certain], style)
        if not all(run.left_to_right for run in visual_runs(line, style.face)):
            first = 0
        uncertain = (first, 0, rendered.get_width() - first, rendered.get_height())
        rendered.fill((255, 255, 255, round(255 * UNCERTAIN)), uncertain, pygame.BLEND_RGBA_MULT)
        return rendered

    def _font(self, run: BidiRun, style: TextStyle) -> pygame.font.Font:
        """The font of a run, set to its script and direction."""
        font = self._fonts.font(run.face, style.size)
        font.set_script(run.script)
        font.set_direction(pygame.DIRECTION_LTR if run.left_to_right else pygame.DIRECTION_RTL)
        return font

    def _first_line_end(self, text: str, style: TextStyle, width: int) -> int:
        """The last break up to which the text fits on one line; within a word if there is no other."""
        at_words = self._last_fitting(text, _line_breaks(text), style, width)
        return at_words or self._last_fitting(text, cluster_starts(text)[1:], style, width) or len(text)

    def _balanced_break(self, text: str, last: int, style: TextStyle) -> int:
        """The break up to `last` that makes two lines most equal, preferably with the longer line first."""
        breaks = [index for index in _line_breaks(text) if index <= last]

        def excess(index: int) -> int:
            """By how much the first line is longer than the second, in pixels."""
            return self.measure(text[:index].strip(), style) - self.measure(text[index:].strip(), style)

        middle = bisect_left(breaks, 0, key=excess)
        nearest = breaks[max(middle - 1, 0) : middle + 1]
        return min(nearest, key=lambda index: abs(excess(index)) + (excess(index) < 0) * style.size, default=last)

    def _truncated(self, text: str, style: TextStyle, width: int) -> str:
        """The text cut to one line, with an ellipsis: at a word, or within a word that fills most of the line."""
        room = width - self.measure(ELLIPSIS, style)
        end = self._last_fitting(text, _line_breaks(text), style, room)
        if end < len(text) // 3:
            end = self._last_fitting(text, cluster_starts(text), style, room)
        return text[:end].rstrip(" ,;:.–-") + ELLIPSIS

    def _last_fitting(self, text: str, breaks: list[int], style: TextStyle, width: int) -> int:
        """The last of the breaks up to which the text fits; 0 if none does."""
        fitting = bisect_left(breaks, True, key=lambda index: self.measure(text[:index].strip(), style) > width)
        return breaks[fitting - 1] if fitting else 0


def _line_breaks(text: str) -> list[int]:
    """Where a line may end: after a space, and between ideographs unless the second may not start a line."""
    return [i for i in range(1, len(text)) if text[i - 1] == " " or _breaks_between(text[i - 1], text[i])]


def _breaks_between(before: str, after: str) -> bool:
    return _is_ideographic(before) and _is_ideographic(after) and after not in _NO_LINE_START


def _is_ideographic(character: str) -> bool:
    """Whether a character is Chinese, Japanese or a full-width form."""
    return any(ord(character) in block for block in _IDEOGRAPHIC)


def _with_halo(text: pygame.Surface, style: TextStyle) -> pygame.Surface:
    """Text over its halo.

    SDL blends over a transparent surface as if it were opaque: at the edges of letters, which are a little transparent,
    the colour of the text comes out darker than it is. Divided by the opacity it is right.
    """
    result = _halo(text, style)
    result.blit(text, (0, 0))
    opacity = pygame.surfarray.array_alpha(result).astype(np.float32)[:, :, None]
    colours = pygame.surfarray.pixels3d(result)
    colours[:] = np.minimum(colours * (255.0 / np.maximum(opacity, 1.0)), 255.0)
    return result


def _halo(text: pygame.Surface, style: TextStyle) -> pygame.Surface:
    """The blurred shadow of text: a wide soft layer and a tight dark one, blurred at a reduced size for speed."""
    shadow = text.copy()
    shadow.fill((0, 0, 0, 255), special_flags=pygame.BLEND_RGBA_MULT)
    result = pygame.Surface(text.get_size(), pygame.SRCALPHA, 32)
    for reduction, radius, repeats in HALO_LAYERS:
        size = (max(1, text.get_width() // reduction), max(1, text.get_height() // reduction))
        small = pygame.transform.smoothscale(shadow, size)
        blurred = pygame.transform.gaussian_blur(small, max(1, round(style.size * radius / reduction)))
        layer = pygame.transform.smoothscale(blurred, text.get_size())
        layer.set_alpha(round(255 * style.halo))
        for _ in range(repeats):
            result.blit(layer, (0, 0))
    return result
