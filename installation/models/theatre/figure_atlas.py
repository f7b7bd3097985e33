"""The paper figures: for the body and for each moving part of a figure a distance field and a relief of facets.

A distance field is cut at zero, after Green, *Improved Alpha-Tested Magnification for Vector Textures and Special
Effects* (SIGGRAPH 2007), so that an outline is sharp at any size. The relief tells how each facet leans, so that the
celestial body lights it from where it stands. `assets/theatre/SOURCES.md` says where the figures come from.
"""

from __future__ import annotations

import lzma
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.theatre.further_figures import FURTHER, FURTHER_PEOPLE
from installation.models.theatre.glyph_figures import GLYPHS, cut_glyph, glyph_extent
from installation.models.theatre.outlined_figures import FINE, OUTLINED, cut_outline, outline_extent
from installation.models.theatre.raster import cached_constant
from installation.models.theatre.sheet_cutting import SIDE, CutSheet
from installation.models.theatre.vocabulary import COMPANIONS, SUBJECTS

FIELD_SIZE = 256  # pixels of a figure's square
HALVED_FROM = (2.0, 2.9)  # pixels of the field for one of a picture from which on it is halved, once and twice
SHARP, ENLARGED = 0.7, 1.7  # pixels of a picture for one of the field from which on facets and colours have sharp
# edges, and from which on those are twice as fine
GENTLE = 6  # difference of a channel up to which it is no edge
RIM_DEPTH = 0.75  # least distance of the rim of a halved field from the outline, in pixels of the field
CROP_MARGIN = 2  # free pixels around a cropped field
DEPTH_STEP = 0.001  # of the int8 distances, in sides of the square
NEAR_EDGE, FAR_STEPS, OUTERMOST = 24, 6, -60  # of sheets: distances that are kept, steps beyond them, the lowest one
PACKED = ("depths", "facets", "shades", "tints")  # arrays that are stored as a stream of LZMA
MOTIONS = ("rest", "swing", "wave", "spin")
ATLAS_COLUMNS = (  # of the table of layers: pixels of the square, sides of the square, radians
    *("figure", "lit", "top", "left", "height", "width"),
    *("pivot_x", "pivot_y", "motion", "amount", "number", "second", "colours", "leanings"),
)
LABELS = tuple(SUBJECTS)
CUT = {**GLYPHS, **OUTLINED}
FIGURE_LABELS = tuple(label for label in LABELS if label != "nobody")
SWING_GAIN = 1.5  # of an act, relative to the angle that its figure was drawn for: it is to be seen from afar
SWING_SECONDS, SWING_PERIODS = 1.8, (6.0, 7.1, 8.3, 9.4)  # duration of one act; seconds from one to the next
WAVE_RATES = (1.9, 2.3, 1.6)  # radians a second


