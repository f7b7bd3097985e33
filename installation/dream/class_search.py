"""Discrete class selection for a prompt: candidates by text evidence, then coordinate ascent on rendered pictures.

Gradients on class logits end in mixtures, that is, higher scores of greyer pictures. So classes are chosen one by one:
the evidence of the prompt (see `class_evidence`) gives a few candidates for each group and a first guess for all groups
at once; coordinate ascent then compares pictures of the candidates, group by group, until nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from installation.dream.class_cooccurrence import ClassCooccurrence, Flags, replace_incompatible
from installation.dream.class_evidence import NAMED
from installation.dream.latent_bank import Choice
from installation.models.interfaces import Floats, Group, slices


class Ratings(Protocol):
    """How well some pictures match the prompt; they may still be being painted."""

    def result(self) -> Floats:
        """Return the ratings, after waiting for them. -> [n]."""
        ...


Rate = Callable[[Choice], Ratings]  # [n, groups] -> n ratings

HINTED = 0.35  # evidence from which a class is a candidate in a group that may stay neutral
NOISE = 0.2  # evidence below this carries no information
MAX_CANDIDATES = 5  # per group
SWEEPS = 2

# added to the ratings of pictures; multiples of `ClassEvidence.cosine_gain`
EVIDENCE_BONUS = 0.9  # for every unit of evidence beyond `HINTED`
KEEP_BONUS = 0.11  # for the present class where the prompt says nothing, so that different starts stay different
NEUTRAL_BONUS = 0.04  # for the neutral class
INCOMPATIBILITY_PENALTY = 0.3  # for every nat by which a pair of classes is incompatible


@dataclass(frozen=True)
class ClassKnowledge:
    """What is known about a generator's classes independently of a prompt.

    Attributes:
        groups: The generator's.
        decorative: [groups], see `ClassEvidence.decorative`.
        cosine_gain: See `ClassEvidence.cosine_gain`.
        cooccurrence: None for a generator with a single group.
    """

    groups: tuple[Group, ...]
    decorative: Sequence[bool]
    cosine_gain: float
    cooccurrence: ClassCooccurrence | None = None


@dataclass(frozen=True)
class Candidates:
    """The classes to compare in one group.

    Attributes:
        column: The group's index.
        classes: Those with the most evidence first.
        bonus: Added to the rating of each.
        evidence: Of the first one.
    """

    column: int
    classes: NDArray[np.intp]
    bonus: Floats
    evidence: float


@dataclass(frozen=True)
class WordClasses:
    """What single words decide, before pictures are rated.

    Attributes:
        chosen: The class of each group that words name, column -> class.
        allowed: The classes that may be shown in a group that no word names, column -> [labels].
    """

    chosen: Mapping[int, int] = field(default_factory=dict)
    allowed: Mapping[int, Flags] = field(default_factory=dict)

    def restricted(self, found: Candidates) -> Candidates:
        """The candidates that words leave; all of them if words leave none."""
        if found.column in self.chosen:
            return Candidates(found.column, np.array([self.chosen[found.column]]), np.zeros(1, np.float32), 1.0)
        if found.column not in self.allowed:
            return found
        kept = self.allowed[found.column][found.classes]
        if not kept.any():
            return found
        return Candidates(found.column, found.classes[kept], found.bonus[kept], found.evidence * bool(kept[0]))


def search_classes(
    knowledge: ClassKnowledge,
    evidence: Floats,
    start: Choice,
    rate: Rate,
    *,
    seed: int,
    batch: int,
    words: WordClasses | None = None,
    on_first_guess: Callable[[Choice], Iterator[None]] | None = None,
) -> Iterator[Choice]:
    """Yield the best classes so far, the first guess at once, then after every `batch` rated pictures.

    Args:
        knowledge: Of the generator's classes.
        evidence: [classes], of the prompt.
        start: [groups], the classes of the picture so far.
        rate: Renders and rates pictures; called with at most `batch` choices.
        seed: Of the draws that replace incompatible classes.
        batch: Pictures rated at once.
        words: What single words decide.
        on_first_guess: What is to be done with the first guess before any picture is rated, in pieces.
    """
    cooccurrence = knowledge.cooccurrence
    words = words or WordClasses()
    if cooccurrence is not None:
        start = compatible_start(knowledge, cooccurrence, evidence, start, seed, words.allowed)
    candidates = [words.restricted(one) for one in find_candidates(knowledge, evidence, start)]
    guess = first_guess(candidates, start)
    yield guess
    if on_first_guess is not None:
        for _ in on_first_guess(guess):
            yield guess
        yield guess

    def penalty(choices: Choice) -> Floats | float:
        if cooccurrence is None:
            return 0.0
        return INCOMPATIBILITY_PENALTY * knowledge.cosine_gain * cooccurrence.incompatibility(choices)

    yield from coordinate_ascent(rate, candidates, guess, batch, penalty)


def compatible_start(
    knowledge: ClassKnowledge,
    cooccurrence: ClassCooccurrence,
    evidence: Floats,
    start: Choice,
    seed: int,
    allowed: Mapping[int, Flags] | None = None,
) -> Choice:
    """Return the start with classes replaced that do not fit the named ones, or are not allowed.

    Groups that become neutral stay.
    """
    named = _named_classes(evidence, knowledge.groups)
    replaceable = [
        column
        for column, group in enumerate(knowledge.groups)
        if column not in named and (group.neutral is None or knowledge.decorative[column])
    ]
    return replace_incompatible(cooccurrence, start, named, replaceable, seed, allowed or {})


def find_candidates(knowledge: ClassKnowledge, evidence: Floats, start: Choice) -> list[Candidates]:
    """Return the candidates of every group, the group with the most evidence first.

    A group with a neutral class offers that, and others only if the evidence hints at them: nothing is added that the
    prompt does not ask for. Decorative groups keep their class. Classes that are incompatible with the named ones, or
    rare beside them and not hinted at, are left out.
    """
    named = _named_classes(evidence, knowledge.groups)
    found = [
        _group_candidates(knowledge, column, evidence[where], int(start[column]), named)
        for column, where in enumerate(slices(knowledge.groups))
    ]
    return sorted(found, key=lambda one: -one.evidence)


def _group_candidates(
    knowledge: ClassKnowledge, column: int, evidence: Floats, present: int, named: dict[int, int]
) -> Candidates:
    group, gain, cooccurrence = knowledge.groups[column], knowledge.cosine_gain, knowledge.cooccurrence
    classes = np.argsort(-evidence, kind="stable")[:MAX_CANDIDATES]
    strongest = float(evidence[classes[0]])
    bonus = (EVIDENCE_BONUS * gain * (np.clip(evidence, NOISE, 1.0) - HINTED)).astype(np.float32)
    fallback = present
    if group.neutral is not None:
        classes = classes[evidence[classes] >= HINTED]
        fallback = present if knowledge.decorative[column] else group.neutral
    if cooccurrence is not None and named and column not in named:
        allowed = cooccurrence.compatible(column, named) & (evidence >= HINTED)
        classes = classes[(allowed | (cooccurrence.probabilities(column, named) > 0.0))[classes]]
    if fallback not in classes:
        classes = np.append(classes, fallback)
    if fallback == group.neutral:
        bonus[fallback] = NEUTRAL_BONUS * gain
    else:
        bonus[fallback] += KEEP_BONUS * gain * max(0.0, 1.0 - strongest / NAMED)
    return Candidates(column, classes, bonus[classes], strongest)


def first_guess(candidates: Sequence[Candidates], start: Choice) -> Choice:
    """Return all named classes at once; in other groups the present class if it is a candidate, else the fallback.

    So "the city burns" begins with both fire and city, before either is rated without the other.
    """
    guess = start.copy()
    for option in candidates:
        if option.evidence >= NAMED:
            guess[option.column] = option.classes[0]
        elif start[option.column] not in option.classes:
            guess[option.column] = option.classes[-1]
    return guess


def coordinate_ascent(
    rate: Rate,
    candidates: Sequence[Candidates],
    first: Choice,
    batch: int,
    penalty: Callable[[Choice], Floats | float] = lambda _: 0.0,
) -> Iterator[Choice]:
    """Choose the best-rated class group by group; yield the best choice so far after every `batch` pictures.

    Each group's candidates are compared while all other groups stay as they are. A second sweep corrects early
    decisions; the search ends after a sweep without a change. Ratings are read when the next piece is asked for;
    `penalty` is subtracted from them, [n, groups] -> [n].
    """
    best = first.copy()
    for _ in range(SWEEPS):
        before = best.copy()
        for option in candidates:
            if len(option.classes) == 1:
                best[option.column] = option.classes[0]
                continue
            choices = np.repeat(best[None], len(option.classes), axis=0)
            choices[:, option.column] = option.classes
            rated = []
            for begin in range(0, len(choices), batch):
                rated.append(rate(choices[begin : begin + batch]))
                yield best.copy()
            ratings = np.concatenate([each.result() for each in rated]) - penalty(choices)
            best = choices[int(np.argmax(ratings + option.bonus))]
        yield best.copy()
        if np.array_equal(best, before):
            return


def _named_classes(evidence: Floats, groups: Sequence[Group]) -> dict[int, int]:
    """Return the classes that the prompt names, column -> class; a neutral class is never named."""
    named = {}
    for column, (group, where) in enumerate(zip(groups, slices(groups), strict=True)):
        strongest = int(evidence[where].argmax())
        if evidence[where][strongest] >= NAMED and strongest != group.neutral:
            named[column] = strongest
    return named
