"""The subject and its companion: how they are cut out, coloured and lit from within."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from installation.models.theatre.figure_layout import company
from installation.models.theatre.raster import Raster, angle, falloff, ink
from installation.models.theatre.scene import Scene, subject_colours
from installation.models.theatre.sdf_atlas import FLAMES, Atlas, Figure, Mask
from installation.models.theatre.vocabulary import SUBJECTS

HALO = 0.16  # how far the light behind a silhouette reaches
RIM = 0.006  # the dark line around a coloured figure
SHINE = 0.14  # how far the light of a window or a flame reaches
NOBODY, ALONE = len(SUBJECTS) - 1, 0
BEAM_AT, BEAM_LONG = (0.5, 0.17), 0.9
WARM, EMBER = "ffd98a", "ff8a2a"


def paint_subject(canvas: Raster, scene: Scene, atlas: Atlas) -> Tensor | None:
    """Paint it and its companion, where there are any.

    Returns how much of each pixel is coloured subject that a tint spares, or None where there is none.
    """
    if scene.present("subject") == [NOBODY] and scene.present("companion") == [ALONE]:
        return None
    subject, companion = company(scene, atlas)
    if companion.present():
        _cut(canvas, scene, Mask(companion.box(scene, HALO), scene, companion, atlas), _companion_colour(scene), None)
    if not subject.present():
        return None
    if scene.has("subject", "lighthouse"):
        _paint_beam(canvas, scene, subject)
    coloured = 1 - scene.weight("subject_colour", "ink")
    mask = Mask(subject.box(scene, HALO), scene, subject, atlas)
    shape = _cut(canvas, scene, mask, _subject_colour(scene), coloured)
    if shape is None or scene.present("subject_colour") == [0] or not tinted(scene):
        return None
    spared = shape.new_zeros((len(shape), 1, scene.frame.height, scene.frame.width))
    spared[:, :, mask.box.rows, mask.box.columns] = shape * coloured
    return spared


def tinted(scene: Scene) -> bool:
    return scene.present("tint") != [0]


def _subject_colour(scene: Scene) -> Tensor:
    """[batch, 3, 1, 1]; ink is the sky's own darkest colour."""
    weights = scene.group("subject_colour")
    painted = (weights @ subject_colours(scene.device))[:, :, None, None]
    return painted + scene.palette.near * (0.75 * weights[:, :1, None, None])


def _companion_colour(scene: Scene) -> Tensor:
    """Ink, a breath lighter than the subject's, and paler where there is nobody before it."""
    return torch.lerp(scene.palette.near * 0.85, scene.palette.far, 0.10 + 0.15 * scene.weight("subject", "nobody"))


def _cut(canvas: Raster, scene: Scene, mask: Mask, colour: Tensor, coloured: Tensor | None) -> Tensor | None:
    """Light around a dark silhouette or shadow around a light one, a rim around a coloured one, and its own light."""
    box = mask.box
    if box.empty:
        return None
    depth, there = mask.depth(), mask.figure.there()
    shape = box.inside(depth)
    near = (1 + depth / HALO).clamp(0, 1)
    halo = (near * near) ** 2 * (0.36 * there)
    around = scene.palette.glow
    if coloured is not None and scene.present("subject_colour") != [0]:
        lightness = (colour * ink("4d8c26", scene.device)).sum(1, keepdim=True)  # .3 of red, .55 of green, .15 of blue
        dark = torch.sigmoid((lightness - 0.62) * 16)
        around = torch.lerp(around, scene.palette.near, dark)
        canvas.over(box, around, halo * (1 - shape))
        canvas.over(box, scene.palette.near * 0.6, box.inside(depth + RIM) * (0.85 * coloured * there))
    else:
        canvas.over(box, around, halo * (1 - shape))
    canvas.over(box, colour * (1.06 - 0.22 * (0.5 + 0.5 * mask.v).clamp(0, 1)), shape)
    _shine(canvas, scene, mask)
    return shape


def _shine(canvas: Raster, scene: Scene, mask: Mask) -> None:
    """The light of windows and flames: bright where it is, and around it as far as SHINE."""
    light = mask.light()
    if light is None:
        return
    depth, share = light
    burning = mask.figure.weight(*FLAMES)
    seconds = scene.phase
    lick = 0.06 * math.sin(angle(5.3, seconds)) + 0.05 * math.sin(angle(8.9, seconds))
    flicker = 1 + burning * lick + 0.02 * math.sin(angle(0.7, seconds))
    night = 1 - (1.4 * scene.brightness - 0.3).clamp(0, 1)  # a lamp is lost in daylight, but for its own pane
    colour = torch.lerp(ink(WARM, scene.device), ink(EMBER, scene.device), 0.45 * burning * (0.5 + 0.5 * mask.v))
    canvas.light(mask.box, colour, falloff(-depth, SHINE) * ((0.18 + 0.34 * night) * flicker * share), burn=0.5)
    canvas.over(mask.box, colour * flicker, mask.box.inside(depth) * (0.8 + 0.2 * night))


def _paint_beam(canvas: Raster, scene: Scene, lighthouse: Figure) -> None:
    """Two beams of a lighthouse, sweeping slowly: as one grows, the other fades."""
    x, y = lighthouse.at(*BEAM_AT)
    box = scene.frame.box(bottom=0.8)
    across = box.x - x
    away = across.abs()
    slope = 0.10 * math.sin(angle(0.35, scene.phase))
    wide = 0.012 + 0.16 * away
    cone = (1 - ((box.y - y - slope * across) / wide) ** 2).clamp(min=0) * falloff(away, 2 * BEAM_LONG)
    share = 0.5 + 0.3 * math.sin(angle(0.5, scene.phase)) * torch.tanh(across * 30)
    night = 1.2 - scene.brightness.clamp(0, 1)
    canvas.light(box, ink(WARM, scene.device), cone * share * night * lighthouse.weight("lighthouse"), burn=0.6)
