"""What words say about classes, before a single picture is drawn.

Over the whole Bank, the pictures that hold a class differ from those that do not by a direction of the embedding
space. How far a text lies along it tells whether the class is asked for, averaged over all scenes that it can stand
in; so no single lucky scene speaks for a subject that nobody mentioned. Names of other things evoke more in a group of
small or of many things than in the rest: there a class must be called for more clearly, if it may as well be absent.
Where the Bank holds few pictures of a class (4 of each of ImageNet's 1,000), the embedded name of the class speaks for
it instead.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from installation.dream.class_search import NAMED
from installation.dream.latent_bank import LatentBank
from installation.models.interfaces import Floats, Group, slices

ENOUGH = 8.0  # pictures of a class that weigh as much as its name
QUIET = 0.5  # of the strongest group's effect on a picture's embedding; what has less may be ornament
RIDGE = 0.01  # entries; each group sums to 1, so that without it the effects are not settled
LOUD = 0.98  # quantile of what names of other groups evoke in a group
CLEARER = 2.0  # times as much as that, at least, is what calls for a class
MOST_DOUBT = 0.2  # by which such a class must be clearer than NAMED, at most: a perceptor may be nonsense altogether
USUAL = 0.4  # share of the world from which on "nothing of the kind" is the usual thing


class ClassEvidence:
    """Evidence of every class of a generator: about 1 where a text names the class, about 0 where it does not.

    `unit` is what a class that is asked for adds to the cosine of a picture and its words, in the group that counts
    most; perceptors differ in it. `ornaments` tells for each group whether its classes hardly change what a picture
    means and are usually there.
    """

    def __init__(self, bank: LatentBank, groups: tuple[Group, ...]) -> None:
        self._groups = groups
        pictures = bank.embeddings.astype(np.float32)
        labels = bank.labels.astype(np.float32)
        self.mean = pictures.mean(axis=0)  # [d], the average picture
        self._directions = _directions(pictures - self.mean, bank.classes, labels, slices(groups))  # [classes, d]
        self._scales = self._own_effects(labels)
        self._doubts = np.zeros(len(groups), np.float32)
        self._doubts = self._doubted(labels)
        self.unit = float(self._scales.max())
        quiet = [float(self._scales[where][0]) < QUIET * self.unit for where in slices(groups)]
        usual = [group.neutral is not None and _share(bank, column, group.neutral) >= USUAL
                 for column, group in enumerate(groups)]  # fmt: skip
        self.ornaments = tuple(low and not nothing for low, nothing in zip(quiet, usual, strict=True))

    def of(self, texts: Floats, weights: Floats) -> Floats:
        """[k, d] embedded texts, [k] weights -> [classes]. Of several wanted texts the clearest speaks."""
        spoken = np.stack([self._explained(text) for text in texts])  # [k, classes]
        wanted = weights > 0
        evidence: Floats = np.zeros(spoken.shape[1], np.float32)
        if wanted.any():
            evidence = (spoken[wanted] * np.sqrt(weights[wanted] / weights.max())[:, None]).max(axis=0)
        for unwanted, weight in zip(spoken[~wanted], weights[~wanted], strict=True):
            evidence = evidence + weight * unwanted.clip(min=0.0)
        return self._once(np.asarray(evidence, dtype=np.float32))

    def _once(self, evidence: Floats) -> Floats:
        """A name that stands in two groups (a wolf as the subject, and as a companion) is asked for in one only.

        The clearest name has the first choice, so that of the angel and the wolf, two subjects, both find a place.
        """
        labels = [label for group in self._groups for label in group.labels]
        column = [number for number, group in enumerate(self._groups) for _ in group.labels]
        places: dict[str, list[int]] = {}
        for index in np.argsort(-evidence, kind="stable").tolist():
            places.setdefault(labels[index], []).append(index)
        taken: set[int] = set()
        for same in places.values():
            if evidence[same[0]] > 0.0:
                chosen = next((index for index in same if column[index] not in taken), same[0])
                clearest = evidence[same[0]]
                evidence[same] = 0.0
                evidence[chosen] = clearest
                taken.add(column[chosen])
        return evidence

    def _explained(self, text: Floats) -> Floats:
        """Evidence of one text, [classes], by matching pursuit (Mallat and Zhang, 1993).

        The clearest class is taken first, and what it explains is taken out of the text before the other groups are
        asked: the red of a red sun is no red light over everything.
        """
        rest = text.copy()
        evidence = np.zeros(len(self._directions), np.float32)
        waiting = slices(self._groups)
        while waiting:
            effects = self._directions @ rest / self._scales
            clearest = max(waiting, key=lambda where: self._clearest(effects, where))
            doubt = self._doubts[slices(self._groups).index(clearest)]
            found = effects[clearest]
            evidence[clearest] = np.where(found < NAMED + doubt, found - doubt, found)
            taken = self._directions[clearest.start + int(effects[clearest].argmax())]
            rest -= taken * (rest @ taken) / max(float(taken @ taken), 1e-9)
            waiting.remove(clearest)
        return evidence

    def _clearest(self, effects: Floats, where: slice) -> float:
        group = self._groups[slices(self._groups).index(where)]
        others = effects[where] if group.neutral is None else np.delete(effects[where], group.neutral)
        return float(others.max()) if len(others) else -np.inf

    def _doubted(self, labels: Floats) -> Floats:
        """What is taken off the weak evidence of each group: NAMED is CLEARER than chance after that. [groups]

        Nothing where one class or another has to be there anyhow.
        """
        places = slices(self._groups)
        evoked: list[list[float]] = [[] for _ in places]
        for own in self._groups if len(places) > 1 else ():
            for name, label in zip(own.labels, labels[places[self._groups.index(own)]], strict=True):
                evidence = self._explained(label)
                for group, where, heard in zip(self._groups, places, evoked, strict=True):
                    if group.neutral is not None and name not in group.labels:
                        heard.append(self._clearest(evidence, where))
        loud = [float(np.quantile(each, LOUD)) if each else 0.0 for each in evoked]
        return (CLEARER * np.array(loud, np.float32) - NAMED).clip(0.0, MOST_DOUBT)

    def _own_effects(self, labels: Floats) -> Floats:
        """For each class, how strongly the names of its group's classes call for what they name. [classes]"""
        own = (labels * self._directions).sum(axis=1)
        scales: Floats = np.empty(len(own), np.float32)
        for group, where in zip(self._groups, slices(self._groups), strict=True):
            named = np.delete(own[where], group.neutral) if group.neutral is not None else own[where]
            scales[where] = max(float(np.median(named)), 1e-3)
        return scales


