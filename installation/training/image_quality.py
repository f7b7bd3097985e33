"""Image statistics by which the entries of a latent bank are filtered and ranked."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from installation.models.interfaces import Floats

LUMA_WEIGHTS = (0.2126, 0.7152, 0.0722)  # Rec. 709, for r, g, b
MIN_LUMA, MAX_LUMA, MIN_LUMA_STD = 0.05, 0.93, 0.045  # of images that are not almost black, white or uniform
MAX_CONTRAST, MAX_COLOURFULNESS = 0.28, 0.35  # beyond which an image is not rated higher
BEST_LUMA = 0.38
RANKING_SWEEPS = 8  # over all groups


def luma(images: Tensor) -> Tensor:
    """[n, 3, h, w] in 0..1 -> [n, h, w]."""
    return torch.einsum("nchw,c->nhw", images, torch.tensor(LUMA_WEIGHTS).to(images))


def colourfulness(images: Tensor) -> Tensor:
    """The colourfulness of Hasler and Süsstrunk (2003): [n, 3, h, w] in 0..1 -> [n], about 0 to .6."""
    red, green, blue = images.flatten(2).unbind(1)
    opponents = torch.stack((red - green, 0.5 * (red + green) - blue))
    return opponents.std(2).square().sum(0).sqrt() + 0.3 * opponents.mean(2).square().sum(0).sqrt()


def aesthetic_score(images: Tensor) -> Tensor:
    """A weighted sum of colourfulness, contrast and exposure: [n, 3, h, w] in 0..1 -> [n]."""
    values = luma(images).flatten(1)
    contrast = values.std(1).clamp(max=MAX_CONTRAST)
    exposure = 1.0 - ((values.mean(1) - BEST_LUMA) / BEST_LUMA).square()
    return colourfulness(images).clamp(max=MAX_COLOURFULNESS) + 1.2 * contrast + 0.25 * exposure


def has_content(images: Tensor) -> Tensor:
    """Whether images are neither almost black, nor almost white, nor almost uniform: [n, 3, h, w] -> [n] of bool."""
    values = luma(images).flatten(1)
    mean = values.mean(1)
    return (mean > MIN_LUMA) & (mean < MAX_LUMA) & (values.std(1) > MIN_LUMA_STD)


def class_balanced_rank(scores: Floats, classes: NDArray[np.intp]) -> Floats:
    """The rank of each image among the images of its classes: [n] and [n, groups] -> [n] in 0..1.

    Some classes, such as flames and sunsets, have high scores in every image and would crowd out all others. Group by
    group, for several sweeps, each score is replaced by its rank among the images of the same class, until the best
    images have nearly the same mix of classes as all of them. Scores of -inf stay -inf.
    """
    ranks = scores.astype(np.float32)
    finite = np.isfinite(scores)
    for column in list(range(classes.shape[1])) * RANKING_SWEEPS:
        for index in np.unique(classes[finite, column]):
            same = np.flatnonzero(finite & (classes[:, column] == index))
            ranks[same[np.argsort(ranks[same], kind="stable")]] = (np.arange(len(same)) + 0.5) / len(same)
    return ranks
