"""Fire: a tall curtain of flames behind the middle layer, a low one before it, embers above; the land stays seen."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.land import Ridges
from installation.models.theatre.particles import glow_point, splat, swarm
from installation.models.theatre.raster import Box, Raster, angle, falloff, ink, moved
from installation.models.theatre.scene import Scene, lowest
from installation.models.theatre.sprite_tables import SCREEN, flames

TONGUES = ((0.30, "c4200e"), (0.22, "ff6a14"), (0.13, "ffd24a"))  # from the outer to the inner: height, colour
GLOW, EMBER = "ff4a12", "ffb040"
REACH = 0.66  # how far above its foot the fire may be seen


def tongues(scene: Scene) -> Tensor:
    """The upper edge of the fire, 0 to about 1.4, [batch, 1, 1, width]; each flame leaps and sways by itself."""
    x = scene.frame.x[0, 0]
    curtains = []
    for curtain in range(2):
        middle, wide, height, mood = flames(curtain, scene.device)
        turn, pace = 6.283 * mood, 1.2 + 1.6 * mood
        leap = 1 + 0.16 * (torch.sin(turn + moved(pace, scene.phase)) - torch.sin(turn))
        sway = 0.012 * (torch.sin(2 * turn + moved(0.8 * pace, scene.phase)) - torch.sin(2 * turn))
        flame = (1 - ((x - middle - sway) / wide).abs()).clamp(0, 1) ** 1.3 * (height * leap)
        curtains.append(flame.amax(0).view(1, 1, 1, -1))
    lean = 1.5 * scene.z(40)
    first, second = curtains[0] * (torch.sigmoid(lean) + 0.35), curtains[1] * (torch.sigmoid(-lean) + 0.35)
    edge: Tensor = first + 0.8 * second
    return edge


def bent(edge: Tensor, box: Box, phase: float) -> Tensor:
    """The edge as each row sees it, shifted aside by waves that rise: tongues of fire lick, they do not stand.

    [batch, 1, 1, width] -> [batch, 1, rows of the box, columns of the box]
    """
    frame = box.frame
    slow, quick = angle(2.3, phase), angle(3.1, phase)
    waves = torch.sin(box.y * 19 + slow + 5 * box.x) + 0.6 * torch.sin(box.y * 41 + quick - 9 * box.x)
    place = (box.x + 0.011 * waves - frame.left) * frame.unit - 0.5
    place = place.clamp(0, frame.width - 1.001)
    before = place.long()
    line = edge[:, 0, 0]
    left, right = line[:, before[0, 0]], line[:, before[0, 0] + 1]
    return torch.lerp(left, right, (place - before)[0])[:, None]


def paint_blaze(canvas: Raster, scene: Scene, foot: Tensor, edge: Tensor, size: float, glow: float) -> None:
    """A curtain of flames that stands on `foot` ([batch, 1, 1, width]) with its light above it."""
    weight = scene.weight("weather", "fire")
    box = scene.frame.box(top=lowest(foot) - REACH)
    if box.empty:
        return
    away = foot - box.y
    light = torch.exp(-away.clamp(min=0) / 0.22) * falloff(away - 0.3, REACH - 0.3)
    canvas.light(box, ink(GLOW, scene.device), light * (glow * weight), burn=0.25)
    edge = bent(edge, box, scene.phase)
    ends = box.inside(0.95 - box.y, 0.05) * (0.95 * weight)
    for height, colour in TONGUES:
        top = foot + 0.05 - (height * size) * edge
        canvas.over(box, ink(colour, scene.device), box.inside(box.y - top, 0.012) * ends)


def paint_fire_behind(canvas: Raster, scene: Scene, land: Ridges, wet: Tensor) -> None:
    """Flames between the far and the middle layer."""
    city = scene.weight("terrain", "city")
    foot = torch.lerp(torch.maximum(land.middle, scene.horizon + 0.05), scene.horizon + 0.02, city)
    foot = foot + 0.6 * wet  # water does not burn: there the curtain sinks below the picture
    paint_blaze(canvas, scene, foot, tongues(scene) * (1 + 0.5 * city), 1.0, 0.5)


def paint_fire_before(canvas: Raster, scene: Scene, land: Ridges, wet: Tensor) -> None:
    """Low flames along the near layer, higher ones on water, and embers that rise from them."""
    paint_blaze(canvas, scene, land.near - 0.02, tongues(scene) * (1 + 0.5 * wet), 0.6, 0.5)
    _embers(canvas, scene)


def _embers(canvas: Raster, scene: Scene) -> None:
    frame = scene.frame
    sparks = swarm("embers", frame.device, above=0, below=0)
    drift, pace, turn = sparks.temper[:, 0], 0.03 + 0.05 * sparks.temper[:, 1], 6.283 * sparks.temper[:, 2]
    height = 0.1 + 0.8 * sparks.y**0.6
    risen = (height + 0.1 - moved(pace, scene.phase, 1.1)) % 1.1 - 0.1  # leaves at -0.1, comes back at 1
    sway = 0.015 * (torch.sin(turn + moved(0.5 + drift, scene.phase)) - torch.sin(turn))
    fade = (((risen + 0.1) / 0.1).clamp(0, 1)) * ((1.0 - risen) / 0.1).clamp(0, 1)
    radius = (0.5 + 0.8 * sparks.traits[:, 0]) / SCREEN
    light = (150 + 105 * sparks.traits[:, 1]) / 255 * fade
    embers = splat(frame, sparks.x + sway, risen, light, radius[None], (0.018, 0.018), glow_point)
    canvas.over(frame.box(), ink(EMBER, scene.device), embers * (0.9 * scene.weight("weather", "fire")))