@dataclass(frozen=True)
class PaperLayer:
    """The body or a part of a figure, cropped.

    Attributes:
        channels: int8, [4, height, width]: distance to the edge in DEPTH_STEP, slopes to the right and downwards and
            shade in 1 / 127; or [1, height, width], the distance alone, of an opening with light behind it; or
            [12, height, width], with two lots of red, green, blue and opacity behind these, in 1 / 127 and
            premultiplied: colours that stay where words name one for the figure, and coats, which give way.
        top, left, height, width: Its place in the figure's square, in sides.
        pivot: The joint, x and y, in sides.
        motion: One of MOTIONS.
        amount: Radians; of "spin" radians a second.
        number: Tells the timing of parts apart; layers that move as one share it.
        second: Whether it is cut from the figure's second paper.
        outline: Whether it is sampled without its facets.
        turned: How far it is turned about its joint at rest, clockwise, in radians.
    """

    channels: Tensor
    top: float
    left: float
    height: float
    width: float
    pivot: tuple[float, float]
    motion: str
    amount: float
    number: int
    second: bool = False
    outline: bool = False
    turned: float = 0.0

    @property
    def lit(self) -> bool:
        """Whether it is an opening with light behind it."""
        return self.channels.shape[0] == 1

    @property
    def tinted(self) -> bool:
        """Whether parts of it have other colours than its paper."""
        return self.channels.shape[0] == 12

    @property
    def pixels(self) -> int:
        """Of the side of the figure's square, as finely as the sheet is cut."""
        return round(self.channels.shape[1] / self.height)

    @property
    def bottom(self) -> float:
        """The y of its lowest point at rest, in sides."""
        return self.top + self.height - CROP_MARGIN / FIELD_SIZE

    @property
    def reach(self) -> tuple[float, float, float, float]:
        """Top, bottom, left and right of all that it can cover, in sides."""
        corners = [(self.left + i * self.width, self.top + j * self.height) for i in (0, 1) for j in (0, 1)]
        if self.turned:
            corners = [self.turned_point(corner) for corner in corners]
        xs, ys = zip(*corners, strict=True)
        if self.motion == "rest":
            return min(ys), max(ys), min(xs), max(xs)
        x, y = self.pivot
        radius = max(math.hypot(cx - x, cy - y) for cx, cy in corners)
        if self.motion == "spin":
            return y - radius, y + radius, x - radius, x + radius
        margin = radius * abs(math.sin(self.amount)) + 0.01
        return min(ys) - margin, max(ys) + margin, min(xs) - margin, max(xs) + margin

    def turned_point(self, point: tuple[float, float]) -> tuple[float, float]:
        """Where a point of the sheet is as it is turned at rest."""
        (x, y), (px, py) = point, self.pivot
        cosine, sine = math.cos(self.turned), math.sin(self.turned)
        return px + (x - px) * cosine - (y - py) * sine, py + (x - px) * sine + (y - py) * cosine

    def outline_only(self) -> PaperLayer:
        """The layer without its facets."""
        return replace(self, outline=True)

    def angle(self, seconds: float) -> float:
        """How far it is turned about its joint, in radians; exact after days, because everything is periodic."""
        return self.turned + self._swing(seconds)

    def _swing(self, seconds: float) -> float:
        if self.motion == "spin":
            return math.fmod(self.amount * seconds, 2 * math.pi)
        if self.motion == "wave":
            return self.amount * math.sin(math.fmod(WAVE_RATES[self.number % 3] * seconds, 2 * math.pi))
        if self.motion == "swing":
            period = SWING_PERIODS[self.number % len(SWING_PERIODS)]
            progress = math.fmod(seconds, period) / SWING_SECONDS
            return self.amount * math.sin(math.pi * progress) ** 2 if progress < 1 else 0.0
        return 0.0

    def sample(self, x: Tensor, y: Tensor, seconds: float, *, colours: int = 0, side: float | None = None) -> Tensor:
        """The channels at positions in the figure's square, [batch, channels, rows, columns].

        The first is the distance to the edge in sides, positive inside; beyond the field it falls with the distance.

        Args:
            x: Of the positions, in sides.
            y: Likewise, downwards.
            seconds: The time, for parts that move.
            colours: How many lots of red, green, blue and opacity follow the other channels of a tinted sheet: none;
                one, of all its colours; or two, of those that stay and of the coats.
            side: Of the square as it is painted, in pixels: then facets and colours have soft edges, and a small figure
                does not alias. None for the field as it is stored.
        """
        angle = self.angle(seconds)
        if angle:
            px, py = self.pivot
            dx, dy = x - px, y - py
            x = px + dx * math.cos(angle) + dy * math.sin(angle)
            y = py + dy * math.cos(angle) - dx * math.sin(angle)
        u = x * (2 / self.width) - (1 + self.left * (2 / self.width))
        v = y * (2 / self.height) - (1 + self.top * (2 / self.height))
        size = (len(u), v.shape[2], u.shape[3])
        positions = u.new_empty(*size, 2) if not torch.is_grad_enabled() else None
        if positions is None:
            positions = torch.stack([u[:, 0].expand(size), v[:, 0].expand(size)], -1)
        else:
            positions[..., 0], positions[..., 1] = u[:, 0], v[:, 0]
        smooth = side is not None and not (self.lit or self.outline)
        channels = _in_one_lot(self.channels) if colours == 1 else self.channels
        field = _fitting(channels, side, self.pixels) if side is not None and smooth else _in_sides(channels)
        field = field[:, : 1 if self.outline else 4 + 4 * colours].expand(len(positions), -1, -1, -1)
        sampled = F.grid_sample(field, positions, padding_mode="border", align_corners=False)
        if not torch.is_grad_enabled():
            beside, above = (
                part.abs_().sub_(1).clamp_(min=0).mul_(length / 2).square_()
                for part, length in ((u, self.width), (v, self.height))
            )
            sampled[:, :1].sub_((beside + above).sqrt_())
            return sampled
        beside, above = (u.abs() - 1).clamp(min=0) * self.width, (v.abs() - 1).clamp(min=0) * self.height
        outside = torch.sqrt(0.25 * beside**2 + (0.25 * above**2 + 0.25e-8)) - 0.5e-4
        depth = sampled[:, :1] - outside
        return depth if self.lit or self.outline else torch.cat([depth, sampled[:, 1:]], 1)


