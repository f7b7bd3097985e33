"""What the twin learns from: scenes as the painter paints them at rest, and where in them somebody is.

Painting a picture costs a third of learning from it, so each is learnt from three times. Scenes are painted in small
batches that have layers in common, since the painter skips what nobody in a batch has, and are shuffled afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from installation.models.interfaces import Floats, Generator, Latents, ModelPlace, Size, logits_of, slices, weights_of
from installation.models.latent_sampling import BOUND
from installation.models.theatre.generator import Theatre
from installation.training.data.scene_sampler import draw_scenes
from installation.training.generator.student import SIDE

SHARE = 512  # scenes drawn and sorted at a time
PASSES = 3  # through each share
AT_ONCE = {"cpu": 8, "cuda": 64}  # painted at once
SORTED_BY = ("detail", "weather", "terrain")  # the last first
MIXED = 0.06  # share of the scenes that are on their way to another, as between two pictures of a show
FIGURES = ("subject", "companion")
MASK_SIDE = 64  # pixels
SLIDING, STEADY = slice(21, 41), 0.2  # dimensions of z by which stencils slide and grow, and how much of it is left
SEEN = 0.03  # of the range of colours: where a figure changes the picture by more, it stands


class SteadyTheatre(Theatre):
    """The painter as the twin learns it: stencils and figures follow z by a fifth, so that their shapes can be learnt.

    A network of this size that must draw a hundred shapes wherever z may put them draws none of them crisply.
    """

    def __init__(self, place: ModelPlace) -> None:
        super().__init__(place, jitter=STEADY)

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """As the painter's."""
        z = latents.z.clone()
        z[:, SLIDING] *= STEADY
        return super().render(Latents(z, latents.classes), size, phase)


class DistillationBatch(NamedTuple):
    """A batch of scenes: what the twin is given, and what it should answer."""

    z: Tensor  # [batch, z_dim]
    weights: Tensor  # [batch, classes], each group sums to 1
    picture: Tensor  # [batch, 3, 128, 128] in -1..1
    figure: Tensor  # [batch, 1, 64, 64]: 1 where somebody stands, 0 elsewhere


def lessons(
    painter: Generator, batch: int, seed: int, first: int = 0, size: int = SHARE, device: str = "cpu"
) -> Iterator[DistillationBatch]:
    """Lessons without end, from the share `first` on of `size` scenes each; the same numbers give the same scenes."""
    for share in range(first, 1 << 31):
        own = int(np.random.SeedSequence([seed, share]).generate_state(1)[0])
        whole, random = paint_share(painter, own, size, device), np.random.default_rng(own)
        for _ in range(PASSES):
            order = random.permutation(size)
            for begin in range(0, size - batch + 1, batch):
                yield DistillationBatch(*(part[order[begin : begin + batch]] for part in whole))


def paint_share(painter: Generator, seed: int, n: int, device: str = "cpu") -> DistillationBatch:
    """`n` scenes of one seed, painted and kept on a device."""
    random = np.random.default_rng(seed)
    drawn = draw_scenes(painter, n, seed)
    weights = _mixed(weights_of(drawn.classes, painter.groups), random)
    z = torch.from_numpy(drawn.z.clip(-BOUND, BOUND)).to(device)
    held = Latents(z, torch.from_numpy(logits_of(weights)).to(device))
    alone = Latents(z, torch.from_numpy(logits_of(_without_figures(weights, painter))).to(device))
    picture = torch.empty(n, 3, SIDE, SIDE, device=device)
    figure = torch.empty(n, 1, MASK_SIDE, MASK_SIDE, device=device)
    with torch.inference_mode():
        for rows in _batches(weights, painter, AT_ONCE[device]):
            picture[rows] = painter.render(held[rows], SIDE)
            figure[rows] = _changed(painter.render(held[rows], MASK_SIDE), painter.render(alone[rows], MASK_SIDE))
    return DistillationBatch(z, torch.from_numpy(weights).to(device), picture * 2 - 1, figure)


def _mixed(weights: Floats, random: np.random.Generator) -> Floats:
    """Some scenes blended with others: by up to a half, all groups alike, as a walk between two pictures has it."""
    n = len(weights)
    share = random.uniform(0.0, 0.5, n) * (random.random(n) < MIXED)
    others = weights[random.permutation(n)]
    return (weights + share[:, None].astype(np.float32) * (others - weights)).astype(np.float32)


def _without_figures(weights: Floats, painter: Generator) -> Floats:
    empty = weights.copy()
    for group, where in zip(painter.groups, slices(painter.groups), strict=True):
        if group.name in FIGURES and group.neutral is not None:
            empty[:, where] = 0.0
            empty[:, where.start + group.neutral] = 1.0
    return empty


def _changed(picture: Tensor, empty: Tensor) -> Tensor:
    there = ((picture - empty).abs().amax(1, keepdim=True) > SEEN).float()
    return F.max_pool2d(there, 3, stride=1, padding=1)


def _batches(weights: Floats, painter: Generator, at_once: int) -> list[NDArray[np.intp]]:
    """Rows to be painted at once."""
    classes = {
        group.name: weights[:, where].argmax(axis=1)
        for group, where in zip(painter.groups, slices(painter.groups), strict=True)
    }
    pure = weights.max(axis=1) >= 0.999  # mixtures have the layers of two scenes, and are kept apart
    keys = [classes[name] for name in SORTED_BY if name in classes]
    order = np.lexsort([*keys, pure])
    return [order[begin : begin + at_once] for begin in range(0, len(order), at_once)]
