"""The outlines of paper figures at rest, as coarse tables: where others sit on them, and how wide they are low down."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.theatre.figure_atlas import DEPTH_STEP, Atlas, PaperLayer
from installation.models.theatre.jointed_figures import PosedFigure, jointed_of
from installation.models.theatre.raster import cached_constant

CELLS = 64  # rows and columns of a table
FLOOR = 0.96  # y of the floor in a figure's square
SOLID = 0.004  # least distance from the edge of what counts as solid, in sides
BACK = (0.48, 0.70)  # columns of the back of an animal, which faces left
TOP = (0.36, 0.60)  # columns in which others sit on a figure that has no seat
HEAD = (0.0, 0.55)  # columns of the head of an animal
UPRIGHT_HEAD = (0.30, 0.62)  # columns of the head of a person
WAIST = (0.40, 0.68)  # rows in which a hand or a muzzle reaches farthest, in heights from the top
MUZZLE, FACE = (0.02, 0.50), (0.12, 0.20)  # rows of the muzzle of an animal, of the mouth of a person; in heights
EYES = 0.15  # row of the eyes, in heights
WIDEST_FACE = 0.2  # half the width of a face, in sides; what is wider is a body, too
HEAD_ENDS, LEAST_HEAD, HEAD_TOP = 0.55, 0.045, 0.08  # x of the middle, area and rows of the top of a head, in sides
BETWEEN_EARS = 0.07  # how far below their tips a hat is at most, in sides
LOWEST_HEAD = 0.22  # how far below the top of a figure its head begins at most, in heights
RIM = 0.34  # how wide the row of a rim is at least, in the widest row
BEYOND, FINER = 0.1, 96  # what a silhouette holds beyond the square, in sides; its rows and columns
FEET = 3  # lowest rows of a figure, in which its feet are
EDGE = 40.0  # steepness of the row at which `low_width` begins


def upper_outline(atlas: Atlas, index: int, x: Tensor) -> tuple[Tensor, Tensor]:
    """How far below its top a figure begins, in heights of it, and whether it does (0..1), at x in its square."""
    drop, there = _upper(sheets_of(atlas, index))
    place = (x * CELLS - 0.5).clamp(0, CELLS - 1.001)
    before = place.long()
    share, inside = place - before, ((x > 0) & (x < 1)).float()
    at = [torch.lerp(line[before], line[before + 1], share) for line in (drop, there)]
    return at[0], at[1] * inside


def back_drop(atlas: Atlas, index: int) -> Tensor:
    """How far the back of an animal is below its top, in heights of it."""
    drop, _ = _upper(sheets_of(atlas, index))
    low, high = (round(share * CELLS) for share in BACK)
    return drop[low:high].mean()


def top_place(sheets: tuple[PaperLayer, ...]) -> tuple[float, float]:
    """The x of the highest place near the middle of a figure, in its square, and how far below its top that is."""
    return _highest(sheets, TOP)


def head_place(sheets: tuple[PaperLayer, ...]) -> tuple[float, float]:
    """The same of the head of an animal, between its ears, or of a person."""
    return _crown(sheets)


@cached_constant
def _crown(sheets: tuple[PaperLayer, ...]) -> tuple[float, float]:
    middle, _, half = _face(sheets)
    if half > WIDEST_FACE:  # the line through the eyes runs along the back
        head = head_sheet(sheets)
        found = None if head is None else _top_of(sheets, head)
        return _highest(sheets, HEAD) if found is None else found
    drop, there = _upper(sheets)
    left, right = round((middle - 0.5 * half) * CELLS), round((middle + 0.5 * half) * CELLS) + 1
    line = torch.where(there > 0, drop, torch.ones_like(drop))[max(left, 0) : right]
    return middle, float(line.median())


@cached_constant
def head_sheet(sheets: tuple[PaperLayer, ...]) -> PaperLayer | None:
    """The sheet of an animal's head, which turns about the neck; None if its head is cut with its body."""
    heads = [
        sheet
        for sheet in sheets
        if sheet.motion == "swing"
        and sheet.left + sheet.width / 2 < HEAD_ENDS
        and sheet.width * sheet.height > LEAST_HEAD
    ]
    return max(heads, key=lambda sheet: sheet.width * sheet.height, default=None)


