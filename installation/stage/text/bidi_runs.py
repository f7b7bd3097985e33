"""Itemisation: a line of text as runs of one font face, script and direction, in visual order.

The order follows a subset of the Unicode bidirectional algorithm (Unicode Standard Annex 9): the direction of the
paragraph is that of its first strong character (P2, P3), numbers and their separators (W4, W5), brackets (N0), neutral
characters (N1, N2), reordering (L2). Explicit embeddings are not supported; `prompt_text.clean` removes them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby, pairwise

from installation.stage.text.fonts import CJK, EMOJI, FALLBACKS, ROMAN, FontFace, coverage
from installation.stage.text.graphemes import (
    ZERO_WIDTH_JOINER,
    cluster_starts,
    extends_cluster,
    is_regional_indicator,
)

_RIGHT_TO_LEFT = ("R", "AL")  # bidirectional classes
_STRONG = ("L", *_RIGHT_TO_LEFT)
_NUMBERS = ("EN", "AN")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_EMOJI_PRESENTATION = "\ufe0f"
_INVISIBLE = frozenset((0x200C, 0x200D, 0xFE0E, 0xFE0F))  # joiners and variation selectors need no glyph
_GREEK = (range(0x370, 0x400), range(0x1F00, 0x2000))
_CYRILLIC = range(0x400, 0x530)


@dataclass(frozen=True)
class BidiRun:
    """Characters of one face, script (ISO 15924) and direction, in logical order."""

    text: str
    face: FontFace
    script: str
    left_to_right: bool


def visual_runs(text: str, main: FontFace = ROMAN) -> list[BidiRun]:
    """The runs of one line in visual order, from left to right. Characters that no face covers are dropped."""
    faces = _choose_faces(text, main)
    covered = [(character, face) for character, face in zip(text, faces, strict=True) if face is not None]
    levels = _embedding_levels("".join(character for character, _ in covered))
    items = [(face, level, character) for (character, face), level in zip(covered, levels, strict=True)]
    runs: list[tuple[int, BidiRun]] = []
    for (face, level), group in groupby(items, key=lambda item: item[:2]):
        part = "".join(character for _, _, character in group)
        runs.extend((level, run) for run in _split_by_script(part, face, level % 2 == 0))
    return _reordered(runs)


def supported_text(text: str, main: FontFace = ROMAN) -> str:
    """The text without the characters that no face covers, with white space folded."""
    pairs = zip(text, _choose_faces(text, main), strict=True)
    return " ".join("".join(character for character, face in pairs if face is not None).split())


def _choose_faces(text: str, main: FontFace) -> list[FontFace | None]:
    """The face of each character, the same for all characters of a cluster; None if no face covers it."""
    faces: list[FontFace | None] = []
    for start, end in pairwise([*cluster_starts(text), len(text)]):
        face = _choose_face(text[start:end], main, faces[-1] if faces else None)
        faces.extend([face] * (end - start))
    return faces


def _choose_face(cluster: str, main: FontFace, previous: FontFace | None) -> FontFace | None:
    """The first face that covers the whole cluster, else the first that covers its first character."""
    candidates = _candidates(cluster, main, previous)
    needed = [ord(character) for character in cluster if ord(character) not in _INVISIBLE]
    for face in candidates:
        if all(code in coverage(face) for code in needed):
            return face
    return next((face for face in candidates if ord(cluster[0]) in coverage(face)), None)


def _candidates(cluster: str, main: FontFace, previous: FontFace | None) -> tuple[FontFace, ...]:
    """The faces to try for a cluster: emoji first for emoji, the previous face first for spaces and punctuation."""
    first = cluster[0]
    if _EMOJI_PRESENTATION in cluster or ZERO_WIDTH_JOINER in cluster or is_regional_indicator(first):
        return (EMOJI, main, *FALLBACKS)
    if first.isspace() or unicodedata.category(first)[0] == "P" or first.isdigit():
        keep = main if previous is None or previous in (EMOJI, CJK) else previous
        return (keep, main, *FALLBACKS)
    return (main, *FALLBACKS)


def _split_by_script(text: str, face: FontFace, left_to_right: bool) -> list[BidiRun]:
    """One run, or one for each script if the face serves several; characters without a script join those before."""
    if face.script:
        return [BidiRun(text, face, face.script, left_to_right)]
    scripts: list[str] = []
    for character in text:
        scripts.append(_script(character) or (scripts[-1] if scripts else "Latn"))
    grouped = groupby(zip(text, scripts, strict=True), key=lambda pair: pair[1])
    return [BidiRun("".join(pair[0] for pair in group), face, script, left_to_right) for script, group in grouped]


def _script(character: str) -> str:
    """The script of a letter of the Latin face, "" for other characters."""
    if not character.isalpha() or extends_cluster(character):
        return ""
    code = ord(character)
    if any(code in letters for letters in _GREEK):
        return "Grek"
    return "Cyrl" if code in _CYRILLIC else "Latn"


class _Side(IntEnum):
    """The resolved direction of a character."""

    LEFT_TO_RIGHT = 0
    RIGHT_TO_LEFT = 1
    NUMBER = 2  # within right-to-left text; keeps its own order, counts as right-to-left for its neighbours

    @property
    def of_neighbours(self) -> _Side:
        """The side that neighbouring neutral characters see."""
        return _Side.RIGHT_TO_LEFT if self else _Side.LEFT_TO_RIGHT


def _embedding_levels(text: str) -> list[int]:
    """The embedding level of each character: even levels are read from left to right, odd ones from right to left."""
    classes = _joined_numbers([unicodedata.bidirectional(character) for character in text])
    strong = next((each for each in classes if each in _STRONG), "L")
    base = _Side.RIGHT_TO_LEFT if strong in _RIGHT_TO_LEFT else _Side.LEFT_TO_RIGHT
    sides = _known_sides(classes, base)
    _resolve_brackets(text, sides, base)
    left_level = 2 if base else 0
    return [int(side) or left_level for side in _resolve_neutrals(sides, base)]


def _joined_numbers(classes: Sequence[str]) -> list[str]:
    """Rules W4 and W5: a separator between two numbers is part of them, as are terminators like % beside one."""
    joined = list(classes)
    for i in range(1, len(joined) - 1):
        if joined[i] in ("CS", "ES") and joined[i - 1] in _NUMBERS and joined[i + 1] == joined[i - 1]:
            joined[i] = joined[i - 1]
    for neighbour, indices in ((-1, range(1, len(joined))), (1, range(len(joined) - 2, -1, -1))):
        for i in indices:
            if joined[i] == "ET" and joined[i + neighbour] == "EN":
                joined[i] = "EN"
    return joined


def _known_sides(classes: Sequence[str], base: _Side) -> list[_Side | None]:
    """The sides of strong characters, numbers and marks; None for neutral characters."""
    sides: list[_Side | None] = []
    strong = base
    for each in classes:
        if each in _STRONG:
            strong = _Side.LEFT_TO_RIGHT if each == "L" else _Side.RIGHT_TO_LEFT
            sides.append(strong)
        elif each in _NUMBERS:
            sides.append(_Side.NUMBER if strong == _Side.RIGHT_TO_LEFT else _Side.LEFT_TO_RIGHT)
        elif each in ("NSM", "BN") and sides:
            sides.append(sides[-1])
        else:
            sides.append(None)
    return sides


def _resolve_brackets(text: str, sides: list[_Side | None], base: _Side) -> None:
    """Rule N0, in place: a pair of brackets takes the side of the paragraph if it holds any of it, else of its context.

    A pair that holds only neutral characters stays neutral.
    """
    opened: list[tuple[str, int]] = []  # the closing bracket, and the index of the opening one
    for end, character in enumerate(text):
        if character in _BRACKETS:
            opened.append((_BRACKETS[character], end))
        elif opened and character == opened[-1][0]:
            _, start = opened.pop()
            held = {side.of_neighbours for side in sides[start + 1 : end] if side is not None}
            if held:
                before = next((side.of_neighbours for side in reversed(sides[:start]) if side is not None), base)
                sides[start] = sides[end] = base if base in held else before


def _resolve_neutrals(sides: Sequence[_Side | None], base: _Side) -> list[_Side]:
    """Rules N1 and N2: neutral characters take the side that both neighbours share, else the side of the paragraph."""
    resolved: list[_Side] = []
    for i, side in enumerate(sides):
        if side is not None:
            resolved.append(side)
        elif i and sides[i - 1] is None:  # the whole gap takes one side
            resolved.append(resolved[-1])
        else:
            before = resolved[-1].of_neighbours if resolved else base
            after = next((other.of_neighbours for other in sides[i:] if other is not None), base)
            resolved.append(before if before == after else base)
    return resolved


def _reordered(runs: list[tuple[int, BidiRun]]) -> list[BidiRun]:
    """Rule L2: from the highest level to the lowest odd one, reverse each sequence of runs at that level or above."""
    line = list(runs)
    for level in (2, 1):
        reordered: list[tuple[int, BidiRun]] = []
        for is_reversed, group in groupby(line, key=lambda item, level=level: item[0] >= level):  # type: ignore[misc]
            sequence = list(group)
            reordered.extend(reversed(sequence) if is_reversed else sequence)
        line = reordered
    return [run for _, run in line]
