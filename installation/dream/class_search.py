"""Classes chosen discretely, by the words and by looking.

Gradients on class logits end in mixtures: higher scores of greyer pictures. So the classes are chosen one by one:
the evidence of the words (see `evidence`) names a few candidates for each group and makes a first guess for all the
groups at once, then coordinate ascent looks at pictures of the candidates, group by group, until nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from installation.dream.class_cooccurrence import ClassCooccurrence, made_plausible
from installation.models.interfaces import Floats, Group, slices

Choice = NDArray[np.intp]  # [groups], one class of each
Rate = Callable[[NDArray[np.intp]], Floats]  # choices [n, groups] -> how well their pictures answer, [n]

NAMED = 0.4  # evidence from which on a class counts as asked for
HINTED = 0.35  # below it nobody is considered who could as well be absent
NOISE = 0.2  # evidence that means nothing

# in units of what a class that is asked for adds to the rating of a picture, for perceptors differ (see `Evidence`)
TRUST = 0.9  # for every unit of evidence beyond HINTED
LOYALTY = 0.11  # in favour of what is there already, where the words do not care: each start keeps its own place
MARGIN = 0.04  # in favour of the neutral class
DISCORD = 0.3  # against every nat by which a pair of classes is strange
FEW = 5  # candidates of a group at most
SWEEPS = 2


@dataclass(frozen=True)
class Candidates:
    """What may be chosen in one group: classes, the likeliest first, and what is added to their ratings."""

    column: int
    classes: NDArray[np.intp]
    bonus: Floats
    clearest: float  # evidence of the likeliest


def plausible_start(
    evidence: Floats,
    groups: Sequence[Group],
    start: Choice,
    ornaments: Sequence[bool],
    company: ClassCooccurrence,
    seed: int,
) -> Choice:
    """The classes of a picture, those that nobody named exchanged where they do not suit those that are named."""
    named = _named(evidence, groups)
    kept = [
        column
        for column, group in enumerate(groups)
        if column not in named and (group.neutral is None or ornaments[column])
    ]
    return made_plausible(company, start, named, kept, seed)


def candidates(
    evidence: Floats,
    groups: Sequence[Group],
    start: Choice,
    ornaments: Sequence[bool],
    unit: float,
    company: ClassCooccurrence | None = None,
) -> list[Candidates]:
    """The candidates of every group, the group that the words say most about first.

    `evidence` [sum of groups], `ornaments` [groups] and `unit` are those of `Evidence`; `start` are the classes of the
    picture so far. A group with a neutral class offers that, and only those others that the words hint at: nobody
    comes who was not asked for. Ornaments stay as they are: a moon needs no invitation. `company` keeps out what does
    not suit the named, and what is rare beside them and not even hinted at.
    """
    named = _named(evidence, groups)
    found = []
    for column, (group, where) in enumerate(zip(groups, slices(groups), strict=True)):
        spoken = evidence[where]
        kept = np.argsort(-spoken, kind="stable")[:FEW]
        clearest = float(spoken[kept[0]])
        bonus = (TRUST * unit * (np.clip(spoken, NOISE, 1.0) - HINTED)).astype(np.float32)
        there = int(start[column])
        if group.neutral is not None:
            kept = kept[spoken[kept] >= HINTED]
            there = there if ornaments[column] else group.neutral
        if company is not None and named and column not in named:
            hinted = company.suited(column, named) & (spoken >= HINTED)
            kept = kept[(hinted | (company.likely(column, named) > 0.0))[kept]]
        kept = _with(kept, there)
        if there == group.neutral:
            bonus[there] = MARGIN * unit
        else:
            bonus[there] += LOYALTY * unit * max(0.0, 1.0 - clearest / NAMED)
        found.append(Candidates(column, kept, bonus[kept], clearest))
    return sorted(found, key=lambda one: -one.clearest)


def first_guess(options: Sequence[Candidates], start: Choice) -> Choice:
    """All that the words name outright, at once; what is there already, where it may stay; else the neutral class.

    Fire and city come together here, before either has to prove itself without the other.
    """
    guess = start.copy()
    for option in options:
        if option.clearest >= NAMED:
            guess[option.column] = option.classes[0]
        elif start[option.column] not in option.classes:
            guess[option.column] = option.classes[-1]
    return guess


def ascend(rate: Rate, options: Sequence[Candidates], first: Choice, chunk: int) -> Iterator[Choice]:
    """Coordinate ascent: yields the best choice so far after every `chunk` pictures that were looked at.

    Every group's candidates are compared with all the others as they are; a second sweep makes up for what the first
    decided too early, and ends as soon as a whole sweep has changed nothing.
    """
    best = first.copy()
    for _ in range(SWEEPS):
        before = best.copy()
        for option in options:
            if len(option.classes) == 1:
                best[option.column] = option.classes[0]
                continue
            rows = np.repeat(best[None], len(option.classes), axis=0)
            rows[:, option.column] = option.classes
            ratings = []
            for begin in range(0, len(rows), chunk):
                ratings.append(rate(rows[begin : begin + chunk]))
                yield best
            best = rows[int(np.argmax(np.concatenate(ratings) + option.bonus))]
        yield best
        if np.array_equal(best, before):
            return


def _named(evidence: Floats, groups: Sequence[Group]) -> dict[int, int]:
    """The classes that words name outright, by column; what means "nothing of the kind" says nothing."""
    clearest = {column: int(evidence[where].argmax()) for column, where in enumerate(slices(groups))}
    return {
        column: index
        for column, index in clearest.items()
        if evidence[slices(groups)[column]][index] >= NAMED and index != groups[column].neutral
    }


def _with(classes: NDArray[np.intp], one: int) -> NDArray[np.intp]:
    """The classes and, at the end if it is not among them, one more."""
    return classes if one in classes else np.append(classes, one)
