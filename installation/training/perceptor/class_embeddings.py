"""The space of the perceptor: one fixed direction for every class, and sums of them for what is seen or said.

The directions are spread so that they interfere as little as vectors in 128 dimensions can. A picture should land on
the sum of its classes; a text on the sum of the classes that it says, beside one direction, `hush`, that all texts
share and no picture has. So words that say nothing of the world are far from every picture, and a class weighs nearly
as much in a long sentence as it does alone. Since the directions are fixed, each tower can be trained without the
other: a new painter wants new eyes only, new words want a new reader only.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.theatre.vocabulary import GROUPS, NUM_CLASSES
from installation.training.data.lexicon import PLACES

SIZE = 128  # dimensions
SEEN = {  # how much of a picture's direction belongs to each group
    "sky": 1.0,
    "tint": 0.9,
    "celestial": 0.75,
    "weather": 0.9,
    "terrain": 1.0,
    "subject": 1.25,
    "subject_colour": 0.8,
    "companion": 0.65,
    "detail": 0.6,
}
MODEST = {"companion": 0.8, "detail": 0.8}  # and of a text's; the other groups have 1
HUSH = 1.5  # how much of every text's
SEED, STEPS, RATE = 184, 200, 0.04  # of the spreading


@dataclass(frozen=True)
class ClassEmbeddings:
    """Directions of the classes [classes, d] and of `hush` [d], all of length 1."""

    classes: Tensor
    hush: Tensor

    def of_pictures(self, choice: Tensor) -> Tensor:
        """Where pictures of these classes should land: [n, groups] of places in the groups -> unit rows [n, d]."""
        return F.normalize(self.parts(choice).sum(1), dim=1)

    def parts(self, choice: Tensor) -> Tensor:
        """What each group adds: [n, groups] -> [n, groups, d]."""
        starts = torch.tensor([where.start for where in PLACES.values()], device=choice.device)
        weights = torch.tensor([SEEN[name] for name in PLACES], device=choice.device)
        return self.classes[choice + starts] * weights[:, None]

    def of_texts(self, said: Tensor) -> Tensor:
        """Where texts that say this should land: [n, classes], 0 to 1 -> unit rows [n, d]."""
        weights = torch.ones(NUM_CLASSES, device=said.device)
        for name, weight in MODEST.items():
            weights[PLACES[name]] = weight
        return F.normalize(said * weights @ self.classes + HUSH * self.hush, dim=1)

    def to(self, device: str) -> ClassEmbeddings:
        return ClassEmbeddings(self.classes.to(device), self.hush.to(device))


def spread_codes() -> ClassEmbeddings:
    """The directions, the same every time.

    Like charges they push each other away, the classes of one group from each other and `hush` from all of them; the
    penalty of a pair grows with the fourth power of its cosine, so that the worst pairs count most.
    """
    random = torch.Generator().manual_seed(SEED)
    free = torch.randn(NUM_CLASSES + 1, SIZE, generator=random, dtype=torch.float64).requires_grad_(True)
    friends = _same_group()
    optimiser = torch.optim.Adam([free], lr=RATE)
    for _ in range(STEPS):
        cosines = F.normalize(free, dim=1) @ F.normalize(free, dim=1).T
        pairs = torch.where(friends, cosines.clamp(min=0.0), cosines).fill_diagonal_(0.0)
        loss = (100.0 * pairs.pow(4)).sum()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    found = F.normalize(free.detach(), dim=1).float()
    return ClassEmbeddings(found[:-1], found[-1])


def _same_group() -> Tensor:
    """Pairs of classes that never stand in one picture, [classes + 1, classes + 1]; the last is `hush`."""
    column = torch.repeat_interleave(torch.arange(len(GROUPS)), torch.tensor([len(one.labels) for one in GROUPS]))
    column = torch.cat((column, torch.tensor([-1])))
    return column[:, None] == column[None]
