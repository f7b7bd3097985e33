"""The font faces in assets/fonts: their order of fallback, the characters that each covers, and open fonts by size."""

from __future__ import annotations

import struct
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray

from installation.core.paths import ASSETS

FONT_FOLDER = ASSETS / "fonts"
MAX_OPEN_FONTS = 64  # over all faces and sizes
MIN_PIXELS = 6  # of a face


@dataclass(frozen=True)
class FontFace:
    """A font file, the script that it is used for, and the scale that makes it look as large as the Latin face."""

    file: str
    script: str = ""  # ISO 15924; if empty, each character decides (Latin, Greek or Cyrillic)
    scale: float = 1.0


ROMAN = FontFace("EBGaramond-Medium.ttf")
ITALIC = FontFace("EBGaramond-MediumItalic.ttf")
EMOJI = FontFace("NotoEmoji.ttf", "Zyyy", 0.8)
CJK = FontFace("DroidSansFallback.ttf", "Hani", 0.86)
FALLBACKS = (
    FontFace("NotoSerifHebrew-Regular.ttf", "Hebr", 0.82),
    FontFace("NotoNaskhArabic-Regular.ttf", "Arab", 1.1),
    FontFace("NotoSerifDevanagari-Regular.ttf", "Deva", 0.9),
    FontFace("NotoSerifThai-Regular.ttf", "Thai", 0.84),
    FontFace("NotoSansBengali-Regular.ttf", "Beng", 0.84),
    FontFace("NotoSerifTamil-Regular.ttf", "Taml", 0.8),
    FontFace("NotoSansTelugu-Regular.ttf", "Telu", 0.8),
    FontFace("NotoSerifGujarati-Regular.ttf", "Gujr", 0.84),
    FontFace("NotoSerifGurmukhi-Regular.ttf", "Guru", 0.84),
    FontFace("NotoSansKannada-Regular.ttf", "Knda", 0.8),
    FontFace("NotoSerifMalayalam-Regular.ttf", "Mlym", 0.8),
    FontFace("NotoSansOriya-Regular.ttf", "Orya", 0.84),
    FontFace("NotoSansSinhala.ttf", "Sinh", 0.8),
    FontFace("NotoSansKhmer-Regular.ttf", "Khmr", 0.8),
    FontFace("NotoSerifLao-Regular.ttf", "Laoo", 0.84),
    FontFace("NotoSansMyanmar-Regular.ttf", "Mymr", 0.8),
    FontFace("NotoSerifArmenian-Regular.ttf", "Armn", 0.84),
    FontFace("NotoSerifGeorgian-Regular.ttf", "Geor", 0.84),
    FontFace("NotoSerifEthiopic-Regular.ttf", "Ethi", 0.84),
    CJK,
    EMOJI,
)


def coverage(face: FontFace) -> frozenset[int]:
    """The code points that a face has a glyph for, from the `cmap` table of its file (OpenType, formats 4 and 12).

    A face whose file is missing or damaged has the coverage of its substitute, pygame's own font; the check of the
    assets reports such a file.
    """
    return _readable_font(FONT_FOLDER / face.file)[1]


@cache
def _readable_font(path: Path) -> tuple[Path, frozenset[int]]:
    """The font file and its coverage; those of pygame's own font if it is missing or damaged."""
    pygame.font.init()
    try:
        pygame.font.Font(path, MIN_PIXELS)
        return path, _read_coverage(path.read_bytes())
    except (OSError, pygame.error, ValueError, IndexError, struct.error):
        substitute = Path(pygame.__file__).with_name(pygame.font.get_default_font())
        return substitute, _read_coverage(substitute.read_bytes())


def _read_coverage(data: bytes) -> frozenset[int]:
    """Raises ValueError, IndexError or struct.error if the font is damaged."""
    count = struct.unpack_from(">H", data, 4)[0]
    tables = [struct.unpack_from(">4sIII", data, 12 + 16 * index) for index in range(count)]
    if any(offset + length > len(data) for _, _, offset, length in tables):
        raise ValueError("cut short")
    for tag, _, offset, _ in tables:
        if tag == b"cmap":
            return _cmap_code_points(data, offset)
    raise ValueError("no cmap table")


def _cmap_code_points(data: bytes, cmap: int) -> frozenset[int]:
    """The code points of all subtables of the `cmap` table that starts at byte `cmap`."""
    code_points: set[int] = set()
    subtables = struct.unpack_from(">H", data, cmap + 2)[0]
    for index in range(subtables):
        start = cmap + struct.unpack_from(">I", data, cmap + 4 + 8 * index + 4)[0]
        subtable_format = struct.unpack_from(">H", data, start)[0]
        if subtable_format == 4:
            code_points |= _format_4(data, start)
        elif subtable_format == 12:
            code_points |= _format_12(data, start)
    return frozenset(code_points)


def _format_4(data: bytes, start: int) -> set[int]:
    """Segment mapping to delta values: code points of the basic plane with a glyph other than 0."""
    length, segments = struct.unpack_from(">H", data, start + 2)[0], struct.unpack_from(">H", data, start + 6)[0] // 2
    words = np.frombuffer(data, ">u2", length // 2, start).astype(np.int64)
    ends, firsts = words[7 : 7 + segments], words[8 + segments : 8 + 2 * segments]
    deltas, offsets = words[8 + 2 * segments : 8 + 3 * segments], words[8 + 3 * segments : 8 + 4 * segments]
    code_points: set[int] = set()
    for segment in range(segments):
        codes: NDArray[np.int64] = np.arange(firsts[segment], ends[segment] + 1)
        glyphs = codes
        if offsets[segment]:  # counted in bytes from its own position in the table
            index = 8 + 3 * segments + segment + offsets[segment] // 2 + codes - firsts[segment]
            glyphs = np.where(index < len(words), words[np.minimum(index, len(words) - 1)], 0)
            glyphs = np.where(glyphs == 0, -deltas[segment], glyphs)  # glyph 0 means missing, whatever the delta
        has_glyph = (glyphs + deltas[segment]) & 0xFFFF != 0
        code_points.update(codes[has_glyph & (codes != 0xFFFF)].tolist())
    return code_points


def _format_12(data: bytes, start: int) -> set[int]:
    """Segmented coverage: groups of consecutive code points from all planes."""
    groups = struct.unpack_from(">I", data, start + 12)[0]
    code_points: set[int] = set()
    for first, last, _ in struct.iter_unpack(">III", data[start + 16 : start + 16 + 12 * groups]):
        code_points.update(range(first, last + 1))
    return code_points


class FontCache:
    """Open fonts by face and size; the least recently used ones are closed."""

    def __init__(self) -> None:
        pygame.font.init()
        self._fonts: OrderedDict[tuple[FontFace, int], pygame.font.Font] = OrderedDict()

    def font(self, face: FontFace, size: int) -> pygame.font.Font:
        """A face at the size that matches `size` pixels of the Latin face."""
        key = (face, size)
        if key not in self._fonts:
            path, _ = _readable_font(FONT_FOLDER / face.file)
            self._fonts[key] = pygame.font.Font(path, max(MIN_PIXELS, round(size * face.scale)))
            if len(self._fonts) > MAX_OPEN_FONTS:
                self._fonts.popitem(last=False)
        self._fonts.move_to_end(key)
        return self._fonts[key]
