"""Contact sheets: grids of images, with or without captions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from installation import models
from installation.models.interfaces import Picture

BACKGROUND, TEXT, TITLE = (19, 17, 24), (226, 217, 200), (150, 140, 128)
FONT = "EBGaramond-MediumItalic.ttf"
IMAGE_SIZE, GAP, LINE_HEIGHT, FONT_SIZE = 160, 14, 17, 15  # pixels
TITLE_HEIGHT, CAPTION_GAP = LINE_HEIGHT + 4, 6  # pixels
CAPTION_LINES = 2
JPEG_QUALITY = 88

CaptionedImage = tuple[str, Picture]


def image_grid(images: Sequence[Picture], columns: int) -> Picture:
    """Images of one size in rows of `columns`; the last row is filled up with black."""
    padded = [*images, *[np.zeros_like(images[0])] * (-len(images) % columns)]
    rows = [np.concatenate(padded[i : i + columns], axis=1) for i in range(0, len(padded), columns)]
    return np.concatenate(rows)


def write_captioned_sheet(rows: Sequence[Sequence[CaptionedImage]], path: Path, titles: Sequence[str] = ()) -> None:
    """Write rows of captioned images, each below its title if there are titles, as PNG or JPEG by the suffix."""
    font = ImageFont.truetype(str(models.default_place().assets / "fonts" / FONT), FONT_SIZE)
    title_height = TITLE_HEIGHT if titles else 0
    row_height = title_height + IMAGE_SIZE + CAPTION_GAP + CAPTION_LINES * LINE_HEIGHT + GAP
    columns = max(len(row) for row in rows)
    sheet = Image.new("RGB", (GAP + columns * (IMAGE_SIZE + GAP), GAP + len(rows) * row_height), BACKGROUND)
    pen = ImageDraw.Draw(sheet)
    for row_index, row in enumerate(rows):
        top = GAP + row_index * row_height
        if titles:
            pen.text((GAP, top - 4), titles[row_index], TITLE, font)
        for column, (caption, picture) in enumerate(row):
            left, image_top = GAP + column * (IMAGE_SIZE + GAP), top + title_height
            sheet.paste(Image.fromarray(picture).resize((IMAGE_SIZE,) * 2, Image.Resampling.LANCZOS), (left, image_top))
            for line, text in enumerate(_wrap(caption, font)):
                text_top = image_top + IMAGE_SIZE + CAPTION_GAP - 1 + line * LINE_HEIGHT
                pen.text((left + IMAGE_SIZE / 2, text_top), text, TEXT, font, anchor="ma")
    if path.suffix == ".png":
        sheet.save(path, optimize=True)
    else:
        sheet.save(path, quality=JPEG_QUALITY, optimize=True)


def _wrap(caption: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """One line, or two of about equal length, each cut to the width of the image."""
    words = caption.split()
    if font.getlength(caption) <= IMAGE_SIZE or len(words) == 1:
        return [caption]
    splits = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    first, second = min(splits, key=lambda split: max(font.getlength(line) for line in split))
    return [_truncate(first, font), _truncate(second, font)]


def _truncate(line: str, font: ImageFont.FreeTypeFont) -> str:
    width = IMAGE_SIZE + GAP - 2
    if font.getlength(line) <= width:
        return line
    while font.getlength(line + "…") > width:
        line = line[:-1]
    return line.rstrip() + "…"