@cached_constant
def _in_sides(channels: Tensor) -> Tensor:
    """Distances in sides, all else from -1 to 1, [1, channels, height, width]."""
    return channels[None] * _units(channels)


def _units(channels: Tensor) -> Tensor:
    """What 1 in each channel stands for, [channels, 1, 1]."""
    units = torch.full((len(channels), 1, 1), 1 / 127, device=channels.device)
    units[0] = DEPTH_STEP
    return units


@cached_constant
def _in_one_lot(channels: Tensor) -> Tensor:
    """Twelve channels as eight: the coats are laid beside the other colours, with which they share edges at most."""
    return torch.cat([channels[:4], (channels[4:8].short() + channels[8:]).clamp(max=127).to(torch.int8)])


def _halvings(side: float, pixels: int) -> int:
    """How often a field of so many pixels is halved for a square of `side` pixels."""
    return sum(side * limit < FIELD_SIZE for limit in HALVED_FROM) + (side < FIELD_SIZE < pixels)


def _fitting(channels: Tensor, side: float, pixels: int) -> Tensor:
    """As `_in_sides`, for a square of `side` pixels, of a field of so many: sharp where it is enlarged."""
    if side < pixels * SHARP or pixels > FIELD_SIZE:
        return _smoothed(channels, _halvings(side, pixels))
    return _sharpened(channels) if side > pixels * ENLARGED else _antialiased(channels)


@cached_constant
def _antialiased(channels: Tensor) -> Tensor:
    """As `_sharpened`, as fine as the field is."""
    return F.avg_pool2d(_sharpened(channels), 2)


@cached_constant
def _sharpened(channels: Tensor) -> Tensor:
    """As `_smoothed`, twice as fine, with sharp edges between facets and between colours.

    Each pixel takes, of the nearest four in the field, the value that is nearest to the smoothed one, as far as that is
    not nearly the same: so an edge is a line where smoothed values are halfway, and gentle gradients stay.
    """
    units = _units(channels)
    smooth = _smoothed(channels, 0) / units
    field = torch.where(channels[None, :1] > 0, channels, smooth)  # outside the outline the inside goes on
    fine = F.interpolate(smooth, scale_factor=2, mode="bilinear")
    around = F.pad(field, (1, 1, 1, 1), mode="replicate")
    height, width = field.shape[2:]
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
        wanted = fine[:, 1:, row::2, column::2]
        corners = [(row + down, column + across) for down in (0, 1) for across in (0, 1)]
        near = [around[:, 1:, top : top + height, left : left + width] for top, left in corners]
        wanted.copy_(_nearest_to(wanted, near))
    fine[:, :1] = F.interpolate(channels[None, :1].float(), scale_factor=2, mode="bicubic")
    return fine.mul_(units)


def _nearest_to(wanted: Tensor, near: list[Tensor]) -> Tensor:
    """Of several values of all channels the one nearest to what is wanted, or that, if it is nearly the same."""
    nearest, least = near[0], (near[0] - wanted).square().sum(1, keepdim=True)
    for one in near[1:]:
        far = (one - wanted).square().sum(1, keepdim=True)
        nearest = torch.where(far < least, one, nearest)
        least = torch.minimum(least, far)
    return nearest + (wanted - nearest).clamp_(-GENTLE, GENTLE)


