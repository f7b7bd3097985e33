"""Contact sheets that are read: pictures with their words beneath, on dark paper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from installation import models
from installation.models.interfaces import Picture

PAPER, INK, FAINT = (19, 17, 24), (226, 217, 200), (150, 140, 128)
SIDE, GAP, LINE, SIZE = 160, 14, 17, 15  # pixels
LINES = 2  # of words at most
JPEG_QUALITY = 88

Tile = tuple[str, Picture]


def prompt_sheet(rows: Sequence[Sequence[Tile]], path: Path, heads: Sequence[str] = ()) -> None:
    """Rows of (words, picture); `heads`, if given, stand faintly above each row. PNG or JPEG by the file's ending."""
    font = ImageFont.truetype(str(_fonts() / "EBGaramond-MediumItalic.ttf"), SIZE)
    head = LINE + 4 if heads else 0
    tall = head + SIDE + 6 + LINES * LINE + GAP
    across = max(len(row) for row in rows)
    sheet = Image.new("RGB", (GAP + across * (SIDE + GAP), GAP + len(rows) * tall), PAPER)
    pen = ImageDraw.Draw(sheet)
    for row_index, row in enumerate(rows):
        top = GAP + row_index * tall
        if heads:
            pen.text((GAP, top - 4), heads[row_index], FAINT, font)
        for column, (words, picture) in enumerate(row):
            left = GAP + column * (SIDE + GAP)
            shown = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
            sheet.paste(shown, (left, top + head))
            for line, text in enumerate(wrapped(words, font)):
                place = (left + SIDE / 2, top + head + SIDE + 5 + line * LINE)
                pen.text(place, text, INK, font, anchor="ma")
    if path.suffix == ".png":
        sheet.save(path, optimize=True)
    else:
        sheet.save(path, quality=JPEG_QUALITY, optimize=True)


def wrapped(words: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """At most `LINES` lines of the sheet's width, of even length where there are two."""
    parts = words.split()
    if font.getlength(words) <= SIDE or len(parts) == 1:
        return [words]
    cuts = [(" ".join(parts[:i]), " ".join(parts[i:])) for i in range(1, len(parts))]
    first, second = min(cuts, key=lambda cut: max(font.getlength(line) for line in cut))
    return [_cut(first, font), _cut(second, font)]


def _cut(line: str, font: ImageFont.FreeTypeFont) -> str:
    if font.getlength(line) <= SIDE + GAP - 2:
        return line
    while font.getlength(line + "…") > SIDE + GAP - 2:
        line = line[:-1]
    return line.rstrip() + "…"


def _fonts() -> Path:
    return models.default_place().assets / "fonts"
