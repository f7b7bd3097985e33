"""`python -m installation.training figures`: builds the theatre's atlas of paper figures.

The files `figures*.toml` define every figure. The atlas holds, for the body of a figure and for each of its moving
parts, a signed distance field of the outline and the slopes and shadows of its facets, cropped to what is there.
"""

from __future__ import annotations

import lzma
import math
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from installation.core.paths import ASSETS
from installation.models.theatre.figure_atlas import (
    ATLAS_COLUMNS,
    CROP_MARGIN,
    DEPTH_OF_CODES,
    DEPTH_STEP,
    FIELD_SIZE,
    MOTIONS,
    PACKED,
)
from installation.models.theatre.further_figures import FURTHER, FURTHER_PEOPLE
from installation.models.theatre.glyph_figures import GLYPHS, glyph_extent
from installation.models.theatre.outlined_figures import OUTLINED, outline_extent
from installation.models.theatre.vocabulary import SUBJECTS
from installation.training.data.figure_strokes import (
    CANVAS_SIZE,
    RELIEF_SIZE,
    FigureSheets,
    Mask,
    Sheets,
    draw_strokes,
    relief_mask,
)

FIGURES = tuple(name for name in SUBJECTS if name != "nobody")
DRAWN = tuple(name for name in FIGURES if name not in {*GLYPHS, *OUTLINED, *FURTHER_PEOPLE})
SLOPE_GRAIN, SHADE_GRAIN = 3, 8  # steps of the relief, in 127ths: finer ones are not seen and double the file
FACET_PIXELS = 4  # fewest pixels of a leaning that is stored
BLEED = 6  # pixels beyond an outline to which its facets continue
SWING_SAMPLES = 5  # angles of a part at which the extent of a figure is measured

FONT_FOLDER = ASSETS / "fonts"

Bytes = NDArray[np.int8]
NONE = np.zeros(0, np.uint8)
UNSEEN = -8  # distance from the outline, in DEPTH_STEP, from which on a place has what is above it: that packs best
PACKING = {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "pb": 0}


class CroppedField(NamedTuple):
    """A layer of a figure.

    Attributes:
        row: Of the table, see ATLAS_COLUMNS; without the number of leanings.
        channels: [channels, height, width].
        tints: [height, width], which of the colours each place has, from 1 on; None without any.
        colours: [colours, 4]: red, green, blue, and whether it is a coat.
    """

    row: tuple[float, ...]
    channels: Bytes
    tints: NDArray[np.uint8] | None
    colours: NDArray[np.uint8]


def figure_table() -> dict[str, str]:
    """The strokes of every figure of the files `figures*.toml`."""
    files = sorted(Path(__file__).parent.glob("figures*.toml"))
    tables = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    return {name: entry["strokes"] for each in tables for name, entry in each.items()}


def build_atlas(target: Path) -> None:
    """Draw every figure that is not cut from a glyph, and write the atlas, which has the extents of these, too."""
    table = figure_table()
    figures = {name: draw_strokes(table[name]) for name in DRAWN}
    fields = [field for name, figure in figures.items() for field in _fields(figure, FIGURES.index(name))]
    extents = {name: extent(figure) for name, figure in figures.items()}
    extents |= {name: glyph_extent(glyph, FONT_FOLDER) for name, glyph in GLYPHS.items()}
    extents |= {name: outline_extent(figure) for name, figure in OUTLINED.items()}
    extents |= {name: extents[FURTHER[name].like] for name in FURTHER_PEOPLE}
    _save(target, atlas_arrays([extents[name] for name in FIGURES], fields))


def atlas_arrays(extents: Sequence[tuple[float, float]], fields: Sequence[CroppedField]) -> dict[str, NDArray[Any]]:
    """The arrays of the atlas, from the extents of all figures and their layers."""
    folded = [_facets(field.channels[1:3]) for field in fields]
    rows = [(*field.row, float(len(leanings))) for field, (_, leanings) in zip(fields, folded, strict=True)]
    sheets = [(field, facets) for field, (facets, _) in zip(fields, folded, strict=True) if len(field.channels) > 1]
    return {
        "names": np.array(FIGURES),
        "extents": np.array(extents, np.float32),
        "layers": np.array(rows, np.float64),
        "depths": np.concatenate([_depth_codes(field.channels).ravel() for field in fields]),
        "facets": np.concatenate([NONE, *(_continued(facets, field).ravel() for field, facets in sheets)]),
        "leanings": np.concatenate([leanings for _, leanings in folded]),
        "shades": np.concatenate(
            [NONE, *(_continued(field.channels[3], field).ravel().view(np.uint8) for field, _ in sheets)]
        ),
        "tints": np.concatenate(
            [NONE, *(_continued(field.tints, field).ravel() for field, _ in sheets if field.tints is not None)]
        ),
        "colours": np.concatenate([field.colours for field in fields]),
    }


