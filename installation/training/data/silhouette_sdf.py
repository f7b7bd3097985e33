"""`python -m installation.training silhouettes`: the theatre's figures as signed distance fields.

Reads `silhouettes.toml`: glyphs of two free fonts, and strokes drawn by hand.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from installation.core.errors import ShowError
from installation.models.theatre.vocabulary import ROTATING_PARTS, SUBJECTS
from installation.training.data.silhouette_strokes import GRID, StrokeCanvas, draw

Mask = NDArray[np.bool_]

SIDE = 128  # of a field, pixels
DEEPEST = 0.3  # the largest depth that is stored, in units of the square
FLOOR, FILL = 0.96, 0.92  # a glyph stands on the floor and fills so much of the square
NOTO_STRIKE = 109  # the one size of Noto's bitmaps, pixels
OUTLINE = 0.028  # how wide the outermost line of an engraved glyph may be, in units of the square
HUB = (0.5, 0.5)  # about which nothing turns
PACKAGES = {"noto": "fonts-noto-color-emoji", "symbola": "fonts-symbola"}
DRAWN = tuple(name for name in SUBJECTS if name != "nobody")


class Fonts(NamedTuple):
    noto: Path
    symbola: Path


def build(fonts: Fonts, target: Path) -> None:
    """Draw every subject and store its fields: `depth`, `lit` and `turning` with the names that they belong to.

    Raises:
        ShowError: a font is not there.
    """
    for name, path in fonts._asdict().items():
        if not path.is_file():
            raise ShowError(f"There is no font at {path}: name it by --{name} (Debian: {PACKAGES[name]})")
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    papers = {
        name: paper(table[name], fonts, ROTATING_PARTS[name].hub if name in ROTATING_PARTS else HUB) for name in DRAWN
    }
    nobody = np.full((SIDE, SIDE), -127, np.int8)
    lit = {name: field(one.lit) for name, one in papers.items() if one.lit.any()}
    turning = {name: field(one.turning) for name, one in papers.items() if one.turning.any()}
    np.savez_compressed(
        target,
        step=np.float32(DEEPEST / 127),
        depth=np.stack([*(field(one.shape) for one in papers.values()), nobody]),
        names=np.array(list(SUBJECTS)),
        lit=np.stack(list(lit.values())),
        lit_names=np.array(list(lit)),
        turning=np.stack(list(turning.values())),
        turning_names=np.array(list(turning)),
    )


def paper(entry: dict[str, object], fonts: Fonts, hub: tuple[float, float]) -> StrokeCanvas:
    """One figure of the table, large: [GRID, GRID]."""
    begun = StrokeCanvas.empty()
    if "noto" in entry:
        begun = begun._replace(shape=of_noto(str(entry["noto"]), fonts.noto))
    elif "symbola" in entry:
        begun = begun._replace(shape=of_symbola(str(entry["symbola"]), fonts.symbola, entry))
    return draw(begun, str(entry.get("strokes", "")), hub)


def of_noto(glyph: str, font: Path) -> Mask:
    """The outline of a bitmap of 109 pixels, smoothed at a large size; holes of the bitmap stay."""
    sheet = Image.new("RGBA", (220, 200))
    ImageDraw.Draw(sheet).text((20, 20), glyph, font=ImageFont.truetype(str(font), NOTO_STRIKE), embedded_color=True)
    large = sheet.getchannel("A").resize((220 * 8, 200 * 8), Image.Resampling.BICUBIC)
    soft = ndimage.gaussian_filter(np.asarray(large, np.float32) / 255, 5)
    return fitted(soft > 0.5)


def of_symbola(glyph: str, font: Path, entry: dict[str, object]) -> Mask:
    """A glyph of outlines as the table wants it drawn."""
    sheet = Image.new("L", (2400, 2000))
    ImageDraw.Draw(sheet).text((500, 300), glyph, font=ImageFont.truetype(str(font), 900), fill=255)
    sheet = sheet.rotate(float(str(entry.get("turn", 0))), expand=True)
    ink = fitted(np.asarray(sheet) > 127)
    style = entry.get("draw", "whole")
    bold = float(str(entry.get("bold", 0))) / 100
    if style == "whole":
        return filled(ink)
    if style == "ink":
        return grown(ink, bold)
    inner = ndimage.distance_transform_edt(filled(ink)) > OUTLINE * GRID
    engraved: Mask = filled(ink) & ~grown(ink & inner, bold)
    return engraved


def filled(ink: Mask) -> Mask:
    whole: Mask = ndimage.binary_fill_holes(ink)
    return whole


def grown(ink: Mask, by: float) -> Mask:
    """Thicker by `by` on each side, in units of the square."""
    thick: Mask = ndimage.distance_transform_edt(~ink) <= by * GRID
    return thick


def fitted(ink: Mask) -> Mask:
    """Cut to its bounding box, in the middle of the square's floor."""
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    cut = Image.fromarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    scale = FILL * GRID / max(cut.size)
    cut = cut.convert("L").resize((round(cut.width * scale), round(cut.height * scale)), Image.Resampling.LANCZOS)
    square = Image.new("L", (GRID, GRID))
    square.paste(cut, ((GRID - cut.width) // 2, round(FLOOR * GRID) - cut.height))
    return np.asarray(square) > 127


def field(shape: Mask) -> NDArray[np.int8]:
    """The depth of each place within a shape, [SIDE, SIDE]: a Euclidean distance transform either side of its edge."""
    depth = ndimage.distance_transform_edt(shape) - ndimage.distance_transform_edt(~shape)
    step = GRID // SIDE
    small = depth.reshape(SIDE, step, SIDE, step).mean((1, 3)) / GRID
    steps: NDArray[np.int8] = np.clip(np.round(small / (DEEPEST / 127)), -127, 127).astype(np.int8)
    return steps
