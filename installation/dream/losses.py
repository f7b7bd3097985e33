"""Loss terms as free functions of unit embeddings, latents and class weights."""

from __future__ import annotations

import math

from torch import Tensor

TRUNCATED_VARIANCE = 0.8  # of z over truncation²; a normal distribution truncated at two deviations has 0.77


def cosine(a: Tensor, b: Tensor) -> Tensor:
    """Return the cosines of unit vectors. [n, d] and [k, d] -> [n, k], -1..1."""
    return a @ b.T


def spherical_distance(cosines: Tensor) -> Tensor:
    """Return half the squared great-circle distance of unit vectors with these cosines. [n, k] -> [n, k].

    The prompt loss of VQGAN+CLIP (Crowson et al., 2022): 2 arcsin²(|a - b| / 2). Its gradient grows with the distance,
    unlike that of the cosine, so that the weaker of two prompts keeps its influence.
    """
    half_chord = (0.5 - 0.5 * cosines).clamp(min=1e-8, max=1.0).sqrt()  # [n, k], |a - b| / 2
    return 2.0 * half_chord.clamp(max=1.0 - 1e-6).asin() ** 2


def latent_prior(z: Tensor, truncation: float | Tensor) -> Tensor:
    """Return by how much the mean square of z exceeds that of the generator's own truncated noise. -> scalar.

    The upper half of Big Sleep's latent loss; shorter latents make more typical pictures and cost nothing.
    """
    expected = TRUNCATED_VARIANCE * truncation**2
    return (z.square().mean() - expected).clamp(min=0.0)


def smooth_entropy(weights: Tensor, smoothing: float = 0.1) -> Tensor:
    """Return |H(weights) - H(smoothed one-hot)|, averaged over the batch. [batch, k] -> scalar.

    The class regulariser of the CLIP+BigGAN workshop notebooks. `smoothing`, 0..1, is the weight that the smoothed
    one-hot distribution gives to all other classes together.
    """
    count = weights.shape[1]
    entropy = -(weights * weights.clamp(min=1e-8).log()).sum(dim=1).mean()
    other = smoothing / max(count - 1, 1)
    target = -(1.0 - smoothing) * math.log(1.0 - smoothing) - (count - 1) * other * math.log(max(other, 1e-8))
    return (entropy - target).abs()


def latent_moments(z: Tensor) -> Tensor:
    """Return Big Sleep's latent loss: deviation of z from standard normal moments. [batch, ..., d] -> scalar.

    |1 - std| + |mean| + 4 max(mean z², 1) + |kurtosis| + |skew|, averaged over the vectors of z.
    """
    mean, std = z.mean(dim=-1), z.std(dim=-1)
    scaled = (z - mean.unsqueeze(-1)) / std.clamp(min=1e-6).unsqueeze(-1)
    skew, kurtosis = scaled.pow(3).mean(dim=-1), scaled.pow(4).mean(dim=-1) - 3.0
    power = z.square().mean(dim=-1).clamp(min=1.0)
    return ((1.0 - std).abs() + mean.abs() + 4.0 * power + kurtosis.abs() + skew.abs()).mean()


def normality(values: Tensor) -> Tensor:
    """Return mean² + variance - ln variance - 1 of each row, averaged. [batch, ..., d] -> scalar.

    Twice the divergence from a standard normal distribution; the normality of the workshop notebooks.
    """
    variance = values.var(dim=-1).clamp(min=1e-8)
    return (values.mean(dim=-1).square() + variance - variance.log() - 1.0).mean()


def total_variation(pictures: Tensor) -> Tensor:
    """Return the mean squared difference of neighbouring pixels. [batch, 3, h, w] -> scalar."""
    rows = (pictures[:, :, 1:] - pictures[:, :, :-1]).square().mean()
    return rows + (pictures[:, :, :, 1:] - pictures[:, :, :, :-1]).square().mean()


def few_classes(weights: Tensor) -> Tensor:
    """Return Big Sleep's class loss: the mean of (50 weight)² of all but the largest. [batch, k] -> scalar."""
    rest = weights.square().sum(dim=1) - weights.amax(dim=1).square()
    return 2500.0 * rest.mean() / max(weights.shape[1] - 1, 1)


def finite(gradient: Tensor) -> Tensor:
    """Return a gradient with NaN and infinite values replaced by 0.

    Loss scaling (Micikevicius et al., 2018) keeps small gradients of half-precision feature maps above underflow, and
    may overflow. Adam's steps do not depend on the scale.
    """
    return gradient.nan_to_num(0.0, 0.0, 0.0)