def _depth_codes(channels: Bytes) -> NDArray[np.uint8]:
    """The distances of a layer, each as its difference from the one above, which wraps; those of a sheet as codes."""
    codes = channels[0].view(np.uint8)
    if len(channels) > 1:
        order = np.arange(256, dtype=np.uint8).view(np.int8).argsort()  # from -128 to 127
        known = DEPTH_OF_CODES[order].astype(np.int16)
        first = np.flatnonzero(np.diff(known, prepend=known[0] - 1))  # of equal ones
        middle = (known[first][1:] + known[first][:-1]) / 2
        codes = order[first][np.searchsorted(middle, channels[0])].astype(np.uint8)
    differences: NDArray[np.uint8] = np.diff(codes, axis=0, prepend=np.uint8(0))
    return differences


def _continued(values: NDArray[Any], field: CroppedField) -> NDArray[Any]:
    """What each place of a sheet has; what is never seen has what is above it, which makes the file smaller."""
    values = values.copy()
    unseen = field.channels[0] < UNSEEN
    for row in range(1, len(values)):
        values[row] = np.where(unseen[row], values[row - 1], values[row])
    return values


def _facets(slopes: Bytes) -> tuple[NDArray[np.uint8], Bytes]:
    """Which leaning each place has, [height, width], and the leanings, [leanings, 2]; nothing of an opening.

    The few places that lean as hardly any other does, on the edges of facets, get the nearest leaning.
    """
    if not len(slopes):
        return NONE, np.zeros((0, 2), np.int8)
    pairs = slopes.reshape(2, -1).T.astype(np.int16)
    found, first, places, counts = np.unique(pairs, axis=0, return_index=True, return_inverse=True, return_counts=True)
    common = np.flatnonzero(counts >= max(FACET_PIXELS, np.sort(counts)[-256:][0]))
    common = common[np.argsort(-counts[common], kind="stable")[:256]] if len(common) else np.array([counts.argmax()])
    common = common[np.argsort(first[common])]  # in the order of their places, which a file packs best
    nearest = np.abs(found[:, None] - found[common][None]).sum(2).argmin(1).astype(np.uint8)
    return nearest[places.ravel()].reshape(slopes.shape[1:]), found[common].astype(np.int8)


