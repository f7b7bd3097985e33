"""Who sits in a vehicle is seen from the chest up at one of its windows; each of several has the next window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import NamedTuple

import torch

from installation.models.theatre.figure_atlas import LABELS, Atlas
from installation.models.theatre.figure_layout import Figure, extent_of
from installation.models.theatre.jointed_body import STANDING
from installation.models.theatre.outlines import lowest_point
from installation.models.theatre.people import people

BUST, FOREPART = 0.32, 0.66  # how much of the height of people and of animals is seen
FREE = 0.06  # above the head, in heights of the window


class Window(NamedTuple):
    """The edges of a window in the square of a figure that faces left, in sides."""

    left: float
    right: float
    top: float
    bottom: float


WINDOWS: Mapping[str, tuple[Window, ...]] = {
    "car": (Window(0.31, 0.462, 0.485, 0.607), Window(0.50, 0.665, 0.485, 0.60)),
    "taxi": (Window(0.33, 0.53, 0.455, 0.625), Window(0.58, 0.77, 0.455, 0.625)),
    "bus": tuple(Window(left, left + 0.13, 0.362, 0.58) for left in (0.265, 0.445, 0.62, 0.087)),
    "tram": tuple(Window(left, left + 0.13, 0.322, 0.538) for left in (0.30, 0.572, 0.735, 0.125)),
    "train": (Window(0.66, 0.81, 0.36, 0.525),),
    "truck": (Window(0.145, 0.30, 0.43, 0.567),),
    "tractor": (Window(0.47, 0.59, 0.205, 0.50),),
    "helicopter": (Window(0.16, 0.29, 0.42, 0.615), Window(0.332, 0.45, 0.40, 0.58)),
    "fire engine": (Window(0.115, 0.20, 0.52, 0.655), Window(0.228, 0.302, 0.52, 0.655)),
    "ambulance": (Window(0.20, 0.338, 0.465, 0.613),),
    "carriage": (Window(0.47, 0.60, 0.275, 0.45), Window(0.24, 0.37, 0.29, 0.45), Window(0.71, 0.83, 0.29, 0.45)),
    "rocket": (Window(0.445, 0.555, 0.285, 0.41),),
}


def at_window(atlas: Atlas, vehicle: Figure, figure: Figure, number: int) -> Figure:
    """A figure at a window of a vehicle that has windows, in the size in which its head and chest fill it.

    Args:
        atlas: Of all figures.
        vehicle: Whose kind is one of WINDOWS.
        figure: Who is in it.
        number: Of the figure among all who are in it, from 0 on.
    """
    windows = WINDOWS[LABELS[vehicle.present()[0]]]
    window = windows[number % len(windows)]
    (first, top), (second, bottom) = vehicle.point(window.left, window.top), vehicle.point(window.right, window.bottom)
    left, right = torch.minimum(first, second), torch.maximum(first, second)
    person = LABELS[figure.present()[0]] in people()
    figure = replace(figure, pose=STANDING if person else "")
    half, height = extent_of(figure, atlas)
    share = BUST if person else FOREPART
    size = (1 - FREE) * (bottom - top) / (share * height).clamp(min=1e-3)
    side, wide = figure.side * size, right - left
    behind = (half * size - 0.5 * wide).clamp(min=0) * (not person)  # what of an animal is behind the frame
    below = 1 - lowest_point(atlas, figure.present()[0])
    foot = top + FREE * (bottom - top) + size * height + below * side
    return replace(
        figure,
        x=(left + right) / 2 + vehicle.facing * behind,
        foot=foot,
        side=side,
        facing=vehicle.facing,
        floats=True,
        opening=None,
        window=(left, right, top, bottom),
    )


def still_at_windows(atlas: Atlas, groups: Sequence[tuple[Figure, ...]]) -> list[tuple[Figure, ...]]:
    """All figures, the vehicle in the first group, with those at its windows where it is now."""
    numbers = count()
    return [
        tuple(one if one.window is None else at_window(atlas, groups[0][-1], one, next(numbers)) for one in group)
        for group in groups
    ]
