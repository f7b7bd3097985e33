"""Whether a generator draws what its classes say: the judge reads its pictures of scenes that nobody learnt from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch

from installation.models.interfaces import Floats, Generator, Latents, slices
from installation.training.data.scene_sampler import draw_scenes
from installation.training.evaluation.classifier import Classifier

SCENES, SEED = 384, 60_606
BATCH = 8
BOUND = 1.6  # of z: what the twin's usual truncation lets through


class ClassFidelity(NamedTuple):
    """Shares of scenes in which the judge reads the class that was drawn, by group; L1 to the painter in -1..1."""

    shares: dict[str, float]
    l1: float


def faithfulness(generator: Generator, painter: Generator, judge: Classifier, scenes: int) -> ClassFidelity | None:
    """Of `scenes` scenes; None for a generator of other classes than the judge's."""
    if generator.groups != judge.groups:
        return None
    drawn = draw_scenes(painter, scenes, SEED)
    drawn = Latents(drawn.z.clip(-BOUND, BOUND), drawn.classes)
    right, error = np.zeros(len(judge.groups)), 0.0
    for begin in range(0, scenes, BATCH):
        some = drawn[begin : begin + BATCH]
        held = Latents(torch.from_numpy(some.z), torch.from_numpy(some.classes))
        with torch.inference_mode():
            pictures = generator.render(held, generator.native_size)
            error += float((pictures - painter.render(held, generator.native_size)).abs().mean()) * 2 * len(some)
        right += _right(judge.labels(pictures), some.classes, judge)
    shares = {group.name: round(float(count) / scenes, 4) for group, count in zip(judge.groups, right, strict=True)}
    return ClassFidelity(shares, round(error / scenes, 4))


def _right(seen: list[dict[str, str]], classes: Floats, judge: Classifier) -> Floats:
    """How many of the batch are read right, by group."""
    return np.array(
        [
            sum(labels[group.name] == group.labels[index] for labels, index in zip(seen, drawn, strict=True))
            for group, where in zip(judge.groups, slices(judge.groups), strict=True)
            for drawn in [classes[:, where].argmax(axis=1)]
        ],
        np.float32,
    )
