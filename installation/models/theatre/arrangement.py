"""What words say of the figures beside their kinds: how many there are, how large, and who stands on or behind whom.

Words set marks in z (`vocabulary.MARKS`), so that an arrangement is walked, stored and replayed like all latents.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.figure_atlas import Atlas
from installation.models.theatre.figure_layout import MARGIN, Figure, FigureLayout
from installation.models.theatre.scene import Scene
from installation.models.theatre.vocabulary import SUBJECTS

HUGE, TINY = 1.75, 0.5  # sizes of a figure, relative to the usual one
SIZES = {"two": 0.84, "three": 0.72, "many": 0.50}  # of each of several figures
SPACING = {"two": 1.16, "three": 1.14, "many": 0.92}  # between neighbours, in widths of the figure
ROW_RISE = 0.022  # how much higher the next figure of a row on the ground stands
LENGTHS = {"two": 1.0, "three": 1.95, "many": 3.9}  # of the row from the first to the last, in spacings
FLIGHT_RISE = 0.38  # the same in the air, in heights of the figure
ON_STAGE = ("on", "above", "under", "behind", "carried", "lifted")
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


COPIES = (  # the farthest first
    Copy(3.9, 2.4, 0.80, ("many",)),
    Copy(-1.1, 1.7, 0.86, ("many",)),
    Copy(2.9, 0.5, 0.95, ("many",)),
    Copy(1.95, 1.6, 0.88, ("three", "many")),
    Copy(1.0, 0.6, 0.94, ("two", "three", "many")),
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
    subjects = _repeated(scene, atlas, subject) if scene.marks & set(SIZES) else (subject,)
    if scene.marks & {"under"}:
        return (), subjects, (companion,)
    return (companion,), subjects, ()


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


def _repeated(scene: Scene, atlas: Atlas, subject: Figure) -> tuple[Figure, ...]:
    """The subject and its copies, in a row on the ground or in a flight; the farthest first."""
    marks = {name: scene.mark(name) for name in SIZES}
    size = 1 + sum((SIZES[name] - 1) * mark for name, mark in marks.items())
    spacing = 1 + sum((SPACING[name] - 1) * mark for name, mark in marks.items())
    first = replace(subject, side=subject.side * size)
    half, height = _extent(first, atlas)
    inwards = torch.where(first.x > 0.5, -1.0, 1.0)
    step = 2 * half * spacing
    reach = step * sum(LENGTHS[name] * mark for name, mark in marks.items())
    beyond = inwards * (first.x - 0.5) + reach - (0.5 - MARGIN + _room(scene) - half)
    first = replace(first, x=first.x - inwards * beyond.clamp(min=0))
    airborne = (subject.weights @ _elevations(scene)).view(-1, 1, 1, 1) >= 0.4
    rise = torch.where(airborne, FLIGHT_RISE * height, torch.full_like(height, ROW_RISE))
    figures = []
    for copy in COPIES:
        weight = sum(marks[name] for name in copy.marks)
        figure = replace(
            first,
            weights=subject.weights * weight.view(-1, 1),  # type: ignore[union-attr]
            x=first.x + inwards * copy.place * step,
            foot=first.foot - copy.row * rise,
            side=first.side * copy.size,
        )
        figures.append(_within(figure, atlas, scene))
    return (*figures, first)


def _elevations(scene: Scene) -> Tensor:
    return torch.tensor([subject.elevation for subject in SUBJECTS.values()], device=scene.device)[:, None]


def _related(scene: Scene, atlas: Atlas, subject: Figure, companion: Figure) -> tuple[Figure, Figure]:
    """Put the companion on, above, under or behind the subject, or the subject on or above the companion."""
    _, height = _extent(subject, atlas)
    half, small = _extent(companion, atlas)
    ground = torch.maximum(subject.foot, companion.foot)
    top, crown = subject.foot - height, ground - small
    places = {  # the companion's x, its foot, its size; the subject's foot
        "on": (subject.x, top + 0.13 * height, 0.72, subject.foot),
        "above": (subject.x, (top - 0.25 * small).clamp(min=0.12), 0.8, subject.foot),
        "under": (subject.x + 0.30 * height, subject.foot + 0.03, 1.2, subject.foot),
        "behind": (subject.x + 0.95 * half, subject.foot - 0.035, 1.1, subject.foot),
        "carried": (subject.x, ground, 1.1, ground - 0.92 * small),
        "lifted": (subject.x, ground, 1.0, (crown - 0.06).clamp(min=height + MARGIN)),
    }
    x, foot, side, lifted = companion.x, companion.foot, companion.side, subject.foot
    for name in scene.marks & set(ON_STAGE):
        mark, (to_x, to_foot, factor, to_lifted) = scene.mark(name), places[name]
        x, foot = torch.lerp(x, to_x, mark), torch.lerp(foot, to_foot, mark)
        side, lifted = side * (1 + (factor - 1) * mark), torch.lerp(lifted, to_lifted, mark)
    companion = _within(replace(companion, x=x, foot=foot, side=side), atlas, scene)
    return _within(replace(subject, foot=lifted), atlas, scene), companion
