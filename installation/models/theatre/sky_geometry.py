"""Where the horizon is, and the place and size of the celestial body above it."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.decoded_latents import DecodedLatents, marks_celestial_body
from installation.models.theatre.raster import cached_constant
from installation.models.theatre.vocabulary import SKIES, TERRAINS, Z

CELESTIAL_RANGES = {  # where a terrain leaves the celestial body unhidden: centre x, half width, centre y, half height
    "mountains": (0.5, 0.26, 0.165, 0.04),
    "lake": (0.5, 0.26, 0.27, 0.12),
    "forest": (0.5, 0.24, 0.26, 0.12),
    "city": (0.5, 0.24, 0.23, 0.10),
    "cave": (0.5, 0.10, 0.40, 0.03),
    "cliffs": (0.46, 0.14, 0.28, 0.13),
    "volcano": (0.22, 0.08, 0.24, 0.09),
    "ruins": (0.5, 0.24, 0.24, 0.10),
    "waterfall": (0.5, 0.27, 0.135, 0.02),
    "island": (0.20, 0.06, 0.24, 0.10),
    "village": (0.5, 0.24, 0.25, 0.11),
    "swamp": (0.5, 0.16, 0.30, 0.09),
    "graveyard": (0.5, 0.20, 0.27, 0.10),
    "room": (0.5, 0.09, 0.31, 0.07),
    "deep sea": (0.5, 0.20, 0.18, 0.05),
    "jungle": (0.5, 0.13, 0.30, 0.05),
}
PLACES_OF_DISC: dict[str, tuple[float | None, float]] = {  # where it is between, behind or above figures; x is free
    "between sky": (0.5, 0.27),
    "behind sky": (None, 0.34),
    "above sky": (None, 0.16),
    "over sky": (0.5, 0.44),
    "on sky": (0.5, 0.52),
}
BESIDE_RAINBOW = (0.50, 0.13)  # where the celestial body is: from the middle sideways, and its y
OPEN_TERRAINS = ("sea", "field", "hills", "desert")
LOW_SUNS = {"dawn": 0.9, "sunset": 1.0, "golden hour": 0.7, "dusk": 0.8, "morning": 0.3, "dusty": 0.4, "blood red": 0.6}
DEFAULT_CELESTIAL_RANGE = (0.5, 0.24, 0.29, 0.15)


class Disc(NamedTuple):
    """Centre and radius in units, each [batch, 1, 1, 1]."""

    x: Tensor
    y: Tensor
    radius: Tensor


def horizon_of(said: DecodedLatents) -> Tensor:
    """The y of the horizon, [batch, 1, 1, 1]; an audience sees open land and the sea from lower or higher up."""
    horizon = 0.66 + 0.025 * said.bounded(Z.HORIZON)
    if not said.staged:
        return horizon
    wish = said.bounded(Z.HORIZON)
    land = said.weight("terrain", *OPEN_TERRAINS) - said.weight("terrain", "sea")
    return horizon + land * (0.10 * wish - 0.02) + said.weight("terrain", "sea") * (0.12 * wish).clamp(max=0)


def low_sun_of(sky: Tensor) -> Tensor:
    """How low the sun stands by the weights of the skies: [batch, skies] -> [batch, 1, 1, 1] in 0..1."""
    return (sky @ _low_suns(sky.device)).view(-1, 1, 1, 1)


def celestial_disc_of(said: DecodedLatents, horizon: Tensor, low_sun: Tensor, rainbow: Tensor | None) -> Disc:
    """Place and size of the celestial body, within the range that the terrain leaves unhidden.

    `rainbow`, the strength of the one that an audience sees, is None without one.
    """
    ranges = (said.group("terrain") @ _celestial_ranges(said.device)).view(-1, 4, 1, 1, 1)
    x, half_width, y, half_height = ranges.unbind(1)
    x = x + half_width * torch.tanh(1.8 * said.z(Z.CELESTIAL_X))
    y = y + half_height * torch.tanh(0.8 * said.z(Z.CELESTIAL_Y))
    if said.staged:  # by a low sun it is near the horizon
        low = _open_sky(said) * low_sun * (1 - said.weight("celestial", "empty sky"))
        y = torch.lerp(y, horizon - 0.13 + 0.05 * said.bounded(Z.CELESTIAL_Y), 0.75 * low)
    if rainbow is not None:  # beside the rainbow, not before it
        arch = rainbow.clamp(max=1)
        x = torch.lerp(x, 0.5 + BESIDE_RAINBOW[0] * torch.where(x > 0.5, 1.0, -1.0), arch)
        y = torch.lerp(y, torch.full_like(y, BESIDE_RAINBOW[1]), arch)
    for name in sorted(said.marks & set(PLACES_OF_DISC)):
        mark = said.mark(name)
        to_x, to_y = PLACES_OF_DISC[name]
        x = torch.lerp(x, torch.full_like(x, to_x), mark) if to_x is not None else x
        y = torch.lerp(y, torch.full_like(y, to_y), mark)
    return Disc(x, y, 0.080 * torch.exp(0.20 * said.bounded(Z.CELESTIAL_RADIUS)) * _size(said))


def _open_sky(said: DecodedLatents) -> Tensor:
    """How much of a sky there is down to the horizon, [batch, 1, 1, 1] in 0..1."""
    return said.weight("terrain", *OPEN_TERRAINS, "lake")


def _size(said: DecodedLatents) -> Tensor | float:
    """How much larger the celestial body is than by its nature."""
    size = 1.0 if not said.staged else 1 + _open_sky(said) * 0.25 * (1 + 1.6 * said.bounded(Z.CELESTIAL_Y))
    if not marks_celestial_body(said):
        return size
    size = size + 0.5 * said.mark("over sky") + 0.6 * said.mark("on sky")
    return size + 1.3 * said.mark("huge sky") - 0.45 * said.mark("tiny sky")


@cached_constant
def _low_suns(device: torch.device) -> Tensor:
    """[skies]."""
    return torch.tensor([LOW_SUNS.get(sky, 0.0) for sky in SKIES], device=device)


@cached_constant
def _celestial_ranges(device: torch.device) -> Tensor:
    """[terrains, 4], as in CELESTIAL_RANGES."""
    rows = [CELESTIAL_RANGES.get(terrain, DEFAULT_CELESTIAL_RANGE) for terrain in TERRAINS]
    return torch.tensor(rows, device=device)
