"""The celestial body: sun, moon, eclipse or comet, a disc of paper in rings of light."""

from __future__ import annotations

import copy
import math
from dataclasses import replace

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max, batch_min
from installation.models.theatre.raster import Box, colour_tensor, falloff
from installation.models.theatre.scene import Scene
from installation.models.theatre.sky_geometry import Disc

RINGS = ((2.3, 0.13), (1.55, 0.20))  # of light around the disc: radius in radii of the disc, brightness
RING_EDGE = 0.035  # of a ring, as an audience sees it: width of the edge in units; the models know a sharp one
SUN_RAYS, RAY_LENGTH = 24, 0.85  # around the sun; the longest of them, in radii beyond the disc
GRADING = 0.55  # how much of the colour of the horizon a warm disc takes on at its foot
CORONA = "ffedbf"  # of an eclipse
LUNAR_MARIA = (
    (-0.30, -0.28, 0.30),
    (0.22, -0.05, 0.36),
    (-0.22, 0.34, 0.22),
    (0.36, 0.46, 0.15),
)  # x, y, size in radii
COMET_TAILS = (  # direction, width, length, colour, brightness: the dust tail and the ion tail
    ((-0.87, -0.49), 0.20, 0.52, "e4f2ff", 1.0),
    ((-0.97, -0.24), 0.12, 0.42, "8cc0ff", 0.7),
)
DISC_SLACK = 0.25  # units that the body may move on a tape: a dream soon moves it far
TWINS = (  # further suns or moons: place beside the first, outwards and down, in units; size; marks that ask for them
    (0.27, 0.11, 0.62, ("two sky", "three sky")),
    (-0.20, -0.06, 0.46, ("three sky",)),
)
COMET_SHRINKS = 0.42  # how much smaller the head of a comet is than another body


def paint_celestial_body(context: DrawContext) -> None:
    """Paint the celestial body, and its twins if there are two or three."""
    if context.scene.has_only("celestial", "empty sky"):
        return
    for twin in _celestial_twins(context.scene):
        _paint_body(replace(context, scene=twin))
    _paint_body(context)


def _celestial_twins(scene: Scene) -> list[Scene]:
    """The scene once for each further sun or moon that marks ask for, each with that one's disc."""
    twins = []
    x, y, radius = scene.celestial_disc
    outwards = torch.where(x < 0.5, -1.0, 1.0) if scene.grid.width > 1.3 * scene.grid.height else torch.sign(0.5 - x)
    for dx, dy, size, names in TWINS:
        named = [scene.mark(name) for name in scene.marks & set(names)]
        if named:
            smaller = radius * size * sum(named[1:], named[0]).clamp(max=1)
            twins.append(_with_disc(scene, Disc(x + outwards * dx, y + dy, smaller)))
    return twins


def _with_disc(scene: Scene, disc: Disc) -> Scene:
    """The scene with its celestial body elsewhere."""
    moved = copy.copy(scene)
    moved.__dict__["celestial_disc"] = disc  # in place of the cached one
    return moved


def _paint_body(context: DrawContext) -> None:
    """Paint the disc with its rings of light, and what is particular to each kind of body."""
    canvas, scene = context.canvas, context.scene
    box = _disc_box(scene)
    if box.empty:
        return
    x, y, radius = scene.celestial_disc
    distance = _distance(box, x, y)
    opacity, comet = 1 - scene.weight("celestial", "empty sky"), scene.weight("celestial", "comet")
    if scene.has("celestial", "comet"):
        _paint_comet_tails(context)
    radius = radius * (1 - COMET_SHRINKS * comet)
    pale_sky = (scene.palette.upper.mean(1, keepdim=True) - 0.45).clamp(0, 0.4)
    canvas.darken(box, falloff(distance - radius, 0.13) * (opacity * pale_sky))
    soft = RING_EDGE if scene.staged else None
    for wider, brightness in RINGS:
        canvas.over(box, scene.palette.glow, box.coverage(wider * radius - distance, soft) * (brightness * opacity))
    if scene.has("celestial", "sun"):
        _paint_sun_rays(context, box, distance)
    cover = box.coverage(radius - distance) * opacity
    colour = scene.celestial_colour
    if scene.has("celestial", "moon", "golden moon"):
        colour = colour * (1 - _lunar_maria(scene, box) * scene.weight("celestial", "moon", "golden moon"))
    if scene.has("celestial", "crescent moon"):
        shadow = _distance_beside(box, Disc(x, y, radius), 0.55, -0.25)
        cover = cover * (1 - box.coverage(radius * 0.92 - shadow) * scene.weight("celestial", "crescent moon"))
    if scene.has("celestial", "sun", "red sun", "golden moon"):
        colour = _graded(scene, box, colour, y, radius)
    canvas.over(box, colour, cover)
    if scene.has("celestial", "eclipse"):
        _paint_corona(context, box, distance - radius)


