"""Which classes keep company, learnt from the Bank: what nobody mentioned should suit what somebody did.

Counts of pairs are all that is known: a ship among the hills is strange because the Bank holds fewer of them than
chance would have. Where there is a single group there is nothing to learn.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from installation.dream.latent_bank import LatentBank
from installation.models.interfaces import Floats, Group, slices

Flags = NDArray[np.bool_]

DOUBT = 1.0  # entries that are added to what is counted and to what chance would have
STRANGE = -0.8  # affinity below which two classes do not suit each other
LEAST = 0.2  # of the likeliest class's probability: what is rarer comes only if it is asked for


class ClassCooccurrence:
    """How often classes of different groups stand in one entry of the Bank, as against chance.

    `affinity` [classes, classes] is log((pairs + DOUBT) / (pairs by chance + DOUBT)), 0 within a group.
    """

    def __init__(self, bank: LatentBank, groups: tuple[Group, ...]) -> None:
        self._groups = groups
        self._places = slices(groups)
        self._starts = np.array([where.start for where in self._places], np.intp)
        present = np.zeros((len(bank), self._places[-1].stop), np.float32)
        np.put_along_axis(present, bank.classes.astype(np.intp) + self._starts, 1.0, axis=1)
        counts = present.sum(axis=0)
        by_chance = np.outer(counts, counts) / len(bank)
        self.affinity: Floats = np.log((present.T @ present + DOUBT) / (by_chance + DOUBT)).astype(np.float32)
        for where in self._places:
            self.affinity[where, where] = 0.0
        self._share: Floats = counts / len(bank)

    def suited(self, column: int, known: Mapping[int, int]) -> Flags:
        """Which classes of a group are strange to none of the known ones (column -> class). [labels]"""
        return np.asarray(self._with(column, known).min(axis=0, initial=0.0) >= STRANGE)

    def likely(self, column: int, known: Mapping[int, int]) -> Floats:
        """Probabilities of a group's classes beside the known ones, nothing where that is strange or rare. [labels]

        The affinities are added as if the known were independent of each other (naive Bayes).
        """
        chance = self._share[self._places[column]] * np.exp(self._with(column, known).sum(axis=0))
        fitting = np.where(self.suited(column, known), chance, 0.0)
        chance = fitting if fitting.any() else chance
        chance = np.where(chance >= LEAST * chance.max(), chance, 0.0)
        return np.asarray(chance / chance.sum(), dtype=np.float32)

    def strangeness(self, choices: NDArray[np.intp]) -> Floats:
        """By how much the pairs of classes in a choice are strange to each other, in nats. [n, groups] -> [n]"""
        chosen = choices + self._starts
        pairs = self.affinity[chosen[:, :, None], chosen[:, None, :]]
        return np.asarray(np.minimum(pairs - STRANGE, 0.0).sum(axis=(1, 2)) / -2.0, dtype=np.float32)

    def _with(self, column: int, known: Mapping[int, int]) -> Floats:
        rows = [self._starts[other] + index for other, index in known.items() if other != column]
        return self.affinity[np.array(rows, np.intp), self._places[column]]


def made_plausible(
    company: ClassCooccurrence, start: NDArray[np.intp], named: Mapping[int, int], unnamed: list[int], seed: int
) -> NDArray[np.intp]:
    """A picture's classes with those of the `unnamed` groups exchanged that do not suit what is named or each other.

    What suits stays; what is exchanged is drawn among the likely by seed. The group that is least free comes first:
    a camel finds its desert before the desert finds its sky. Where nothing is named, all of it stays.
    """
    random = np.random.default_rng(seed)
    plausible, known = start.copy(), dict(named)
    waiting = list(unnamed) if named else []
    while waiting:
        chances = {column: company.likely(column, known) for column in waiting}
        column = min(waiting, key=lambda one: _entropy(chances[one]))
        waiting.remove(column)
        likely = chances[column]
        if likely[start[column]] == 0.0:
            plausible[column] = random.choice(len(likely), p=likely / likely.sum(dtype=np.float64))
        known[column] = int(plausible[column])
    return plausible


def _entropy(chances: Floats) -> float:
    held = chances[chances > 0.0]
    return float(-(held * np.log(held)).sum())
