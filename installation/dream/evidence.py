"""What words say about classes, before a single picture is drawn.

Over the whole Bank, the pictures that hold a class differ from the average picture by a direction of the embedding
space. How far a text lies along it tells whether the class is asked for, averaged over all scenes that it can stand
in; so no single lucky scene speaks for a subject that nobody mentioned. Where the Bank holds few pictures of a class
(4 of each of ImageNet's 1,000), the embedded name of the class speaks for it instead.
"""

from __future__ import annotations

import numpy as np

from installation.dream.bank import Bank
from installation.models.base import Floats, Group, slices

ENOUGH = 8.0  # pictures of a class that weigh as much as its name


class Evidence:
    """Evidence of every class of a generator: about 1 where a text names the class, about 0 where it does not."""

    def __init__(self, bank: Bank, groups: tuple[Group, ...]) -> None:
        self._groups = groups
        pictures = bank.embeddings.astype(np.float32)
        labels = bank.labels.astype(np.float32)
        self.mean = pictures.mean(axis=0)  # [d], the average picture
        self._directions = np.concatenate(
            [
                _directions(pictures - self.mean, bank.classes[:, column], labels[where])
                for column, where in enumerate(slices(groups))
            ]
        )  # [classes, d]
        self._scales = self._own_effects(labels)

    def of(self, texts: Floats, weights: Floats) -> Floats:
        """[k, d] embedded texts, [k] weights -> [classes]. Of several wanted texts the clearest speaks."""
        effects: Floats = texts @ self._directions.T / self._scales  # [k, classes]
        wanted = weights > 0
        evidence = np.zeros(effects.shape[1], np.float32)
        if wanted.any():
            evidence = (effects[wanted] * np.sqrt(weights[wanted] / weights.max())[:, None]).max(axis=0)
        for effect, weight in zip(effects[~wanted], weights[~wanted], strict=True):
            evidence = evidence + weight * effect.clip(min=0.0)
        spoken: Floats = np.asarray(evidence, np.float32)
        return spoken

    def _own_effects(self, labels: Floats) -> Floats:
        """For each class, how strongly the names of its group's classes call for what they name. [classes]"""
        own = (labels * self._directions).sum(axis=1)
        scales = np.empty_like(own)
        for group, where in zip(self._groups, slices(self._groups), strict=True):
            named = np.delete(own[where], group.neutral) if group.neutral is not None else own[where]
            scales[where] = max(float(np.median(named)), 1e-3)
        return scales


def _directions(pictures: Floats, chosen: np.ndarray[tuple[int], np.dtype[np.int16]], labels: Floats) -> Floats:
    """[n, d] pictures around their mean, [n] their classes, [classes, d] names -> [classes, d]."""
    holds = (chosen[:, None] == np.arange(len(labels))[None, :]).astype(np.float32)  # [n, classes]
    count = holds.sum(axis=0)[:, None]
    seen = holds.T @ pictures / np.maximum(count, 1.0)
    named = labels - labels.mean(axis=0)
    length = np.linalg.norm(seen, axis=1).mean() / max(float(np.linalg.norm(named, axis=1).mean()), 1e-6)
    trust = count / (count + ENOUGH)
    mixed: Floats = (trust * seen + (1.0 - trust) * length * named).astype(np.float32)
    return mixed
