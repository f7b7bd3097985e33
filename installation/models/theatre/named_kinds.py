"""The kinds of figures that words name, up to five, for scenes that arrange all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from torch import Tensor

from installation.models.theatre.body_faces import face_of
from installation.models.theatre.crowds import TOTALS, as_one
from installation.models.theatre.figure_atlas import LABELS
from installation.models.theatre.figure_layout import Figure, as_boy_or_girl
from installation.models.theatre.marks import NUMBERS, SECOND
from installation.models.theatre.people import people
from installation.models.theatre.scene import Scene

MOST_MEMBERS = 4  # of a family or a group of which words say no number


class Part(NamedTuple):
    """One figure of such a scene.

    Attributes:
        figure: As it is placed.
        order: Which of the figures that words name it is, from 0; -1 for what they do not name.
    """

    figure: Figure
    order: int


class NamedKind(NamedTuple):
    """A kind that words name: a figure of it anywhere, how many of it there are, and its place in their order."""

    figure: Figure
    number: int
    order: int

    @property
    def label(self) -> str:
        """Of the kind."""
        return LABELS[self.figure.present()[0]]


def named_kinds(scene: Scene, first: Figure, second: Figure) -> Iterator[NamedKind]:
    """The kinds that words name, in their order."""
    plain = [(first, scene.marks), (second, {mark.removeprefix(SECOND) for mark in scene.marks if SECOND in mark})]
    if scene.has_third:
        plain.append((replace(first, weights=scene.third_kind * _there(first)), {*scene.third_marks}))
    if scene.has_further:
        plain += [(replace(first, weights=kind * _there(first)), {*each}) for kind, each in scene.further_figures]
    for order, (figure, said) in enumerate(plain):
        if figure.present():
            figure = replace(figure, face=face_of(said))
            yield NamedKind(figure, max((TOTALS[name] for name in NUMBERS if name in said), default=1), order)


def _there(figure: Figure) -> Tensor:
    return figure.weights[:, :-1].sum(1, keepdim=True)


def painted_at_once(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts, things of a kind as one figure with copies, in the place of the first of them."""
    found: dict[object, list[Part]] = {}
    for part in parts:
        kinds = part.figure.present()
        alone = not kinds or LABELS[kinds[0]] in people()
        found.setdefault(id(part) if alone else (part.order, kinds[0]), []).append(part)
    return tuple(
        each[0] if len(each) == 1 else each[0]._replace(figure=as_one(_from_left(each))) for each in found.values()
    )


def _from_left(parts: Sequence[Part]) -> list[Figure]:
    return sorted((part.figure for part in parts), key=lambda one: float(one.x.detach().flatten()[0]))


def each_of(scene: Scene, one: NamedKind) -> list[Figure]:
    """The people of a kind, one by one, each in a look of his own; one who is no person is the only one."""
    who = people().get(one.label)
    if who is None:
        return [one.figure]
    number = one.number if one.number > 1 or not who.members else min(len(who.members), MOST_MEMBERS)
    found = []
    for place in range(number):
        look = scene.look + place + one.order
        look = len(who.members) * look + place if who.members else look
        found.append(as_boy_or_girl(scene, replace(one.figure, look=look, single=True), place))
    return found


def is_young(figure: Figure) -> bool:
    """Whether somebody is a child."""
    label = LABELS[figure.present()[0]]
    members = people()[label].members if label in people() else ()
    who = members[figure.look % len(members)].who if members else label
    return who in people() and people()[who].build == "child"
