"""Animals cut anew for an audience: those whose figure sits run in great bounds, and bats roost head down."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import torch

from installation.models.theatre.curled_animals import CURLED, CURLED_AWAKE, EXTENT, curled_sheets, one_sheet, pieces_of
from installation.models.theatre.figure_atlas import PaperLayer
from installation.models.theatre.raster import cached_constant

BOUNDING, ROOSTING = "bounding", "roosting"  # poses
MUZZLE_AHEAD = 0.03, 0.58  # x and y of the mouths of those that bound, in sides
EXTENTS: Mapping[str, tuple[float, float]] = {  # pose -> half the width and the height, with the free part below
    **dict.fromkeys((CURLED, CURLED_AWAKE), EXTENT),
    BOUNDING: (0.49, 0.69),
    ROOSTING: (0.2, 0.70),
}


@cache
def _table() -> dict[str, Any]:
    path = Path(__file__).with_name("bounding_animals.toml")
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return table


def bounds(label: str) -> bool:
    """Whether a figure is an animal that is cut anew where it runs."""
    return label in _table()["animals"]


def roosts(label: str) -> bool:
    """Whether a figure is an animal that is cut anew where it hangs head down."""
    return label in _table()["roosting"]


def redrawn_sheets(label: str, pose: str, device: torch.device) -> tuple[PaperLayer, ...]:
    """The one sheet of an animal in a pose of EXTENTS.

    Args:
        label: Of the figure.
        pose: One that it can have: see `bounds`, `roosts` and `curls_up`.
        device: Of the sheet.
    """
    if pose not in (BOUNDING, ROOSTING):
        return curled_sheets(label, pose, device)
    return _bounding_sheets(label, device) if pose == BOUNDING else _roosting_sheets(label, device)


@cached_constant
def _bounding_sheets(label: str, device: torch.device) -> tuple[PaperLayer, ...]:
    table = _table()
    animal = table["animals"][label]
    rows = (*table["tails"][animal["tail"]], *table["bodies"]["lithe"], *table["heads"][animal["head"]])
    return one_sheet(pieces_of(rows, animal["colours"]), device)


@cached_constant
def _roosting_sheets(label: str, device: torch.device) -> tuple[PaperLayer, ...]:
    animal = _table()["roosting"][label]
    return one_sheet(pieces_of(animal["pieces"], animal["colours"]), device)
