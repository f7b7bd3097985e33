"""The sky that an audience sees: sheets of paper around the light, heaped clouds, and two ridges pale in the mist.

The flat picture, which the models know, has a smooth sky instead. Nothing here has a gradient. All of it is out of
focus, so that every second row is painted, and those between are interpolated.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, batch_max
from installation.models.theatre.far_ridges import far_ridges
from installation.models.theatre.paper_clouds import paint_paper_clouds
from installation.models.theatre.raster import Raster, sine_of_sum
from installation.models.theatre.scene import Scene
from installation.models.theatre.sky import sky_gradient
from installation.models.theatre.sky_choice import chosen_shares
from installation.models.theatre.sky_rows import SkyRows
from installation.models.theatre.torn_strips import paint_strips
from installation.models.theatre.vocabulary import Z

SHEETS, CROWDING = 7.0, 1.15  # how many sheets there would be for ever; where half of them are, in units
UNEVEN = 0.012  # how much their edges wander
SHEET_SHADOW = 0.09  # what a sheet takes from the light on the one behind it; less by day
SHEET_EDGE = 3.0  # how steep the edge of the innermost sheet is, in sheets: a soft one
NEAR_SHEETS = 3.2  # so many have a shadow, the last one a faint one
STEPPED, LIGHT_REACH = 0.70, 4.6  # share of the light that changes from sheet to sheet alone; sheets that it reaches
UNDER_HORIZON = 0.02  # how far above the horizon the light of an empty sky has its middle, in units
RAYS, RAY_LIGHT, RAY_REACH = 5.0, 0.24, 1.5  # rays in a quarter turn; their opacity; how far they reach, in units
PLAIN, RINGS, RAYED, STRIPS = range(4)  # what the light in the sky looks like
LIKING: dict[str, tuple[float, float, float, float]] = {  # how much a sky likes each of these; the others are plain
    "dawn": (0.5, 0.4, -0.5, 0.50),
    "morning": (0.8, 0.0, -0.6, 0.50),
    "noon": (0.9, -0.1, -1.0, 0.60),
    "golden hour": (0.5, 0.4, -0.4, 0.50),
    "sunset": (0.4, 0.6, -0.4, 0.45),
    "dusk": (0.5, 0.5, -0.7, 0.50),
    "blue hour": (0.6, 0.5, -1.0, 0.45),
    "night": (0.7, 0.4, -1.2, 0.15),
    "winter": (0.6, 0.3, -0.6, 0.40),
    "dusty": (0.4, 0.6, -0.5, 0.25),
    "dream": (0.3, 0.6, -0.2, 0.30),
    "blood red": (0.0, 0.9, 0.3, 0.25),
}
HARDLY = 0.08  # a share of rings or rays that nobody sees
PLAINLY = (9.0, 0.0, 0.0, 0.0)
CHOSEN_BY, BY_Z = (Z.CELESTIAL_RADIUS, *Z.AURORA, Z.SWELL), 0.8  # dimensions of z; how much they have to say
SKY_BOTTOM, RIDGES_BOTTOM = 0.74, 0.70  # y below which land or water always hides them

BEAM_SLANT, BEAMS = 0.62, 0.36  # of sunbeams: units aside for each unit down; opacity


def sky_light(scene: Scene) -> tuple[Tensor, Tensor]:
    """Where the light comes from: the celestial body, or a place behind the land; x, y, each [batch, 1, 1, 1]."""
    x, y, _ = scene.celestial_disc
    return x, torch.lerp(y, scene.horizon - UNDER_HORIZON, scene.weight("celestial", "empty sky"))


def staged_sky(scene: Scene, far: Tensor) -> Raster:
    """A canvas with all of the sky; where it hides the stars is kept in `scene.clouded`.

    Args:
        scene: As its plane is seen.
        far: The colour of the farthest land, [batch, 3, 1, 1].
    """
    rows = SkyRows(scene.grid)
    pixels = sky_gradient(scene, rows.y).pixels
    lights = sky_lights(scene)
    strips = lights[STRIPS]
    if strips > 0:
        paint_strips(pixels, scene, rows, strips)
    starry = batch_max(scene.sky_effects.stars) > 0
    hidden = torch.zeros_like(pixels[:, :1]) if starry else None
    _paint_sheets(pixels, scene, rows, lights)
    paint_paper_clouds(pixels, scene, rows, hidden, strips)
    _paint_far_ridges(pixels, scene, rows, far, hidden)
    if hidden is not None:
        scene.clouded = _doubled(hidden, scene.grid.height)
    return Raster(_doubled(pixels, scene.grid.height))


def _doubled(rows: Tensor, height: int) -> Tensor:
    """Twice the rows, interpolated, cut off at a height: [batch, channels, rows, width]."""
    batch, channels, count, width = rows.shape
    both = rows.new_empty(batch, channels, count, 2, width)
    above, below = rows[:, :, :-1], rows[:, :, 1:]
    both[:, :, 0, 0], both[:, :, -1, 1] = rows[:, :, 0], rows[:, :, -1]
    torch.lerp(below, above, 0.25, out=both[:, :, 1:, 0])
    torch.lerp(above, below, 0.25, out=both[:, :, :-1, 1])
    return both.view(batch, channels, 2 * count, width)[:, :, :height]


def sky_lights(scene: Scene) -> tuple[float, float, float, float]:
    """How much of the light in the sky is plain, in rings, in rays, and in torn strips across the sky, 0..1."""
    overcast = float(scene.weight("weather", "rain", "snow", "lightning", "sandstorm", "ash"))
    overcast += float(scene.weight("terrain", "room", "deep sea", "cave"))  # there is little of the sky to be seen
    empty = float(scene.weight("celestial", "empty sky"))
    added = (4 * overcast, 0.6 * (1 - empty) - 0.5 * empty, 0.0, 0.0)  # rings around nothing have no cause
    plain, *others = chosen_shares(scene, LIKING, PLAINLY, added, (BY_Z, CHOSEN_BY))
    rings, rays, strips = (max(share - HARDLY, 0.0) / (1 - HARDLY) for share in others)
    return plain, rings, rays, strips


def _paint_sheets(pixels: Tensor, scene: Scene, rows: SkyRows, lights: tuple[float, float, float, float]) -> None:
    """The light around the celestial body, or behind the land: smooth, in sheets of paper, or in rays."""
    span = rows.between(-math.inf, SKY_BOTTOM)
    part, at_y = pixels[:, :, span], rows.y[:, :, span]
    x, y = sky_light(scene)
    _, rings, rays, _ = lights
    dx, dy = rows.x - x, at_y - y
    away = torch.sqrt(dx * dx + dy * dy + 1e-4)
    if rings > 0:
        away = away * (1 + UNEVEN * torch.sin(8 * rows.x + scene.angle(0.05)))
    place = away * SHEETS / (away + CROWDING)
    body = 1 - scene.weight("celestial", "empty sky")
    lit = place
    if rings > 0:
        within = place.frac()
        steep = (SHEET_EDGE * (1 + 0.8 * place)).clamp_(max=0.075 / rows.pixel)
        within = torch.minimum(within, steep - steep * within)
        lit = place - (STEPPED * rings) * within
    light = (1 - lit * (1 / LIGHT_REACH)).clamp(min=0)
    light = light * light
    light = light * light
    part.lerp_(scene.palette.glow, light * (0.66 + 0.06 * body))
    if rings > 0:
        pale = ((scene.palette.upper.mean(1, keepdim=True) - 0.25) * 2.2).clamp(0, 1)
        near = (NEAR_SHEETS - place).clamp(0, 1)
        dark = within * within * within * near * ((SHEET_SHADOW * rings) * (1 - 0.6 * pale))
        part.lerp_(scene.palette.zenith, dark)
    if rays > 0:
        _paint_rays(part, scene, rows, (dx, dy, away), rays)


def _paint_rays(part: Tensor, scene: Scene, rows: SkyRows, place: tuple[Tensor, Tensor, Tensor], amount: float) -> None:
    """Rays cut from paper all round the light, which turn slowly."""
    dx, dy, away = place
    turn = dx / (dx.abs() + dy.abs() + 1e-4)  # grows with the angle: from -1 at the left to 1 at the right
    turn = torch.where(dy > 0, 2 - turn, turn) + 0.05 * turn * turn
    place_in_ray = (turn * RAYS + (scene.angle(0.02) / math.pi)).frac_().abs_().sub_(0.5).abs_().sub_(0.25)
    cut = (place_in_ray * (away * (0.6 / (RAYS * rows.pixel))) + 0.5).clamp_(0, 1)
    fade = (1 - away * (1 / RAY_REACH)).clamp_(min=0)
    part.lerp_(scene.palette.glow, cut.mul_(fade).mul_((away * 6 - 0.4).clamp_(0, 1)).mul_(RAY_LIGHT * amount))


def paint_sunbeams(context: DrawContext) -> None:
    """Slanting beams of light among trees, by day, that an audience sees."""
    scene = context.scene
    day = ((scene.brightness - 0.5) * 2.5).clamp(0, 1) * scene.weight("terrain", "forest", "jungle")
    day = day * (1 - scene.weight("weather", "rain", "snow", "lightning"))
    if not scene.staged or batch_max(day) <= 0:
        return
    box = scene.grid.box(0.12, 0.92)
    beams = sine_of_sum(BEAM_SLANT * 7.1 * box.y, 7.1 * box.x + scene.angle(0.05))
    fine = sine_of_sum(BEAM_SLANT * 17.3 * box.y, 17.3 * box.x - scene.angle(0.08) + 2)
    fade = ((box.y - 0.12) * 4).clamp(0, 1) * ((0.92 - box.y) * 3.2).clamp(0, 1)
    light = (beams + 0.45 * fine - 0.25).clamp_(min=0).mul_(fade * (BEAMS * day))
    context.canvas.over(box, scene.palette.glow, light)


def _paint_far_ridges(pixels: Tensor, scene: Scene, rows: SkyRows, far: Tensor, hidden: Tensor | None) -> None:
    """Both ridges, each turning to mist downwards."""
    for ridge in far_ridges(scene):
        softness = max(ridge.softness, 2 * rows.pixel)
        span = rows.between(float(ridge.line.amin()) - softness, RIDGES_BOTTOM)
        below = rows.y[:, :, span] - ridge.line
        sunk = (below * (0.85 / ridge.mist_depth)).clamp_(0, 0.85)
        cover = below.mul_(1 / softness).add_(0.5).clamp_(0, 1)
        colour = torch.lerp(far, scene.mist, ridge.haze)
        pixels[:, :, span].lerp_(torch.lerp(colour, scene.mist, sunk), cover)
        if hidden is not None:
            over = hidden[:, :, span]
            over.copy_(torch.maximum(over, cover))
