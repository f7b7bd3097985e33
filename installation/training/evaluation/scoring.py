"""Scores of images from the labels that the classifier reads: against prompts, and against the generator's classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import torch

from installation.models.interfaces import Floats, Generator, Group, Latents, slices
from installation.training.data.held_out import COMPANION, PROGRAM, SUBJECT, HeldOutPrompt
from installation.training.data.lexicon import ALONE
from installation.training.data.scene_sampler import draw_scenes
from installation.training.evaluation.classifier import Classifier

FIDELITY_SCENES, FIDELITY_SEED = 384, 60_606
MAX_Z = 1.6  # the bound of z at the default truncation of `biggan-embedded`
BATCH = 8

PredictedLabels = Mapping[str, str]  # group name -> label


@dataclass
class ScoreCounts:
    """Counts over the images of some prompts."""

    asked: dict[str, int] = field(default_factory=dict)  # prompts that name the group
    found: dict[str, int] = field(default_factory=dict)  # of these, images that show what is named
    prompts: int = 0
    prompts_without_figure: int = 0
    unrequested_subjects: int = 0  # images with a subject that the prompt neither names nor allows
    unrequested_without_figure: int = 0  # of these, images of prompts without a figure
    unrequested_companions: int = 0

    def add(self, prompt: HeldOutPrompt, predicted: PredictedLabels, groups: Sequence[Group]) -> None:
        """Count one image. Groups of which the generator has none of the expected labels are left out."""
        known = {group.name: group.labels for group in groups}
        for name, labels in prompt.expected.items():
            if any(label in known.get(name, ()) for label in labels):
                self.asked[name] = self.asked.get(name, 0) + 1
                self.found[name] = self.found.get(name, 0) + is_found(name, labels, predicted)
        self.prompts += 1
        allowed = (*prompt.figures, *prompt.allowed, PROGRAM, ALONE)
        is_unrequested = predicted[SUBJECT] not in allowed
        self.unrequested_subjects += is_unrequested
        self.unrequested_companions += predicted[COMPANION] not in allowed
        if not prompt.figures:
            self.prompts_without_figure += 1
            self.unrequested_without_figure += is_unrequested

    def shares(self) -> dict[str, float | None]:
        """The share found in each group that was asked for, and over all groups as "all", None if nothing was asked."""
        by_group = {name: self.found[name] / count for name, count in self.asked.items()}
        total = sum(self.asked.values())
        return {**by_group, "all": sum(self.found.values()) / total if total else None}


def is_found(name: str, labels: Sequence[str], predicted: PredictedLabels) -> bool:
    """Whether one of the labels is predicted; a figure counts as the subject and as the companion."""
    if name in (SUBJECT, COMPANION):
        return predicted[SUBJECT] in labels or predicted[COMPANION] in labels
    return predicted[name] in labels


class ClassFidelity(NamedTuple):
    """How well a generator renders the classes of its latents."""

    shares: dict[str, float]  # of images in which the classifier reads the class of the latents, by group name
    l1: float  # distance to the reference's images, with colours in -1..1


def measure_fidelity(
    generator: Generator, reference: Generator, classifier: Classifier, scenes: int
) -> ClassFidelity | None:
    """The class fidelity over `scenes` scenes; None if the generator has other classes than the classifier."""
    if generator.groups != classifier.groups:
        return None
    drawn = draw_scenes(reference, scenes, FIDELITY_SEED)
    drawn = Latents(drawn.z.clip(-MAX_Z, MAX_Z), drawn.classes)
    right, distance = np.zeros(len(classifier.groups)), 0.0
    for begin in range(0, scenes, BATCH):
        batch = drawn[begin : begin + BATCH]
        latents = Latents(torch.from_numpy(batch.z), torch.from_numpy(batch.classes))
        with torch.inference_mode():
            images = generator.render(latents, generator.native_size)
            difference = images - reference.render(latents, generator.native_size)
            distance += float(difference.abs().mean()) * 2 * len(batch)
        right += _count_right(classifier.labels(images), batch.classes, classifier.groups)
    names = [group.name for group in classifier.groups]
    shares = {name: round(float(count) / scenes, 4) for name, count in zip(names, right, strict=True)}
    return ClassFidelity(shares, round(distance / scenes, 4))


def _count_right(predicted: Sequence[PredictedLabels], classes: Floats, groups: Sequence[Group]) -> Floats:
    """The number of images with the right label, [groups]."""
    counts = []
    for group, where in zip(groups, slices(groups), strict=True):
        indices = classes[:, where].argmax(axis=1)
        pairs = zip(predicted, indices, strict=True)
        counts.append(sum(labels[group.name] == group.labels[index] for labels, index in pairs))
    return np.array(counts, np.float32)
