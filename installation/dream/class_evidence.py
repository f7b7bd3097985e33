"""How strongly a text asks for each class of a generator, before any picture is rendered.

Over the whole latent bank, pictures with a class differ from pictures without it by a direction of the embedding space.
The projection of a text onto that direction is the class's evidence; it is averaged over all scenes that the class
occurs in, so that no single picture decides. Where the bank holds few pictures of a class (4 of each of ImageNet's
1,000), the embedded name of the class stands in for them.

A class that the perceptor has not been taught (`Group.like`) has no evidence: only words choose it.

Names of other things also evoke some evidence, most in groups with many classes or with small objects. If such a group
may as well stay neutral, its evidence is discounted by what unrelated names evoke in it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from installation.dream.latent_bank import LatentBank
from installation.models.interfaces import Floats, Group, slices, taught_classes

NAMED = 0.4  # evidence from which a class counts as named by the text

NAME_PSEUDOCOUNT = 8.0  # pictures of a class that weigh as much as its name
RIDGE = 0.01  # entries; each group's columns sum to 1, so that the least-squares problem is singular without it
NOISE_QUANTILE = 0.98  # of the evidence that names of other groups evoke in a group
NOISE_MARGIN = 2.0  # factor by which the evidence of a named class must exceed that quantile
SPREAD_PICTURES = 512  # compared with each other
MAX_DISCOUNT = 0.2  # limits the discount where a perceptor understands very little
UNTAUGHT = -1.0  # evidence of a class that the perceptor has not been taught
LOW_EFFECT = 0.5  # a group counts as decorative if its effect on the embedding is below this share of the largest
PICTURE_GAIN = 1.1  # of the spread of pictures: what naming a class raises the cosine by, as measured on the theatre
USUALLY_NEUTRAL = 0.4  # share of neutral entries from which a group is usually absent, hence not decorative


class ClassEvidence:
    """Evidence of every class: about 1 where a text names the class, about 0 where it does not.

    Attributes:
        mean: [d], the mean embedding of the bank's pictures.
        cosine_gain: How much a picture's cosine with a text rises when it shows a class that the text names, in the
            group with the largest effect. Perceptors differ in it, so thresholds on cosines are multiples of it. For a
            generator without classes it is estimated from how much pictures differ.
        decorative: For each group, whether its classes hardly change a picture's embedding and are usually present.
    """

    def __init__(self, bank: LatentBank, groups: tuple[Group, ...]) -> None:
        self._groups = groups
        self._slices = slices(groups)
        embeddings = bank.embeddings.astype(np.float32)
        label_embeddings = bank.label_embeddings.astype(np.float32)
        self.mean = embeddings.mean(axis=0)
        self._discounts = np.zeros(len(groups), np.float32)
        self.decorative: tuple[bool, ...] = ()
        if not groups:
            self.cosine_gain = PICTURE_GAIN * _spread(embeddings)
            return
        self._directions = _class_directions(embeddings - self.mean, bank.classes, label_embeddings, self._slices)
        self._untaught = taught_classes(groups) != np.arange(len(label_embeddings))
        self._directions[self._untaught] = 0.0
        self._scales = self._effects_of_own_names(label_embeddings)
        self._discounts = self._noise_discounts(label_embeddings)
        self.cosine_gain = float(self._scales.max())
        self.decorative = tuple(
            self._scales[where][0] < LOW_EFFECT * self.cosine_gain and not _is_usually_neutral(bank, column, group)
            for column, (group, where) in enumerate(zip(groups, self._slices, strict=True))
        )

    def of_texts(self, texts: Floats, weights: Floats) -> Floats:
        """Return the evidence of weighted texts. [k, d] embeddings and [k] weights -> [classes].

        Of several wanted texts the one with the most evidence counts; unwanted ones subtract theirs.
        """
        if not self._groups:
            return np.zeros(0, np.float32)
        each = np.stack([self._of_text(text) for text in texts])  # [k, classes]
        wanted = weights > 0
        evidence: Floats = np.zeros(each.shape[1], np.float32)
        if wanted.any():
            evidence = (each[wanted] * np.sqrt(weights[wanted] / weights.max())[:, None]).max(axis=0)
        for unwanted, weight in zip(each[~wanted], weights[~wanted], strict=True):
            evidence = evidence + weight * unwanted.clip(min=0.0)
        evidence[self._untaught] = UNTAUGHT
        return self._without_duplicates(np.asarray(evidence, dtype=np.float32))

    def _without_duplicates(self, evidence: Floats) -> Floats:
        """Keep the evidence of a name that occurs in several groups in one of them only.

        Wolf, for example, is a subject and a companion. The name with the most evidence chooses its group first, so
        that of "the angel and the wolf" both are shown.
        """
        labels = [label for group in self._groups for label in group.labels]
        columns = [column for column, group in enumerate(self._groups) for _ in group.labels]
        same_name: dict[str, list[int]] = {}
        for index in np.argsort(-evidence, kind="stable").tolist():
            same_name.setdefault(labels[index], []).append(index)
        taken: set[int] = set()
        for indices in same_name.values():
            strongest = evidence[indices[0]]
            if strongest > 0.0:
                kept = next((index for index in indices if columns[index] not in taken), indices[0])
                evidence[indices] = 0.0
                evidence[kept] = strongest
                taken.add(columns[kept])
        return evidence

    def _of_text(self, text: Floats) -> Floats:
        """Return the evidence of one text by matching pursuit (Mallat and Zhang, 1993). [d] -> [classes].

        The class with the most evidence is taken first, and its direction is removed from the text before the next
        group is considered: the red of "a red sun" is not also a red tint of the whole picture.
        """
        residual = text.copy()
        evidence = np.zeros(len(self._directions), np.float32)
        remaining = list(range(len(self._groups)))
        while remaining:
            projections = self._directions @ residual / self._scales
            column = max(remaining, key=lambda one: self._strongest(projections, one))
            where, discount = self._slices[column], self._discounts[column]
            found = projections[where]
            evidence[where] = np.where(found < NAMED + discount, found - discount, found)
            direction = self._directions[where.start + int(found.argmax())]
            residual -= direction * (residual @ direction) / max(float(direction @ direction), 1e-9)
            remaining.remove(column)
        return evidence

    def _strongest(self, evidence: Floats, column: int) -> float:
        """Return the largest evidence in a group, the neutral class aside."""
        group, found = self._groups[column], evidence[self._slices[column]]
        others = found if group.neutral is None else np.delete(found, group.neutral)
        return float(others.max()) if len(others) else -np.inf

    def _noise_discounts(self, label_embeddings: Floats) -> Floats:
        """Return what is subtracted from weak evidence in each group, so that noise stays below `NAMED`. -> [groups].

        0 for groups without a neutral class, where some class must be chosen anyway.
        """
        noise: list[list[float]] = [[] for _ in self._groups]
        for own, where in zip(self._groups, self._slices, strict=True) if len(self._groups) > 1 else ():
            rows = zip(own.labels, label_embeddings[where], self._untaught[where], strict=True)
            for name, embedding in ((name, row) for name, row, untaught in rows if not untaught):
                evidence = self._of_text(embedding)
                for column, group in enumerate(self._groups):
                    if group.neutral is not None and name not in group.labels:
                        noise[column].append(self._strongest(evidence, column))
        levels = [float(np.quantile(each, NOISE_QUANTILE)) if each else 0.0 for each in noise]
        return (NOISE_MARGIN * np.array(levels, np.float32) - NAMED).clip(0.0, MAX_DISCOUNT)

    def _effects_of_own_names(self, label_embeddings: Floats) -> Floats:
        """Return for each class the median projection of its group's names onto their own directions. -> [classes]."""
        own = (label_embeddings * self._directions).sum(axis=1)
        scales: Floats = np.empty(len(own), np.float32)
        for group, where in zip(self._groups, self._slices, strict=True):
            names = ~self._untaught[where]
            if group.neutral is not None:
                names[group.neutral] = False
            named = own[where][names]
            scales[where] = max(float(np.median(named)), 1e-3)
        return scales


