"""A street or a railway track along the front of the land, for an audience: what has wheels stands on it.

The land is level there (`land.land_ridges`), and the street lies on its nearest layer.
"""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max
from installation.models.theatre.raster import Box, colour_tensor

STREET_TOP = 0.868  # y of the level ground
LANE = (0.880, 0.966)  # y of the edges of the street
TRACK = (0.884, 0.934)  # of the bed of a railway
WHEELS = 0.914  # y where wheels stand
DASH, DASH_WIDTH = (0.11, 0.45), 0.0032  # length of a dash and its gap, the share that is painted; half its width
ASPHALT, GRAVEL, KERB, RAIL, SLEEPER = "4a4c52", "b8a684", "c8c4b8", "b8bcc4", "4a3424"
PAVED = ("city", "road", "village")  # terrains whose streets are of asphalt
SLEEPERS = 0.034  # from one to the next, in units


def paint_street(context: DrawContext) -> None:
    """Paint the street, and the track, as far as there is something with wheels."""
    scene = context.scene
    if batch_max(scene.on_wheels, 0.0) > 0:
        _paint_lane(context, scene.on_wheels)
    if batch_max(scene.on_rails, 0.0) > 0:
        _paint_track(context, scene.on_rails)


def _paint_lane(context: DrawContext, weight: Tensor) -> None:
    """A carriageway with kerbs and a broken line along its middle."""
    canvas, scene = context.canvas, context.scene
    box = scene.grid.box(LANE[0] - 0.02, LANE[1] + 0.02)
    if box.empty:
        return
    paved = scene.weight("terrain", *PAVED)
    light = 0.30 + 0.70 * scene.brightness.clamp(max=1)
    surface = torch.lerp(colour_tensor(GRAVEL, scene.device), colour_tensor(ASPHALT, scene.device), paved)
    down = ((box.y - LANE[0]) / (LANE[1] - LANE[0])).clamp(0, 1)
    colour = surface * light * (1.06 - 0.22 * down) + scene.mist * (0.10 * (1 - down))
    cover = box.coverage(torch.minimum(box.y - LANE[0], LANE[1] - box.y)) * weight
    canvas.over(box, colour, cover)
    kerb = colour_tensor(KERB, scene.device) * light
    for y in LANE:
        canvas.over(box, kerb, box.coverage(0.0030 - (box.y - y).abs()) * (weight * (0.25 + 0.55 * paved)))
    middle = LANE[0] + 0.42 * (LANE[1] - LANE[0])
    along = ((box.x / DASH[0]) % 1 - 0.5).abs() * DASH[0]
    dash = torch.minimum(DASH_WIDTH - (box.y - middle).abs(), 0.5 * DASH[1] * DASH[0] - along)
    canvas.over(box, kerb, box.coverage(dash) * (weight * paved * 0.9))


def _paint_track(context: DrawContext, weight: Tensor) -> None:
    """A bed of gravel with sleepers and two rails."""
    canvas, scene = context.canvas, context.scene
    box = scene.grid.box(TRACK[0] - 0.02, TRACK[1] + 0.02)
    if box.empty:
        return
    light = 0.30 + 0.70 * scene.brightness.clamp(max=1)
    bed = torch.minimum(box.y - TRACK[0] - 0.003 * torch.sin(box.x * 90), TRACK[1] - box.y)
    canvas.over(box, colour_tensor(GRAVEL, scene.device) * (0.6 * light), box.coverage(bed) * (0.85 * weight))
    canvas.over(box, colour_tensor(SLEEPER, scene.device) * light, _sleepers(box) * weight)
    for y in (WHEELS - 0.010, WHEELS + 0.006):
        rail = box.coverage(0.0026 - (box.y - y).abs()) * (0.9 * weight)
        canvas.over(box, colour_tensor(RAIL, scene.device) * light, rail)


def _sleepers(box: Box) -> Tensor:
    along = ((box.x / SLEEPERS) % 1 - 0.5).abs() * SLEEPERS
    return box.coverage(torch.minimum(0.007 - along, 0.017 - (box.y - WHEELS + 0.002).abs()))
