"""Rooms that an audience sees: a salon, a lamplit room, a kitchen, an attic, a library, a studio, a stage.

The salon is `interiors.paint_room`, which the models know. The others are sets that are painted once for a size (see
`set_painter`), and lit anew in each picture: by the sky, by what falls in through the window, and by their lamps.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext
from installation.models.theatre.field_sets import FIELD_SETS
from installation.models.theatre.garden_sets import GARDEN_SETS
from installation.models.theatre.high_sets import HIGH_SETS
from installation.models.theatre.house_rooms import HOUSE_SETS, HOUSE_WALLS
from installation.models.theatre.housefront_sets import HOUSEFRONT_SETS
from installation.models.theatre.interiors import paint_room
from installation.models.theatre.marks import OPEN_SETS, ROOMS
from installation.models.theatre.modern_rooms import MODERN_SETS, MODERN_WALLS
from installation.models.theatre.palace_sets import PALACE_SETS, PALACE_WALLS
from installation.models.theatre.polygon_mask import Outline, oval, stroke
from installation.models.theatre.public_rooms import PUBLIC_SETS, PUBLIC_WALLS
from installation.models.theatre.raster import PixelGrid, box_texture, cached_constant, colour_tensor
from installation.models.theatre.scene import Scene
from installation.models.theatre.set_painter import AUTUMN, FLOOR, SPRING, SUMMER, WINTER, SetPainter
from installation.models.theatre.snow import snow_amount
from installation.models.theatre.southern_sets import SOUTHERN_SETS
from installation.models.theatre.space_sets import SPACE_SETS
from installation.models.theatre.sprite_tables import scenery_rng
from installation.models.theatre.street_sets import STREET_SETS
from installation.models.theatre.visit_sets import VISIT_SETS, VISIT_WALLS
from installation.models.theatre.vocabulary import Z
from installation.models.theatre.waterfront_sets import WATERFRONT_SETS
from installation.models.theatre.work_rooms import WORK_SETS, WORK_WALLS

LAMPLIGHT = "ffcf8a"
AMBIENT, BY_DAY = 0.25, 0.70  # light of a room at night, and what the brightest day adds
DAYLIGHT, LAMP_BY_DAY = 0.95, 0.40  # strength of what falls in; what is left of a lamp by day
SNOWED_IN = 1.25  # how soon a place lies under snow, relative to what lies on the land
SNOW_LIT = 0.90  # brightness of such a place, whose snow throws the light back: else it would be overexposed
SEED = 640
BOOKS = ("7a2f2a", "2f4a5c", "3f5a3a", "8a6a34", "5a3a4a", "a5824a", "34404f", "6a4a36")


def lamp_room(at: SetPainter) -> None:
    """A floor lamp beside a small window, pictures on a green wall, a rug."""
    pattern = torch.sin(26 * (at.x + 0.5 * at.y)) * torch.sin(26 * (at.x - 0.5 * at.y))
    at.multiply(1 + 0.07 * (pattern > 0.25).float())
    at.fill(at.rectangle(-9, 9, 0.60, FLOOR), "27322f")
    panels = (at.x * 4.2) % 1
    at.multiply(1 - 0.22 * at.rectangle(-9, 9, 0.64, 0.775) * ((panels - 0.5).abs() < 0.4).float())
    at.box(-9, 9, 0.592, 0.606, "5a4630")
    at.boards("4f3524", "38241a")
    at.skirting("3a2a1e")
    at.window(0.5, 0.165, 0.13, 0.535, "5a4630", (2, 3))
    at.drape(0.255, 0.375, 0.09, 0.59, at.pick("8a4a2c", "4a6a4a", "3f5a7a"))
    at.drape(0.625, 0.745, 0.09, 0.59, at.pick("8a4a2c", "4a6a4a", "3f5a7a"))
    at.box(0.23, 0.77, 0.075, 0.092, "6a4a2c")
    for left, top, width, height in ((-0.20, 0.18, 0.17, 0.22), (0.02, 0.25, 0.11, 0.14)):
        at.box(left, left + width, top, top + height, "8a6a34")
        at.fill(at.rectangle(left + 0.014, left + width - 0.014, top + 0.014, top + height - 0.014), "b89a6a")
        hill = [(left + 0.014, top + height - 0.014), (left + 0.014, top + 0.62 * height)]
        hill += [(left + 0.5 * width, top + 0.45 * height), (left + width - 0.014, top + 0.66 * height)]
        at.fill(at.outlines([[*hill, (left + width - 0.014, top + height - 0.014)]]), "4a5a4a")
    rug = 1 - (((at.x - 0.5) / 0.62) ** 2 + ((at.y - 0.925) / 0.075) ** 2)
    at.fill(at.cover(rug * 0.06), at.pick("7a3a2c", "3f5a6a", "6a5a2a"), 0.9 + 0.18 * (((rug * 6) % 1) > 0.55).float())
    x = 1.10
    at.fill(at.outlines([stroke(x, 0.90, x, 0.36, 0.012, 0.010), oval(x, 0.905, 0.055, 0.012)]), "2a2018", shadow=0.014)
    at.fill(at.outlines([[(x - 0.05, 0.25), (x + 0.05, 0.25), (x + 0.10, 0.385), (x - 0.10, 0.385)]]), "fff0cc")
    at.shine(x, 0.34, 0.75, 1.25)
    at.shine(x, 0.32, 0.16, 1.6)
    at.cone(x, 0.38, 0.93, 0.46, 0.55)
    at.shine(x - 0.1, 0.93, 0.5, 0.8, 0.45)


def kitchen(at: SetPainter) -> None:
    """Tiles, shelves with jars and plates, pans on a rail, a window with half a curtain, a hanging lamp."""
    at.tiles(at.pick("d8d2c0", "cfdcd8", "e0cfc0"), at.pick("b4ad9a", "9ab0b0", "b89a8a"), 0.50, FLOOR, 0.052)
    at.box(-9, 9, 0.492, 0.504, "8a6a4a")
    at.tiles(at.pick("b8a68a", "d0c8b8", "c09478"), at.pick("7d6a58", "5f6a70", "8a5a44"), 0, 0, 0.16, checked=True)
    at.skirting("8f8470")
    at.window(0.5, 0.19, 0.12, 0.46, "efe6d4", (2, 2))
    checks = 0.86 + 0.14 * ((((at.x * 46) % 1) > 0.5).float() + (((at.y * 46) % 1) > 0.5).float() - 1)
    for left, right in ((0.30, 0.425), (0.575, 0.70)):
        hem = 0.285 + 0.012 * torch.sin(at.x * 90)
        cloth = torch.minimum(torch.minimum(at.x - left, right - at.x), torch.minimum(at.y - 0.10, hem - at.y))
        at.fill(
            at.cover(cloth),
            at.pick("c4573e", "3f6f9a", "5a8a4a"),
            checks * (0.9 + 0.1 * torch.sin(at.x * 90)),
            shadow=0.010,
        )
    at.box(0.28, 0.72, 0.088, 0.101, "8a6a4a")
    random = scenery_rng(SEED, 1)
    for y in (0.235, 0.40):
        at.box(-9, 0.17, y, y + 0.016, "7a5a3c")
        _jars(at, -0.52, 0.15, y, random)
    at.box(0.86, 1.5, 0.205, 0.216, "5a4a40")
    for number in range(5):
        x, size = 0.93 + 0.115 * number, 0.040 - 0.004 * (number % 3)
        pan = [stroke(x, 0.21, x, 0.30, 0.008, 0.010), oval(x, 0.30 + size, size, size)]
        at.fill(at.outlines(pan), ("9a5a34", "3f4247", "b0743c")[number % 3], shadow=0.014)
        at.fill(at.outlines([oval(x - 0.2 * size, 0.30 + 0.75 * size, 0.55 * size, 0.5 * size)]), "c98a54", 0.9)
    for left, right in ((-9.0, 0.02), (0.98, 9.0)):
        at.box(left, right, 0.575, 0.60, "6a4a30")
        at.fill(at.rectangle(left, right, 0.60, FLOOR - 0.012), at.pick("6f8078", "c8a878", "5f7a9a", "a8705a"))
    doors = at.rectangle(-9, 0.02, 0.62, 0.785) + at.rectangle(0.98, 9, 0.62, 0.785)
    at.multiply(1 - 0.16 * doors * (((at.x * 5.2) % 1 - 0.5).abs() < 0.42).float())
    x = 0.17
    at.fill(at.outlines([stroke(0.84, -0.2, 0.84, 0.13, 0.006, 0.006)]), "2a2420")
    at.fill(
        at.outlines([[(0.81, 0.13), (0.87, 0.13), (0.925, 0.20), (0.755, 0.20)]]), at.pick("c4573e", "3f6f9a", "5a8a4a")
    )
    at.fill(at.outlines([oval(0.84, 0.203, 0.038, 0.014)]), "fff4d8")
    at.shine(0.84, 0.21, 0.13, 1.5)
    at.cone(0.84, 0.20, 0.92, 0.62, 0.62)
    at.shine(x + 0.3, 0.55, 1.3, 0.42)


def _jars(at: SetPainter, left: float, right: float, foot: float, random: np.random.Generator) -> None:
    """Jars, cups and plates in a row on a shelf."""
    x = left
    while x < right - 0.03:
        kind, width = int(random.integers(3)), 0.045 + 0.025 * random.random()
        colour = ("b8c4b4", "d8cdb4", "9a5a44", "5f7f86", "c9a050", "e6dfce")[int(random.integers(6))]
        middle, height = x + width / 2, 0.06 + 0.045 * random.random()
        if kind == 0:  # a plate that leans on the wall
            at.fill(at.outlines([oval(middle, foot - 0.042, 0.040, 0.042)]), colour, shadow=0.008)
            at.fill(at.outlines([oval(middle, foot - 0.042, 0.026, 0.028)]), colour, 0.88)
            width = 0.085
        else:
            at.fill(at.rectangle(x, x + width, foot - height, foot), colour, shadow=0.008)
            at.fill(at.rectangle(x - 0.003, x + width + 0.003, foot - height - 0.010, foot - height), "7a5a3c")
        x += width + 0.012 + 0.03 * random.random()


def attic(at: SetPainter) -> None:
    """Rafters under a steep roof, a window in the gable, light that falls to the boards, trunks in the corners."""
    planks = ((at.y * 13) % 1 - 0.5).abs()
    at.multiply((1 - 0.25 * (planks > 0.465).float()) * (1 + 0.05 * torch.sin((at.y * 13).floor() * 7.7)))
    at.boards(at.pick("6a4a32", "7a6248", "5a3f30"), at.pick("4f3726", "5f4a36", "432e24"))
    at.skirting("4a3626")
    at.window(0.5, 0.15, 0.17, 0.50, "7a6048", (2, 2), arch=1.0)
    slope = at.y + 0.06 - ((at.x - 0.5).abs() - 0.17) * 1.02  # 0 on the edge of the roof
    roof = at.cover(-slope * 0.7)
    along = (at.x - 0.5).abs() * 0.7 + at.y * 0.7
    at.fill(roof, "74583f", 0.82 + 0.1 * torch.sin((along * 16).floor() * 5.1), shadow=0.03)
    at.multiply(1 - 0.4 * roof * (((along * 16) % 1) > 0.93).float())
    for distance in (0.0, 0.20, 0.42):
        beam = at.cover(0.019 - (slope * 0.7 + distance).abs()) * roof.clamp(min=float(distance == 0.0))
        at.fill(beam * (at.y < FLOOR).float(), "4a3626", shadow=0.014)
    for number in range(4):
        x = -0.42 + 0.62 * number
        rafter = at.outlines([stroke(x, -0.3, x + 0.0, -0.02, 0.03, 0.03)])
        at.fill(rafter, "4a3626")
    at.fill(at.rectangle(-9, 9, 0.035, 0.068), "3f2e21", shadow=0.022)
    for left, right, top in ((-0.34, -0.10, 0.69), (-0.28, -0.14, 0.60), (1.08, 1.36, 0.67)):
        at.box(left, right, top, top + 0.19 if top > 0.65 else 0.69, "7a5636")
        at.fill(at.rectangle(left, right, top + 0.045, top + 0.058), "3f2e21")
    down = ((at.y - 0.30) / 0.62).clamp(0, 1)
    shaft = 0.14 + 0.10 * down - (at.x - 0.5 - 0.36 * down).abs()
    at.day = at.day + 0.42 * (shaft / 0.05).clamp(0, 1) * (1 - 0.5 * down) * (at.y > 0.30).float()


def library(at: SetPainter) -> None:
    """Shelves of books to the ceiling, a tall window between them, lamps, a ladder."""
    at.multiply(1 + 0.04 * torch.sin(at.x * 60))
    at.boards("5a3a26", "402818", 16)
    at.skirting("33221a")
    at.window(0.5, 0.185, 0.10, 0.62, "6a4a30", (2, 4), arch=0.9)
    random = scenery_rng(SEED, 2)
    for left, right in ((-0.62, -0.235), (-0.215, 0.20), (0.80, 1.215), (1.235, 1.62)):
        at.fill(at.rectangle(left, right, -0.3, FLOOR), "2a1b13", shadow=0.024)
        feet = [FLOOR - 0.03 - 0.142 * shelf for shelf in range(6)]
        _books(at, left + 0.02, right - 0.02, feet, random)
        for foot in feet:
            at.box(left, right, foot, foot + 0.014, "7a5434")
        for x in (left, right - 0.018):
            at.fill(at.rectangle(x, x + 0.018, -0.3, FLOOR), "8a6040", shadow=0.008)
    for x, top in ((0.90, 0.10), (0.985, 0.10)):
        at.fill(at.outlines([stroke(x + 0.11, 0.86, x, top, 0.012, 0.012)]), "c09060", shadow=0.014)
    for step in range(8):
        y = 0.80 - 0.088 * step
        x = 0.90 + 0.11 * (y - 0.10) / 0.76
        at.fill(at.outlines([stroke(x, y, x + 0.085, y, 0.010, 0.010)]), "b08050", shadow=0.008)
    rug = 1 - (((at.x - 0.5) / 0.55) ** 2 + ((at.y - 0.925) / 0.07) ** 2)
    at.fill(at.cover(rug * 0.06), at.pick("6a2a2a", "2f4a3a", "3a3a5a"), 0.9 + 0.2 * (((rug * 5) % 1) > 0.6).float())
    for x in (0.255, 0.745):
        at.fill(at.outlines([stroke(x, 0.36, x, 0.30, 0.010, 0.010)]), "b08a4a")
        at.fill(at.outlines([[(x - 0.018, 0.24), (x + 0.018, 0.24), (x + 0.034, 0.305), (x - 0.034, 0.305)]]), "ffe9bc")
        at.shine(x, 0.29, 0.62, 1.05)
        at.shine(x, 0.28, 0.10, 1.3)
    at.shine(0.5, 0.93, 0.9, 0.55, 0.6)


def _books(at: SetPainter, left: float, right: float, feet: list[float], random: np.random.Generator) -> None:
    """Rows of spines, of which a few lean."""
    spines: dict[str, list[Outline]] = {colour: [] for colour in BOOKS}
    bands: list[Outline] = []
    for foot in feet:
        x = left
        while x < right - 0.02:
            if random.random() < 0.07:
                x += 0.03
                continue
            width, height = 0.012 + 0.016 * random.random(), 0.078 + 0.040 * random.random()
            lean = 0.018 if random.random() < 0.08 else 0.0
            spines[BOOKS[int(random.integers(len(BOOKS)))]].append(_spine(x, foot, width, height, lean))
            if random.random() < 0.5:
                bands.append(_spine(x + 0.8 * lean, foot - 0.78 * height, width, 0.008, 0.0))
            x += width + 0.0022 + lean
    for colour, shapes in spines.items():
        at.fill(at.outlines(shapes), colour)
    at.fill(at.outlines(bands), "d8b878", 0.9)


def _spine(x: float, foot: float, width: float, height: float, lean: float) -> Outline:
    return [(x, foot), (x + width, foot), (x + width + lean, foot - height), (x + lean, foot - height)]


def studio(at: SetPainter) -> None:
    """White walls, a wide window of many panes, a pale floor in the sun, canvases that lean on the wall."""
    at.multiply(1 - 0.05 * falloff_up(at.y))
    at.boards(at.pick("c4b59c", "8a8a86", "b08a64"), at.pick("ad9d84", "7c7c78", "98744e"), 9)
    at.skirting("cfc8ba", 0.016)
    at.window(0.5, 0.36, 0.09, 0.64, "3a3d40", (5, 4))
    for left, top, width, lean in ((-0.30, 0.50, 0.21, 0.02), (-0.16, 0.60, 0.16, 0.015), (1.12, 0.46, 0.25, -0.02)):
        foot = FLOOR + 0.035
        sheet = [(left, foot), (left + width, foot), (left + width + lean, top), (left + lean, top)]
        at.fill(at.outlines([sheet]), "a08a6a", shadow=0.026)
        inner = [(left + 0.008, foot - 0.008), (left + width - 0.008, foot - 0.008)]
        inner += [(left + width + lean - 0.008, top + 0.008), (left + lean + 0.008, top + 0.008)]
        at.fill(at.outlines([inner]), "f2ede2")


def falloff_up(y: Tensor) -> Tensor:
    """1 at the ceiling, 0 from the middle of the wall on."""
    return (1 - y / 0.45).clamp(0, 1)


def stage(at: SetPainter) -> None:
    """Velvet at both sides and above, boards, a spotlight from above, footlights."""
    at.multiply((0.75 + 0.25 * torch.sin(at.x * 34 + 0.6 * torch.sin(5 * at.x))).expand_as(at.open))
    at.boards("7a5436", "5f3f28", 10)
    at.multiply(1 - 0.5 * (1 - (at.y - FLOOR).abs() / 0.05).clamp(min=0).expand_as(at.open))
    for left, right in ((-0.75, -0.30), (-0.34, -0.06), (1.06, 1.34), (1.30, 1.75)):
        at.drape(left, right, -0.3, 0.90, at.pick("8a1a28", "1f3f6a", "4a2a5a"), 34.0)
    for number, (y, depth) in enumerate(((0.06, 0.07), (0.005, 0.06))):
        hem = y + depth * (torch.sin((at.x + 0.13 * number) * 9.5)).abs()
        folds = 0.72 + 0.26 * torch.sin(at.x * 60 + 3 * number)
        at.fill(
            at.cover(hem - at.y),
            (at.pick("7a1622", "1a3358", "3f224c"), at.pick("9a2030", "28507f", "5a3270"))[number],
            folds,
            shadow=0.02,
        )
        at.fill(at.cover(0.006 - (hem - at.y - 0.008).abs()), "c9a04a")
    at.cone(0.5, -0.12, 0.90, 0.42, 0.50)
    pool = 1 - (((at.x - 0.5) / 0.44) ** 2 + ((at.y - 0.90) / 0.075) ** 2)
    at.lamp = at.lamp + 1.25 * (pool * 2.2).clamp(0, 1)
    for number in range(15):
        x = -0.55 + 0.15 * number
        at.fill(at.outlines([oval(x, 1.012, 0.022, 0.018)]), "ffe2a8")
        at.shine(x, 1.0, 0.15, 0.9)


SETS: dict[str, tuple[str, Callable[[SetPainter], None]]] = {  # name -> colour of the wall, what is painted on it
    "lamp room": ("3a5650", lamp_room),
    "kitchen": ("d2b483", kitchen),
    "attic": ("b08a62", attic),
    "library": ("4a3024", library),
    "studio": ("ece7dc", studio),
    "stage": ("2a1a22", stage),
}
_OUTDOOR_SETS = STREET_SETS | GARDEN_SETS | SOUTHERN_SETS | SPACE_SETS | FIELD_SETS | WATERFRONT_SETS
_FURTHER_SETS = HOUSE_SETS | HOUSEFRONT_SETS | WORK_SETS | VISIT_SETS | HIGH_SETS | PALACE_SETS | _OUTDOOR_SETS
SETS |= MODERN_SETS | PUBLIC_SETS | _FURTHER_SETS
_TURNED = ("parlour", "stairwell", "nave", "pub")  # the other further sets turn round by themselves
SALON = "salon"
VARIANTS = 6  # of each set: other walls, windows and furniture, half of them seen from the other side
WALLS = {  # colours of the walls of the others
    "lamp room": ("5c3234", "2c4058"),
    "kitchen": ("9cbcae", "d8a494"),
    "attic": ("a07a6a", "a89468"),
    "library": ("33402f", "3a2a3c"),
    "studio": ("d6dee6", "ecd8c0"),
    "stage": ("1c2034", "241c30"),
    **MODERN_WALLS,
    **PUBLIC_WALLS,
    **HOUSE_WALLS,
    **WORK_WALLS,
    **VISIT_WALLS,
    **PALACE_WALLS,
}
BY_CHANCE = (SALON, "lamp room", "studio", "library")  # which of them z chooses where words name none


def paint_any_room(context: DrawContext) -> None:
    """Paint the wall around what was painted before, of the room that words or z choose."""
    scene = context.scene
    if not scene.staged:
        paint_room(context)
        return
    for name, share in room_shares(scene).items():
        if name == SALON:
            paint_room(context, share)
        else:
            _paint_set(context, name, share)


def paint_open_set(context: DrawContext) -> None:
    """Paint the street, the garden or another place under the open sky that words name, behind the figures."""
    scene = context.scene
    for name in OPEN_SETS:
        if name in scene.marks:
            share = scene.mark(name) * (1 - scene.weight("terrain", "room"))
            _paint_variant(context, name, _by_chance(scene, Z.SHIFT[1], VARIANTS), share)


def room_shares(scene: Scene) -> dict[str, float]:
    """How much there is of each room, the one behind first; of more than one only while words change them."""
    shares = {BY_CHANCE[_by_chance(scene, Z.SHIFT[0], len(BY_CHANCE))]: 1.0}
    for name in ROOMS:
        marked = float(scene.mark(name)) if name in scene.marks else 0.0
        if marked:
            shares = {name: 1.0} if marked >= 1 else {**shares, name: max(marked, shares.pop(name, 0.0))}
    return shares


def _by_chance(scene: Scene, dimension: int, count: int) -> int:
    """Which of so many kinds z chooses; two at once would be ghosts of furniture, and a picture may rest anywhere."""
    return min(int(float(0.5 + 0.5 * scene.bounded(dimension)) * count), count - 1)


def _paint_set(context: DrawContext, name: str, share: float) -> None:
    variant = _by_chance(context.scene, Z.SHIFT[1], VARIANTS)
    _paint_variant(context, name, variant, context.scene.weight("terrain", "room") * share)


def _paint_variant(context: DrawContext, name: str, variant: int, share: Tensor) -> None:
    canvas, scene = context.canvas, context.scene
    box = scene.grid.box()
    texture = box_texture(_set_texture, box, name, variant)
    for season, part in _seasons(scene).items() if name in OPEN_SETS else ():
        other = box_texture(_set_texture, box, name, variant, season)
        texture = other if part >= 1 else torch.lerp(texture, other, part)
    palette, day = scene.palette, scene.brightness.clamp(max=1)
    hue = torch.lerp(torch.ones_like(palette.horizon), palette.horizon / palette.horizon.amax(1, keepdim=True), 0.55)
    ambient = hue * (AMBIENT + BY_DAY * day * day)
    falling_in = palette.glow * (DAYLIGHT * (0.25 + 0.75 * day))
    lamp = colour_tensor(LAMPLIGHT, scene.device) * (1 - (1 - LAMP_BY_DAY) * ((day - 0.4) * 2.2).clamp(0, 1))
    light = torch.addcmul(ambient, texture[:, 3:4], falling_in).addcmul_(texture[:, 4:5], lamp)
    cover = (1 - texture[:, 5:]) * share
    canvas.over(box, light.mul_(texture[:, :3]), cover)


def _seasons(scene: Scene) -> dict[str, float]:
    """How far it is another season than summer, 0..1, of a single scene: those that are seen at all."""
    shares = {
        AUTUMN: float(scene.weight("weather", "autumn leaves")),
        SPRING: float(scene.weight("weather", "petals")),
        WINTER: float((SNOWED_IN * snow_amount(scene)).clamp(max=1)),
    }
    return {season: share for season, share in shares.items() if share > 0}


@cached_constant
def _set_texture(grid: PixelGrid, name: str, variant: int = 0, season: str = SUMMER) -> Tensor:
    wall, paint = SETS[name]
    walls = (wall, *WALLS.get(name, ()))
    at = SetPainter(grid, walls[variant % len(walls)], variant, season)
    paint(at)
    if season == WINTER:
        at.lay_snow()
        at.multiply(torch.tensor(SNOW_LIT))
    mirrored = variant >= 3 if name in _TURNED else variant % 2 == 1 and name not in _FURTHER_SETS
    return at.texture().flip(-1) if mirrored else at.texture()