def _spread(embeddings: Floats) -> float:
    """Return the standard deviation of the cosines of pictures with each other. [n, d] -> scalar."""
    some = embeddings[:SPREAD_PICTURES]
    return float((some @ some.T)[np.triu_indices(len(some), 1)].std())


def _is_usually_neutral(bank: LatentBank, column: int, group: Group) -> bool:
    return group.neutral is not None and float((bank.classes[:, column] == group.neutral).mean()) >= USUALLY_NEUTRAL


def _class_directions(
    centred: Floats, classes: NDArray[np.int16], label_embeddings: Floats, places: list[slice]
) -> Floats:
    """Return the direction of each class in the embedding space. -> [classes, d].

    Ridge regression over all groups at once separates a ship's direction from the sea's, though ships are always at
    sea. It is mixed with the direction of the class's name according to the number of pictures.

    Args:
        centred: [n, d], picture embeddings minus their mean.
        classes: [n, groups].
        label_embeddings: [classes, d].
        places: Where each group's classes are among all classes.
    """
    present = np.zeros((len(centred), len(label_embeddings)), np.float32)  # [n, classes]
    np.put_along_axis(present, classes.astype(np.intp) + np.array([where.start for where in places]), 1.0, axis=1)
    counts = present.sum(axis=0)[:, None]
    gram = present.T @ present + RIDGE * np.eye(len(label_embeddings), dtype=np.float32)
    effects = np.linalg.solve(gram, present.T @ centred)  # [classes, d]
    directions = np.empty_like(label_embeddings)
    for where in places:
        seen = effects[where] - (counts[where] * effects[where]).sum(axis=0) / counts[where].sum()
        named = label_embeddings[where] - label_embeddings[where].mean(axis=0)
        length = np.linalg.norm(seen, axis=1).mean() / max(float(np.linalg.norm(named, axis=1).mean()), 1e-6)
        trust = counts[where] / (counts[where] + NAME_PSEUDOCOUNT)
        directions[where] = trust * seen + (1.0 - trust) * length * named
    return directions