def _top_of(sheets: tuple[PaperLayer, ...], head: PaperLayer) -> tuple[float, float] | None:
    """The column of the top of a head, between its ears, and its drop in heights of the figure; None if it is low."""
    rows = solid_cells(sheets).any(1).nonzero().flatten()
    own = solid_cells((head,))
    top = int(own.any(1).nonzero()[0])
    columns = own[top : top + round(HEAD_TOP * CELLS)].any(0).nonzero().flatten()
    height = float(rows[-1] + 1 - rows[0])
    if float(top - rows[0]) / height > LOWEST_HEAD:
        return None
    middle = int(columns[0] + columns[-1] + 1) // 2
    top = min([top + round(BETWEEN_EARS * CELLS), *own[:, middle].nonzero().flatten().tolist()])
    return (middle + 0.5) / CELLS, float(top - rows[0]) / height


def face_place(sheets: tuple[PaperLayer, ...]) -> tuple[float, float, float]:
    """The x of the middle of a face in the figure's square, how far below its top, in heights, and half its width."""
    return _face(sheets)


@cached_constant
def _face(sheets: tuple[PaperLayer, ...]) -> tuple[float, float, float]:
    solid = solid_cells(sheets)
    rows = solid.any(1).nonzero().flatten()
    first, last = int(rows[0]), int(rows[-1])
    eyes = first + round(EYES * (last - first))
    line = solid[min(rows.tolist(), key=lambda row: abs(row - eyes))]
    columns = line.nonzero().flatten().tolist()
    middle = int(_highest(sheets, HEAD)[0] * CELLS)
    left = right = min(columns, key=lambda column: abs(column - middle))
    while left > 0 and line[left - 1]:
        left -= 1
    while right < CELLS - 1 and line[right + 1]:
        right += 1
    return (left + right + 1) / (2 * CELLS), EYES, (right - left + 1) / (2 * CELLS)


def lowest_point(atlas: Atlas, index: int) -> float:
    """The y of the lowest point of a figure at rest, in its square."""
    return max(sheet.bottom for sheet in sheets_of(atlas, index))


class InnerBox(NamedTuple):
    """A room within a figure, in sides of its square: the x of its middle, its foot, its height, and half its width."""

    x: float
    foot: float
    height: float
    half: float


