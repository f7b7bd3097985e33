"""The papers of the land that an audience sees: for each kind of land several sets of three, of which z chooses.

A set has a cool distance, a middle in the light and a near ground that is darker, in hues that set each other off, so
that figures before the middle stand out. The models know one soil for each terrain (`land_layers.SOILS`).
"""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.raster import cached_constant
from installation.models.theatre.scene import Scene
from installation.models.theatre.staged_palettes import land_skies, scheme_land
from installation.models.theatre.vocabulary import TERRAINS, Z, rgb

SETS = 5
CHOSEN_BY = (Z.SHIFT[5], Z.GROWTH[4], Z.GROWTH[5], Z.RIGHT_SIDE, Z.LEFT_SIDE)  # dimensions of z: one for each set
DECIDED = 9.0  # how soon one set gives way to the next, as z moves
GRASS = (  # far, middle, near
    ("86b8d0", "a4c83c", "2f7d4a"),
    ("8ea2dc", "ecb837", "4f8a34"),
    ("94a8d8", "c9b45a", "2f7a5c"),
    ("9ca8d8", "dc9448", "1d6a6c"),
    ("a8a8dc", "2fa490", "b0702c"),
)
MEADOW = (
    ("86b8d0", "accc3e", "2f8440"),
    ("8ea2dc", "e6bc3c", "4f8f34"),
    ("94a8d8", "b4c468", "2f7f4c"),
    ("a0acd4", "5cb458", "1f7458"),
    ("a8a8dc", "3ca880", "7c9430"),
)
ROCK = (
    ("8ca8dc", "84a458", "3c7048"),
    ("949cdc", "cc8c4c", "4c7454"),
    ("7fa8d4", "4f82b4", "8c683c"),
    ("a4a8c4", "7c8ea4", "2f6a70"),
    ("9cacd8", "c8644c", "2f5c74"),
)
SAND = (
    ("d8a0a0", "ecb060", "b0623a"),
    ("b8a0cc", "eac474", "985c48"),
    ("d0909c", "dc7848", "8c4038"),
    ("a8b8dc", "f2d08c", "bc8440"),
    ("b8a0ac", "e49a6c", "7c5048"),
)
TOWERS = (
    ("a8c4e4", "4f86bc", "a8906c"),
    ("b4b4d4", "c8644c", "5c8060"),
    ("a8c8dc", "3484a8", "8c6a5c"),
    ("b4bcd8", "d8983c", "4c6480"),
    ("a8b4d4", "64789c", "50785c"),
)
HOUSES = (
    ("a8c0dc", "c0604c", "4f8048"),
    ("b0b4d4", "dca850", "4c7480"),
    ("a8bcd8", "5c84b8", "8c7c44"),
    ("b0b0d8", "c87c8c", "447c60"),
    ("a4c0d0", "e8cc98", "5c8440"),
)
WOOD = (
    ("8cc0c0", "2f8c5c", "2c6c3c"),
    ("94acdc", "3c8488", "4c6c30"),
    ("b4bcc8", "7a9c38", "5c5c2c"),
    ("b8a8cc", "2f7478", "6c5838"),
    ("a8b0d4", "c4703a", "3f6c50"),
)
RICHER = 0.22  # how much more of their own hue the papers of a scheme have
BOUND = {  # how much of a land is in the colours of the picture's scheme, instead of in its own papers
    **dict.fromkeys(("hills", "lake", "road"), 0.82),
    "field": 0.74,
    "river": 0.45,
    **dict.fromkeys(("mountains", "cliffs"), 0.70),
    "ruins": 0.6,
    "desert": 0.30,
    "city": 0.55,
    "village": 0.55,
    "forest": 0.62,
    **dict.fromkeys(("graveyard", "swamp"), 0.5),
    "jungle": 0.4,
}
LANDS = {
    **dict.fromkeys(("hills", "lake", "road"), GRASS),
    **dict.fromkeys(("field", "river"), MEADOW),
    **dict.fromkeys(("mountains", "cliffs", "ruins"), ROCK),
    "desert": SAND,
    "city": TOWERS,
    "village": HOUSES,
    "forest": WOOD,
}


def land_papers(scene: Scene) -> tuple[Tensor, Tensor]:
    """The papers of the far, the middle and the near layer, [3, 3, 1, 1], and how much of the land they are made of.

    Returns:
        The colours in white light, and the weight of the terrains that have such papers, [1, 1, 1, 1].
    """
    wishes = torch.cat([scene.bounded(index).flatten(1) for index in CHOSEN_BY], 1)
    shares = torch.softmax(DECIDED * wishes, 1)  # [1, SETS]
    terrain = scene.group("terrain")[:1] * _has(scene.device)
    weight = terrain.sum()
    of_terrain = (terrain @ _table(scene.device)).view(SETS, 9)
    mixed = (shares @ of_terrain) / weight.clamp(min=1e-6)
    return mixed.view(3, 3, 1, 1), weight.view(1, 1, 1, 1)


def bound_land(scene: Scene, layers: list[Tensor]) -> list[Tensor]:
    """The far, the middle and the near layer, each [1, 3, 1, 1], bound by the colour scheme of the picture."""
    sky = scene.group("sky")[:1]
    share = (scene.group("terrain")[:1] @ _bound(scene.device)).view(1, 1, 1, 1) * land_skies(sky)
    papers = scheme_land(sky, scene.scheme_shares[:1]).view(3, 1, 3, 1, 1)
    papers = (papers + RICHER * (papers - papers.mean(2, keepdim=True))).clamp(min=0)
    return [torch.lerp(layer, paper, share) for layer, paper in zip(layers, papers, strict=True)]


@cached_constant
def _bound(device: torch.device) -> Tensor:
    """BOUND, [terrains]."""
    return torch.tensor([BOUND.get(name, 0.0) for name in TERRAINS], device=device)


@cached_constant
def _table(device: torch.device) -> Tensor:
    """[terrains, SETS * 3 layers * 3]."""
    rows = [[[rgb(colour) for colour in papers] for papers in LANDS.get(name, GRASS)] for name in TERRAINS]
    return torch.tensor(rows, device=device).flatten(1)


@cached_constant
def _has(device: torch.device) -> Tensor:
    """1 for the terrains with papers of their own, [terrains]."""
    return torch.tensor([float(name in LANDS) for name in TERRAINS], device=device)
