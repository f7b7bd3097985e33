"""`python -m installation.training judge`: trains the classifier of the evaluation on renders and measures it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation import models
from installation.models.interfaces import Group, slices
from installation.training.data.render_store import RenderStore, render_images, to_tensor
from installation.training.evaluation.classifier import (
    IMAGE_SIZE,
    Classifier,
    ClassifierNet,
    load_classifier,
    save_classifier,
)
from installation.training.precision import mixed_precision
from installation.training.progress import Interval, TimeBudget, log_progress

SEED, VALIDATION_SEED = 77, 78  # other seeds than the perceptor's
BATCH = 64
RATE, DECAY, WARM_UP_STEPS, FINAL_RATE = 3e-3, 0.02, 100, 0.01
GROUP_WEIGHTS = {"subject": 2.0, "companion": 1.5}  # in the loss; the other groups have 1
LABEL_SMOOTHING = 0.05
BLURRED = 0.35  # share of the batches at lower resolution, which resemble the output of a neural generator
SHIFT = 6  # pixels
LOG_SECONDS = 20.0


@dataclass(frozen=True)
class ClassifierPlan:
    """The length of a training run."""

    training_images: int = 36_000
    validation_images: int = 1_536
    steps: int = 2_200


def train_classifier(work: Path, budget_seconds: float, folder: Path, plan: ClassifierPlan | None = None) -> Classifier:
    """Train until the plan or the budget is used up, store the classifier in `folder` and return it as stored.

    The images are rendered into `work` first, and reused by the next run.
    """
    plan = plan or ClassifierPlan()
    generator = models.load_generator("theatre", models.default_place())
    training = render_images(generator, plan.training_images, SEED, work / "renders", size=IMAGE_SIZE)
    validation = render_images(generator, plan.validation_images, VALIDATION_SEED, work / "held", size=IMAGE_SIZE)
    log_progress("judge", f"{len(training)} training images")
    net = _train(generator.groups, training, plan.steps, TimeBudget(budget_seconds))
    save_classifier(Classifier(generator.groups, net, {}), folder)
    stored = load_classifier(folder)  # its weights are rounded
    classifier = Classifier(stored.groups, stored.net, measure_accuracy(stored, validation))
    size = save_classifier(Classifier(generator.groups, net, classifier.accuracy), folder)
    listed = ", ".join(f"{name} {share:.2f}" for name, share in classifier.accuracy.items())
    log_progress("judge", f"{size / 1e3:.0f} kB, accuracy: {listed}")
    return classifier


def measure_accuracy(classifier: Classifier, renders: RenderStore) -> dict[str, float]:
    """The accuracy of a classifier on renders, by group name."""
    right = dict.fromkeys((group.name for group in classifier.groups), 0)
    for begin in range(0, len(renders), BATCH):
        predicted = classifier.labels(to_tensor(renders.images[begin : begin + BATCH]))
        for row, labels in enumerate(predicted, start=begin):
            for name, label in renders.labels(row).items():
                right[name] += labels[name] == label
    return {name: round(count / len(renders), 4) for name, count in right.items()}


def _train(groups: Sequence[Group], renders: RenderStore, steps: int, budget: TimeBudget) -> ClassifierNet:
    torch.manual_seed(SEED)
    net = ClassifierNet(sum(len(group.labels) for group in groups)).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    random = np.random.default_rng(SEED)
    log = Interval(LOG_SECONDS)
    for step, (images, classes) in enumerate(_batches(renders, random)):
        if step >= steps or budget.used() >= 1.0:
            break
        optimizer.param_groups[0]["lr"] = _learning_rate(step, steps)
        with mixed_precision("cpu"):
            logits = net(_augment(images, random))
        loss = _loss(groups, logits.float(), classes)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if log.due():
            log_progress("judge", f"step {step + 1} of {steps}, loss {float(loss.detach()):.2f}")
    return net.eval().requires_grad_(False)


def _learning_rate(step: int, steps: int) -> float:
    """Linear warm-up and cosine decay, by the step and not by the clock: the same seed gives the same weights."""
    warm_up = min(1.0, (step + 1) / min(WARM_UP_STEPS, 1 + steps // 10))
    return RATE * warm_up * (FINAL_RATE + (1.0 - FINAL_RATE) * 0.5 * (1.0 + math.cos(math.pi * step / steps)))


def _batches(renders: RenderStore, random: np.random.Generator) -> Iterator[tuple[Tensor, Tensor]]:
    """Images [n, 3, h, w] in 0..1 and class indices [n, groups], without end."""
    size = min(BATCH, len(renders))
    while True:
        order = random.permutation(len(renders))
        for begin in range(0, len(order) - size + 1, size):
            rows = np.sort(order[begin : begin + size])
            yield to_tensor(renders.images[rows]), torch.from_numpy(renders.classes[rows].astype(np.int64))


def _loss(groups: Sequence[Group], logits: Tensor, classes: Tensor) -> Tensor:
    losses = [
        GROUP_WEIGHTS.get(group.name, 1.0)
        * F.cross_entropy(logits[:, where], classes[:, column], label_smoothing=LABEL_SMOOTHING)
        for column, (group, where) in enumerate(zip(groups, slices(groups), strict=True))
    ]
    return torch.stack(losses).sum()


def _augment(images: Tensor, random: np.random.Generator) -> Tensor:
    """Mirror, shift, blur and brighten images at random, which changes no label."""
    if random.random() < 0.5:
        images = images.flip(3)
    down, right = (int(value) for value in random.integers(0, 2 * SHIFT + 1, 2))
    images = F.pad(images, (SHIFT, SHIFT, SHIFT, SHIFT), mode="replicate")
    images = images[:, :, down : down + IMAGE_SIZE, right : right + IMAGE_SIZE]
    if random.random() < BLURRED:
        side = int(random.integers(IMAGE_SIZE // 2, IMAGE_SIZE))
        small = F.interpolate(images, size=(side, side), mode="bilinear", antialias=True)
        images = F.interpolate(small, size=(IMAGE_SIZE, IMAGE_SIZE), mode="bilinear")
    gain = torch.from_numpy(random.normal(1.0, 0.05, (len(images), 1, 1, 1)).astype(np.float32))
    return (images * gain).clamp(0, 1).contiguous(memory_format=torch.channels_last)
