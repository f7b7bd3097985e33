"""The faces of assets/fonts, and which characters each of them has."""

from __future__ import annotations

import struct
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache

import numpy as np
import pygame

from installation.core.paths import ASSETS

FOLDER = ASSETS / "fonts"
OPEN_FONTS = 64  # kept open, over all sizes


@dataclass(frozen=True)
class FontFace:
    """A font file, the script that it is here for (ISO 15924), and its size against the Latin face's."""

    file: str
    script: str = ""  # "": told from the characters
    scale: float = 1.0


ROMAN = FontFace("EBGaramond-Medium.ttf")
ITALIC = FontFace("EBGaramond-MediumItalic.ttf")
EMOJI = FontFace("NotoEmoji.ttf", "Zyyy", 0.8)
IDEOGRAPHS = FontFace("DroidSansFallback.ttf", "Hani", 0.86)
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
    IDEOGRAPHS,
    EMOJI,
)


@cache
def coverage(face: FontFace) -> frozenset[int]:
    """The code points that the face has a glyph for, from the file's cmap (OpenType, formats 4 and 12)."""
    data = (FOLDER / face.file).read_bytes()
    for index in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        if tag == b"cmap":
            return _characters(data, offset)
    raise ValueError(f"{face.file} has no cmap.")


def _characters(data: bytes, cmap: int) -> frozenset[int]:
    found: set[int] = set()
    for index in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        start = cmap + struct.unpack_from(">I", data, cmap + 4 + 8 * index + 4)[0]
        form = struct.unpack_from(">H", data, start)[0]
        if form == 4:
            found |= _format_4(data, start)
        elif form == 12:
            for first, last, _ in struct.iter_unpack(">III", data[start + 16 : start + _length_12(data, start)]):
                found.update(range(first, last + 1))
    return frozenset(found)


def _length_12(data: bytes, start: int) -> int:
    return 16 + 12 * int(struct.unpack_from(">I", data, start + 12)[0])


def _format_4(data: bytes, start: int) -> set[int]:
    length, segments = struct.unpack_from(">H", data, start + 2)[0], struct.unpack_from(">H", data, start + 6)[0] // 2
    words = np.frombuffer(data, ">u2", length // 2, start).astype(np.int64)
    ends, firsts = words[7 : 7 + segments], words[8 + segments : 8 + 2 * segments]
    deltas, offsets = words[8 + 2 * segments : 8 + 3 * segments], words[8 + 3 * segments : 8 + 4 * segments]
    found: set[int] = set()
    for segment in range(segments):
        codes = np.arange(firsts[segment], ends[segment] + 1)
        glyphs = codes
        if offsets[segment]:
            place = 8 + 3 * segments + segment + offsets[segment] // 2 + codes - firsts[segment]
            glyphs = np.where(place < len(words), words[np.minimum(place, len(words) - 1)], 0)
            glyphs = np.where(glyphs == 0, -deltas[segment], glyphs)
        found.update(codes[((glyphs + deltas[segment]) & 0xFFFF != 0) & (codes != 0xFFFF)].tolist())
    return found


class FontCache:
    """Open fonts by face and size; the least recently used are let go."""

    def __init__(self) -> None:
        pygame.font.init()
        self._open: OrderedDict[tuple[FontFace, int], pygame.font.Font] = OrderedDict()

    def font(self, face: FontFace, size: int) -> pygame.font.Font:
        """The face in `size` pixels (of the Latin face; the face's own scale is applied)."""
        key = (face, size)
        if key not in self._open:
            self._open[key] = pygame.font.Font(FOLDER / face.file, max(6, round(size * face.scale)))
            if len(self._open) > OPEN_FONTS:
                self._open.popitem(last=False)
        self._open.move_to_end(key)
        return self._open[key]
