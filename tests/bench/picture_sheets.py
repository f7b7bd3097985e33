"""Draws the pictures of written prompts, a sheet for each category, for people who have not seen them to judge.

    python -m tests.bench.picture_sheets paint --out DIR [--half frozen] [--generator theatre] [--category verse]
    python -m tests.bench.picture_sheets shuffle BEFORE AFTER --out DIR
    python -m tests.bench.picture_sheets table

A picture is painted in the size that a show generates on four cores, and enlarged as its stage enlarges it. Each has
its prompt below it, and what the operator is told. A judge marks it as full, partly, missing or contradicted
(something is shown that nobody asked for and that changes the meaning), and gives its beauty 1 to 5.
Prompts that name nothing to be seen ("hello") have a dark field: a show keeps its picture. The half `tune` is for those
who work on the world, as are the later prompts `fresh`. The sets `first` to `twelfth` were written and judged
by people who had no part in the work, each later one after what the one before had shown was mended. The sets `placed`
and `placed_fresh` are about relations, places and everyday scenes, for those who work on them.

`shuffle` lays two painted folders on sheets together, in an order of chance, so that the judge does not know which
picture is of which; `key.json` tells it afterwards. `table` sums up the verdicts in `picture_verdicts.toml`.
"""

from __future__ import annotations

import argparse
import json
import random
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from installation.core.messages import Prompt
from installation.dream.session import DreamSession
from installation.models import default_place
from installation.models.capabilities import Staged
from installation.models.interfaces import Picture
from installation.show.settings import LookSettings
from installation.stage.compositor_cpu import CpuCompositor
from installation.stage.crossfade import CrossfadeView
from installation.stage.picture import DecodedPicture, prepare
from installation.text.gist import gist_of_any
from tests.bench.dreaming import load_session

FOLDER = Path(__file__).parent
GENERATED = (432, 768)  # height and width that a show generates on four cores
STAGE = (720, 1280)  # of a show's window, and of the written pictures
TILE = (360, 640)  # of a picture on a sheet
STEPS = 24
COLUMNS, LINE, FONT_SIZE, NOTICE_LETTERS = 3, 26, 19, 76
BACKGROUND, INK, PALE = (24, 24, 24), (225, 220, 210), (150, 145, 138)
HALVES = (
    *("frozen", "tune", "fresh", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "placed", "placed_fresh"),
)
VERDICTS = ("full", "partly", "missing", "contradicted")
FONTS = (
    "EBGaramond-Medium.ttf",
    "DroidSansFallback.ttf",
    "NotoNaskhArabic-Regular.ttf",
    "NotoSerifDevanagari-Regular.ttf",
)


@dataclass(frozen=True)
class Answer:
    """What a show answers to a prompt: a picture in a file of the folder, and what the operator is told."""

    category: str
    text: str
    notice: str
    file: str


def load_prompts(half: str) -> dict[str, list[str]]:
    """The prompts of one half by category."""
    table: dict[str, list[str]] = tomllib.loads((FOLDER / f"picture_prompts_{half}.toml").read_text(encoding="utf-8"))
    return table


def answer(session: DreamSession, text: str) -> tuple[Picture, str]:
    """The picture that a prompt settles on, in the shape of a stage, and what the operator is told."""
    generator = session.models.generator
    if isinstance(generator, Staged):
        generator.set_stage(0.0, "scenes")  # as a show begins to hold it
    wish = gist_of_any(text, "en").prompt
    if not wish:
        return np.full((*STAGE, 3), BACKGROUND, np.uint8), ""  # the picture on the stage would stay
    dream = session.dream((Prompt(1, wish),), 1, {})
    while dream.steps < STEPS:
        dream.step()
    dream.settle()
    picture = generator.paint(dream.point(), GENERATED if generator.resolution_free else None)
    return on_stage(picture), dream.pop_notice()


def on_stage(picture: Picture) -> Picture:
    """A generated picture as a show presents it without a graphics card, without captions."""
    (height, width), look = STAGE, LookSettings()
    shown = DecodedPicture.from_pixels(prepare(picture, height))
    stage = CpuCompositor((width, height), "fill", look.vignette, windowed=False, paper=look.paper)
    stage.draw(CrossfadeView(shown, shown, 1.0), ())
    return stage.capture()


