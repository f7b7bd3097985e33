"""Trains the judge on renders, and measures it on others."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from installation import models
from installation.models.interfaces import Generator, slices
from installation.training.data.render_store import RenderStore, render_set
from installation.training.evaluation.classifier import SIDE, Classifier, ClassifierNet, load_judge, save_judge
from installation.training.progress import TimeBudget, say

SEED, HELD_SEED = 77, 78  # other than the perceptor's
PICTURES, HELD, STEPS = 36_000, 1_536, 2_200
BATCH = 64
RATE, DECAY, RISING, FLOOR = 3e-3, 0.02, 100, 0.01
WEIGHTS = {"subject": 2.0, "companion": 1.5}  # of a group in the loss; the others have 1
SMOOTHING = 0.05
SOFTENED = 0.35  # share of the batches that are seen a little blurred, for a generator's pictures are soft
SHIFT = 6  # pixels by which a picture is moved at most
SAY_SECONDS = 20.0


def train_judge(
    work: Path, seconds: float, folder: Path, pictures: int = PICTURES, held: int = HELD, steps: int = STEPS
) -> Classifier:
    """Train for so many steps, or for as long as the budget lasts; store the judge in `folder` and return it as stored.

    The pictures are painted into `work` first, once; what a former call has painted is taken.
    """
    painter = models.load_generator("theatre", models.default_place())
    lessons = render_set(painter, pictures, SEED, work / "renders", SIDE)
    exam = render_set(painter, held, HELD_SEED, work / "held", SIDE)
    say("judge", f"{pictures} renders are there")
    net = _trained(painter, lessons, steps, TimeBudget(seconds))
    save_judge(Classifier(painter.groups, net, {}), folder)
    stored = load_judge(folder)
    judge = Classifier(stored.groups, stored.net, accuracy(stored, exam))
    size = save_judge(Classifier(painter.groups, net, judge.accuracy), folder)
    say("judge", f"{size / 1e3:.0f} kB; right about {_listed(judge.accuracy)}")
    return judge


def accuracy(judge: Classifier, renders: RenderStore) -> dict[str, float]:
    """How often the judge is right about each group."""
    right = dict.fromkeys((group.name for group in judge.groups), 0)
    for begin in range(0, len(renders), BATCH):
        seen = judge.labels(_tensor(renders.pictures[begin : begin + BATCH]))
        for row, labels in enumerate(seen, start=begin):
            for name, label in renders.labels(row).items():
                right[name] += labels[name] == label
    return {name: round(count / len(renders), 4) for name, count in right.items()}


def _trained(painter: Generator, renders: RenderStore, steps: int, budget: TimeBudget) -> ClassifierNet:
    torch.manual_seed(SEED)
    net = ClassifierNet(sum(len(group.labels) for group in painter.groups)).to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    random = np.random.default_rng(SEED)
    told = time.monotonic()
    for step, (pictures, classes) in enumerate(_batches(renders, random)):
        if step >= steps or budget.spent() >= 1.0:
            break
        optimiser.param_groups[0]["lr"] = _rate(step, steps)
        with torch.autocast("cpu", torch.bfloat16):
            logits = net(_changed(pictures, random))
        loss = _loss(painter, logits.float(), classes)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        if time.monotonic() - told > SAY_SECONDS:
            told = time.monotonic()
            say("judge", f"{step / steps:4.0%}, {(step + 1) * BATCH} pictures, loss {float(loss.detach()):.2f}")
    return net.eval().requires_grad_(False)


def _rate(step: int, steps: int) -> float:
    """By the step, not by the clock: the same seed gives the same weights."""
    rise = min(1.0, (step + 1) / min(RISING, 1 + steps // 10))
    return RATE * rise * (FLOOR + (1.0 - FLOOR) * 0.5 * (1.0 + math.cos(math.pi * step / steps)))


def _batches(renders: RenderStore, random: np.random.Generator) -> Iterator[tuple[Tensor, Tensor]]:
    size = min(BATCH, len(renders))
    while True:
        order = random.permutation(len(renders))
        for begin in range(0, len(order) - size + 1, size):
            rows = np.sort(order[begin : begin + size])
            yield _tensor(renders.pictures[rows]), torch.from_numpy(renders.classes[rows].astype(np.int64))


def _tensor(pictures: NDArray[np.uint8]) -> Tensor:
    """[n, side, side, 3] -> [n, 3, side, side] in 0..1"""
    return torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float().div_(255)


def _loss(painter: Generator, logits: Tensor, classes: Tensor) -> Tensor:
    losses = [
        WEIGHTS.get(group.name, 1.0) * F.cross_entropy(logits[:, where], classes[:, column], label_smoothing=SMOOTHING)
        for column, (group, where) in enumerate(zip(painter.groups, slices(painter.groups), strict=True))
    ]
    return torch.stack(losses).sum()


def _changed(pictures: Tensor, random: np.random.Generator) -> Tensor:
    """Mirrored, moved, softened, a little lighter or darker: what leaves every label true."""
    if random.random() < 0.5:
        pictures = pictures.flip(3)
    down, across = (int(value) for value in random.integers(0, 2 * SHIFT + 1, 2))
    pictures = F.pad(pictures, (SHIFT, SHIFT, SHIFT, SHIFT), mode="replicate")
    pictures = pictures[:, :, down : down + SIDE, across : across + SIDE]
    if random.random() < SOFTENED:
        side = int(random.integers(SIDE // 2, SIDE))
        small = F.interpolate(pictures, size=(side, side), mode="bilinear", antialias=True)
        pictures = F.interpolate(small, size=(SIDE, SIDE), mode="bilinear")
    gain = torch.from_numpy(random.normal(1.0, 0.05, (len(pictures), 1, 1, 1)).astype(np.float32))
    return (pictures * gain).clamp(0, 1).contiguous(memory_format=torch.channels_last)


def _listed(shares: dict[str, float]) -> str:
    return ", ".join(f"{name} {share:.2f}" for name, share in shares.items())
