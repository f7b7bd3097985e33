"""A text as runs that one face can set in one direction, in the order in which they are seen.

The order is a small part of the Unicode bidirectional algorithm (UAX 9): the paragraph's direction is its first strong
character's; numbers keep their order within right-to-left text; what is neutral goes with its neighbours. Explicit
embeddings are not honoured; `words.clean` takes them out.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import groupby, pairwise

from installation.stage.text.fonts import EMOJI, FALLBACKS, IDEOGRAPHS, ROMAN, FontFace, coverage
from installation.stage.text.graphemes import JOINER, clings, is_flag_half, starts

_RIGHT = ("R", "AL")
_NUMBERS = ("EN", "AN")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_EMOJI_STYLE = "\ufe0f"
_SILENT = frozenset((0x200C, 0x200D, 0xFE0E, 0xFE0F))


@dataclass(frozen=True)
class BidiRun:
    """Characters of one face, script (ISO 15924) and direction, in logical order."""

    text: str
    face: FontFace
    script: str
    rightwards: bool


def runs(text: str, main: FontFace = ROMAN) -> list[BidiRun]:
    """The runs of one line, from left to right as they are seen. What no face has is left out."""
    faces = _faces(text, main)
    kept = [(character, face) for character, face in zip(text, faces, strict=True) if face is not None]
    levels = _levels("".join(character for character, _ in kept))
    marked = [(face, level, character) for (character, face), level in zip(kept, levels, strict=True)]
    made: list[tuple[int, BidiRun]] = []
    for (face, level), group in groupby(marked, key=lambda each: each[:2]):
        made.extend((level, run) for run in _by_script("".join(each[2] for each in group), face, level % 2 == 0))
    return _ordered(made)


def settable(text: str, main: FontFace = ROMAN) -> str:
    """The text without the characters that no face has."""
    pairs = zip(text, _faces(text, main), strict=True)
    return " ".join("".join(character for character, face in pairs if face is not None).split())


def _faces(text: str, main: FontFace) -> list[FontFace | None]:
    """For each character the face of its cluster; what is neutral stays in the face before it where it can."""
    chosen: list[FontFace | None] = []
    bounds = [*starts(text), len(text)]
    for start, end in pairwise(bounds):
        face = _face(text[start:end], main, chosen[-1] if chosen else None)
        chosen.extend([face] * (end - start))
    return chosen


def _face(cluster: str, main: FontFace, before: FontFace | None) -> FontFace | None:
    first = cluster[0]
    if _EMOJI_STYLE in cluster or JOINER in cluster or is_flag_half(first):
        order: tuple[FontFace, ...] = (EMOJI, main, *FALLBACKS)
    elif first.isspace() or unicodedata.category(first)[0] == "P" or first.isdigit():
        order = (main if before in (None, EMOJI, IDEOGRAPHS) else before or main, main, *FALLBACKS)
    else:
        order = (main, *FALLBACKS)
    needed = [ord(character) for character in cluster if ord(character) not in _SILENT]
    for face in order:
        if all(code in coverage(face) for code in needed):
            return face
    return next((face for face in order if ord(first) in coverage(face)), None)


def _by_script(text: str, face: FontFace, rightwards: bool) -> list[BidiRun]:
    if face.script:
        return [BidiRun(text, face, face.script, rightwards)]
    scripts: list[str] = []
    for character in text:
        scripts.append(_script(character) or (scripts[-1] if scripts else "Latn"))
    grouped = groupby(zip(text, scripts, strict=True), key=lambda each: each[1])
    return [BidiRun("".join(each[0] for each in group), face, script, rightwards) for script, group in grouped]


def _script(character: str) -> str:
    if not character.isalpha() or clings(character):
        return ""
    code = ord(character)
    if 0x370 <= code < 0x400 or 0x1F00 <= code < 0x2000:
        return "Grek"
    return "Cyrl" if 0x400 <= code < 0x530 else "Latn"


def _levels(text: str) -> list[int]:
    """Embedding levels: even runs are read from left to right, odd ones from right to left."""
    classes = _with_their_numbers([unicodedata.bidirectional(character) for character in text])
    strong = next((each for each in classes if each in ("L", *_RIGHT)), "L")
    base = 1 if strong in _RIGHT else 0
    sides: list[int | None] = []  # 0 left, 1 right, 2 a number in right-to-left text, None neutral
    side = base
    for each in classes:
        if each in ("L", *_RIGHT):
            side = int(each != "L")
            sides.append(side)
        elif each in _NUMBERS:
            sides.append(2 if side else 0)
        elif each in ("NSM", "BN") and sides:
            sides.append(sides[-1])
        else:
            sides.append(None)
    _bracketed(text, sides, base)
    return [_level(side, base) for side in _resolved(sides, base)]


def _with_their_numbers(classes: list[str]) -> list[str]:
    """Rules W4 and W5: a separator between two numbers is part of them, as are signs like % beside one."""
    result = list(classes)
    for place in range(1, len(result) - 1):
        if result[place] in ("CS", "ES") and result[place - 1] in _NUMBERS and result[place + 1] == result[place - 1]:
            result[place] = result[place - 1]
    for beside, places in ((-1, range(1, len(result))), (1, range(len(result) - 2, -1, -1))):
        for place in places:
            if result[place] == "ET" and result[place + beside] == "EN":
                result[place] = "EN"
    return result


def _bracketed(text: str, sides: list[int | None], base: int) -> None:
    """Rule N0: a pair of brackets goes with the paragraph, unless what it holds and what is before it do not."""
    opened: list[tuple[str, int]] = []
    for place, character in enumerate(text):
        if character in _BRACKETS:
            opened.append((_BRACKETS[character], place))
        elif opened and character == opened[-1][0]:
            start = opened.pop()[1]
            held = {min(side, 1) for side in sides[start + 1 : place] if side is not None}
            before = next((min(side, 1) for side in reversed(sides[:start]) if side is not None), base)
            if held:
                sides[start] = sides[place] = base if base in held else before


def _resolved(sides: list[int | None], base: int) -> list[int]:
    """Neutral characters take the side that both neighbours share, else the paragraph's."""
    resolved: list[int] = []
    for place, side in enumerate(sides):
        if side is not None:
            resolved.append(side)
            continue
        before = min(resolved[-1], 1) if resolved else base
        behind = next((min(each, 1) for each in sides[place:] if each is not None), base)
        if place and sides[place - 1] is None:
            resolved.append(resolved[-1])  # the whole gap goes to one side
        else:
            resolved.append(before if before == behind else base)
    return resolved


def _level(side: int, base: int) -> int:
    return {0: 2 if base else 0, 1: 1, 2: 2}[side]


def _ordered(leveled: list[tuple[int, BidiRun]]) -> list[BidiRun]:
    """Rule L2: from the highest level down to the lowest odd one, reverse every stretch at that level or above."""
    line = list(leveled)
    for level in (2, 1):
        result: list[tuple[int, BidiRun]] = []
        for high, group in groupby(line, key=lambda each, level=level: each[0] >= level):  # type: ignore[misc]
            stretch = list(group)
            result.extend(reversed(stretch) if high else stretch)
        line = result
    return [run for _, run in line]
