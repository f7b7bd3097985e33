"""The colour schemes of the pictures that an audience sees: five for each time of day, of which z chooses.

A scheme has few hues that go together, for the sky and for the land, as they are in `colour_schemes.toml`. The models
know one palette for each sky (`vocabulary.SKIES`).
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from installation.models.theatre.raster import cached_constant
from installation.models.theatre.vocabulary import SKIES, Z, rgb

SCHEMES = 5
DECIDED = 9.0  # how soon one scheme gives way to the next, as z moves
CHOSEN_BY = 1 + Z.CAMERA[-1]  # so many dimensions of z together choose: whoever moves one keeps the scheme
NOT_BY = (Z.CELESTIAL_RADIUS, Z.SMALL_STARS, *Z.AURORA, *Z.CLOUD_X, *Z.CLOUD_SIZE)  # these choose what the sky shows
SEED = 25


def scheme_shares(z: Tensor) -> Tensor:
    """How much of each scheme a picture has: z, [batch, dimensions] -> [batch, SCHEMES], together 1."""
    return torch.softmax(DECIDED * (z[:, :CHOSEN_BY] @ _directions(z.device)), 1)


def towards_scheme(scheme: int) -> Tensor:
    """A direction in z, [CHOSEN_BY], along which there is more of a scheme."""
    return _directions(torch.device("cpu"))[:, scheme]


def staged_sky_colours(sky: Tensor, shares: Tensor) -> Tensor:
    """The colours of a sky as an audience sees it.

    Args:
        sky: Weights of the skies, [batch, skies].
        shares: Of the schemes, [batch, SCHEMES].

    Returns:
        [batch, 7 colours * 3], in the order of `Palette`.
    """
    return _mixed(sky, shares, _sky_table(sky.device))


def scheme_land(sky: Tensor, shares: Tensor) -> Tensor:
    """The far, the middle and the near paper of the land: [batch, skies], [batch, SCHEMES] -> [batch, 3 * 3]."""
    return _mixed(sky, shares, _land_table(sky.device))


def land_skies(sky: Tensor) -> Tensor:
    """How much of the skies has schemes with land, [batch, skies] -> [batch, 1, 1, 1]."""
    return (sky @ _has_land(sky.device)).view(-1, 1, 1, 1)


def _mixed(sky: Tensor, shares: Tensor, table: Tensor) -> Tensor:
    return (sky[:, :, None, None] * shares[:, None, :, None] * table).sum((1, 2))


@cache
def _schemes() -> dict[str, list[dict[str, list[str]]]]:
    """For each sky its schemes."""
    return tomllib.loads(Path(__file__).with_name("colour_schemes.toml").read_text(encoding="utf-8"))


@cached_constant
def _directions(device: torch.device) -> Tensor:
    """For each scheme a direction in z, [CHOSEN_BY, SCHEMES], of length 1."""
    random = torch.randn(CHOSEN_BY, SCHEMES, generator=torch.Generator().manual_seed(SEED))
    random[list(NOT_BY)] = 0.0
    directions: Tensor = torch.linalg.qr(random)[0]
    return directions.to(device)


@cached_constant
def _sky_table(device: torch.device) -> Tensor:
    """[1, skies, SCHEMES, 7 colours * 3]; a sky without schemes has the colours that the models know."""
    rows = []
    for name, sky in SKIES.items():
        skies = [scheme["sky"] for scheme in _schemes().get(name, [{"sky": list(sky[:5])}] * SCHEMES)]
        rows.append([[*colours, sky.far, sky.near] for colours in skies])
    return _colours(rows, device)


@cached_constant
def _land_table(device: torch.device) -> Tensor:
    """[1, skies, SCHEMES, 3 papers * 3]; 0 for a sky without schemes."""
    bare = [{"land": ["000000"] * 3}] * SCHEMES
    return _colours([[scheme["land"] for scheme in _schemes().get(name, bare)] for name in SKIES], device)


@cached_constant
def _has_land(device: torch.device) -> Tensor:
    """1 for the skies that have schemes, [skies]."""
    return torch.tensor([float(name in _schemes()) for name in SKIES], device=device)


def _colours(rows: list[list[list[str]]], device: torch.device) -> Tensor:
    values = [[[part for colour in scheme for part in rgb(colour)] for scheme in row] for row in rows]
    return torch.tensor(values, device=device)[None]
