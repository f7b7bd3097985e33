"""`python -m installation.training silhouettes`: builds the theatre's atlas of figures as signed distance fields.

`silhouette_sdf.toml` defines every figure: a glyph of one of two free fonts, hand-drawn strokes, or both.
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
from installation.training.data.silhouette_strokes import CANVAS_SIZE, Mask, StrokeCanvas, draw_strokes

FIELD_SIZE = 128  # pixels
MAX_DEPTH = 0.3  # the largest stored distance, in units of the square's side
FLOOR, EXTENT = 0.96, 0.92  # the lower edge of a glyph and its longer side, in units of the square's side
NOTO_BITMAP_SIZE = 109  # pixels; the only size of Noto's bitmaps
OUTLINE_WIDTH = 0.028  # of the outermost line of an engraved glyph, at most, in units of the square's side
DEFAULT_HUB = (0.5, 0.5)  # centre of rotation of figures without turning parts
PACKAGES = {"noto": "fonts-noto-color-emoji", "symbola": "fonts-symbola"}
FIGURES = tuple(name for name in SUBJECTS if name != "nobody")

Entry = dict[str, object]  # a table of silhouette_sdf.toml


class Fonts(NamedTuple):
    """Font files: NotoColorEmoji.ttf and Symbola_hint.ttf."""

    noto: Path
    symbola: Path


def build_atlas(fonts: Fonts, target: Path) -> None:
    """Draw every figure and write the fields `depth`, `lit` and `turning`, each with the names of its figures.

    Raises:
        ShowError: A font file does not exist.
    """
    for name, path in fonts._asdict().items():
        if not path.is_file():
            raise ShowError(f"There is no font at {path}: name it by --{name} (Debian: {PACKAGES[name]})")
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    canvases = {name: draw_figure(table[name], fonts, hub_of(name)) for name in FIGURES}
    nobody = np.full((FIELD_SIZE, FIELD_SIZE), -127, np.int8)
    lit = {name: distance_field(one.lit) for name, one in canvases.items() if one.lit.any()}
    turning = {name: distance_field(one.turning) for name, one in canvases.items() if one.turning.any()}
    np.savez_compressed(
        target,
        step=np.float32(MAX_DEPTH / 127),
        depth=np.stack([*(distance_field(one.shape) for one in canvases.values()), nobody]),
        names=np.array(list(SUBJECTS)),
        lit=np.stack(list(lit.values())),
        lit_names=np.array(list(lit)),
        turning=np.stack(list(turning.values())),
        turning_names=np.array(list(turning)),
    )


def hub_of(name: str) -> tuple[float, float]:
    """The centre of rotation of a figure's turning parts, in units of the square's side."""
    return ROTATING_PARTS[name].hub if name in ROTATING_PARTS else DEFAULT_HUB


def draw_figure(entry: Entry, fonts: Fonts, hub: tuple[float, float]) -> StrokeCanvas:
    """Draw one entry of the table at full size; `hub` is the centre of rotation of its turning parts."""
    canvas = StrokeCanvas.empty()
    if "noto" in entry:
        canvas = canvas._replace(shape=_noto_glyph(str(entry["noto"]), fonts.noto))
    elif "symbola" in entry:
        canvas = canvas._replace(shape=_symbola_glyph(str(entry["symbola"]), fonts.symbola, entry))
    return draw_strokes(canvas, str(entry.get("strokes", "")), hub)


def distance_field(shape: Mask) -> NDArray[np.int8]:
    """The Euclidean distance to the edge of a shape, positive inside, [FIELD_SIZE, FIELD_SIZE] in MAX_DEPTH / 127."""
    depth = ndimage.distance_transform_edt(shape) - ndimage.distance_transform_edt(~shape)
    step = CANVAS_SIZE // FIELD_SIZE
    mean = depth.reshape(FIELD_SIZE, step, FIELD_SIZE, step).mean((1, 3)) / CANVAS_SIZE
    field: NDArray[np.int8] = np.clip(np.round(mean / (MAX_DEPTH / 127)), -127, 127).astype(np.int8)
    return field


def _noto_glyph(glyph: str, font: Path) -> Mask:
    """The alpha channel of a bitmap glyph, upscaled and smoothed. Its holes are kept."""
    sheet = Image.new("RGBA", (220, 200))
    truetype = ImageFont.truetype(str(font), NOTO_BITMAP_SIZE)
    ImageDraw.Draw(sheet).text((20, 20), glyph, font=truetype, embedded_color=True)
    large = sheet.getchannel("A").resize((220 * 8, 200 * 8), Image.Resampling.BICUBIC)
    smooth = ndimage.gaussian_filter(np.asarray(large, np.float32) / 255, 5)
    return _fit(smooth > 0.5)


def _symbola_glyph(glyph: str, font: Path, entry: Entry) -> Mask:
    """An outline glyph in the style that its entry asks for."""
    sheet = Image.new("L", (2400, 2000))
    ImageDraw.Draw(sheet).text((500, 300), glyph, font=ImageFont.truetype(str(font), 900), fill=255)
    sheet = sheet.rotate(float(str(entry.get("turn", 0))), expand=True)
    ink = _fit(np.asarray(sheet) > 127)
    style = entry.get("draw", "whole")
    bold = float(str(entry.get("bold", 0))) / 100
    if style == "whole":
        return _fill_holes(ink)
    if style == "ink":
        return _dilate(ink, bold)
    inner = ndimage.distance_transform_edt(_fill_holes(ink)) > OUTLINE_WIDTH * CANVAS_SIZE
    engraved: Mask = _fill_holes(ink) & ~_dilate(ink & inner, bold)
    return engraved


def _fill_holes(ink: Mask) -> Mask:
    filled: Mask = ndimage.binary_fill_holes(ink)
    return filled


def _dilate(ink: Mask, distance: float) -> Mask:
    """Dilate by a distance in units of the square's side."""
    dilated: Mask = ndimage.distance_transform_edt(~ink) <= distance * CANVAS_SIZE
    return dilated


def _fit(ink: Mask) -> Mask:
    """Crop to the bounding box, scale, and place it on the floor of the square, horizontally centred."""
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    cut = Image.fromarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    scale = EXTENT * CANVAS_SIZE / max(cut.size)
    cut = cut.convert("L").resize((round(cut.width * scale), round(cut.height * scale)), Image.Resampling.LANCZOS)
    square = Image.new("L", (CANVAS_SIZE, CANVAS_SIZE))
    square.paste(cut, ((CANVAS_SIZE - cut.width) // 2, round(FLOOR * CANVAS_SIZE) - cut.height))
    return np.asarray(square) > 127
