"""Warm start of a wider student from a trained generator with fewer channels or other classes.

Existing channels keep their weights, and new ones start with small weights and no connection into the existing ones, so
the wider student generates exactly the same images (as Net2Net, Chen et al., 2016, without duplicated channels). A new
class starts as the old class that resembles it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from installation.models.interfaces import Group, slices
from installation.training.generator.export import from_library
from installation.training.generator.student import StudentGenerator, new_student

FIRST_MAP_PIXELS = 16  # the first feature map is 4 x 4
SIMILAR_CLASSES: Mapping[tuple[str, str], str] = {  # (group, new label) -> old label of the group
    ("sky", "golden hour"): "sunset",
    ("sky", "blue hour"): "dusk",
    ("sky", "milky way"): "night",
    ("sky", "winter"): "grey",
    ("sky", "rainbow"): "morning",
    ("sky", "dusty"): "sunset",
    ("celestial", "comet"): "empty sky",
    ("terrain", "river"): "field",
    ("terrain", "waterfall"): "cliffs",
    ("terrain", "island"): "sea",
    ("terrain", "swamp"): "lake",
    ("terrain", "village"): "hills",
    ("terrain", "road"): "hills",
    ("terrain", "graveyard"): "hills",
    ("terrain", "room"): "cave",
    ("terrain", "deep sea"): "cave",
    ("terrain", "jungle"): "forest",
    ("subject", "fox"): "wolf",
    ("subject", "dog"): "wolf",
    ("subject", "bear"): "elephant",
    ("subject", "lion"): "horse",
    ("subject", "crow"): "bird",
    ("subject", "rose"): "flower",
    ("subject", "ferris wheel"): "wheel",
    ("subject", "lighthouse"): "tower",
    ("subject_colour", "violet"): "blue",
}


def widen(library: Any, old: Sequence[Group], new: Sequence[Group], width: int, seed: int) -> StudentGenerator:
    """A student of `width` with the classes `new` that generates what a library model with the classes `old` does."""
    narrow = from_library(library).library
    student = new_student(width, sum(len(group.labels) for group in new), seed)
    old_width = int(library.config.channel_width)
    state = student.library.state_dict()
    for key, value in narrow.state_dict().items():
        if key == "embeddings.weight":
            state[key] = _widen_class_embedding(value, initial_classes(old, new))
        elif "gen_z" in key and not key.endswith(("_u", "_v")):
            state[key] = _widen_first_layer(value, state[key], old_width, width)
        elif not key.endswith(("_u", "_v", "gamma")) and "snconv" not in key:
            state[key] = _widen_tensor(key, value, state[key], old_width, width)
    student.library.load_state_dict(state)
    return student


def initial_classes(old: Sequence[Group], new: Sequence[Group]) -> list[int | None]:
    """For each new class the index of the old class that it starts as.

    This is the class of the same label, a similar class, or the neutral class of the group; None in a new group.
    """
    groups = {group.name: (group, where) for group, where in zip(old, slices(old), strict=True)}
    indices: list[int | None] = []
    for group in new:
        if group.name not in groups:
            indices += [None] * len(group.labels)
            continue
        old_group, where = groups[group.name]
        for label in group.labels:
            source = label if label in old_group.labels else SIMILAR_CLASSES.get((group.name, label))
            place = old_group.labels.index(source) if source in old_group.labels else old_group.neutral or 0
            indices.append(where.start + place)
    return indices


def _widen_class_embedding(value: Tensor, indices: Sequence[int | None]) -> Tensor:
    columns = [torch.zeros(len(value)) if index is None else value[:, index] for index in indices]
    return torch.stack(columns, dim=1)


def _widen_first_layer(value: Tensor, initial: Tensor, old_width: int, width: int) -> Tensor:
    """The linear layer of the first feature map, whose outputs are [pixels x channels]."""
    wide = initial.clone().view(FIRST_MAP_PIXELS, -1, *initial.shape[1:])
    narrow = value.view(FIRST_MAP_PIXELS, -1, *value.shape[1:])
    wide[:, _channel_indices(narrow.shape[1], old_width, width)] = narrow
    return wide.view_as(initial)


def _widen_tensor(key: str, value: Tensor, initial: Tensor, old_width: int, width: int) -> Tensor:
    """A weight, bias or statistic of the wide student; weights from a new into an old channel are zero."""
    wide = initial.clone()
    if "running" in key:
        wide[:, _channel_indices(value.shape[1], old_width, width)] = value
        return wide
    rows = _channel_indices(len(value), old_width, width)
    if value.ndim == 4:
        columns = _channel_indices(value.shape[1], old_width, width)
        wide[rows] = 0.0
        wide[rows[:, None], columns] = value
    else:
        wide[rows] = value
    return wide


def _channel_indices(count: int, old_width: int, width: int) -> Tensor:
    """Where the channels of a narrow map are in a wide one.

    They keep their place within each unit of the width, since skip connections drop the second half of the channels.
    """
    index = torch.arange(count)
    return index // old_width * width + index % old_width if count % old_width == 0 else index
