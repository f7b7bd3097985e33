"""How a dream chooses its start and its classes: by the words' evidence, and by looking at pictures of candidates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np
from torch import Tensor

from installation.dream.class_cooccurrence import ClassCooccurrence
from installation.dream.class_evidence import ClassEvidence
from installation.dream.class_search import DISCORD, Choice, ascend, candidates, first_guess, plausible_start
from installation.dream.losses import PromptTarget
from installation.models.interfaces import Floats, Group, Latents

CHUNK = 4  # pictures looked at in one piece of work on a CPU: some 40 ms
CUDA_CHUNK = 32
LOYALTY = 0.08  # units of evidence by which another start must be better than the one that is shown already

Look = Callable[[Latents[Tensor], PromptTarget], Floats]  # ratings of the pictures of these latents


class ClassKnowledge(Protocol):
    """What is known of a generator's classes: a part of `TorchDreamer`."""

    evidence: ClassEvidence
    company: ClassCooccurrence | None
    chunk: int

    def rate(self, z: Tensor, choices: Choice, aim: PromptTarget) -> Floats:
        """Ratings of pictures of one z (or as many as choices) with these classes. [n, groups] -> [n]"""
        ...


def chosen(
    known: ClassKnowledge,
    groups: tuple[Group, ...],
    spoken: Floats,
    start: Choice,
    z: Callable[[], Tensor],
    aim: PromptTarget,
    seed: int,
    restart: Callable[[Choice], None] | None,
) -> Iterator[Choice]:
    """Yields the classes as they are found, the first guess at once.

    `spoken` [classes] is the evidence of the words, `start` the classes so far, `z` gives the present one; `restart`,
    if there is one, is then called with the guess, to take the z on which it stands best.
    """
    evidence, company = known.evidence, known.company
    if company is not None:
        start = plausible_start(spoken, groups, start, evidence.ornaments, company, seed)
    options = candidates(spoken, groups, start, evidence.ornaments, evidence.unit, company)
    first = first_guess(options, start)
    yield first
    if restart is not None:
        restart(first)
        yield first

    def rate(choices: Choice) -> Floats:
        rated = known.rate(z(), choices, aim)
        if company is not None:
            rated = rated - DISCORD * evidence.unit * company.strangeness(choices)
        return rated

    yield from ascend(rate, options, first, known.chunk)


def best_start(known: ClassKnowledge, starts: Tensor, choice: Choice, aim: PromptTarget) -> int:
    """Which of several z suits the classes best; the first, which is shown already, has a little credit."""
    ratings = known.rate(starts, np.repeat(choice[None], len(starts), axis=0), aim)
    ratings[0] += LOYALTY * known.evidence.unit
    return int(ratings.argmax())
