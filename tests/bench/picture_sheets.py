"""Draws the pictures of written prompts, a sheet for each category, for people who have not seen them to judge.

    python -m tests.bench.picture_sheets --out DIR [--half frozen] [--generator theatre] [--steps 24] [--category verse]

Each picture has its prompt below it. A judge marks it as full, partial, missing or contradicted (something is shown
that nobody asked for and that changes the meaning), and gives its beauty 1 to 5. Prompts that name nothing to be seen
("hello") have a dark field: a show keeps its picture. The half `tune` is for those who work
on the world; nothing is tuned to the half `frozen`.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from installation.dream.session import DreamSession
from installation.models import default_place
from installation.models.interfaces import Picture
from installation.text.gist import gist
from tests.bench.dreaming import load_session, settled_point

FOLDER = Path(__file__).parent
SIZE = (216, 384)  # pixels of a picture: height and width
COLUMNS, CAPTION, FONT_SIZE = 4, 26, 15
BACKGROUND, INK = (24, 24, 24), (225, 220, 210)
FONTS = ("EBGaramond-Medium.ttf", "DroidSansFallback.ttf", "NotoNaskhArabic-Regular.ttf")


def load_prompts(half: str) -> dict[str, list[str]]:
    """The prompts of one half by category."""
    table: dict[str, list[str]] = tomllib.loads((FOLDER / f"picture_prompts_{half}.toml").read_text(encoding="utf-8"))
    return table


def picture_of(session: DreamSession, text: str, steps: int) -> Picture:
    """The picture of a prompt after so many optimisation steps, in the shape of a stage."""
    generator = session.models.generator
    wish = gist(text).prompt
    if not wish:
        return np.full((*SIZE, 3), BACKGROUND, np.uint8)  # the picture on the stage would stay
    picture = generator.paint(settled_point(session, wish, 1, steps), SIZE if generator.resolution_free else None)
    resized = Image.fromarray(picture).resize(SIZE[::-1], Image.Resampling.LANCZOS)
    return np.asarray(resized)


def draw_sheet(texts: Sequence[str], pictures: Sequence[Picture], path: Path) -> None:
    """Write pictures with their prompts below as a JPEG."""
    height, width = SIZE
    rows = -(-len(texts) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * width, rows * (height + CAPTION)), BACKGROUND)
    pen = ImageDraw.Draw(sheet)
    for index, (text, picture) in enumerate(zip(texts, pictures, strict=True)):
        x, y = index % COLUMNS * width, index // COLUMNS * (height + CAPTION)
        sheet.paste(Image.fromarray(picture), (x, y))
        pen.text((x + 6, y + height + 3), text, fill=INK, font=font_for(text))
    sheet.save(path, quality=86)


def font_for(text: str) -> ImageFont.FreeTypeFont:
    """The first embedded font for the script of a text."""
    if any("\u0600" <= letter <= "\u06ff" for letter in text):
        name = FONTS[2]
    else:
        name = FONTS[1] if any(letter > "\u2e80" for letter in text) else FONTS[0]
    return ImageFont.truetype(str(default_place().assets / "fonts" / name), FONT_SIZE)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--half", choices=("frozen", "tune"), default="tune")
    parser.add_argument("--generator", default="theatre")
    parser.add_argument("--steps", type=int, default=24)
    parser.add_argument("--category", help="one category only")
    options = parser.parse_args()
    session = load_session(options.generator)
    options.out.mkdir(parents=True, exist_ok=True)
    for category, texts in load_prompts(options.half).items():
        if options.category in (None, category):
            path = options.out / f"{category}.jpg"
            draw_sheet(texts, [picture_of(session, text, options.steps) for text in texts], path)
            print(f"{category}: {len(texts)} pictures in {path}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
