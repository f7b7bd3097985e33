"""A warm start: what a narrower generator of an earlier edition of the world knows, put into a wider twin.

Channels keep their places within each unit of the width, and new ones begin with small weights that lead out of them
nowhere, so the wider twin draws exactly what the narrower did (Net2Net, Chen et al., 2016, without its copies). A
class that is new begins as the one that it resembles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from installation.models.interfaces import Group, slices
from installation.training.generator.init_export import new_twin, opened
from installation.training.generator.student import StudentGenerator

PLACES = 16  # of the first map, 4 x 4
KIN: Mapping[tuple[str, str], str] = {  # labels that are new, and the old one of their group that they begin as
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


def widened(library: Any, old: Sequence[Group], new: Sequence[Group], width: int, seed: int) -> StudentGenerator:
    """A twin of `width` and of the classes `new`, which draws what `library`, of the classes `old`, does."""
    narrow = opened(library).library
    twin = new_twin(width, sum(len(group.labels) for group in new), seed)
    before = int(library.config.channel_width)
    own = twin.library.state_dict()
    for key, value in narrow.state_dict().items():
        if key == "embeddings.weight":
            own[key] = _embedded(value, classes_of(old, new))
        elif "gen_z" in key and not key.endswith(("_u", "_v")):
            own[key] = _first(value, own[key], before, width)
        elif not key.endswith(("_u", "_v", "gamma")) and "snconv" not in key:
            own[key] = _grown(key, value, own[key], before, width)
    twin.library.load_state_dict(own)
    return twin


def classes_of(old: Sequence[Group], new: Sequence[Group]) -> list[int | None]:
    """For each new class the old one that it begins as: its namesake, its kin, or what is usual in its group.

    None for the classes of a group that there was not.
    """
    groups = {group.name: (group, where) for group, where in zip(old, slices(old), strict=True)}
    taken: list[int | None] = []
    for group in new:
        if group.name not in groups:
            taken += [None] * len(group.labels)
            continue
        held, where = groups[group.name]
        for label in group.labels:
            kin = label if label in held.labels else KIN.get((group.name, label))
            taken.append(where.start + (held.labels.index(kin) if kin in held.labels else held.neutral or 0))
    return taken


def _embedded(value: Tensor, taken: Sequence[int | None]) -> Tensor:
    columns = [torch.zeros(len(value)) if index is None else value[:, index] for index in taken]
    return torch.stack(columns, dim=1)


def _first(value: Tensor, own: Tensor, before: int, width: int) -> Tensor:
    """The linear layer that makes the first map: its outputs are places times channels."""
    grown = own.clone().view(PLACES, -1, *own.shape[1:])
    old = value.view(PLACES, -1, *value.shape[1:])
    grown[:, _places(old.shape[1], before, width)] = old
    return grown.view_as(own)


def _grown(key: str, value: Tensor, own: Tensor, before: int, width: int) -> Tensor:
    """A tensor of the wider twin; nothing flows from a new channel into an old one."""
    if "running" in key:
        grown = own.clone()
        grown[:, _places(value.shape[1], before, width)] = value
        return grown
    grown, rows = own.clone(), _places(len(value), before, width)
    if value.ndim == 4:
        columns = _places(value.shape[1], before, width)
        grown[rows] = 0.0
        grown[rows[:, None], columns] = value
    else:
        grown[rows] = value
    return grown


def _places(count: int, before: int, width: int) -> Tensor:
    """Where the channels of a narrow map stand in a wide one: unit by unit, since skips keep the first half."""
    index = torch.arange(count)
    return index // before * width + index % before if count % before == 0 else index
