"""Animals that lie curled up, with the head on the paws: cut from `curled_animals.toml`, as jointed people are."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import torch

from installation.models.theatre.body_cutting import cut_pieces
from installation.models.theatre.body_pieces import Piece, points
from installation.models.theatre.figure_atlas import PaperLayer
from installation.models.theatre.raster import cached_constant
from installation.models.theatre.sheet_cutting import SIDE

CURLED, CURLED_AWAKE = "curled up", "curled up awake"  # poses
LID = "3a2a26"
EYE_LINES = {CURLED: "closed", CURLED_AWAKE: "open"}
EXTENT = 0.49, 0.45  # half the width and the height of all of them, in sides, with the free part below
MUZZLE = 0.06, 0.86  # x and y of their mouths, in sides


@cache
def _table() -> dict[str, Any]:
    path = Path(__file__).with_name("curled_animals.toml")
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return table


def curls_up(label: str) -> bool:
    """Whether a figure is an animal that is drawn curled up where it lies."""
    return label in _table()["animals"]


@cached_constant
def curled_sheets(label: str, pose: str, device: torch.device) -> tuple[PaperLayer, ...]:
    """The one sheet of an animal that lies, which takes some 30 ms.

    Args:
        label: Of the figure, for which `curls_up` is true.
        pose: One of EYE_LINES.
        device: Of the sheet.
    """
    return one_sheet(_pieces(label, pose), device)


def one_sheet(pieces: Sequence[Piece], device: torch.device) -> tuple[PaperLayer, ...]:
    """An animal that is cut as one sheet, in sides of its square."""
    sheet = cut_pieces(pieces, 1.0)
    rows, columns = sheet.channels.shape[1:]
    with torch.inference_mode(False):
        channels = torch.from_numpy(sheet.channels).to(device)
        place = (sheet.top / SIDE, sheet.left / SIDE, rows / SIDE, columns / SIDE)
        return (PaperLayer(channels, *place, (0.5, 0.5), "rest", 0.0, 0),)


def _pieces(label: str, pose: str) -> list[Piece]:
    """The pieces of an animal, the lowest first."""
    table = _table()
    animal = table["animals"][label]
    rows = (*table["bodies"]["loaf"], *table["tails"][animal["tail"]], *table["heads"][animal["head"]])
    lines = table[EYE_LINES[pose]][animal["head"]]
    return [*pieces_of(rows, animal["colours"]), *(Piece(points(*line), LID, flat=True) for line in lines)]


def pieces_of(rows: Iterable[Mapping[str, Any]], colours: Sequence[str]) -> list[Piece]:
    """Pieces of an animal as tables describe them; its fur, the first colour, gives way where words name a colour."""
    fur, *others = colours
    found = []
    for row in rows:
        number = row.get("colour", 0)
        colour = others[number - 1] if number else fur
        outline = points(*row["points"])
        found.append(Piece(outline, colour, coat=not number, flat=row.get("flat", False), shade=row.get("shade", 1.0)))
    return found