@cached_constant
def _smoothed(channels: Tensor, halvings: int) -> Tensor:
    """As `_in_sides`, with relief and colours averaged over neighbours within the outline, and halved so often.

    Outside the outline there is nothing to average: what is inside goes on there, so that edges keep their colours.
    """
    field = channels.float()[None]
    inside = (field[:, :1] > 0).float()
    relief = torch.cat((field[:, 1:] * inside, inside), 1)
    if halvings:
        rows, columns = (-(-length // 2**halvings) for length in field.shape[2:])
        size = (rows, columns)
        depth, relief = (F.interpolate(part, size, mode="area") for part in (field[:, :1], relief))
        rim = torch.ones_like(depth, dtype=torch.bool)
        rim[:, :, 1:-1, 1:-1] = False  # beyond it the field goes on as it is there, which must not be inside
        depth = torch.where(rim, depth.clamp(max=-RIM_DEPTH / (FIELD_SIZE * DEPTH_STEP)), depth)
    else:
        depth = field[:, :1]
        relief = F.avg_pool2d(F.pad(relief, (1, 1, 1, 1), mode="replicate"), 2, 1)
        relief = F.avg_pool2d(relief, 2, 1)
    return torch.cat((depth, relief[:, :-1] / relief[:, -1:].clamp(min=0.02)), 1) * _units(channels)


@dataclass(frozen=True)
class Atlas:
    """All figures.

    Attributes:
        layers: By index in SUBJECTS, from back to front.
        extent: [subjects, 2], half the width and the height above the square's floor, in sides.
    """

    layers: Mapping[int, tuple[PaperLayer, ...]]
    extent: Tensor


@lru_cache(maxsize=1)
def load_atlas(path: Path, device: torch.device) -> Atlas:
    """The figures that `installation.training` made, and those that are cut while a show runs.

    The latter may be missing in the file, which ends before them: their extents are measured then. Those of figures
    with shapes always are, since the file may know one as a glyph.

    Theatres of one process share them, and so what has been unpacked and cut.

    Raises:
        ValueError: The file holds other subjects, or holds them in another order.
    """
    with np.load(path) as file:
        names = file["names"].tolist()
        if tuple(names) != FIGURE_LABELS[: len(names)] or not CUT.keys() >= {*FIGURE_LABELS[len(names) :]}:
            raise ValueError(f"{path} holds other figures than the subjects of the theatre")
        table, extents = file["layers"], file["extents"]
        stored = {name: file[name] for name in ("leanings", "colours")} | {
            name: _unpacked(file[name]) for name in PACKED
        }
    packed: dict[int, list[_Packed]] = {LABELS.index(name): [] for name in names}
    for values in table:
        row = dict(zip(ATLAS_COLUMNS, values.tolist(), strict=True))
        packed[LABELS.index(names[int(row["figure"])])].append(_next_packed(row, stored))
    extent = np.zeros((len(LABELS), 2), np.float32)
    extent[[LABELS.index(name) for name in names]] = extents
    fonts = path.parent.parent / "fonts"
    for name in FIGURE_LABELS[len(names) :]:
        packed[LABELS.index(name)] = []
    for name in (*(name for name in names if name in OUTLINED), *FIGURE_LABELS[len(names) :]):
        extent[LABELS.index(name)] = _extent(name, fonts, extent)
    return Atlas(_Layers(packed, fonts, device), torch.from_numpy(extent).to(device))


def _extent(name: str, fonts: Path, extents: np.ndarray) -> tuple[float, float]:
    """The extent of a figure that is cut; without its font, of the one that it is like."""
    if name in OUTLINED:
        return outline_extent(OUTLINED[name])
    try:
        return glyph_extent(GLYPHS[name], fonts)
    except OSError:
        half, height = extents[LABELS.index(GLYPHS[name].like)].tolist()
        return half, height


def _unpacked(stream: np.ndarray) -> np.ndarray:
    """What `packed` of the training module packed, uint8."""
    return np.frombuffer(lzma.decompress(stream.tobytes()), np.uint8)


def depth_of_codes() -> np.ndarray:
    """The distance that each code of a sheet stands for, [256] int8: a code counts kept distances from the edge on."""
    codes = np.arange(256, dtype=np.uint8).view(np.int8).astype(np.int16)
    far = np.sign(codes) * (NEAR_EDGE + (np.abs(codes) - NEAR_EDGE) * FAR_STEPS)
    return np.where(np.abs(codes) <= NEAR_EDGE, codes, far).clip(OUTERMOST, 127).astype(np.int8)


DEPTH_OF_CODES = depth_of_codes()


class _Packed(NamedTuple):
    """A layer as it is stored: its row of the table, and its part of each array."""

    row: dict[str, float]
    parts: dict[str, np.ndarray]

    def channels(self) -> np.ndarray:
        """The channels (see PaperLayer)."""
        shape = int(self.row["height"]), int(self.row["width"])
        depths = np.cumsum(self.parts["depths"].reshape(shape), axis=0, dtype=np.uint8)[None]
        if self.row["lit"]:
            return depths.view(np.int8)
        depths = DEPTH_OF_CODES[depths]
        slopes = self.parts["leanings"][self.parts["facets"].reshape(shape)]
        channels = [depths, np.moveaxis(slopes, 2, 0), self.parts["shades"].view(np.int8).reshape(shape)[None]]
        if self.row["colours"]:
            channels.append(_tints(self.parts["tints"].reshape(shape), self.parts["colours"]))
        return np.concatenate(channels)


def _next_packed(row: dict[str, float], stored: dict[str, np.ndarray]) -> _Packed:
    """The next layer; `stored` then begins with the layer after it."""
    pixels = int(row["height"]) * int(row["width"])
    counts = {"depths": pixels}
    if not row["lit"]:
        counts |= {"leanings": int(row["leanings"]), "facets": pixels, "shades": pixels}
        if row["colours"]:
            counts |= {"tints": pixels, "colours": int(row["colours"])}
    parts = {name: stored[name][:count] for name, count in counts.items()}
    stored |= {name: stored[name][count:] for name, count in counts.items()}
    return _Packed(row, parts)


class _Layers(Mapping[int, tuple[PaperLayer, ...]]):
    """The layers of each figure, unpacked when they are first asked for: a show needs few of the figures at once."""

    def __init__(self, packed: Mapping[int, list[_Packed]], fonts: Path, device: torch.device) -> None:
        self._packed, self._fonts, self._device = packed, fonts, device
        self._found: dict[int, tuple[PaperLayer, ...]] = {}

    def __getitem__(self, index: int) -> tuple[PaperLayer, ...]:
        if index not in self._found:
            self._found[index] = self._unpacked(index)
        return self._found[index]

    def _unpacked(self, index: int) -> tuple[PaperLayer, ...]:
        if LABELS[index] in FURTHER_PEOPLE:  # an audience sees them jointed
            return self[LABELS.index(FURTHER[LABELS[index]].like)]
        if LABELS[index] in OUTLINED:
            return (_cut_layer(cut_outline(OUTLINED[LABELS[index]]), FINE, self._device),)
        glyph = GLYPHS.get(LABELS[index])
        if glyph is not None:
            try:
                return (_cut_layer(cut_glyph(glyph, self._fonts), SIDE, self._device),)
            except OSError:  # the font is missing or damaged, which the check of the assets reports: a show goes on
                return self[LABELS.index(glyph.like)]
        packed = self._packed[index]
        return tuple(_layer(one.row, torch.from_numpy(one.channels()).to(self._device)) for one in packed)

    def __iter__(self) -> Iterator[int]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def _tints(tints: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """The channels of the colours that stay and of the coats, [8, height, width]; `colours` is [colours, 4]."""
    lots = []
    for coat in (0, 1):
        opaque = np.array([[0, 0, 0, 0], *([*rgb, 255] if is_coat == coat else [0] * 4 for *rgb, is_coat in colours)])
        lots.append(np.moveaxis(np.round(opaque * (127 / 255)).astype(np.int8)[tints], 2, 0))
    return np.concatenate(lots)


def _layer(row: dict[str, float], channels: Tensor) -> PaperLayer:
    top, left, height, width = (row[key] / FIELD_SIZE for key in ("top", "left", "height", "width"))
    motion, pivot = MOTIONS[int(row["motion"])], (row["pivot_x"], row["pivot_y"])
    amount = row["amount"] * (SWING_GAIN if motion == "swing" else 1.0)
    number, second = int(row["number"]), bool(row["second"])
    return PaperLayer(channels, top, left, height, width, pivot, motion, amount, number, second)


def _cut_layer(cut: CutSheet, side: int, device: torch.device) -> PaperLayer:
    """The only layer of a figure that is cut from a glyph or an outline, in a square of so many pixels."""
    channels, top, left = cut
    height, width = (length / side for length in channels.shape[1:])
    sheet = torch.from_numpy(channels).to(device)
    return PaperLayer(sheet, top / side, left / side, height, width, (0.5, 0.5), "rest", 0.0, 0)


@cached_constant
def _subject_of_companion(device: torch.device) -> Tensor:
    """[companions, subjects], 1 where a companion is drawn with a subject's figure."""
    table = torch.zeros(len(COMPANIONS), len(LABELS), device=device)
    for row, label in enumerate(COMPANIONS):
        table[row, LABELS.index("nobody" if label == "alone" else label)] = 1.0
    return table


def subject_weights(companion_weights: Tensor) -> Tensor:
    """Weights of companions -> weights of the same figures: [batch, companions] -> [batch, subjects]."""
    return companion_weights @ _subject_of_companion(companion_weights.device)
