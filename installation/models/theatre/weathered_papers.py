"""What a figure's paper went through, or is made of, as said: snow, mud, moss, fire, age, wood, stone, wool, glass.

Each is a function of a `Sheet`, the part of a figure's sheet that is painted, and of how far it acts. Only an audience
sees them (see `figure_states`), so they may cost a few operations for each pixel of the figure that has one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.raster import colour_tensor

SNOW, MUD, DRY_MUD, MOSS, LEAF, IVY = "f4f8fc", "4a3322", "6b4d33", "5d7f3a", "7fa548", "3c6a36"
CHARCOAL, ASH, EMBER = "1f1b1c", "575152", "f0762a"
DUST, WOOD, DARK_WOOD, STONE, BRICK, MORTAR = "b9b0a0", "a9733f", "5f3a1d", "9a988f", "a8503a", "d9cdbb"
GLASS, GRIME = "cfe8f2", "5a5348"
RAINBOW = ("d8483c", "e8893a", "f0cf4a", "5fa857", "4a86c8", "7d5fb0")
PATCHES = ("b84a45", "e3b24c", "4f83a8", "7f9f56", "c98aa0", "efe2c8")
PETALS, STAMENS = "f4e6ec", "e8b23a"
SNOW_DEEP, MOSS_DEEP = 0.038, 0.026  # how far snow and moss reach down from an upper edge, in sides
MUD_HIGH, CHAR_DEEP = 0.46, 0.05  # share of the height that is muddy; how far edges are charred, in sides
WORN_EDGE, GLASS_EDGE = 0.014, 0.018  # width of edges, in sides
CLEAR = 0.36  # how much of what is behind is seen through glass
SHARP = 240.0  # steepness of edges, in sides
PATCH, BRICK_HIGH, BRICK_LONG, STITCH, BOARD = 0.085, 0.032, 0.075, 0.03, 0.085  # in sides


class Sheet(NamedTuple):
    """The part of a sheet that is painted, each [batch, 1, rows, columns].

    Attributes:
        x, y: Positions in the figure's square.
        high: How high each is above the feet, 0..1 of the figure.
        depth: To the edge, in sides, positive inside.
        below_edge: How far the place a given distance above is inside, in sides: of [batch, 1, rows, columns].
        down, lit: How facets lean: downwards, and towards the light.
        light: The colour of white paper in the light of the scene, [batch, 3, 1, 1].
    """

    x: Tensor
    y: Tensor
    high: Tensor
    depth: Tensor
    below_edge: Callable[[Tensor], Tensor]
    down: Tensor
    lit: Tensor
    light: Tensor

    def paper(self, colour: str) -> Tensor:
        """A paper of another colour with the facets of the sheet, [batch, 3, rows, columns]."""
        return colour_tensor(colour, self.x.device) * self.light * (1 + 0.42 * self.lit)


Wear = Callable[[Sheet, Tensor, Tensor], Tensor]  # sheet, colour, share -> colour


def weathered(states: Mapping[str, Tensor], sheet: Sheet, colour: Tensor) -> Tensor:
    """The colour of a sheet, [batch, 3, rows, columns], with what its states of WEARS do to it."""
    for name in states.keys() & WEARS.keys():
        colour = WEARS[name](sheet, colour, states[name])
    return colour


def _noise(x: Tensor, y: Tensor, scale: float) -> Tensor:
    """Patches without a direction, -1..1."""
    x, y = x * scale, y * scale
    waves = torch.sin(x + 1.7 * torch.sin(0.73 * y)) + torch.sin(1.31 * y - 0.8 * x + 1.3 * torch.sin(1.1 * x))
    return 0.5 * waves


def _grain(x: Tensor, y: Tensor, size: float) -> Tensor:
    """A number for each square field of so many sides, 0..1."""
    cells = torch.sin(torch.floor(x / size) * 12.9898 + torch.floor(y / size) * 78.233) * 437.585
    return cells - torch.floor(cells)


def _fraction(values: Tensor) -> Tensor:
    return values - torch.floor(values)


def _edge(values: Tensor) -> Tensor:
    """0 or 1 where values are negative or positive, with a soft edge."""
    return torch.sigmoid(values * SHARP)


def _capped(sheet: Sheet, deep: float) -> Tensor:
    """What lies on upper edges, 0..1, deeper in some places."""
    wave = torch.sin(31 * sheet.x + 2 * torch.sin(13 * sheet.x)) + 0.6 * torch.sin(57 * sheet.x + 1.1)
    return _edge(-sheet.below_edge(deep * (1 + 0.36 * wave)))


def _snowy(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    frost = (-1.5 * sheet.down - 0.12).clamp(0, 0.6)
    cap = _capped(sheet, SNOW_DEEP)
    snow = colour_tensor(SNOW, sheet.x.device) * sheet.light * (1.06 + 0.12 * sheet.lit)
    return torch.lerp(colour, snow, torch.maximum(cap, frost) * share)


def _muddy(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    noise = _noise(sheet.x, sheet.y, 34) + 0.5 * _noise(sheet.y, sheet.x, 71)
    wet = torch.sigmoid((noise * 0.11 + MUD_HIGH - sheet.high) * 60)
    dots = torch.sigmoid((_noise(sheet.x, sheet.y, 88) - 0.72 - 0.35 * (sheet.high - MUD_HIGH)) * 26)
    mud = torch.lerp(sheet.paper(DRY_MUD), sheet.paper(MUD), torch.sigmoid((noise + 0.1) * 6))
    return torch.lerp(colour, mud, torch.maximum(wet, dots) * (0.94 * share))


def _mossy(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    leaves = torch.lerp(sheet.paper(MOSS), sheet.paper(LEAF), _grain(sheet.x, sheet.y, 0.02))
    leaves = torch.lerp(leaves, sheet.paper(IVY), torch.sigmoid(_noise(sheet.x, sheet.y, 90) * 9))
    hanging = sheet.below_edge(sheet.x * 0 + 2.6 * MOSS_DEEP) - 0.02 - 0.05 * _noise(sheet.x, 0.25 * sheet.y, 47)
    patches = torch.sigmoid((_noise(sheet.x, sheet.y, 19) + 0.5 * _noise(sheet.y, sheet.x, 43) - 0.42) * 22)
    foot = torch.sigmoid((0.2 - sheet.high + 0.1 * _noise(sheet.x, sheet.y, 40)) * 40)
    cover = torch.maximum(torch.maximum(_edge(-hanging), patches), foot)
    return torch.lerp(colour, leaves, cover * (0.95 * share))


def _burnt(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    noise = _noise(sheet.x, sheet.y, 23) + 0.5 * _noise(sheet.y, sheet.x, 61)
    char = torch.lerp(sheet.paper(CHARCOAL), sheet.paper(ASH), torch.sigmoid((noise - 0.55) * 9))
    sooty = torch.sigmoid((0.75 + noise - 0.5 * (1 - sheet.high)) * 7) * 0.95
    edge = torch.sigmoid((CHAR_DEEP * (0.7 + noise) - sheet.depth) * 90)
    burnt = torch.lerp(colour * 0.32, char, torch.maximum(sooty, edge))
    ember = (1 - ((noise - 0.35) / 0.07) ** 2).clamp(min=0) * _edge(sheet.depth - 0.012)
    return torch.lerp(colour, burnt + colour_tensor(EMBER, sheet.x.device) * ember * 0.8, share)


def _dusty(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    film = 0.34 + 0.2 * _noise(sheet.x, sheet.y, 26) + (-1.1 * sheet.down).clamp(0, 0.4)
    film = film + 0.25 * (_grain(sheet.x, sheet.y, 0.009) > 0.9)
    return torch.lerp(colour, sheet.paper(DUST), film.clamp(0, 0.85) * share)


def _worn(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    grey = colour.mean(1, keepdim=True)
    faded = torch.lerp(colour, grey * 0.92 + 0.05 * sheet.light, 0.24)
    stain = torch.sigmoid((_noise(sheet.x, sheet.y, 21) + 0.5 * _noise(sheet.y, sheet.x, 57) - 0.6) * 12)
    faded = torch.lerp(faded, sheet.paper(GRIME), 0.4 * stain)
    rubbed = _edge(WORN_EDGE * (0.4 + _noise(sheet.x, sheet.y, 64)) - sheet.depth)
    faded = torch.lerp(faded, faded * 0.55 + 0.42 * sheet.light, 0.7 * rubbed)
    return torch.lerp(colour, faded, share)


def _derelict(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    """Faded and stained, with cracks, and weeds at the foot."""
    colour = torch.lerp(colour, colour.mean(1, keepdim=True) * 0.8, 0.45 * share)
    streaks = torch.sigmoid((_noise(sheet.x, 0.18 * sheet.y, 60) - 0.35) * 9) * (0.35 + 0.4 * (1 - sheet.high))
    colour = torch.lerp(colour, sheet.paper(GRIME) * 0.8, streaks.clamp(0, 0.6) * share)
    colour = _cracked(sheet, colour, share)
    weeds = _edge(0.1 + 0.09 * _noise(sheet.x, 0.3 * sheet.y, 70) - sheet.high)
    return torch.lerp(colour, sheet.paper(IVY), weeds * (0.9 * share))


def _cracked(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    def jag(along: Tensor, rate: float) -> Tensor:
        return (_fraction(along * rate) * 2 - 1).abs() * 2 - 1

    x, y = sheet.x, sheet.y
    wide = 0.0045 + 0.006 * sheet.high
    down = (x - 0.53 + 0.055 * jag(y, 5.3) + 0.022 * jag(y, 13.1)).abs() - wide * (sheet.high > 0.16)
    aside = (y - 0.62 + 0.5 * (x - 0.53) + 0.035 * jag(x, 7.7)).abs() - 0.0042
    aside = torch.where((x > 0.53) & (x < 0.86), aside, aside + 1)
    third = (y - 0.46 - 0.7 * (x - 0.5) + 0.03 * jag(x, 9.1)).abs() - 0.0036
    third = torch.where((x < 0.52) & (x > 0.2), third, third + 1)
    line = torch.minimum(torch.minimum(down, aside), third)
    light = _edge(0.006 - line) * (1 - _edge(-line))
    colour = torch.lerp(colour, colour * 0.7 + 0.3 * sheet.light, 0.5 * light * share)
    return torch.lerp(colour, colour * 0.16, _edge(-line) * share)


def _wooden(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    x, y = sheet.x, sheet.y
    row = torch.floor(y / BOARD)
    bend = y + 0.012 * torch.sin(9 * x + 2.3 * row) + 0.006 * torch.sin(23 * x + 5 * row)
    rings = torch.sin(bend * 260 + 3 * torch.sin(5 * x + 1.9 * row))
    tone = 0.55 + 0.3 * _grain(row * 0.01, row * 0.013, 0.001)
    wood = torch.lerp(sheet.paper(DARK_WOOD), sheet.paper(WOOD), (tone + 0.16 * rings).clamp(0, 1))
    seam = (_fraction(y / BOARD) - 0.5).abs() - 0.47
    wood = wood * (1 - 0.55 * _edge(seam * BOARD))
    return torch.lerp(colour, wood, 0.86 * share)


def _stony(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    grain = _grain(sheet.x, sheet.y, 0.008) - 0.5
    cloud = _noise(sheet.x, sheet.y, 15)
    stone = sheet.paper(STONE) * (1 + 0.22 * grain + 0.08 * cloud)
    stone = _cracked(sheet, stone, 0.45 * share)
    return torch.lerp(colour, stone, 0.9 * share)


def _brick(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    row = torch.floor(sheet.y / BRICK_HIGH)
    along = sheet.x / BRICK_LONG + 0.5 * torch.remainder(row, 2)
    beside = (0.5 - (_fraction(along) - 0.5).abs()) * BRICK_LONG
    above = (0.5 - (_fraction(sheet.y / BRICK_HIGH) - 0.5).abs()) * BRICK_HIGH
    joint = _edge(0.0032 - torch.minimum(beside, above))
    tone = 0.82 + 0.3 * _grain(torch.floor(along), row, 1.0)
    wall = torch.lerp(sheet.paper(BRICK) * tone, sheet.paper(MORTAR) * 0.85, joint)
    return torch.lerp(colour, wall, 0.92 * share)


def _woollen(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    column = (_fraction(sheet.x / STITCH) - 0.5).abs()
    rows = _fraction(sheet.y / (0.72 * STITCH) + 1.3 * column)
    dark = torch.maximum(1 - (rows / 0.22), 1 - (0.5 - column) / 0.07).clamp(0, 1)
    bright = (1 - (rows - 0.6).abs() / 0.3).clamp(0, 1)
    knit = colour * (1 - 0.42 * dark) + 0.1 * bright * sheet.light
    fluff = _edge(0.006 * (1 + _noise(sheet.x, sheet.y, 310)) - sheet.depth)
    knit = torch.lerp(knit, knit * 0.6 + 0.4 * sheet.light, 0.6 * fluff)
    return torch.lerp(colour, knit, share)


def _rainbow(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    along = (sheet.x * 0.5 + 0.9 * sheet.high) * 1.15 * len(RAINBOW)
    return torch.lerp(colour, _bands(sheet, along, RAINBOW), 0.92 * share)


def _patched(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    number = _grain(sheet.x, sheet.y, PATCH) * len(PATCHES)
    beside, above = ((0.5 - (_fraction(one / PATCH) - 0.5).abs()) * PATCH for one in (sheet.x, sheet.y))
    near = torch.minimum(beside, above)
    seam = _edge(0.0035 - (near - 0.011).abs()) * (_fraction((sheet.x + sheet.y) / 0.02) > 0.45)
    patches = _bands(sheet, number.clamp(max=len(PATCHES) - 0.01), PATCHES)
    patches = torch.lerp(patches, patches * 0.5 + 0.45 * sheet.light, 0.85 * seam)
    return torch.lerp(colour, patches * (1 - 0.45 * _edge(0.0025 - near)), 0.94 * share)


def _bands(sheet: Sheet, along: Tensor, colours: tuple[str, ...]) -> Tensor:
    """Papers of several colours, one for each whole number along, in turn."""
    table = torch.cat([colour_tensor(one, sheet.x.device) for one in colours]).view(len(colours), 3)
    chosen = torch.remainder(torch.floor(along), len(colours)).long()[:, 0]
    return table[chosen].permute(0, 3, 1, 2) * sheet.light * (1 + 0.42 * sheet.lit)


def _floral(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    size = 0.105
    row = torch.floor(sheet.y / (0.86 * size))
    across = _fraction(sheet.x / size + 0.5 * torch.remainder(row, 2)) - 0.5
    down = _fraction(sheet.y / (0.86 * size)) - 0.5
    radius, angle = torch.hypot(across, 0.86 * down), torch.atan2(down, across)
    petals = _edge((0.2 + 0.11 * torch.cos(5 * angle) - radius) * size)
    flower = torch.lerp(sheet.paper(PETALS), sheet.paper(STAMENS), _edge((0.085 - radius) * size))
    pale = torch.sigmoid((colour.mean(1, keepdim=True) - 0.6) * 26)
    flower = torch.lerp(flower, torch.lerp(sheet.paper("b8486a"), flower, _edge((0.085 - radius) * size)), pale)
    return torch.lerp(colour, flower, petals * share)


def _glassy(sheet: Sheet, colour: Tensor, share: Tensor) -> Tensor:
    clear = torch.lerp(colour, sheet.paper(GLASS), 0.42) * (0.9 + 0.25 * sheet.lit)
    along = 0.8 * sheet.x + 0.6 * sheet.y
    gloss = torch.maximum(1 - ((along - 0.5) / 0.04) ** 2, 1 - ((along - 0.62) / 0.016) ** 2).clamp(min=0)
    rim = _edge(GLASS_EDGE - sheet.depth)
    bright = torch.maximum(0.75 * rim, torch.maximum(0.6 * gloss, (1.1 * sheet.lit).clamp(0, 0.6)))
    return torch.lerp(colour, torch.lerp(clear, sheet.light.expand_as(clear) * 1.04, bright), share)


def glass_cover(states: Mapping[str, Tensor], depth: Tensor) -> Tensor | float:
    """How opaque a sheet is, 0..1: glass the least, but for its edges."""
    if "glassy" not in states:
        return 1.0
    inner = torch.sigmoid((depth - GLASS_EDGE) * 160)
    return 1 - CLEAR * inner * states["glassy"]


WEARS: dict[str, Wear] = {
    "muddy": _muddy,
    "snowy": _snowy,
    "mossy": _mossy,
    "burnt": _burnt,
    "dusty": _dusty,
    "worn": _worn,
    "derelict": _derelict,
    "cracked": _cracked,
    "wooden": _wooden,
    "stony": _stony,
    "brick-built": _brick,
    "woollen": _woollen,
    "rainbow": _rainbow,
    "patched": _patched,
    "floral": _floral,
    "glassy": _glassy,
}
UNLIT = ("derelict", "burnt")  # states whose windows are dark
