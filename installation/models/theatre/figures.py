"""The subject and its companion: silhouettes with a halo, a colour and lit windows."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from installation.models.theatre.figure_layout import layout_figures
from installation.models.theatre.raster import colour_tensor, falloff
from installation.models.theatre.scene import DrawContext, Scene
from installation.models.theatre.sdf_atlas import FLAMES, Atlas, Figure, FigureField

HALO_REACH = 0.16  # of the halo behind a silhouette, in units
OUTLINE_WIDTH = 0.006  # of the dark line around a coloured silhouette
LIGHT_REACH = 0.14  # of the light around a window or a flame
BEAM_ORIGIN, BEAM_LENGTH = (0.5, 0.17), 0.9  # of the lighthouse: in its square; in units
WARM_LIGHT, FIRELIGHT = "ffd98a", "ff8a2a"
LUMA = "4d8c26"  # 0.30 red, 0.55 green, 0.15 blue


def paint_figures(context: DrawContext, atlas: Atlas) -> Tensor | None:
    """Paint the companion, then the subject in front of it.

    Returns:
        Coverage of a coloured subject, which a tint must leave alone, [batch, 1, height, width]; None if there is
        no coloured subject or no tint.
    """
    scene = context.scene
    if scene.has_only("subject", "nobody") and scene.has_only("companion", "alone"):
        return None
    subject, companion = layout_figures(scene, atlas)
    if companion.present():
        field = FigureField(companion.box(scene, HALO_REACH), scene, companion, atlas)
        _paint_silhouette(context, field, _companion_colour(scene), None)
    if not subject.present():
        return None
    if scene.has("subject", "lighthouse"):
        _paint_beams(context, subject)
    field = FigureField(subject.box(scene, HALO_REACH), scene, subject, atlas)
    coloured = 1 - scene.weight("subject_colour", "ink")
    cover = _paint_silhouette(context, field, scene.subject_colour, coloured)
    if cover is None or scene.has_only("subject_colour", "ink") or scene.has_only("tint", "no tint"):
        return None
    protected = cover.new_zeros((len(cover), 1, scene.grid.height, scene.grid.width))
    protected[:, :, field.box.rows, field.box.columns] = cover * coloured
    return protected


def _companion_colour(scene: Scene) -> Tensor:
    """Ink, slightly paler than the subject's, and paler again without a subject (aerial perspective)."""
    return torch.lerp(scene.palette.near * 0.85, scene.palette.far, 0.10 + 0.15 * scene.weight("subject", "nobody"))


def _paint_silhouette(
    context: DrawContext, field: FigureField, colour: Tensor, coloured: Tensor | None
) -> Tensor | None:
    """Paint halo, outline, silhouette and its lit parts; return the coverage, or None outside the picture.

    `coloured` is the weight of the subject colours other than ink, [batch, 1, 1, 1], or None for ink alone.
    """
    canvas, scene, box = context.canvas, context.scene, field.box
    if box.empty:
        return None
    depth, opacity = field.depth(), field.figure.opacity()
    cover = box.coverage(depth)
    near = (1 + depth / HALO_REACH).clamp(0, 1)
    halo = (near * near) ** 2 * (0.36 * opacity)
    if coloured is not None and not scene.has_only("subject_colour", "ink"):
        canvas.over(box, _halo_colour(scene, colour), halo * (1 - cover))
        outline = box.coverage(depth + OUTLINE_WIDTH) * (0.85 * coloured * opacity)
        canvas.over(box, scene.palette.near * 0.6, outline)
    else:
        canvas.over(box, scene.palette.glow, halo * (1 - cover))
    canvas.over(box, colour * (1.06 - 0.22 * (0.5 + 0.5 * field.v).clamp(0, 1)), cover)
    _paint_lit_parts(context, field)
    return cover


def _halo_colour(scene: Scene, colour: Tensor) -> Tensor:
    """Light around a dark silhouette, shadow around a light one."""
    luma = (colour * colour_tensor(LUMA, scene.device)).sum(1, keepdim=True)
    return torch.lerp(scene.palette.glow, scene.palette.near, torch.sigmoid((luma - 0.62) * 16))


def _paint_lit_parts(context: DrawContext, field: FigureField) -> None:
    """Windows and flames, and the light around them as far as LIGHT_REACH."""
    lit = field.lit_depth()
    if lit is None:
        return
    depth, weight = lit
    canvas, scene = context.canvas, context.scene
    fire = field.figure.weight(*FLAMES)
    wobble = 0.06 * math.sin(scene.angle(5.3)) + 0.05 * math.sin(scene.angle(8.9))
    flicker = 1 + fire * wobble + 0.02 * math.sin(scene.angle(0.7))
    night = 1 - (1.4 * scene.brightness - 0.3).clamp(0, 1)  # in daylight a lamp lights only its own pane
    warm, firelight = colour_tensor(WARM_LIGHT, scene.device), colour_tensor(FIRELIGHT, scene.device)
    colour = torch.lerp(warm, firelight, 0.45 * fire * (0.5 + 0.5 * field.v))
    light = falloff(-depth, LIGHT_REACH) * ((0.18 + 0.34 * night) * flicker * weight)
    canvas.glow(field.box, colour, light, burn=0.5)
    canvas.over(field.box, colour * flicker, field.box.coverage(depth) * (0.8 + 0.2 * night))


def _paint_beams(context: DrawContext, lighthouse: Figure) -> None:
    """Two beams of a lighthouse that sweep slowly; as one grows, the other fades."""
    scene = context.scene
    x, y = lighthouse.point(*BEAM_ORIGIN)
    box = scene.grid.box(bottom=0.8)
    dx = box.x - x
    distance = dx.abs()
    slope = 0.10 * math.sin(scene.angle(0.35))
    half_width = 0.012 + 0.16 * distance
    cone = (1 - ((box.y - y - slope * dx) / half_width) ** 2).clamp(min=0) * falloff(distance, 2 * BEAM_LENGTH)
    share = 0.5 + 0.3 * math.sin(scene.angle(0.5)) * torch.tanh(dx * 30)
    night = 1.2 - scene.brightness.clamp(0, 1)
    light = cone * share * night * lighthouse.weight("lighthouse")
    context.canvas.glow(box, colour_tensor(WARM_LIGHT, scene.device), light, burn=0.6)
