"""The ridges of the land: the upper edges of three layers of paper, a profile of height for each terrain.

A profile is a y for each column, [batch, 1, 1, width]; y points down, so a smaller one is higher. The profiles of all
terrains in a scene are blended by their weights. All are functions of x that continue beyond the square.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from installation.models.theatre.buildings import (
    COLUMN_HEIGHT,
    VILLAGE_GROUND,
    city_shift,
    nearest_column,
    village_skyline,
)
from installation.models.theatre.draw_context import Ridges
from installation.models.theatre.land_shapes import shaped_land
from installation.models.theatre.marks import OPEN_SETS
from installation.models.theatre.raster import cached_constant
from installation.models.theatre.relief import FIRS, MASSIFS, relief
from installation.models.theatre.scene import Scene
from installation.models.theatre.skylines import tower_heights
from installation.models.theatre.sprite_tables import roof_line, rough_line, triangle_wave
from installation.models.theatre.street import STREET_TOP
from installation.models.theatre.turf import turf
from installation.models.theatre.vocabulary import Z

PEAKS = (  # of the far and of the middle ridge: x, half width, height; the first three stand in the square
    (
        *((0.22, 0.34, 0.95), (0.55, 0.42, 1.1), (0.86, 0.30, 0.85), (-0.19, 0.30, 0.8), (1.24, 0.33, 1.05)),
        *((-0.62, 0.40, 1.1), (1.62, 0.36, 0.85), (-1.05, 0.34, 0.9), (2.02, 0.40, 1.0)),
    ),
    (
        *((0.06, 0.34, 0.9), (0.40, 0.30, 0.75), (0.74, 0.40, 1.0), (-0.38, 0.36, 1.0), (1.20, 0.32, 0.8)),
        *((-0.82, 0.38, 0.8), (1.60, 0.40, 1.05), (-1.25, 0.34, 0.9), (2.05, 0.36, 0.8)),
    ),
)


@cached_constant
def _peaks(layer: int, device: torch.device) -> tuple[Tensor, ...]:
    """The peaks of a layer: x, half width and height, each [1, peaks, 1, 1]."""
    return torch.tensor(PEAKS[layer], device=device).T.reshape(3, 1, -1, 1, 1).unbind(0)


@cached_constant
def _sines(layer: int, device: torch.device) -> tuple[Tensor, ...]:
    """Of the three sines of the waves of a layer: radians per unit, phase and height, each [1, 3, 1, 1]."""
    rates = [3.14 * rate for rate in (1.5, 2.3, 4.1)]
    turns = [layer, 2 * layer + math.pi / 2, layer]
    return torch.tensor([rates, turns, [0.030, 0.030, 0.021]], device=device).view(3, 1, 3, 1, 1).unbind(0)


ISLAND_HALF, ISLAND_HEIGHT = 0.33, 0.075  # half its width, and its height, in units
BEACH = 0.05  # how much farther away the edge of a beach is that words name, in units
SHORES = frozenset(["campfire", "shore"])  # marks of what an island's own ground is too far away for


class RidgeShapes:
    """The shapes that profiles are made of, each computed when a terrain asks for it.

    `layer` is 0 for the far, 1 for the middle and 2 for the near layer of land. Heights are in 0..1 unless stated.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.x = scene.grid.x
        self.horizon = scene.horizon

    def shifted(self, z_index: int, amount: float) -> Tensor:
        """x, moved by at most `amount` by a dimension of z, [batch, 1, 1, width]."""
        return self.x - amount * self.scene.bounded(z_index)

    def waves(self, layer: int) -> Tensor:
        """Gentle waves of the ground around 0: three sines whose amplitudes are dimensions of z."""
        if self.scene.staged:
            return self._staged_waves(layer)
        slow, medium, quick = (self.scene.z(index) for index in Z.GROUND_WAVES[layer])
        x = 3.14 * self.x
        waves = slow * torch.sin(1.5 * x + layer) + medium * torch.cos(2.3 * x + 2 * layer)
        return 0.030 * (waves + 0.7 * quick * torch.sin(4.1 * x + layer))

    def _staged_waves(self, layer: int) -> Tensor:
        """The same waves, of a plain or of steep hills, on ground that falls to one side."""
        rates, turns, heights = _sines(layer, self.scene.device)
        sines = torch.addcmul(turns, rates, self.x).sin_()  # [1, 3, 1, width]
        heights = heights * self.scene.z_range(Z.GROUND_WAVES[layer])
        rough = torch.exp(1.3 * self.scene.bounded(Z.GROWTH[1]) - 0.25)
        tilt = TILT[layer] * self.scene.bounded(Z.GROWTH[2])
        waves = (sines * (heights * rough)).sum(1, keepdim=True)
        return torch.addcmul(waves, tilt, self.x - 0.5)

    def peaks(self, layer: int) -> Tensor:
        """A mountain range, 0 to about 1.2; layer 0 or 1. z moves and raises the first three peaks and their like."""
        if self.scene.staged:
            height = relief(MASSIFS[layer], self.shifted(Z.SHIFT[3 * layer], 1.6) + 2.7 * layer)
            return height * (1.05 + 0.35 * self.scene.bounded(Z.GROWTH[3 * layer]))
        teeth = 1 + 0.04 * (triangle_wave(layer, self.x) - 0.5)
        x, half_width, tall = _peaks(layer, self.scene.device)
        axis = x + 0.06 * self._of_peaks(Z.SHIFT, layer)
        summit = tall * (1 + 0.25 * self._of_peaks(Z.GROWTH, layer))
        peaks = (1 - (self.x - axis).abs() / half_width).clamp(min=0) * summit  # [batch, peaks, 1, width]
        return peaks.amax(1, keepdim=True) * teeth

    def _of_peaks(self, indices: Sequence[int], layer: int) -> Tensor:
        """What z does to each peak of a layer, every third by the same dimension, [batch, peaks, 1, 1]."""
        three = self.scene.bounded_range(indices[3 * layer : 3 * layer + 3])
        return torch.cat([three] * (len(PEAKS[layer]) // 3), 1)

    def firs(self) -> Tensor:
        """Fir trees of different heights, 0 to 1.15."""
        if self.scene.staged:  # of all sizes; the models know a row of equal ones
            return 1.45 * relief(FIRS, self.shifted(Z.SHIFT[3], 1.2))
        x = self.shifted(Z.SHIFT[3], 0.12)
        return triangle_wave(0, x) * (0.55 + 0.6 * rough_line(0, x))

    def far_firs(self) -> Tensor:
        """The tops of firs in the distance, 0 to about 1."""
        x = self.shifted(Z.SHIFT[0], 0.06)
        return relief(FIRS, 1.8 * x + 3.3) * 1.6 if self.scene.staged else triangle_wave(1, x)

    def underwood(self) -> Tensor:
        """The teeth of the nearest layer of a forest, which the models know, 0..1."""
        return torch.zeros_like(self.x) if self.scene.staged else triangle_wave(2, self.x)

    def tower_blocks(self, layer: int) -> Tensor:
        """The roofs of a city, which are flat for the models; layer 0 or 1."""
        x = self.x - city_shift(self.scene, layer)
        if self.scene.staged:
            heights = tower_heights(layer, x, self.scene.grid.pixel)
            return heights * (1 + 0.3 * self.scene.bounded(Z.TOWER_HEIGHT[layer]))
        return roof_line(layer, x, self.scene.grid.pixel) * (1 + 0.3 * self.scene.bounded(Z.TOWER_HEIGHT[layer]))

    def columns(self) -> Tensor:
        """The columns of a temple, some of them broken."""
        cover, _, height = nearest_column(self.scene)
        return cover * height

    def volcano(self) -> Tensor:
        """A cone with a flat top between low hills, 0 to 0.8."""
        slope = 1 - (self.x - crater_x(self.scene)).abs() / 0.42
        hills = 0.16 * torch.sin(self.x * 5.3 + 0.4) * ((self.x - 0.5).abs() - 0.45).clamp(0, 0.3) / 0.3
        return torch.maximum(slope.clamp(0, 0.80), hills)

    def dunes(self, layer: int) -> Tensor:
        """Crests with a long slope on one side and a steep one on the other."""
        place = self.x * (1.55 + 0.5 * layer) + 0.37 * layer + 0.12 * self.scene.z(Z.GROUND_WAVES[layer][0])
        along = place - place.floor()
        rise = torch.minimum(along / 0.68, (1 - along) / 0.32)
        return rise * rise * (3 - 2 * rise) * (0.65 + 0.35 * torch.sin(2.1 * place + layer))

    def treetops(self, layer: int) -> Tensor:
        """Round crowns of trees."""
        place = self.x * (19 - 5 * layer) + 2 * layer + self.scene.z(Z.GROUND_WAVES[layer][0])
        return place.sin().abs() * 0.6 + (0.43 * place + 1).sin().abs() * 0.4

    def ice_spires(self) -> Tensor:
        """Spires of ice, 0 to about 1.4."""
        x = self.shifted(Z.SHIFT[0], 0.12)
        return triangle_wave(1, x) ** 1.5 * (0.3 + 0.9 * rough_line(0, x)) + 0.2 * rough_line(2, x)

    def gorge(self) -> Tensor:
        """The rock that a waterfall comes down, higher at the sides, 0 to about 0.12."""
        steps = 0.10 * rough_line(0, self.shifted(Z.SHIFT[0], 0.12))
        return steps * ((self.x - 0.5).abs() * 2.6 - 0.25).clamp(0, 1)

    def shore(self, below: Tensor | float) -> Tensor:
        """The y of the bank that comes up for figures that cannot swim, else `below`."""
        ashore = self.scene.ashore()
        edge = 0.885 - BEACH * self.scene.mark("shore") * self.scene.staged
        return below + ashore * (edge + 0.3 * self.waves(2) - below)

    def sea_swell(self) -> Tensor:
        """The y of the nearest waves of the sea; before an audience no two are alike."""
        if self.scene.staged:
            quick = torch.sin(31 * self.x - self.scene.angle(0.6) + 2 * torch.sin(3.1 * self.x))
            slow = torch.sin(11 * self.x + self.scene.z(Z.SWELL) + self.scene.angle(0.9))
            return 0.957 + 0.011 * slow + 0.0055 * quick
        return 0.955 + 0.015 * torch.sin(self.x * 26 + self.scene.z(Z.SWELL) + self.scene.angle(0.9))

    def island(self) -> Tensor:
        """A low mound."""
        dx = self.x - island_x(self.scene)
        return (1 - (dx / ISLAND_HALF) ** 2).clamp(min=0) ** 0.8 * (1 + 0.12 * torch.sin(17 * dx + 4))

    def cliffs(self) -> Tensor:
        """Walls on both sides with steps farther out, 0 to 0.42."""
        right = 0.74 + 0.05 * self.scene.bounded(Z.RIGHT_SIDE)
        left = 0.16 + 0.05 * self.scene.bounded(Z.LEFT_SIDE)
        inner = 0.42 * torch.sigmoid((self.x - right) * 42) + 0.30 * torch.sigmoid((left - self.x) * 42)
        outer = 0.10 * torch.sigmoid((-0.12 - self.x) * 42) - 0.12 * torch.sigmoid((self.x - 1.16) * 42)
        return inner + outer

    def reed_beds(self) -> Tensor:
        """Low mounds on the middle layer of a swamp."""
        return torch.sin(self.x * 13 + self.scene.z(Z.GROUND_WAVES[1][0])).clamp(min=0)

    def relief_of(self, layer: int) -> Tensor:
        """How far open land rises above its plain, in units, for an audience alone (see `land_shapes`).

        It is low before the celestial body, which it would hide.
        """
        if not self.scene.staged:
            return torch.zeros_like(self.x)
        if self.scene.has_only("celestial", "empty sky"):
            return shaped_land(self.scene, layer)
        beside = (self.x - self.scene.celestial_disc.x) * (1 / BODY_HALF)
        hides = 0.85 * (1 - self.scene.weight("celestial", "empty sky")) / (1 + (beside * beside).square())
        return shaped_land(self.scene, layer) * (1 - hides)

    def rise(self) -> Tensor:
        """A rise of the ground on the side of figures, which z makes higher or lower; for an audience alone."""
        if not self.scene.staged:
            return torch.zeros_like(self.x)
        aside = torch.tanh(2 * self.scene.z(Z.FIGURES_X) - 4 * self.scene.z(Z.CELESTIAL_X) + 0.3)
        place = (self.x - 0.5 - 0.3 * aside) * (1 / RISE_HALF)
        return RISE * (0.4 + self.scene.bounded(Z.GROWTH[0])).clamp(min=0) / (1 + place * place)

    def bank(self) -> Tensor:
        """How far the nearest ground goes up beside the square, on one side more, as z says; for an audience alone."""
        if not self.scene.staged:
            return torch.zeros_like(self.x)
        beside = (self.x - 0.5) * (1 / BANK_HALF)
        risen = beside * beside
        return (
            BANK
            * risen
            / (1 + risen)
            * (0.5 + torch.tanh(3 * self.scene.bounded(Z.GROWTH[4]) * beside)).clamp(min=-0.3)
        )

    def flat(self, y: float) -> Tensor:
        """The same y everywhere, [batch, 1, 1, width]."""
        return y + 0 * self.horizon + 0 * self.x


def island_x(scene: Scene) -> Tensor:
    """The x of the middle of the island, [batch, 1, 1, 1]."""
    return 0.55 + 0.11 * scene.bounded(Z.FEATURE_X)


def island_y(scene: Scene, x: Tensor) -> Tensor:
    """The y of the island's ridge at x, [batch, 1, 1, 1]."""
    dx = x - island_x(scene)
    mound = (1 - (dx / ISLAND_HALF) ** 2).clamp(min=0) ** 0.8 * (1 + 0.12 * torch.sin(17 * dx + 4))
    return scene.horizon + 0.006 - ISLAND_HEIGHT * mound


def crater_x(scene: Scene) -> Tensor:
    """The x of the crater of the volcano, [batch, 1, 1, 1]."""
    return 0.5 + 0.07 * scene.bounded(Z.FEATURE_X)


def course_line(scene: Scene, layer: int) -> Tensor:
    """The y of a line along which the far (0) or the middle (1) layer is divided, [batch, 1, 1, width]."""
    return scene.horizon + 1.6 * RidgeShapes(scene).waves(layer)


def grass(scene: Scene) -> Tensor:
    """How far blades of grass rise above the near layer, [batch, 1, 1, width]; none on bare ground."""
    grows = scene.weight("terrain", *GRASSY)
    x = scene.grid.x
    if scene.staged:  # the models know tufts of equal blades
        return STAGED_GRASS * grows * turf(x - TURF_SHIFT * scene.bounded(Z.GROUND_WAVES[2][1]))
    tufts = (rough_line(2, 1.3 * x) * rough_line(1, x)) ** 2
    blades = (1 - ((x * 53 + 1.7 * torch.sin(23 * x)) % 1 * 2 - 1).abs()) ** 2
    fine = (1 - ((x * 89 + 2.3 * torch.sin(17 * x)) % 1 * 2 - 1).abs()) ** 2
    return GRASS_HEIGHT * grows * tufts * torch.maximum(blades, 0.75 * fine)


Profile = Callable[[RidgeShapes], Tensor]

GRASSY = ("field", "hills", "river", "graveyard", "forest", "lake", "ruins", "swamp")
GRASS_HEIGHT, STAGED_GRASS, TURF_SHIFT = 0.06, 0.026, 1.2  # of the tallest; for an audience; how far z shifts it: units
TILT = (-0.08, 0.12, -0.10)  # how much each layer falls to one side for an audience, as z says: units for each unit
RISE, RISE_HALF = 0.055, 0.5  # of the ground where a figure stands: height, half its width, in units
BANK, BANK_HALF = 0.10, 0.75  # of the ground beside the square: height, x from the middle of half of it, in units
BODY_HALF = 0.20  # half the width of land that stays low before the celestial body, in units

BELOW_PICTURE = 1.5  # y of a layer that is not there

FAR: dict[str, Profile] = {
    "sea": lambda at: at.horizon,
    "lake": lambda at: at.horizon - 0.13 * at.peaks(0),
    "mountains": lambda at: at.horizon + 0.02 - 0.30 * at.peaks(0),
    "desert": lambda at: at.horizon + 0.02 - 0.13 * at.dunes(0),
    "forest": lambda at: at.horizon - 0.06 + at.waves(0) - 0.05 * at.far_firs(),
    "city": lambda at: at.horizon - 0.17 * at.tower_blocks(0),
    "field": lambda at: at.horizon - 0.02 + at.waves(0) - 0.6 * at.relief_of(0),
    "hills": lambda at: at.horizon - 0.06 + 1.5 * at.waves(0) - 0.6 * at.relief_of(0),
    "cave": lambda at: at.horizon - 0.02 + at.waves(0),
    "cliffs": lambda at: at.horizon + 0.01,
    "ice": lambda at: at.horizon - 0.17 * at.ice_spires(),
    "volcano": lambda at: at.horizon + 0.02 - 0.36 * at.volcano(),
    "ruins": lambda at: at.horizon - 0.02 + at.waves(0),
    "river": lambda at: at.horizon - 0.12 + 1.4 * at.waves(0) - 0.025 * at.treetops(0),
    "waterfall": lambda at: 0.295 - at.gorge(),
    "island": lambda at: at.horizon + 0.006 - ISLAND_HEIGHT * at.island(),
    "swamp": lambda at: at.horizon - 0.03 - 0.07 * at.treetops(0),
    "village": lambda at: VILLAGE_GROUND[0] - 0.7 * village_skyline(at.scene, 0),
    "road": lambda at: at.horizon - 0.035 + 1.2 * at.waves(0),
    "graveyard": lambda at: at.horizon - 0.06 + 1.3 * at.waves(0) - 0.02 * triangle_wave(2, at.x),
    "room": lambda at: at.horizon - 0.05 + 1.2 * at.waves(0),
    "deep sea": lambda at: at.horizon + 0.04 - 0.15 * at.treetops(1) * rough_line(1, at.x),
    "jungle": lambda at: at.horizon - 0.03 - 0.12 * at.treetops(0),
}
MIDDLE: dict[str, Profile] = {
    "sea": lambda at: at.horizon + 0.16 + 0.2 * at.waves(1),
    "lake": lambda at: at.horizon + 0.19,
    "mountains": lambda at: at.horizon + 0.11 - 0.20 * at.peaks(1),
    "desert": lambda at: at.horizon + 0.14 - 0.13 * at.dunes(1) - 0.5 * at.relief_of(1),
    "forest": lambda at: at.horizon + 0.02 + at.waves(1) - 0.16 * at.firs(),
    "city": lambda at: at.horizon + 0.05 - 0.22 * at.tower_blocks(1),
    "field": lambda at: at.horizon + 0.07 + at.waves(1) - 0.9 * at.relief_of(1),
    "hills": lambda at: at.horizon + 0.07 + 1.3 * at.waves(1) - 1.1 * at.relief_of(1),
    "cave": lambda at: at.horizon + 0.10 + at.waves(1),
    "cliffs": lambda at: at.horizon + 0.13 - at.cliffs() + 0.3 * at.waves(1),
    "ice": lambda at: at.horizon + 0.12 - 0.10 * at.peaks(1),
    "volcano": lambda at: at.horizon + 0.10 + at.waves(1),
    "ruins": lambda at: at.horizon + 0.08 + at.waves(1) - COLUMN_HEIGHT * at.columns(),
    "river": lambda at: at.horizon - 0.075 + 0.35 * at.waves(1),
    "waterfall": lambda at: at.horizon + 0.17 - 0.8 * at.cliffs() + 0.2 * at.waves(1),
    "island": lambda at: at.horizon + 0.17 + 0.2 * at.waves(1),
    "swamp": lambda at: at.horizon + 0.15 - 0.05 * at.reed_beds(),
    "village": lambda at: VILLAGE_GROUND[1] - village_skyline(at.scene, 1),
    "road": lambda at: at.horizon - 0.005 + 0.12 * at.waves(1),
    "graveyard": lambda at: 0.785 + 0.35 * at.waves(1),
    "room": lambda at: at.horizon + 0.03 + at.waves(1),
    "deep sea": lambda at: at.horizon + 0.17 - 0.10 * at.treetops(0) * rough_line(0, at.x),
    "jungle": lambda at: at.horizon + 0.09 - 0.10 * at.treetops(1),
}
NEAR: dict[str, Profile] = {  # other terrains have `_bare_ground`
    "sea": lambda at: at.shore(at.sea_swell()),
    "lake": lambda at: at.shore(0.93 + 0.4 * at.waves(2)),
    "desert": lambda at: 0.88 + 1.1 * at.waves(2) - at.rise() - at.bank(),
    "forest": lambda at: 0.90 + 0.5 * at.waves(2) - 0.03 * at.underwood(),
    "field": lambda at: 0.84 + 0.6 * at.waves(2) - at.rise() - at.bank(),
    "ice": lambda at: 0.89 + 0.3 * at.waves(2) - 0.02 * rough_line(2, at.x),
    "island": lambda at: at.shore(at.sea_swell()) if at.scene.marks & SHORES else at.sea_swell(),
    "river": lambda at: 0.925 + 0.5 * at.waves(2),
    "swamp": lambda at: 0.935 + 0.3 * at.waves(2),
    "road": lambda at: at.flat(BELOW_PICTURE),
    "room": lambda at: at.flat(BELOW_PICTURE),
    "deep sea": lambda at: 0.90 + 0.5 * at.waves(2) - 0.03 * at.treetops(0),
    "jungle": lambda at: 0.90 + 0.4 * at.waves(2) - 0.02 * at.treetops(0),
}


def _bare_ground(at: RidgeShapes) -> Tensor:
    return 0.885 + 0.6 * at.waves(2) - at.rise() - at.bank()


def land_ridges(scene: Scene) -> Ridges:
    """The three ridges of a scene."""
    shapes = RidgeShapes(scene)
    return Ridges(lambda layer: _blended(scene, shapes, (FAR, MIDDLE)[layer]) if layer < 2 else _near(scene, shapes))


def _near(scene: Scene, shapes: RidgeShapes) -> Tensor:
    """The nearest ridge, which is level where there is a street."""
    ridge = _blended(scene, shapes, NEAR)
    if scene.staged and scene.marks.intersection(OPEN_SETS):
        ridge = torch.lerp(ridge, torch.full_like(ridge, STREET_TOP), scene.in_open_set)
    if not scene.has_ways:
        return ridge
    way = torch.maximum(scene.on_wheels, scene.on_rails)
    return torch.lerp(ridge, torch.full_like(ridge, STREET_TOP), way)


def _blended(scene: Scene, shapes: RidgeShapes, profiles: Mapping[str, Profile]) -> Tensor:
    ridge = torch.zeros_like(scene.grid.x)
    for terrain in scene.present("terrain"):
        ridge = ridge + scene.weight("terrain", terrain) * profiles.get(terrain, _bare_ground)(shapes)
    return ridge
