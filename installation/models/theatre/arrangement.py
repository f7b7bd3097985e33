"""What words say of the figures beside their kinds: how many there are, how large, and who stands on or behind whom.

Words set marks in z (see `marks`), so that an arrangement is walked, stored and replayed like all latents.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.op_tape import decisions
from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import GAP, MARGIN, Figure, FigureLayout
from installation.models.theatre.marks import COUNTS, SECOND
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import SUBJECTS

HUGE, TINY = 1.75, 0.5  # sizes of a figure, relative to the usual one
SIZES = {
    "two": 0.84,
    "three": 0.72,
    "four": 0.62,
    "five": 0.56,
    "six": 0.50,
    "many": 0.50,
}  # of each of several figures


class Seat(NamedTuple):
    """Where others are on a figure: the share of its height that is above them, and their size (1: as beside it)."""

    share: float = 0.13
    size: float = 0.72


SEATS = {  # of figures that have another place than their top
    "chair": Seat(0.56, 1.5),
    "horse": Seat(0.40, 1.0),
    "camel": Seat(0.35),
    "elephant": Seat(0.12),
    "boat": Seat(0.80),
    "ship": Seat(0.72),
    "bridge": Seat(0.45),
    "hand": Seat(0.30),
    "tree": Seat(0.30),
    "palm": Seat(0.22),
    "pine": Seat(0.40),
    "christmas tree": Seat(0.40),
    "piano": Seat(0.30, 1.0),
    "car": Seat(0.10),
    "bicycle": Seat(0.35, 1.0),
    "bench": Seat(0.45, 1.3),
    "bed": Seat(0.45, 1.2),
    "table": Seat(0.30, 1.0),
    "stairs": Seat(0.30, 1.0),
}
SPACING = {
    "two": 1.16,
    "three": 1.14,
    "four": 1.06,
    "five": 1.0,
    "six": 0.96,
    "many": 0.92,
}  # between neighbours, in widths of the figure
ROW_RISE = 0.022  # how much higher the next figure of a row on the ground stands
LENGTHS = {"two": 1.0, "three": 1.95, "four": 2.9, "five": 3.9, "six": 3.9, "many": 3.9}  # of rows, in spacings
BEFORE_FIRST = {"six": 1.1, "many": 1.1}  # how far figures reach beyond the first, in spacings
FLIGHT_RISE = 0.38  # the same in the air, in heights of the figure
ON_STAGE = ("on", "above", "under", "front", "behind", "lifted")
IN_FRONT = ("on", "under", "front")  # of the subject
ABOVE_SIZE = 0.8  # of companions above, relative to the usual one
MOST_IN_FRONT = 0.7  # height of a companion in front, in heights of the subject
AFLOAT = ("boat", "ship")
DIVING, LOWEST = 0.75, 0.97  # how deep a companion dives, in its height; the y below which no foot is
WIDER = 0.7  # share of a wide picture's additional width that a row may take up


class Copy(NamedTuple):
    """One of several figures beside the first.

    Attributes:
        place: Along the row, in spacings; positive towards the middle of the picture.
        row: How many steps it stands farther back.
        size: Relative to the first.
        marks: The numbers that it belongs to.
    """

    place: float
    row: float
    size: float
    marks: tuple[str, ...]


COPIES = (  # the farthest first; many are seven
    Copy(3.9, 2.4, 0.80, ("five", "six", "many")),
    Copy(-1.1, 1.7, 0.86, ("six", "many")),
    Copy(2.9, 0.5, 0.95, ("four", "five", "six", "many")),
    Copy(1.95, 1.6, 0.88, ("three", "four", "five", "six", "many")),
    Copy(1.0, 0.6, 0.94, COUNTS),
    Copy(1.48, 2.9, 0.78, ("many",)),
)


def arrange_figures(
    scene: Scene, atlas: Atlas, layout: FigureLayout
) -> tuple[tuple[Figure, ...], tuple[Figure, ...], tuple[Figure, ...]]:
    """Arrange the placed figures as the marks of one scene say.

    Returns:
        The figures behind the subjects, the subjects, and those in front of them, each in the order of painting.
    """
    subject, companion = layout
    if scene.marks & {"huge figure", "tiny figure"}:
        factor = 1 + (HUGE - 1) * scene.mark("huge figure") + (TINY - 1) * scene.mark("tiny figure")
        subject = _within(replace(subject, side=subject.side * factor), atlas, scene)
    if scene.marks & set(ON_STAGE):
        subject, companion = _related(scene, atlas, subject, companion)
    subjects, companions = _groups(scene, atlas, subject, companion)
    if scene.marks & set(IN_FRONT):
        return (), subjects, companions
    return companions, subjects, ()


def _groups(
    scene: Scene, atlas: Atlas, subject: Figure, companion: Figure
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """The subject and the companion, each with its copies; two groups stand side by side."""
    counts, second_counts = _counts(scene, ""), _counts(scene, SECOND)
    if not counts and not second_counts:
        return (subject,), (companion,)
    first, second = _Row.of(scene, atlas, subject, counts), _Row.of(scene, atlas, companion, second_counts)
    if companion.present() and subject.present() and not scene.marks & set(ON_STAGE):
        first, second = _side_by_side(scene, first, second)
    return first.figures(scene, atlas), second.figures(scene, atlas)


def _extent(figure: Figure, atlas: Atlas) -> tuple[Tensor, Tensor]:
    """Half the width and the height of a figure, [batch, 1, 1, 1]."""
    powers = figure.weights**4
    extent = (powers / powers.sum(1, keepdim=True).clamp(min=1e-6)) @ atlas.extent * figure.side.view(-1, 1)
    return extent[:, 0].view(-1, 1, 1, 1), extent[:, 1].view(-1, 1, 1, 1)


def _within(figure: Figure, atlas: Atlas, scene: Scene) -> Figure:
    """Shrink a figure that the upper edge would cut off, and move one that a side would."""
    half, height = _extent(figure, atlas)
    fit = torch.minimum((figure.foot - MARGIN) / (height + 1e-3), (0.5 - MARGIN) / (half + 1e-3)).clamp(max=1)
    half = half * fit
    room = _room(scene)
    x = torch.minimum(torch.maximum(figure.x, half + MARGIN - room), 1 - MARGIN + room - half)
    return replace(figure, side=figure.side * fit, x=x)


def _room(scene: Scene) -> float:
    """How far beyond the middle square a row may reach on either side, in units."""
    return WIDER * max(0.0, scene.grid.width / scene.grid.height - 1) / 2


class _Row(NamedTuple):
    """A figure and its copies, in a row on the ground or in a flight.

    Attributes:
        first: The figure, of the size of all.
        marks: How far each number is set, each [batch, 1, 1, 1].
        inwards: The direction of the row, -1 or 1.
        half: Half the width of a figure.
        step: Between neighbours.
    """

    first: Figure
    marks: dict[str, Tensor]
    inwards: Tensor
    half: Tensor
    step: Tensor

    @classmethod
    def of(cls, scene: Scene, atlas: Atlas, figure: Figure, marks: dict[str, Tensor]) -> _Row:
        """A row that ends where the figure stands, or farther out if it would not fit."""
        size = 1 + sum((SIZES[name] - 1) * mark for name, mark in marks.items())
        spacing = 1 + sum((SPACING[name] - 1) * mark for name, mark in marks.items())
        first = replace(figure, side=figure.side * size)
        half, _ = _extent(first, atlas)
        row = cls(first, marks, torch.where(first.x > 0.5, -1.0, 1.0), half, 2 * half * spacing)
        beyond = row.inwards * (first.x - 0.5) + row.length - (0.5 - MARGIN + _room(scene) - half)
        return row.at(first.x - row.inwards * beyond.clamp(min=0), row.inwards)

    @property
    def length(self) -> Tensor:
        """From the first figure to the last."""
        return self.step * sum(LENGTHS[name] * mark for name, mark in self.marks.items())

    @property
    def before(self) -> Tensor:
        """How far figures reach beyond the first."""
        reach = sum(BEFORE_FIRST.get(name, 0.0) * mark for name, mark in self.marks.items())
        return self.step * reach

    @property
    def width(self) -> Tensor:
        """Of the whole row."""
        return self.before + self.length + 2 * self.half

    def at(self, x: Tensor, inwards: Tensor) -> _Row:
        """The row from another place on."""
        return self._replace(first=replace(self.first, x=x), inwards=inwards)

    def scaled(self, factor: Tensor) -> _Row:
        """The row with figures of another size."""
        first = replace(self.first, side=self.first.side * factor)
        return self._replace(first=first, half=self.half * factor, step=self.step * factor)

    def figures(self, scene: Scene, atlas: Atlas) -> tuple[Figure, ...]:
        """The figures, the farthest first."""
        first = self.first
        if not self.marks:
            return (first,)
        _, height = _extent(first, atlas)
        airborne = (first.weights @ _elevations(scene)).view(-1, 1, 1, 1) >= 0.4
        rise = torch.where(airborne, FLIGHT_RISE * height, torch.full_like(height, ROW_RISE))
        figures = []
        for copy in COPIES:
            asked = [mark for name, mark in self.marks.items() if name in copy.marks]
            if not asked:
                continue
            figure = replace(
                first,
                weights=first.weights * sum(asked[1:], asked[0]).view(-1, 1),
                x=first.x + self.inwards * copy.place * self.step,
                foot=first.foot - copy.row * rise,
                side=first.side * copy.size,
            )
            figures.append(_within(figure, atlas, scene))
        return (*figures, first)


def _counts(scene: Scene, prefix: str) -> dict[str, Tensor]:
    """The numbers that are set, with how far they are."""
    return {name: scene.mark(prefix + name) for name in COUNTS if prefix + name in scene.marks}


def _side_by_side(scene: Scene, left: _Row, right: _Row) -> tuple[_Row, _Row]:
    """Two rows beside each other, smaller if both do not fit, with the free room shared out."""
    if decisions((left.first.x > right.first.x).detach().flatten())[0]:
        right, left = _side_by_side(scene, right, left)
        return left, right
    room = 1 - 2 * MARGIN + 2 * _room(scene)
    fit = ((room - GAP) / (left.width + right.width)).clamp(max=1)
    left, right = left.scaled(fit), right.scaled(fit)
    free = (room - GAP - left.width - right.width) / 3
    low, high = MARGIN - _room(scene) + free, 1 - MARGIN + _room(scene) - free
    inwards = torch.ones_like(left.half)
    return (
        left.at(low + left.before + left.half, inwards),
        right.at(high - right.before - right.half, -inwards),
    )


def _seat(figure: Figure, scene: Scene) -> tuple[Tensor, Tensor]:
    """The fields of its `Seat`, each [batch, 1, 1, 1]."""
    seats = torch.tensor([SEATS.get(label, Seat()) for label in LABELS], device=scene.device)
    share, size = (figure.weights @ seats)[..., None, None, None].unbind(1)
    return share, size


def _elevations(scene: Scene) -> Tensor:
    return torch.tensor([subject.elevation for subject in SUBJECTS.values()], device=scene.device)[:, None]


def _related(scene: Scene, atlas: Atlas, subject: Figure, companion: Figure) -> tuple[Figure, Figure]:
    """Put the companion on, above, under, before or behind the subject, or the subject above the companion."""
    subject = _with_room_above(scene, atlas, subject, companion)
    reach, height = _extent(subject, atlas)
    half, small = _extent(companion, atlas)
    ground = torch.maximum(subject.foot, companion.foot)
    top, crown = subject.foot - height, ground - small
    seat, seated = _seat(subject, scene)
    beside = subject.x + 0.30 * height
    afloat = subject.weights[:, [LABELS.index(label) for label in AFLOAT]].sum(1)
    wet = scene.weight("terrain", "sea", "lake") * afloat.view(-1, 1, 1, 1)  # what is under a boat is in the water
    lesser = (MOST_IN_FRONT * height / small.clamp(min=1e-3)).clamp(max=1.2)  # so that it does not hide the subject
    depth = 0.03 + wet * DIVING * small
    held = companion.weights[:, LABELS.index("umbrella")].view(-1, 1, 1, 1)  # over somebody's head
    # the companion's x, its foot, its size; the subject's foot
    places: dict[str, tuple[Tensor, Tensor, Tensor | float, Tensor]] = {
        "on": (subject.x, top + seat * height, seated, subject.foot),
        "above": (subject.x, top + (0.85 * held - 0.25) * small, ABOVE_SIZE + 0.7 * held, subject.foot),
        "under": (torch.lerp(beside, subject.x, wet), subject.foot + depth, lesser * (1 - 0.4 * wet), subject.foot),
        "front": (beside, subject.foot + 0.03, lesser, subject.foot),
        "behind": (subject.x + reach + 0.25 * half, subject.foot - 0.035, 1.1, subject.foot),
        "lifted": (subject.x, ground, 1.0, (crown - 0.06).clamp(min=height + MARGIN)),
    }
    x, foot, side, lifted = companion.x, companion.foot, companion.side, subject.foot
    for name in scene.marks & set(ON_STAGE):
        mark, (to_x, to_foot, factor, to_lifted) = scene.mark(name), places[name]
        x, foot = torch.lerp(x, to_x, mark), torch.lerp(foot, to_foot, mark)
        side, lifted = side * (1 + (factor - 1) * mark), torch.lerp(lifted, to_lifted, mark)
    companion = _within(replace(companion, x=x, foot=foot.clamp(max=LOWEST), side=side), atlas, scene)
    return _within(replace(subject, foot=lifted), atlas, scene), companion


def _with_room_above(scene: Scene, atlas: Atlas, subject: Figure, companion: Figure) -> Figure:
    """Shrink a subject that leaves no room for what is on or above it."""
    _, height = _extent(subject, atlas)
    _, small = _extent(companion, atlas)
    rests, hovers = scene.mark("on"), scene.mark("above")
    seat, seated = _seat(subject, scene)
    above = (seated * rests + 1.25 * ABOVE_SIZE * hovers) * small
    used = height * (1 - rests * seat)
    fit = ((subject.foot - MARGIN - above) / used.clamp(min=1e-3)).clamp(max=1)
    return replace(subject, side=subject.side * torch.lerp(torch.ones_like(fit), fit, torch.maximum(rests, hovers)))
