"""What words say of the figures beside their kinds: how many there are, how large, and who stands on or behind whom.

Words set marks in z (see `marks`), so that an arrangement is walked, stored and replayed like all latents.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import MARGIN, Figure, FigureLayout, extent_of
from installation.models.theatre.groups import group_figures, keep_within
from installation.models.theatre.marks import SECOND
from installation.models.theatre.relations import (
    ABOVE_SIZE,
    RELATIONS,
    ROOMY,
    SEATS,
    Pair,
    Seat,
    is_painted_first,
    place_alone,
    relate,
)
from installation.models.theatre.scene import Ridges, Scene

HUGE, TINY = 1.75, 0.5  # sizes of a figure, relative to the usual one
SECOND_HUGE, SECOND_TINY = 1.6, 0.45  # of a companion
ALONE = ("sill", "flying")  # places of a subject without a companion


def arrange_figures(
    scene: Scene, atlas: Atlas, ridges: Ridges, layout: FigureLayout
) -> tuple[tuple[Figure, ...], tuple[Figure, ...], tuple[Figure, ...]]:
    """Arrange the placed figures as the marks of one scene say.

    Returns:
        The figures behind the subjects, the subjects, and those in front of them, each in the order of painting.
    """
    subject = _sized(scene, atlas, layout.subject, "", HUGE, TINY)
    companion = _sized(scene, atlas, layout.companion, SECOND, SECOND_HUGE, SECOND_TINY)
    pair = None
    kinds = subject.present()
    if kinds and companion.present() and scene.marks & set(RELATIONS):
        subject = _with_room_above(scene, atlas, subject, companion)
        if "inside" in scene.marks:
            roomy = torch.lerp(subject.side, subject.side.clamp(min=ROOMY), scene.mark("inside"))
            subject = keep_within(replace(subject, side=roomy), atlas, scene)
        extents = (*extent_of(subject, atlas), *extent_of(companion, atlas))
        pair = Pair(scene, ridges, atlas, subject, companion, kinds[0], *extents)
        subject, companion = (keep_within(one, atlas, scene) for one in relate(pair))
    elif kinds and scene.marks & set(ALONE):
        subject = place_alone(scene, subject, extent_of(subject, atlas)[1])
    subjects, companions = group_figures(scene, atlas, ridges, subject, companion)
    if is_painted_first(scene, pair):
        return companions, subjects, ()
    return (), subjects, companions


def _sized(scene: Scene, atlas: Atlas, figure: Figure, prefix: str, huge: float, tiny: float) -> Figure:
    """A figure of the size that marks say, whole within the picture."""
    names = {prefix + "huge figure": huge, prefix + "tiny figure": tiny}
    if not scene.marks & set(names):
        return figure
    factor: Tensor | float = 1.0
    for name, size in names.items():
        factor = factor + (size - 1) * scene.mark(name)
    return keep_within(replace(figure, side=figure.side * factor), atlas, scene)


def _with_room_above(scene: Scene, atlas: Atlas, subject: Figure, companion: Figure) -> Figure:
    """Shrink a subject that leaves no room for what is on or above it."""
    _, height = extent_of(subject, atlas)
    _, small = extent_of(companion, atlas)
    rests, hovers = torch.maximum(scene.mark("on"), scene.mark("riding")), scene.mark("above")
    seats = torch.tensor([SEATS.get(label, Seat()) for label in LABELS], device=scene.device)
    seat, seated = (subject.weights @ seats)[..., None, None, None].unbind(1)
    above = (seated * rests + 1.25 * ABOVE_SIZE * hovers) * small
    used = height * (1 - rests * seat)
    fit = ((subject.foot - MARGIN - above) / used.clamp(min=1e-3)).clamp(max=1)
    return replace(subject, side=subject.side * torch.lerp(torch.ones_like(fit), fit, torch.maximum(rests, hovers)))
