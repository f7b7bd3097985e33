"""The subject: a silhouette cut from a signed distance field, so that one melts into another as their weights do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.theatre.canvas import Box, Canvas, lasting
from installation.models.theatre.classes import SUBJECTS
from installation.models.theatre.scene import Scene, highest, lowest, subject_colours

HALO = 0.22  # how far the light behind a silhouette reaches
OUTSIDE = -0.3  # the depth where nobody is, in units of the silhouette's side


def load_atlas(path: Path, device: torch.device) -> Tensor:
    """The silhouettes' depths, [subjects, 128, 128]: positive inside, in units of the silhouette's side."""
    with np.load(path) as stored:
        return torch.from_numpy(stored["depth"].astype(np.float32) * float(stored["step"])).to(device)


@lasting
def _measures(device: torch.device) -> Tensor:
    """[subjects, 2]: how high each floats, how large it is."""
    return torch.tensor(list(SUBJECTS.values()), dtype=torch.float32, device=device)


@dataclass(frozen=True)
class Standing:
    """Where a silhouette stands: the middle of its foot and its side, each [batch, 1, 1, 1]."""

    x: Tensor
    foot: Tensor
    side: Tensor


def standing(scene: Scene) -> Standing:
    floats, size = ((scene.group("subject") @ _measures(scene.device)).view(-1, 2, 1, 1, 1)).unbind(1)
    water = scene.weight("terrain", "sea", "lake")
    side = 0.52 * size * torch.exp(0.14 * scene.jitter * scene.bounded(41))
    x = 0.5 + scene.jitter * (0.13 * scene.bounded(42) - 0.12 * scene.bounded(1))
    ground = 0.905 - 0.045 * water
    air = 0.66 + 0.04 * scene.jitter * scene.bounded(43)
    bob = (0.006 * floats + 0.004 * water) * math.sin(0.9 * scene.phase)
    return Standing(x, ground * (1 - floats) + floats * air + side * 0.14 + bob, side)


def depth_in(box: Box, scene: Scene, at: Standing, atlas: Tensor) -> Tensor:
    """How deep each pixel of the box lies within the silhouette, in units: [batch, 1, rows, columns]."""
    present = scene.present("subject")
    field = torch.einsum("bn,nhw->bhw", scene.group("subject")[:, present], atlas[present])[:, None]
    u = ((box.x - at.x) / at.side * 2)[:, 0]  # [batch, 1, columns]: -1 to 1 within the silhouette's square
    v = ((box.y - at.foot + at.side * 0.5) / at.side * 2)[:, 0]
    places = torch.stack([u + 0 * v, v + 0 * u], -1)
    near = F.grid_sample(field, places, padding_mode="border", align_corners=False)
    beyond = torch.sqrt((u.abs() - 1).clamp(min=0) ** 2 + (v.abs() - 1).clamp(min=0) ** 2 + 1e-8) - 1e-4
    return (near - beyond[:, None] / 2) * at.side


def paint_subject(canvas: Canvas, scene: Scene, atlas: Tensor) -> Tensor | None:
    """Paint it; returns how much of each pixel is coloured subject that a tint spares, or None where there is none."""
    if scene.present("subject") == [len(SUBJECTS) - 1]:
        return None
    at = standing(scene)
    half = highest(at.side) / 2 + HALO
    box = scene.frame.box(
        lowest(at.foot - at.side) - HALO, highest(at.foot) + HALO, lowest(at.x) - half, highest(at.x) + half
    )
    if box.empty:
        return None
    depth = depth_in(box, scene, at, atlas)
    shape = box.inside(depth)
    near = (1 + depth / HALO).clamp(0, 1)
    halo = (near * near) ** 2 * (0.336 * (1 - scene.weight("subject", "nobody")))
    canvas.over(box, scene.palette.glow, halo * (1 - shape))
    weights = scene.group("subject_colour")
    colour = scene.palette.near * (0.75 * weights[:, :1, None, None])
    colour = colour + (weights @ subject_colours(scene.device))[:, :, None, None]
    canvas.over(box, colour * (1 - 0.22 * ((box.y - at.foot) / at.side + 0.6).clamp(0, 1)), shape)
    if scene.present("subject_colour") == [0] or not tinted(scene):
        return None
    spared = shape.new_zeros((len(shape), 1, scene.frame.height, scene.frame.width))
    spared[:, :, box.rows, box.columns] = shape * (1 - scene.weight("subject_colour", "ink"))
    return spared


def tinted(scene: Scene) -> bool:
    return scene.present("tint") != [0]