@cached_constant
def inner_box(sheets: tuple[PaperLayer, ...]) -> InnerBox:
    """The largest square that lies within a figure of these sheets, and is as wide as there is paper on both sides."""
    solid = solid_cells(sheets)
    solid = (solid.cumsum(1) > 0) & (solid.flip(1).cumsum(1).flip(1) > 0)  # what is hollow counts
    largest = torch.zeros(CELLS + 1, CELLS + 1, dtype=torch.long)
    for row in range(CELLS):  # the side of the largest square that ends at each cell
        for column in range(CELLS):
            if solid[row, column]:
                near = largest[row, column], largest[row, column + 1], largest[row + 1, column]
                largest[row + 1, column + 1] = 1 + min(int(one) for one in near)
    side = max(1, int(largest.max()))
    ends = (largest == side).nonzero()
    bottom, right = (int(value) for value in ends[len(ends) // 2])
    rows = solid[bottom - side : bottom].all(0)
    low, high = right - side, right
    while low > 0 and rows[low - 1]:
        low -= 1
    while high < CELLS and rows[high]:
        high += 1
    return InnerBox((low + high) / (2 * CELLS), bottom / CELLS, side / CELLS, (high - low) / (2 * CELLS))


class Rim(NamedTuple):
    """The rim of a figure that is open above, in sides: the x of its middle, its y, and half its width."""

    x: float
    y: float
    half: float


@cached_constant
def rim_of(sheets: tuple[PaperLayer, ...]) -> Rim:
    """The uppermost row of a figure of these sheets that is no handle."""
    solid = solid_cells(sheets)
    counts = solid.sum(1)
    wide = counts >= RIM * counts.max()
    wide = wide & wide.roll(-2) & wide.roll(-4)  # a handle is thin
    row = int(wide.nonzero()[0])
    columns = solid[row].nonzero().flatten()
    low, high = int(columns[0]), int(columns[-1]) + 1
    return Rim((low + high) / (2 * CELLS), row / CELLS, (high - low) / (2 * CELLS))


@cached_constant
def silhouette(sheets: tuple[PaperLayer, ...]) -> PaperLayer:
    """A figure of these sheets at rest as one coarse outline."""
    wide = 1 + 2 * BEYOND
    places = -BEYOND + wide * (torch.arange(FINER, device=sheets[0].channels.device) + 0.5) / FINER
    x, y = places.view(1, 1, 1, -1), places.view(1, 1, -1, 1)
    depth = torch.stack([sheet.outline_only().sample(x, y, 0.0)[0] for sheet in sheets]).amax(0)
    codes = (depth * (1 / DEPTH_STEP)).round().clamp(-127, 127).to(torch.int8)
    return PaperLayer(codes, -BEYOND, -BEYOND, wide, wide, (0.5, 0.5), "rest", 0.0, 0, outline=True)


@cached_constant
def feet_span(sheets: tuple[PaperLayer, ...]) -> tuple[float, float]:
    """The x of the middle of the feet of a figure of these sheets, in its square, and half the way between them."""
    solid = solid_cells(sheets)
    last = int(solid.any(1).nonzero()[-1])
    columns = solid[max(last + 1 - FEET, 0) : last + 1].any(0).nonzero().flatten()
    first, end = int(columns[0]) / CELLS, (int(columns[-1]) + 1) / CELLS
    return 0.5 * (first + end), 0.5 * (end - first)


@cached_constant
def front_place(sheets: tuple[PaperLayer, ...]) -> tuple[float, float]:
    """Where a figure of these sheets reaches farthest to the front about its waist: x and y in its square."""
    solid = solid_cells(sheets)
    rows = solid.any(1).nonzero().flatten()
    first, last = int(rows[0]), int(rows[-1])
    low, high = (first + round(share * (last - first)) for share in WAIST)
    columns = solid[low:high].float().argmax(1)
    row = int(columns.argmin())
    return (float(columns[row]) + 1.5) / CELLS, (low + row + 0.5) / CELLS


@cached_constant
def mouth_place(sheets: tuple[PaperLayer, ...], upright: bool) -> tuple[float, float]:
    """Where the mouth of a figure of these sheets is, that faces left: x and y in its square.

    Args:
        sheets: Of the figure.
        upright: Whether it has a head on its shoulders, as people have, and no muzzle.
    """
    solid = solid_cells(sheets)
    rows = solid.any(1).nonzero().flatten()
    first, last = int(rows[0]), int(rows[-1])
    low, high = (first + round(share * (last - first)) for share in (FACE if upright else MUZZLE))
    if not upright:
        columns = torch.where(solid.any(1), solid.float().argmax(1), CELLS)[low : high + 1]
        reached = (columns <= columns.min() + 1).nonzero().flatten()
        row = int(reached[len(reached) // 2])
        return (float(columns[row]) + 1.0) / CELLS, (low + row + 0.5) / CELLS
    middle = int(_highest(sheets, UPRIGHT_HEAD)[0] * CELLS)
    edges = []
    for row in range(low, high + 1):
        column = middle
        while column > 0 and solid[row, column - 1]:
            column -= 1
        edges.append(column)
    return (sorted(edges)[len(edges) // 2] + 1.0) / CELLS, (high + 0.5) / CELLS


@cached_constant
def _highest(sheets: tuple[PaperLayer, ...], columns: tuple[float, float]) -> tuple[float, float]:
    drop, there = _upper(sheets)
    low, high = (round(share * CELLS) for share in columns)
    line = torch.where(there > 0, drop, torch.ones_like(drop))[low:high]
    column = int(line.argmin())
    return (low + column + 0.5) / CELLS, float(line[column])


def edge_place(sheets: tuple[PaperLayer, ...], y: Tensor, rear: bool) -> Tensor:
    """The x of the front or the rear of a figure of these sheets, which faces left, at y in its square.

    It has the shape of y, [batch, 1, 1, 1].
    """
    front, back = _edges(sheets)
    line = back if rear else front
    place = (y * CELLS - 0.5).clamp(0, CELLS - 1.001)
    before = place.long()
    return torch.lerp(line[before], line[before + 1], place - before)


def low_width(atlas: Atlas, index: int, height: Tensor) -> Tensor:
    """Half the mean span of a figure below a height, in sides; the stem of a tree. [batch, 1, 1, 1] -> same."""
    half, y = _half_widths(sheets_of(atlas, index))
    share = torch.sigmoid((y - (FLOOR - height)) * EDGE)
    return (share * half).sum(3, keepdim=True) / share.sum(3, keepdim=True).clamp(min=1e-3)


def sheets_of(atlas: Atlas, index: int) -> tuple[PaperLayer, ...]:
    """The sheets of a figure, without the openings that are lit."""
    return tuple(layer for layer in atlas.layers[index] if not layer.lit)


def sheets_as(figure: PosedFigure, atlas: Atlas) -> tuple[PaperLayer, ...]:
    """The sheets of the first kind of a figure in its pose, without the openings that are lit."""
    jointed = jointed_of(figure)
    return jointed.layers if jointed is not None else sheets_of(atlas, figure.present()[0])


def solid_cells(sheets: tuple[PaperLayer, ...]) -> Tensor:
    """Where a figure of these sheets is at rest, [CELLS, CELLS] booleans."""
    places = _places(sheets[0].channels.device)
    x, y = places.view(1, 1, 1, -1), places.view(1, 1, -1, 1)
    depths = [sheet.outline_only().sample(x, y, 0.0)[0, 0] for sheet in sheets]
    return torch.stack(depths).amax(0) > SOLID


def _places(device: torch.device) -> Tensor:
    return (torch.arange(CELLS, device=device) + 0.5) / CELLS


@cached_constant
def _upper(sheets: tuple[PaperLayer, ...]) -> tuple[Tensor, Tensor]:
    """`upper_outline` by columns, smoothed, each [CELLS]."""
    solid = solid_cells(sheets)
    places, there = _places(solid.device), solid.any(0)
    line = torch.where(there, places[solid.float().argmax(0)], torch.full_like(places, FLOOR))
    line = F.avg_pool1d(F.pad(line[None], (2, 2), mode="replicate"), 5, 1)[0]
    return (line - line.amin()) / (FLOOR - line.amin()).clamp(min=0.1), there.float()


@cached_constant
def _edges(sheets: tuple[PaperLayer, ...]) -> tuple[Tensor, Tensor]:
    """The x of the front and of the rear of a figure in each row, smoothed, each [CELLS]; of empty rows its middle."""
    solid = solid_cells(sheets)
    places = _places(solid.device).expand(CELLS, CELLS)
    there = solid.any(1)
    ends = (
        torch.where(solid, places, far).amin(1) if far > 0 else torch.where(solid, places, far).amax(1)
        for far in (2.0, -2.0)
    )
    front, rear = (
        F.avg_pool1d(F.pad(torch.where(there, end, 0.5)[None], (2, 2), mode="replicate"), 5, 1)[0] for end in ends
    )
    return front, rear


@cached_constant
def _half_widths(sheets: tuple[PaperLayer, ...]) -> tuple[Tensor, Tensor]:
    """Half the span of a figure in each row, in sides, and the y of the row, each [1, 1, 1, CELLS]."""
    solid = solid_cells(sheets)
    places = _places(solid.device)
    half = ((places - 0.5).abs() * solid).amax(1)
    return half.view(1, 1, 1, -1), places.view(1, 1, 1, -1)
