"""The colours and effects of a scene's sky and tint, mixed by the weights of their classes."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from installation.models.theatre.raster import cached_constant
from installation.models.theatre.staged_palettes import staged_sky_colours
from installation.models.theatre.vocabulary import SKIES, TINTS, rgb


@dataclass(frozen=True)
class Palette:
    """Colours of a scene, each [batch, 3, 1, 1] (see `vocabulary.Sky`)."""

    zenith: Tensor
    upper: Tensor
    lower: Tensor
    horizon: Tensor
    glow: Tensor
    far: Tensor
    near: Tensor


@dataclass(frozen=True)
class SkyEffects:
    """Strengths (0..1) of the effects that only some skies have, each [batch, 1, 1, 1]."""

    stars: Tensor
    aurora: Tensor
    milky_way: Tensor
    rainbow: Tensor
    storm_clouds: Tensor
    overcast: Tensor


def mixed_palette(sky: Tensor, shares: Tensor | None) -> Palette:
    """The colours of a sky, by the weights of the skies, [batch, skies].

    `shares` of the colour schemes, [batch, schemes], are given for an audience; the models know one palette a sky.
    """
    mixed = sky @ _sky_colours(sky.device) if shares is None else staged_sky_colours(sky, shares)
    return Palette(*mixed.view(-1, 7, 3, 1, 1).unbind(1))


def mixed_effects(sky: Tensor) -> SkyEffects:
    """The effects of a sky, by the weights of the skies, [batch, skies]."""
    return SkyEffects(*((sky @ column).view(-1, 1, 1, 1) for column in _sky_effects(sky.device).unbind(1)))


def mixed_tint(tint: Tensor) -> tuple[Tensor, ...]:
    """The colours of shadows, midtones and highlights, each [batch, 3, 1, 1]: weights of the tints, [batch, tints]."""
    return (tint @ _tint_colours(tint.device)).view(-1, 3, 3, 1, 1).unbind(1)


@cached_constant
def colour_table(colours: tuple[str, ...], device: torch.device) -> Tensor:
    """The colours, as RRGGBB, as a tensor: [colours, 3] in 0..1."""
    return torch.tensor([rgb(colour) for colour in colours], device=device)


@cached_constant
def _sky_colours(device: torch.device) -> Tensor:
    """[skies, 7 colours * 3], in the order of `Palette`."""
    return torch.tensor([[part for colour in sky[:7] for part in rgb(colour)] for sky in SKIES.values()], device=device)


@cached_constant
def _sky_effects(device: torch.device) -> Tensor:
    """[skies, 6], in the order of `SkyEffects`."""
    return torch.tensor([sky[7:] for sky in SKIES.values()], device=device)


@cached_constant
def _tint_colours(device: torch.device) -> Tensor:
    """[tints, 3 colours * 3]: of shadows, midtones and highlights."""
    return torch.tensor([[part for colour in tint for part in rgb(colour)] for tint in TINTS.values()], device=device)
