"""Paints a set of a stage once: its colours, what daylight and lamps reach of it, and where it is open."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.theatre.polygon_mask import Outline, rasterise
from installation.models.theatre.raster import PixelGrid, box_means, falloff
from installation.models.theatre.vocabulary import rgb

FLOOR = 0.815  # y where the floor meets the wall
SUMMER, AUTUMN, WINTER, SPRING = "summer", "autumn", "winter", "spring"  # seasons of places under the open sky
SNOW_DEEP = 0.020  # of what lies on roofs, hedges and crowns, in units
_LEAVES = {AUTUMN: ("b8501e", "d8842a", "e8b040"), WINTER: ("93a5b8", "b4c3d4", "d3dfec")}  # dark, middle, light
_BLOSSOM = ("d87a9c", "f0a8c0", "fbd4de")
_GROUNDS = {AUTUMN: 0.45, WINTER: 0.92}  # how far the ground has the colour of fallen leaves or of snow
_FALLEN = {AUTUMN: "c8863a", WINTER: "d6e0ec"}


class SetPainter:
    """A set on a grid; everything is [height, width] or [3, height, width].

    Attributes:
        x: Units, [1, width].
        y: Units, [height, 1].
        colour: In white light.
        open: Where what is behind is seen, 0..1.
        day: How much daylight each place has, about 0..1.
        lamp: How much lamplight each place has, 0 to about 2.
        variant: Which of the variants of the set it is, from 0 on.
        season: SUMMER, AUTUMN, WINTER or SPRING, of a place under the open sky.
    """

    def __init__(self, grid: PixelGrid, wall: str, variant: int = 0, season: str = SUMMER) -> None:
        self.grid, self.variant, self.season = grid, variant, season
        self.x, self.y = grid.x[0, 0].cpu(), grid.y[0, 0].cpu()
        self.pixel = grid.pixel
        self.open, self.day, self.lamp = (torch.zeros(grid.height, grid.width) for _ in range(3))
        self.colour = torch.tensor(rgb(wall)).view(3, 1, 1).expand(3, grid.height, grid.width).clone()

    def pick(self, *colours: str) -> str:
        """One of several colours, another for each variant."""
        return colours[self.variant % len(colours)]

    def leaf(self, colour: str) -> str:
        """The colour in the season of leaves that are of this colour in summer."""
        if self.season not in _LEAVES:
            return colour
        return _LEAVES[self.season][_tone(colour)]

    def crown(self, colour: str) -> str:
        """The colour of the crown of a tree that blossoms in spring."""
        return _BLOSSOM[_tone(colour)] if self.season == SPRING else self.leaf(colour)

    def ground(self, colour: str) -> str:
        """The colour of ground of this colour in the season."""
        if self.season not in _GROUNDS:
            return colour
        own, fallen, share = rgb(colour), rgb(_FALLEN[self.season]), _GROUNDS[self.season]
        parts = (round(255 * (one + (other - one) * share)) for one, other in zip(own, fallen, strict=True))
        return "".join(f"{part:02x}" for part in parts)

    def lay_snow(self) -> None:
        """Lay snow on all upper edges that stand before the open sky."""
        rows = max(1, round(SNOW_DEEP / self.pixel))
        above = F.pad(self.open[None, None], (0, 0, rows, 0), mode="replicate")[0, 0, : self.open.shape[0]]
        ragged = 0.6 + 0.4 * torch.sin(self.x * 61 + 2 * torch.sin(self.x * 23))
        nearer = max(1, rows // 2)
        near = F.pad(self.open[None, None], (0, 0, nearer, 0), mode="replicate")[0, 0, : self.open.shape[0]]
        cap = torch.maximum(near, above * (ragged > 0.5)) * (1 - self.open)
        self.colour = torch.lerp(self.colour, torch.tensor(rgb("f4f8fd")).view(3, 1, 1).expand_as(self.colour), cap)

    def texture(self) -> Tensor:
        """Colour, daylight, lamplight and openings, [1, 6, height, width]."""
        return torch.cat((self.colour, torch.stack((self.day, self.lamp, self.open))))[None].to(self.grid.device)

    def cover(self, depth: Tensor) -> Tensor:
        """Coverage from a signed distance, positive inside."""
        return (depth * (1 / self.pixel) + 0.5).clamp(0, 1)

    def rectangle(self, left: float, right: float, top: float, bottom: float) -> Tensor:
        """Coverage of a rectangle."""
        across = torch.minimum(self.x - left, right - self.x)
        return self.cover(torch.minimum(across, torch.minimum(self.y - top, bottom - self.y)))

    def outlines(self, shapes: list[Outline]) -> Tensor:
        """Coverage of polygons."""
        return torch.from_numpy(rasterise(self.grid, shapes))

    def fill(self, cover: Tensor, colour: str, shade: Tensor | float = 1.0, shadow: float = 0.0) -> None:
        """Paint a shape, and first the shadow that it casts on what is behind it, `shadow` units down and aside."""
        if shadow:
            self.shadow(cover, shadow)
        rows, columns = _bounds(cover)
        part = cover[rows, columns]
        if isinstance(shade, Tensor):
            shade = shade.expand_as(cover)[rows, columns]
        paint = torch.tensor(rgb(colour)).view(3, 1, 1) * shade
        view = self.colour[:, rows, columns]
        view.copy_(torch.lerp(view, paint.expand_as(view), part))
        self.open[rows, columns] *= 1 - part

    def shadow(self, cover: Tensor, reach: float, strength: float = 0.5) -> None:
        """Darken what lies below and to the right of a shape, softly."""
        pixels = max(1, round(reach / self.pixel))
        rows, columns = _bounds(cover, 3 * pixels)
        part = cover[rows, columns]
        moved = F.pad(part, (pixels, 0, pixels, 0))[: part.shape[0], : part.shape[1]]
        soft = box_means(moved[None, None], pixels, padded=True)[0, 0]
        self.colour[:, rows, columns] *= 1 - strength * soft

    def multiply(self, factor: Tensor) -> None:
        """Change the brightness of everything."""
        self.colour = self.colour * factor

    def cut(self, cover: Tensor) -> None:
        """Open a window."""
        self.open = torch.maximum(self.open, cover)

    def shine(self, x: float, y: float, reach: float, brightness: float, flat: float = 1.0) -> None:
        """A lamp's light around a place; `flat` below 1 spreads it sideways."""
        distance = torch.sqrt(((self.x - x) * flat) ** 2 + (self.y - y) ** 2)
        near = (1 - distance / reach).clamp(min=0)
        self.lamp = self.lamp + brightness * near * near

    def cone(self, x: float, top: float, bottom: float, half_width: float, brightness: float) -> None:
        """The light below a shade, wider towards its foot."""
        down = ((self.y - top) / (bottom - top)).clamp(0, 1.6)
        edge = (0.18 + 0.82 * down) * half_width - (self.x - x).abs()
        inside = (edge / (0.10 * half_width) + 0.5).clamp(0, 1)
        self.lamp = self.lamp + brightness * inside * (1 - 0.6 * down).clamp(min=0) * (self.y > top)

    def boards(self, light: str, dark: str, per_unit: float = 12.0) -> None:
        """A floor of boards that run towards the viewer, of different tones, with dark seams."""
        down = (self.y - FLOOR).clamp(min=0)
        fan = (self.x - 0.5) / (1 + 2.0 * down) * per_unit
        number = fan.floor()
        tone = 0.5 + 0.5 * torch.sin(number * 12.9898 + 4.1 * torch.sin(number * 3.3))
        seam = (1 - (fan - number - 0.5).abs().mul(2).sub(0.93).clamp(min=0) * 8).clamp(0.55, 1)
        floor = self.cover(self.y - FLOOR).expand_as(self.open)
        first, second = (torch.tensor(rgb(colour)).view(3, 1, 1) for colour in (light, dark))
        planks = torch.lerp(first.expand_as(self.colour), second.expand_as(self.colour), tone) * seam
        self._lay(planks, floor)

    def tiles(self, light: str, dark: str, top: float, bottom: float, size: float, checked: bool = False) -> None:
        """Tiles on a wall, or on the floor if they are checked, with joints."""
        if checked:
            down = (self.y - FLOOR).clamp(min=0)
            u, v = (self.x - 0.5) / (1 + 2.2 * down) / size, 1.1 / (down + 0.22) / 1.0
            odd = ((u.floor() + v.floor()) % 2).expand_as(self.open)
            area = self.cover(self.y - FLOOR).expand_as(self.open)
        else:
            u, v = (self.x / size).expand_as(self.open), (self.y / size).expand_as(self.open)
            joint = torch.maximum(((u % 1) - 0.5).abs(), ((v % 1) - 0.5).abs())
            odd = ((joint - 0.45) * 20).clamp(0, 1)
            area = self.rectangle(-9.0, 9.0, top, bottom)
        first, second = (torch.tensor(rgb(colour)).view(3, 1, 1) for colour in (light, dark))
        self._lay(torch.lerp(first.expand_as(self.colour), second.expand_as(self.colour), odd), area)

    def _lay(self, pattern: Tensor, area: Tensor) -> None:
        self.colour = torch.lerp(self.colour, pattern, area)
        self.open = self.open * (1 - area)

    def skirting(self, colour: str, height: float = 0.026) -> None:
        """The board between wall and floor, and the shade at its foot."""
        self.fill(self.rectangle(-9.0, 9.0, FLOOR - height, FLOOR), colour)
        self.multiply(1 - 0.35 * falloff((self.y - FLOOR).abs(), 0.06).expand_as(self.open))

    def window(
        self,
        middle: float,
        half: float,
        top: float,
        bottom: float,
        frame: str,
        panes: tuple[int, int],
        arch: float = 0.0,
    ) -> None:
        """A window with a frame, bars and a sill, and the daylight that falls in: on the wall and on the floor."""
        spring = top + half * arch
        above = (self.y - spring).clamp(max=0) / max(arch, 1e-3) if arch else torch.zeros_like(self.y)
        across = half - torch.sqrt((self.x - middle) ** 2 + above**2 + 1e-8)
        depth = torch.minimum(across, bottom - self.y)
        if not arch:
            depth = torch.minimum(depth, self.y - top)
        self.shadow(self.cover(depth + 0.03), 0.02, 0.3)
        self.fill(self.cover(depth + 0.026), frame)
        self.fill(self.cover(depth + 0.010), frame, 0.72)
        glass = self.cover(depth)
        self.cut(glass)
        columns, rows = panes
        u = ((self.x - middle + half) / (2 * half) * columns) % 1
        v = ((self.y - top) / (bottom - top) * rows) % 1
        bar_u = 0.0075 - (u - (u > 0.5).float()).abs() * (2 * half / columns)
        bar_v = 0.0075 - (v - (v > 0.5).float()).abs() * ((bottom - top) / rows)
        bars = self.cover(torch.maximum(bar_u.expand_as(self.open), bar_v.expand_as(self.open))) * glass
        self.fill(bars, frame, 0.85)
        sill = self.rectangle(middle - half - 0.05, middle + half + 0.05, bottom + 0.018, bottom + 0.045)
        self.fill(sill, frame, 1.12, shadow=0.016)
        self._daylight(middle, half, depth, columns)

    def _daylight(self, middle: float, half: float, depth: Tensor, columns: int) -> None:
        down = (self.y - FLOOR).clamp(min=0)
        slant = self.x - middle - 1.1 * down
        patch = half * (0.95 + 1.1 * down) - slant.abs()
        lit = (patch / (0.02 + 0.10 * down) + 0.5).clamp(0, 1) * ((self.y - FLOOR - 0.012) / 0.02).clamp(0, 1)
        bars = (slant / (half * (0.95 + 1.1 * down)) * columns / 2) % 1
        lit = lit * (1 - 0.45 * (1 - ((bars - 0.5 + 0.5 * (columns % 2)).abs() - 0.5).abs() * 22).clamp(0, 1))
        self.day = self.day + 0.95 * lit * (1 - 1.4 * down).clamp(min=0.2)
        self.day = self.day + 0.40 * falloff(-depth, 0.55)

    def drape(self, left: float, right: float, top: float, bottom: float, colour: str, folds: float = 26.0) -> None:
        """A length of cloth with folds, gathered towards its outer side."""
        down = ((self.y - top) / (bottom - top)).clamp(0, 1)
        pull = 0.18 * (right - left) * torch.sin(math.pi * down) * (1 if left + right > 1 else -1)
        u = self.x - pull
        depth = torch.minimum(torch.minimum(u - left, right - u), torch.minimum(self.y - top, bottom - self.y))
        fold = 0.74 + 0.30 * torch.sin((u - left) / (right - left) * folds + 1.5 * torch.sin(2.1 * down))
        self.fill(self.cover(depth), colour, fold, shadow=0.018)

    def box(self, left: float, right: float, top: float, bottom: float, colour: str, shade: float = 1.0) -> None:
        """A board, a case, a frame: lighter at its upper edge, with a shadow."""
        cover = self.rectangle(left, right, top, bottom)
        edge = 1 + 0.25 * (1 - (self.y - top).clamp(min=0) / 0.010).clamp(min=0)
        self.fill(cover, colour, shade * edge, shadow=0.012)


def _tone(colour: str) -> int:
    """0, 1 or 2 for a dark, a middle or a light green."""
    green = rgb(colour)[1]
    return int(green > 0.49) + int(green > 0.56)


def _bounds(cover: Tensor, margin: int = 0) -> tuple[slice, slice]:
    """The rows and columns outside of which nothing is covered, and a margin around them."""
    spans = []
    for dim in (1, 0):
        filled = cover.amax(dim).nonzero()
        first, last = (int(filled[0]), int(filled[-1])) if len(filled) else (0, -1)
        spans.append(slice(max(first - margin, 0), last + 1 + margin))
    return spans[0], spans[1]