def paint(session: DreamSession, half: str, only: str | None, out: Path) -> None:
    """Paint the prompts of one half, and write pictures, `answers.json`, and the sheet of each category."""
    answers = []
    for category, texts in load_prompts(half).items():
        if only not in (None, category):
            continue
        for number, text in enumerate(texts, start=1):
            picture, notice = answer(session, text)
            answers.append(Answer(category, text, notice, f"{category}-{number:02}.png"))
            Image.fromarray(picture).save(out / answers[-1].file)
        own = [one for one in answers if one.category == category]
        draw_sheet([(out / one.file, one.text, one.notice) for one in own], out / f"{category}.jpg")
        print(f"{category}: {len(texts)} pictures in {out / category}.jpg")
    rows = [asdict(one) for one in answers]
    (out / "answers.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def shuffle(folders: Sequence[Path], out: Path, seed: int = 1) -> None:
    """Lay the answers of several folders on sheets by category in an order of chance; `key.json` has the order."""
    chance, key = random.Random(seed), {}
    answers = [(folder, row) for folder in folders for row in json.loads((folder / "answers.json").read_text("utf-8"))]
    for category in dict.fromkeys(row["category"] for _, row in answers):
        own = [(folder, row) for folder, row in answers if row["category"] == category]
        chance.shuffle(own)
        tiles = []
        for number, (folder, row) in enumerate(own, start=1):
            name = f"{category} {number}"
            key[name] = {"folder": str(folder), "text": row["text"]}
            tiles.append((folder / row["file"], f"{number}. {row['text']}", row["notice"]))
        draw_sheet(tiles, out / f"{category}.jpg")
    (out / "key.json").write_text(json.dumps(key, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def verdict_tables() -> str:
    """The verdicts by category as Markdown, a table for each set: full, partly, missing, contradicted, beauty."""
    judged = tomllib.loads((FOLDER / "picture_verdicts.toml").read_text(encoding="utf-8"))["judged"]
    sets = dict.fromkeys(one["prompts"] for one in judged)
    return "\n\n".join(_verdict_table(name, [one for one in judged if one["prompts"] == name]) for name in sets)


def _verdict_table(name: str, judged: Sequence[dict[str, Any]]) -> str:
    prompts = load_prompts(name)
    titles = [f"`{name}`, {one['date']}, `{one['commit']}`" for one in judged]
    lines = [f"| | {' | '.join(titles)} |", "| --- " * (len(judged) + 1) + "|"]
    every = [text for texts in prompts.values() for text in texts]
    for category, texts in (*prompts.items(), ("**all**", every)):
        cells = [_summed([one["verdicts"][text].split() for text in texts]) for one in judged]
        lines.append(f"| {category} ({len(texts)}) | {' | '.join(cells)} |")
    return "\n".join(lines)


def _summed(verdicts: Sequence[Sequence[str]]) -> str:
    counts = [sum(verdict == name for verdict, _ in verdicts) for name in VERDICTS]
    beauty = [int(mark) for _, mark in verdicts if mark != "-"]
    return f"{' / '.join(map(str, counts))}, {sum(beauty) / len(beauty):.1f}"


def draw_sheet(tiles: Sequence[tuple[Path, str, str]], path: Path) -> None:
    """Write pictures, each with its text and a notice below, as a JPEG."""
    (height, width), below = TILE, 2 * LINE + 4
    rows = -(-len(tiles) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * width, rows * (height + below)), BACKGROUND)
    pen = ImageDraw.Draw(sheet)
    for index, (picture, text, notice) in enumerate(tiles):
        x, y = index % COLUMNS * width, index // COLUMNS * (height + below)
        with Image.open(picture) as image:
            sheet.paste(image.resize((width, height), Image.Resampling.LANCZOS), (x, y))
        font = font_for(text)
        pen.text((x + 6, y + height + 2), shortened(text, font, width - 12), fill=INK, font=font)
        pen.text((x + 6, y + height + LINE), notice[:NOTICE_LETTERS], fill=PALE, font=font_for(notice))
    sheet.save(path, quality=86)


def shortened(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """As much of a line as so many pixels hold."""
    if font.getlength(text) <= width:
        return text
    while font.getlength(f"{text}\u2026") > width:
        text = text[:-1].rstrip()
    return f"{text}\u2026"


def font_for(text: str) -> ImageFont.FreeTypeFont:
    """The first embedded font for the script of a text."""
    if any("\u0600" <= letter <= "\u06ff" for letter in text):
        name = FONTS[2]
    elif any("\u0900" <= letter <= "\u097f" for letter in text):
        name = FONTS[3]
    else:
        name = FONTS[1] if any(letter > "\u2e80" for letter in text) else FONTS[0]
    return ImageFont.truetype(str(default_place().assets / "fonts" / name), FONT_SIZE)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    painting = commands.add_parser("paint", help="paint the prompts of one half")
    painting.add_argument("--half", default="tune", choices=HALVES)
    painting.add_argument("--generator", default="theatre")
    painting.add_argument("--category", help="one category only")
    shuffling = commands.add_parser("shuffle", help="lay painted folders on sheets in an order of chance")
    shuffling.add_argument("folders", type=Path, nargs="+")
    commands.add_parser("table", help="sum up the verdicts")
    for command in (painting, shuffling):
        command.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    if options.command == "table":
        print(verdict_tables())
        return 0
    options.out.mkdir(parents=True, exist_ok=True)
    if options.command == "paint":
        paint(load_session(options.generator), options.half, options.category, options.out)
    else:
        shuffle(options.folders, options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