def _graded(scene: Scene, box: Box, colour: Tensor, y: Tensor, radius: Tensor) -> Tensor:
    """A warm disc as a woodcut prints it (bokashi): its lower part takes on the light above the horizon."""
    down = (0.5 + 0.5 * (box.y - y) / radius).clamp(0, 1)
    share = GRADING * scene.weight("celestial", "sun", "red sun", "golden moon")
    return torch.lerp(colour, scene.palette.horizon, down * down * share)


def cut_celestial_hole(box: Box, scene: Scene, depth: Tensor) -> Tensor:
    """The signed distance field of a sheet of cloud with a round hole in front of the celestial body."""
    if scene.has_only("celestial", "empty sky"):
        return depth
    x, y, radius = scene.celestial_disc
    hole = _distance(box, x, y) - 1.5 * radius
    closed = 3 * scene.weight("celestial", "empty sky")
    return torch.minimum(depth, hole + closed)


def _distance(box: Box, x: Tensor, y: Tensor) -> Tensor:
    """Distance of each pixel from a point, smooth at the point itself."""
    return torch.sqrt((box.x - x) ** 2 + (box.y - y) ** 2 + 1e-6)


def _distance_beside(box: Box, disc: Disc, dx: float, dy: float) -> Tensor:
    """Distance of each pixel from a point that is (dx, dy) radii away from the centre of a disc."""
    x, y, radius = disc
    return torch.sqrt((box.x - x - dx * radius) ** 2 + (box.y - y - dy * radius) ** 2 + 1e-6)


def _disc_box(scene: Scene) -> Box:
    x, y, radius = scene.celestial_disc
    reach = max(batch_max(radius) + 0.14, RINGS[0][0] * batch_max(radius) + RING_EDGE * scene.staged)
    top, bottom = batch_min(y, DISC_SLACK), batch_max(y, DISC_SLACK)
    left, right = batch_min(x, DISC_SLACK), batch_max(x, DISC_SLACK)
    return scene.grid.box(top - reach, bottom + reach, left - reach, right + reach, soft_edge=True)


def _paint_sun_rays(context: DrawContext, box: Box, distance: Tensor) -> None:
    """A slowly rotating wheel of slender rays around the disc, a long one and a short one by turns."""
    scene = context.scene
    x, y, radius = scene.celestial_disc
    turns = torch.atan2(box.y - y, box.x - x) * (0.5 * SUN_RAYS / math.pi) + scene.angle(0.05) * (
        0.5 * SUN_RAYS / math.pi
    )
    tooth = (turns % 1 * 2 - 1).abs()
    short = (turns % 2 < 1).float()
    ends = radius * (1.10 + (RAY_LENGTH - 0.42 * short) * tooth**3)
    rays = box.coverage(ends - distance, 1.6 * scene.grid.pixel)
    context.canvas.over(box, scene.celestial_colour, rays * (0.55 * scene.weight("celestial", "sun")))


def _lunar_maria(scene: Scene, box: Box) -> Tensor:
    """How much the dark plains of the moon darken each pixel, 0..0.15."""
    disc, cover = scene.celestial_disc, torch.zeros_like(box.x)
    for dx, dy, size in LUNAR_MARIA:
        distance = _distance_beside(box, disc, dx, dy)
        cover = torch.maximum(cover, box.coverage(size * disc.radius - distance, 0.04))
    return 0.15 * cover


def _paint_corona(context: DrawContext, box: Box, outside: Tensor) -> None:
    """A bright ring at the edge of an eclipse; `outside` is the distance from that edge."""
    scene = context.scene
    flicker = 0.95 + 0.05 * math.cos(0.7 * scene.phase)
    ring = torch.exp(-outside.abs() / 0.016) * falloff(outside.abs(), 0.3)
    opacity = 0.95 * flicker * scene.weight("celestial", "eclipse")
    context.canvas.over(box, colour_tensor(CORONA, scene.device), ring * opacity)


def _paint_comet_tails(context: DrawContext) -> None:
    """Two fans of light that stream away from the head."""
    scene = context.scene
    x, y, radius = scene.celestial_disc
    weight = scene.weight("celestial", "comet")
    box = scene.grid.box(batch_min(y) - 0.36, batch_max(y) + 0.10, batch_min(x) - 0.55, batch_max(x) + 0.10)
    for (ux, uy), width, length, colour, brightness in COMET_TAILS:
        along = (box.x - x) * ux + (box.y - y) * uy
        across = (box.y - y) * ux - (box.x - x) * uy
        wave = 0.006 * torch.sin(along * 24 - scene.angle(1.2)) * along.clamp(min=0) * 4
        half_width = 0.45 * radius + width * along.clamp(min=0)
        fade = (1 - along.clamp(min=0) / length).clamp(min=0) ** 2
        fan = torch.exp(-(((across + wave) / half_width) ** 2)) * fade * box.coverage(along, 0.03)
        context.canvas.glow(box, colour_tensor(colour, scene.device), fan * (brightness * weight), burn=0.8)