def _save(target: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Write the arrays as `numpy.savez` does; those of PACKED as streams of LZMA."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            if name in PACKED:
                array = np.frombuffer(lzma.compress(array.tobytes(), filters=[PACKING]), np.uint8)
            with archive.open(_entry(name), "w") as stream:
                np.lib.format.write_array(stream, array, allow_pickle=False)


def _entry(name: str) -> zipfile.ZipInfo:
    """The entry of an array; the same whenever it is written."""
    entry = zipfile.ZipInfo(f"{name}.npy")
    entry.compress_type = zipfile.ZIP_STORED if name in PACKED else zipfile.ZIP_LZMA
    return entry


def extent(figure: FigureSheets) -> tuple[float, float]:
    """Half the width and the height above the floor of a figure, with its parts at any angle, in sides."""
    half_width = height = 0.0
    for sheets in (figure.body, *figure.parts):
        y, x = (np.nonzero(relief_mask(sheets.shape | sheets.lit))[axis][::7] / RELIEF_SIZE for axis in (0, 1))
        if not len(x):
            continue
        kind, amount = motion_of(sheets)
        reach = math.pi if kind == "spin" else abs(amount)
        for angle in np.linspace(-reach, reach, 24 if kind == "spin" else SWING_SAMPLES):
            dx, dy = x - sheets.pivot[0] / 100, y - sheets.pivot[1] / 100
            turned_x = sheets.pivot[0] / 100 + dx * math.cos(angle) - dy * math.sin(angle)
            turned_y = sheets.pivot[1] / 100 + dx * math.sin(angle) + dy * math.cos(angle)
            half_width = max(half_width, float(np.abs(turned_x - 0.5).max()))
            height = max(height, float(1 - turned_y.min()))
    return half_width, height


def motion_of(sheets: Sheets) -> tuple[str, float]:
    """The kind of a part's motion and its amount in radians, or in radians a second; ("rest", 0) for a body."""
    kind, _, amount = sheets.motion.partition(" ")
    if not kind:
        return "rest", 0.0
    return kind, float(amount) if kind == "spin" else math.radians(float(amount))


def distance_field(shape: Mask) -> NDArray[np.float32]:
    """The Euclidean distance to the edge of a shape, positive inside, [FIELD_SIZE, FIELD_SIZE] in sides."""
    block = CANVAS_SIZE // FIELD_SIZE
    filled = [np.flatnonzero(shape.any(axis)) for axis in (1, 0)]
    rows, columns = (slice(max(0, line[0] - 64) // block * block, (line[-1] + 64) // block * block) for line in filled)
    part = shape[rows, columns]
    depth = np.full(shape.shape, -CANVAS_SIZE, np.float32)
    depth[rows, columns] = ndimage.distance_transform_edt(part) - ndimage.distance_transform_edt(~part)
    return _reduced((depth / CANVAS_SIZE).astype(np.float32))


def _fields(figure: FigureSheets, index: int) -> Iterator[CroppedField]:
    """The layers of a figure, from back to front, with their lit openings."""
    count = number = 0
    for sheets in (figure.body, *figure.parts):
        number = number if sheets.joined else count
        for lit in (False, True):
            field = _cropped(sheets, index, number, lit)
            if field:
                yield field
                count += 1


def _cropped(sheets: Sheets, index: int, number: int, lit: bool) -> CroppedField | None:
    shape = sheets.lit if lit else sheets.shape
    if not shape.any():
        return None
    channels = _quantised(distance_field(shape), DEPTH_STEP)[None]
    if not lit:
        channels = np.concatenate([channels, _relief(sheets)])
    block = CANVAS_SIZE // FIELD_SIZE
    rows, columns = (np.flatnonzero(shape.any(axis)) // block for axis in (1, 0))
    top, left = (max(0, int(line[0]) - CROP_MARGIN) for line in (rows, columns))
    bottom, right = (min(FIELD_SIZE, int(line[-1]) + CROP_MARGIN + 1) for line in (rows, columns))
    kind, amount = motion_of(sheets)
    row: dict[str, float] = {
        "figure": index,
        "lit": lit,
        "top": top,
        "left": left,
        "height": bottom - top,
        "width": right - left,
        "pivot_x": sheets.pivot[0] / 100,
        "pivot_y": sheets.pivot[1] / 100,
        "motion": MOTIONS.index(kind),
        "amount": amount,
        "number": number,
        "second": sheets.second,
        "colours": 0 if lit else len(sheets.colours),
    }
    values = tuple(float(row[column]) for column in ATLAS_COLUMNS[:-1])
    cropped = channels[:, top:bottom, left:right].copy()
    if not row["colours"]:
        return CroppedField(values, cropped, None, NONE.reshape(0, 4))
    return CroppedField(
        values, cropped, _tints(sheets)[top:bottom, left:right], np.array(sheets.colours, np.uint8).reshape(-1, 4)
    )


def _relief(sheets: Sheets) -> Bytes:
    """The slopes and the shade, continued beyond the outline, [3, FIELD_SIZE, FIELD_SIZE]."""
    distance, rows, columns = _nearest(sheets)
    relief = np.concatenate([sheets.slopes, sheets.shade[None]])[:, rows, columns] * (distance < BLEED)
    slopes_x, slopes_y, shade = (_quantised(_reduced(channel), 1 / 127) for channel in relief)
    return np.stack([_coarse(slopes_x, SLOPE_GRAIN), _coarse(slopes_y, SLOPE_GRAIN), _coarse(shade, SHADE_GRAIN)])


def _tints(sheets: Sheets) -> NDArray[np.uint8]:
    """The tints, continued beyond the outline, [FIELD_SIZE, FIELD_SIZE]."""
    distance, rows, columns = _nearest(sheets)
    step = RELIEF_SIZE // FIELD_SIZE
    tints: NDArray[np.uint8] = sheets.tints[rows, columns] * (distance < BLEED).astype(np.uint8)
    return tints[step // 2 :: step, step // 2 :: step]


def _nearest(sheets: Sheets) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """How far each place of the relief is from the sheets, and the row and the column of the nearest place on them."""
    distance, nearest = ndimage.distance_transform_edt(~relief_mask(sheets.shape), return_indices=True)
    return distance, nearest[0], nearest[1]


def _coarse(values: Bytes, grain: int) -> Bytes:
    coarse: Bytes = (np.round(values / grain) * grain).clip(-127, 127).astype(np.int8)
    return coarse


def _quantised(values: NDArray[np.float32], step: float) -> Bytes:
    quantised: Bytes = np.clip(np.round(values / step), -127, 127).astype(np.int8)
    return quantised


def _reduced(values: NDArray[np.float32]) -> NDArray[np.float32]:
    block = values.shape[0] // FIELD_SIZE
    mean: NDArray[np.float32] = values.reshape(FIELD_SIZE, block, FIELD_SIZE, block).mean((1, 3)).astype(np.float32)
    return mean
