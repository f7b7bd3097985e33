"""Which classes of different groups occur together in the latent bank: what is not named should fit what is.

Only pairs are counted. A ship among hills is incompatible because the bank holds fewer such pictures than independent
draws would give. A generator with a single group has nothing to count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from installation.dream.latent_bank import Choice, LatentBank
from installation.models.interfaces import Floats, Group, slices, taught_classes

Flags = NDArray[np.bool_]

PSEUDOCOUNT = 1.0  # entries that are added to counted and to expected pairs (additive smoothing)
INCOMPATIBLE = -0.8  # affinity below which two classes do not fit together
MIN_RELATIVE_PROBABILITY = 0.2  # of the most probable class's: rarer classes are shown only if the prompt names them


class ClassCooccurrence:
    """Pairwise affinities of classes, from the entries of a latent bank.

    Attributes:
        affinity: [classes, classes], log((pairs + PSEUDOCOUNT) / (expected pairs + PSEUDOCOUNT)), where pairs are
            expected as if groups were independent (smoothed pointwise mutual information); 0 within a group.
    """

    def __init__(self, bank: LatentBank, groups: tuple[Group, ...]) -> None:
        self._slices = slices(groups)
        self._first_rows = np.array([where.start for where in self._slices], np.intp)
        present = np.zeros((len(bank), self._slices[-1].stop), np.float32)  # [entries, classes]
        np.put_along_axis(present, bank.classes.astype(np.intp) + self._first_rows, 1.0, axis=1)
        counts = present.sum(axis=0)
        expected = np.outer(counts, counts) / len(bank)
        self.affinity: Floats = np.log((present.T @ present + PSEUDOCOUNT) / (expected + PSEUDOCOUNT)).astype(
            np.float32
        )
        taught = taught_classes(groups)
        self.affinity = self.affinity[np.ix_(taught, taught)]
        for where in self._slices:
            self.affinity[where, where] = 0.0
        self._frequency: Floats = counts / len(bank)

    def compatible(self, column: int, known: Mapping[int, int]) -> Flags:
        """Return which classes of group `column` are compatible with all known ones (column -> class). -> [labels]."""
        return np.asarray(self._affinities(column, known).min(axis=0, initial=0.0) >= INCOMPATIBLE)

    def probabilities(self, column: int, known: Mapping[int, int]) -> Floats:
        """Return the probabilities of the classes of group `column` given the known ones (column -> class).

        The affinities are summed as if the known classes were independent of each other (naive Bayes). Incompatible and
        rare classes get 0. -> [labels], sums to 1.
        """
        prior = self._frequency[self._slices[column]]
        joint = prior * np.exp(self._affinities(column, known).sum(axis=0))
        compatible = np.where(self.compatible(column, known), joint, 0.0)
        joint = compatible if compatible.any() else joint
        joint = np.where(joint >= MIN_RELATIVE_PROBABILITY * joint.max(), joint, 0.0)
        return np.asarray(joint / joint.sum(), dtype=np.float32)

    def incompatibility(self, choices: Choice) -> Floats:
        """Return by how much pairs of chosen classes fall below `INCOMPATIBLE`, in nats. [n, groups] -> [n]."""
        rows = choices + self._first_rows
        pairs = self.affinity[rows[:, :, None], rows[:, None, :]]  # [n, groups, groups]
        return np.asarray(np.minimum(pairs - INCOMPATIBLE, 0.0).sum(axis=(1, 2)) / -2.0, dtype=np.float32)

    def _affinities(self, column: int, known: Mapping[int, int]) -> Floats:
        rows = [self._first_rows[other] + index for other, index in known.items() if other != column]
        return self.affinity[np.array(rows, np.intp), self._slices[column]]  # [known, labels]


def replace_incompatible(
    cooccurrence: ClassCooccurrence,
    start: Choice,
    named: Mapping[int, int],
    unnamed: Sequence[int],
    seed: int,
    allowed: Mapping[int, Flags],
) -> Choice:
    """Return `start` with classes replaced that fit neither the named ones nor each other, or are not allowed.

    A replacement is drawn from the probable classes. The group with the lowest entropy is decided first: a camel gets
    its desert before the desert gets its sky. If nothing is named, nothing is replaced.

    Args:
        cooccurrence: Of the generator's classes.
        start: [groups], the classes of a picture.
        named: The classes that the prompt names, column -> class.
        unnamed: The columns that may change.
        seed: Of the draws.
        allowed: The classes that groups may have, column -> [labels]; if none of them is probable, each is as
            good as another.
    """
    random = np.random.default_rng(seed)
    choice, known = start.copy(), dict(named)
    remaining = list(unnamed) if named else []
    while remaining:
        options = {column: cooccurrence.probabilities(column, known) for column in remaining}
        for column, flags in allowed.items():
            if column in options and flags.any():
                probable = options[column] * flags
                options[column] = probable / probable.sum() if probable.any() else flags / flags.sum(dtype=np.float32)
        column = min(remaining, key=lambda one: _entropy(options[one]))
        remaining.remove(column)
        probabilities = options[column]
        if probabilities[start[column]] == 0.0:
            choice[column] = random.choice(len(probabilities), p=probabilities / probabilities.sum(dtype=np.float64))
        known[column] = int(choice[column])
    return choice


def _entropy(probabilities: Floats) -> float:
    positive = probabilities[probabilities > 0.0]
    return float(-(positive * np.log(positive)).sum())