def _share(bank: LatentBank, column: int, index: int) -> float:
    return float((bank.classes[:, column] == index).mean())


def _directions(pictures: Floats, classes: NDArray[np.int16], labels: Floats, places: Sequence[slice]) -> Floats:
    """[n, d] pictures around their mean, [n, groups] their classes, [classes, d] names -> [classes, d].

    Least squares over all the groups at once: a ship's direction is not the sea's, though ships are always at sea.
    """
    holds = np.zeros((len(pictures), len(labels)), np.float32)
    np.put_along_axis(holds, classes.astype(np.intp) + np.array([where.start for where in places]), 1.0, axis=1)
    count = holds.sum(axis=0)[:, None]
    effects = np.linalg.solve(holds.T @ holds + RIDGE * np.eye(len(labels), dtype=np.float32), holds.T @ pictures)
    mixed = np.empty_like(labels)
    for where in places:
        seen = effects[where] - (count[where] * effects[where]).sum(axis=0) / count[where].sum()
        named = labels[where] - labels[where].mean(axis=0)
        length = np.linalg.norm(seen, axis=1).mean() / max(float(np.linalg.norm(named, axis=1).mean()), 1e-6)
        trust = count[where] / (count[where] + ENOUGH)
        mixed[where] = trust * seen + (1.0 - trust) * length * named
    return mixed
