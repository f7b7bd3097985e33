"""Measures that tell a luminous picture from a dull one; what the Bank is sifted and ordered by."""

from __future__ import annotations

import torch
from torch import Tensor

LUMA = (0.2126, 0.7152, 0.0722)
DARKEST, BRIGHTEST, FLATTEST = 0.05, 0.93, 0.045  # mean and deviation of luminance, outside of which nothing is kept


def luminance(pictures: Tensor) -> Tensor:
    """[n, 3, h, w] in 0..1 -> [n, h, w]"""
    return torch.einsum("nchw,c->nhw", pictures, torch.tensor(LUMA).to(pictures))


def colourfulness(pictures: Tensor) -> Tensor:
    """Hasler and Süsstrunk (2003): spread and mean of the opponent colours. [n, 3, h, w] -> [n], about 0 to .6"""
    red, green, blue = pictures.flatten(2).unbind(1)
    opponents = torch.stack((red - green, 0.5 * (red + green) - blue))
    return opponents.std(2).square().sum(0).sqrt() + 0.3 * opponents.mean(2).square().sum(0).sqrt()


def beauty(pictures: Tensor) -> Tensor:
    """Colour, contrast, and light that is neither sunk nor burnt. [n, 3, h, w] -> [n]"""
    light = luminance(pictures).flatten(1)
    contrast = light.std(1).clamp(max=0.28)
    exposure = 1.0 - ((light.mean(1) - 0.38) / 0.38).square()
    return colourfulness(pictures).clamp(max=0.35) + 1.2 * contrast + 0.25 * exposure


def presentable(pictures: Tensor) -> Tensor:
    """Whether there is anything to be seen: neither black, nor white, nor flat. [n, 3, h, w] -> [n] of bool"""
    light = luminance(pictures).flatten(1)
    mean = light.mean(1)
    return (mean > DARKEST) & (mean < BRIGHTEST) & (light.std(1) > FLATTEST)
