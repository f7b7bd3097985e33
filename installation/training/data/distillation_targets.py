"""Batches for the distillation of the theatre's backdrops into BigGAN: latents and target images.

BigGAN paints squares, and a backdrop is as wide as a screen: it is rendered wide and squeezed into the square.

Rendering an image takes about a third of the time of a training step on it, so each image is used three times. Scenes
are rendered in small batches that are sorted by class, since the theatre skips layers that no scene of a batch has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from installation.models.interfaces import (
    Floats,
    Generator,
    Group,
    Latents,
    Size,
    height_width,
    logits_of,
    slices,
    weights_of,
)
from installation.models.latent_sampling import BOUND
from installation.models.theatre.composition import BACKDROP_ASPECT, paint_backdrop
from installation.models.theatre.decoded_classes import with_neutral_figures
from installation.models.theatre.generator import Theatre
from installation.models.theatre.vocabulary import BACKDROP_GROUPS
from installation.training.data.render_store import SORT_GROUPS
from installation.training.data.scene_sampler import draw_scenes

IMAGE_SIZE = 128  # pixels
CHUNK_SIZE = 512  # scenes that are rendered, kept in memory and shuffled together
PASSES = 3  # over each chunk, by default
RENDER_BATCH = {"cpu": 8, "cuda": 64}  # scenes, by device
INTERPOLATED = 0.06  # share of the scenes that are interpolated with another, as in a latent walk
TINTED = 0.4  # share of the tinted scenes that keep their tint: most shows have none


class BackdropTheatre(Theatre):
    """The teacher: what stands far in the theatre, calmed (see `Scene.calmed`).

    A student of this size that must draw a hundred shapes anywhere in the image draws none of them sharply.
    """

    groups: tuple[Group, ...] = BACKDROP_GROUPS

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """A backdrop, squeezed into a square: [batch, 3, size, size] in 0..1; `size` is a side."""
        side, _ = height_width(size or IMAGE_SIZE)
        full = Latents(latents.z, with_neutral_figures(latents.classes))
        wide = paint_backdrop(self.scene(full, (side, round(BACKDROP_ASPECT * side)), phase).calmed())
        return F.interpolate(wide, (side, side), mode="area")


class DistillationBatch(NamedTuple):
    """The student's inputs and targets for a batch of scenes."""

    z: Tensor  # [batch, z_dim]
    class_weights: Tensor  # [batch, classes]; each group sums to 1
    image: Tensor  # [batch, 3, 128, 128] in -1..1


def distillation_batches(
    teacher: Generator,
    batch_size: int,
    seed: int,
    *,
    first_chunk: int = 0,
    chunk_size: int = CHUNK_SIZE,
    passes: int = PASSES,
    device: str = "cpu",
) -> Iterator[DistillationBatch]:
    """Batches without end, from `first_chunk` on; the same arguments give the same batches."""
    for chunk in range(first_chunk, 1 << 31):
        chunk_seed = int(np.random.SeedSequence([seed, chunk]).generate_state(1)[0])
        scenes, random = render_chunk(teacher, chunk_seed, chunk_size, device), np.random.default_rng(chunk_seed)
        for _ in range(passes):
            order = random.permutation(chunk_size)
            for begin in range(0, chunk_size - batch_size + 1, batch_size):
                yield DistillationBatch(*(part[order[begin : begin + batch_size]] for part in scenes))


def render_chunk(teacher: Generator, seed: int, n: int, device: str = "cpu") -> DistillationBatch:
    """Render `n` scenes of one seed, with z clipped to the bound of BigGAN's truncation."""
    random = np.random.default_rng(seed)
    scenes = draw_scenes(teacher, n, seed)
    weights = _interpolated(_less_tinted(weights_of(scenes.classes, teacher.groups), teacher, random), random)
    z = torch.from_numpy(scenes.z.clip(-BOUND, BOUND)).to(device)
    full = Latents(z, torch.from_numpy(logits_of(weights)).to(device))
    image = torch.empty(n, 3, IMAGE_SIZE, IMAGE_SIZE, device=device)
    with torch.inference_mode():
        for rows in _render_batches(weights, teacher, RENDER_BATCH[device]):
            image[rows] = teacher.render(full[rows], IMAGE_SIZE)
    return DistillationBatch(z, torch.from_numpy(weights).to(device), image * 2 - 1)


def _less_tinted(weights: Floats, teacher: Generator, random: np.random.Generator) -> Floats:
    """Class weights of which fewer have a tint."""
    plain = weights.copy()
    for group, where in zip(teacher.groups, slices(teacher.groups), strict=True):
        if group.name == "tint" and group.neutral is not None:
            rows = random.random(len(weights)) >= TINTED
            plain[rows, where] = np.eye(len(group.labels), dtype=np.float32)[group.neutral]
    return plain


def _interpolated(weights: Floats, random: np.random.Generator) -> Floats:
    """Class weights, some of which are interpolated with those of another scene, by up to one half."""
    n = len(weights)
    share = random.uniform(0.0, 0.5, n) * (random.random(n) < INTERPOLATED)
    others = weights[random.permutation(n)]
    return (weights + share[:, None].astype(np.float32) * (others - weights)).astype(np.float32)


def _render_batches(weights: Floats, teacher: Generator, size: int) -> list[NDArray[np.intp]]:
    """The rows of each batch. Interpolated scenes have the layers of two scenes and are batched separately."""
    classes = {
        group.name: weights[:, where].argmax(axis=1)
        for group, where in zip(teacher.groups, slices(teacher.groups), strict=True)
    }
    is_pure = weights.max(axis=1) >= 0.999
    keys = [classes[name] for name in SORT_GROUPS if name in classes]
    order = np.lexsort([*keys, is_pure])
    return [order[begin : begin + size] for begin in range(0, len(order), size)]
