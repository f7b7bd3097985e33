"""Garments that are cut from the outline of who wears them: a coat on a fox, boots on a cow, trousers on a frog.

The sheets of a garment are those of the wearer, a little larger, as far as the garment reaches: they move as these do.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from installation.models.theatre.figure_atlas import DEPTH_STEP, PaperLayer
from installation.models.theatre.magnitudes import UPRIGHT
from installation.models.theatre.outlines import solid_cells
from installation.models.theatre.raster import cached_constant

FEET = frozenset(
    (
        "shoes",
        "hiking boot",
        "sneaker",
        "sandal",
        "high heel",
        "ballet shoes",
        "socks",
        "ice skate",
        "roller skate",
        "skis",
    )
)
LEGS = frozenset(("jeans", "shorts", "underpants"))
BODY = frozenset(("coat", "dress", "t-shirt", "kimono", "swimsuit", "bikini", "blanket", "towel", "army helmet"))
GARMENTS = (*FEET, *LEGS, *BODY)
WIDER = 0.010  # how much larger a garment is than what it covers, in sides
BOOT, BOOT_WIDER = 0.17, 0.016  # height of a boot, in heights of the wearer; how much larger it is
TRUNK = 0.70  # share of its widest row that a row of a trunk fills at least
UPRIGHT_BODY, UPRIGHT_LEGS = (0.36, 0.84), (0.60, 0.92)  # rows of garments, in heights from the top
FOUR_LEGGED = (0.30, 0.90)  # columns of a trunk that stands on four legs and faces left, in widths
COLLAR = 0.10  # how far above the trunk of a beast a garment ends, in heights
BUTTONS, BUTTON = 3, 0.011  # of a coat; radius, in sides
BUTTON_COLOUR = (0.93, 0.84, 0.56)


class Cut(NamedTuple):
    """Where a garment is, in sides of the wearer's square: rows and columns, and how much larger than the wearer."""

    top: float
    bottom: float
    left: float
    right: float
    wider: float = WIDER


@cached_constant
def garment_of(sheets: tuple[PaperLayer, ...], garment: str, wearer: str) -> tuple[PaperLayer, ...]:
    """The sheets of a garment.

    Args:
        sheets: Of who wears it, facing left.
        garment: One of GARMENTS.
        wearer: The label of who wears it.
    """
    cut = _cut(solid_cells(sheets), garment, wearer)
    buttons = _buttons(cut) if garment == "coat" else ()
    worn = [_cut_sheet(sheet, cut, buttons) for sheet in sheets]
    return tuple(sheet for sheet in worn if sheet is not None)


def _cut(solid: Tensor, garment: str, wearer: str) -> Cut:
    cells = len(solid)
    rows, columns = solid.any(1).nonzero().flatten(), solid.any(0).nonzero().flatten()
    top, bottom = float(rows[0]) / cells, (float(rows[-1]) + 1) / cells
    left, right = float(columns[0]) / cells, (float(columns[-1]) + 1) / cells
    height, width = bottom - top, right - left
    if garment in FEET:
        return Cut(bottom - BOOT * height, 1.2, -0.2, 1.2, BOOT_WIDER)
    four_legged = wearer not in UPRIGHT and width > 0.72 * height
    filled = solid.sum(1)
    trunk = (filled >= TRUNK * filled.max()).nonzero().flatten()
    waist = (float(trunk[-1]) + 1) / cells
    if garment in LEGS:
        if four_legged:
            return Cut(waist - 0.10 * height, waist + 0.5 * (bottom - waist), left + 0.55 * width, 1.2)
        return Cut(top + UPRIGHT_LEGS[0] * height, top + UPRIGHT_LEGS[1] * height, -0.2, 1.2)
    if four_legged:
        ends = (left + share * width for share in FOUR_LEGGED)
        top_of_trunk = float(trunk[0]) / cells - COLLAR * height
        return Cut(max(top_of_trunk, -0.2), min(waist + 0.02, bottom - 0.1 * height), *ends)
    return Cut(top + UPRIGHT_BODY[0] * height, top + UPRIGHT_BODY[1] * height, -0.2, 1.2)


def _buttons(cut: Cut) -> tuple[tuple[float, float], ...]:
    """The middles of the buttons."""
    x = 0.5 * (max(cut.left, 0.0) + min(cut.right, 1.0)) if cut.left > 0 else 0.42
    top = cut.top if cut.top > 0 else cut.bottom - 0.3
    return tuple((x, top + (cut.bottom - top) * (0.3 + 0.25 * place)) for place in range(BUTTONS))


def _cut_sheet(sheet: PaperLayer, cut: Cut, buttons: tuple[tuple[float, float], ...]) -> PaperLayer | None:
    """What a garment covers of a sheet, or None."""
    channels = sheet.channels
    rows, columns = channels.shape[1:]
    y = sheet.top + (torch.arange(rows, device=channels.device) + 0.5) / rows * sheet.height
    x = sheet.left + (torch.arange(columns, device=channels.device) + 0.5) / columns * sheet.width
    within = torch.minimum(
        torch.minimum(y - cut.top, cut.bottom - y)[:, None], torch.minimum(x - cut.left, cut.right - x)[None]
    )
    depth = torch.minimum(channels[0].float() + cut.wider / DEPTH_STEP, within / DEPTH_STEP)
    if float(depth.max()) <= 0:
        return None
    worn = torch.zeros((12, rows, columns), dtype=torch.int8, device=channels.device)
    worn[1 : min(4, len(channels))] = channels[1:4]
    worn[0] = depth.clamp(-127, 127).round().to(torch.int8)
    for middle_x, middle_y in buttons:
        disc = (x[None] - middle_x) ** 2 + (y[:, None] - middle_y) ** 2 < BUTTON**2
        for channel, part in enumerate((*BUTTON_COLOUR, 1.0)):
            worn[4 + channel][disc] = round(127 * part)
    return replace(sheet, channels=worn, second=False)
