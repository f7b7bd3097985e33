"""The three paper layers of the land: their colours, the snow on them, and how a layer is painted; the volcano."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from installation.models.theatre.draw_context import DrawContext, LayerColours, Sunlight, batch_max, batch_min
from installation.models.theatre.land import course_line, crater_x, grass
from installation.models.theatre.land_palettes import bound_land, land_papers
from installation.models.theatre.paper import GROUND, deckle, fibres_of
from installation.models.theatre.paper_sky import sky_light
from installation.models.theatre.raster import Box, cached_constant, colour_tensor, falloff
from installation.models.theatre.relief import feet_of_firs
from installation.models.theatre.scene import Scene
from installation.models.theatre.snow import BLUE_SHADE, shaded_snow, snow_amount, snow_covered
from installation.models.theatre.vocabulary import Z
from installation.models.theatre.water import DEEP_WATER

SOILS = {  # the colour of a terrain's ground, and how much of it the layers take on
    "desert": ("e8a860", 0.55),
    "ice": ("c4ecff", 0.72),
    "field": ("6fae4e", 0.5),
    "forest": ("2f7a56", 0.45),
    "hills": ("5f9a5a", 0.35),
    "volcano": ("5a2a2a", 0.4),
    "cliffs": ("b08468", 0.25),
    "river": ("5fa05a", 0.42),
    "waterfall": ("3a5f6e", 0.55),
    "island": ("e8cf90", 0.35),
    "swamp": ("5c6b2e", 0.55),
    "village": ("5a6a5a", 0.15),
    "road": ("7f9a4a", 0.42),
    "graveyard": ("4a5a50", 0.30),
    "deep sea": ("0c4a5c", 0.55),
    "jungle": ("1f8a3a", 0.62),
}
SAND, SAND_SHARE = ("d9b27c", 0.62), 0.75  # of a beach: colour and brightness; how much of it the near layer takes on
SAND_ON_STAGE = 0.92  # the brightness that an audience sees
SOIL_BRIGHTNESS, SOIL_SHARE = (1.0, 0.62, 0.34), (1.0, 0.9, 0.6)  # of the far, middle and near layer

NIGHTFALL = 0.25  # brightness of the sky below which the land has no colours of its own
LIT_SOIL, LIT_FAR, LIT_MIDDLE, LIT_NEAR = 0.85, 0.55, 0.80, 0.86  # how much an audience sees of it: at all; by day
OWN_PAPER = 0.94  # how much of a soil is the paper of its terrain
FAR_IS_COOL = 0.45  # how much of its light the distance has from above
LIT_WALLS, SHADED_WALLS = 0.15, 0.12  # how much less of their paper walls show, and how much darker they are
CLEAR_NIGHT = 0.5  # how much less haze there is in the dark
ALIKE_AT_NIGHT = 0.75  # how much of the colour of the sky the land takes on in the dark
VIVID = 0.28  # how much more of their own hues the layers have
DARK_WOOD, WOOD_HAZE = 0.56, 0.85  # brightness below trees; how strong that shade is
NEAR_SHADE = 0.80  # of the light of the middle, on the nearest layer
COOL_WALLS, IN_THE_WOOD = 0.5, 0.42  # how much of the sky's hue walls in the shade take on; darkness among trees
HUES = ((0.10, 0.0, -0.14), (-0.06, 0.02, 0.11))  # what z adds to it: ochre or green, blue or not
BARE_SOILS = {"lake": "6f9a5e", "mountains": "8c8f74"}  # of land that has the colours of the sky for the models
RICHER = 0.28  # how much more of its own hue it has
HUE_OF_SAND = 0.3  # share of it that sand and ice take on

SMOOTH_TERRAINS = ("city", "village", "ruins", "cave", "room", "sea", "waterfall", "swamp", "graveyard", "deep sea")
SHADE_ON_SNOW = 1.3  # how much of the hue of its foot a face in the shade takes on

DARK_BELOW = ("forest", "jungle", "waterfall", "cliffs")  # terrains with less haze between their layers

FOCUS = (0.008, 0.003, 0.0)  # of the far, the middle and the near layer: width of the soft edge, in units
HARDLY = 0.002  # opacity that no audience sees
STEEPEST = 8.0  # slope of an edge from which on it is as soft as it gets
SOLID = 4.0  # widths of its edge below which a layer covers everything
LAYER_SHADOW, SHADOW_DEPTH = 0.045, (0.22, 0.20, 0.10)  # of a layer on what is behind it: reach, darkness
FOCUS_ON_STAGE, SHADOW_ON_STAGE = (0.0040, 0.0020, 0.0), (0.022, 0.036, 0.045)  # what an audience sees of these
DARK_ON_STAGE = (0.24, 0.30, 0.26)
HAZE, HAZE_REACH = (0.86, 0.84, 0.70), 0.19  # what a layer takes on at its foot, and how far below its ridge that is
FOOT_SHADE, NEAR_LIGHT = (
    0.55,
    0.15,
)  # of the near layer, which gets darker: brightness at its foot; mist on its upper edge
FOOT_ON_STAGE, FOOT_IS_COOL = 0.72, 0.25  # what an audience sees of the former; how much hue of the sky it has
WARM, COOL = (0.12, 0.34, 0.30), (0.15, 0.26, 0.32)  # towards the light and away from it: hue of each layer
DIM = (0.0, 0.07, 0.14)  # how much darker a layer is away from the light
SHADE = "b4cdff"  # the hue of shade under any sky
LIGHT_HALF = 0.52  # units beside the light where a layer has half of its hue
HAZE_ON_STAGE = (0.70, 0.40, 0.70)  # what an audience sees of it
HAZE_OF_WALLS = 0.3  # of it, where the layer is walls with windows
STRATA = (0.062, 0.074, 0.0)  # height of the courses that a layer is stacked of, in units
COURSES_ABOVE = 64  # more than there are above a line
COURSE_CONTRAST = 0.28  # share of the haze that comes back from course to course
FACE_WIDTH, FACE_DEPTH = 0.02, 0.20  # of what decides how a face lies; how far below the ridge it is seen, in units
FOLD_WIDTH = 0.045  # the same for folds of mountains
FOLDED_TERRAINS, FOLD_DEPTH = ("mountains", "lake", "ice", "volcano"), 0.36  # that have folds; how far they are seen
FIR_DEPTH = 0.13  # how far above their feet firs are as dark as they get, in units
FACE_CONTRAST = (0.26, 0.34, 0.22)  # of faces in the light and in the shade, for each layer
POOL_ON_SNOW = 0.75  # of the following, how much snow does not show
POOL, POOL_HALF = (
    (0.06, 0.16, 0.34),
    0.42,
)  # of the light that falls on each layer below the sun; half its width, in units
POOL_OF_FIGURES = 0.30  # of the light that falls on the nearest layer around figures
RIM_LIGHT = (0.30, 0.24, 0.30)  # of a ridge
PLUME, LAVA = "ff5a1e", "ff7a28"
LAVA_TOP = 0.385


def layer_colours(scene: Scene) -> LayerColours:
    """Far, middle and near colours of the sky, mixed with soil, snow, and darkness in front of a fire."""
    palette, light = scene.palette, scene.brightness
    layers = [palette.far, palette.far * 0.52 + palette.near * 0.48, palette.near]
    for terrain, (soil, share) in SOILS.items():
        if scene.has("terrain", terrain):
            weight = scene.weight("terrain", terrain) * share
            ground = colour_tensor(soil, scene.device) * light
            layers = [
                torch.lerp(layer, ground * brightness, weight * amount)
                for layer, brightness, amount in zip(layers, SOIL_BRIGHTNESS, SOIL_SHARE, strict=True)
            ]
    if scene.staged:
        layers = _lit_layers(scene, layers)
    if scene.has("terrain", "sea", "island"):
        bright = SAND_ON_STAGE if scene.staged else SAND[1]
        sand, beach = colour_tensor(SAND[0], scene.device) * light * bright, scene.weight("terrain", "sea", "island")
        share = 1.0 if scene.staged else SAND_SHARE
        layers[2] = torch.lerp(layers[2], sand, share * beach * scene.ashore())
    if _may_be_white(scene):
        layers = snow_covered(scene, layers)
    if scene.has("weather", "fire"):
        layers[1] = torch.lerp(layers[1], palette.near, 0.6 * scene.weight("weather", "fire"))
    far, middle, near = layers
    return LayerColours(far, middle, near, _sunlight(scene) if scene.staged else None)


def _lit_layers(scene: Scene, layers: list[Tensor]) -> list[Tensor]:
    """The layers as a stage is lit: a pale distance, a middle in the light, a darker ground near the eye.

    z shifts the hues of the ground, so that no two meadows are alike.
    """
    palette = scene.palette
    soil = palette.far
    for terrain in scene.present("terrain"):
        if terrain in SOILS or terrain in BARE_SOILS:
            own = colour_tensor(BARE_SOILS.get(terrain) or SOILS[terrain][0], scene.device)
            soil = torch.lerp(soil, own, scene.weight("terrain", terrain) * LIT_SOIL)
    papers, has_papers = land_papers(scene)
    soils = _shifted(scene, torch.lerp(soil, papers, has_papers * OWN_PAPER))[:, None]
    day = ((scene.brightness - NIGHTFALL) / 0.52).clamp(0, 1)
    light = torch.lerp(palette.horizon, palette.glow, 0.45)
    far, middle, near = layers
    walls, trees = scene.weight("terrain", "city", "village"), scene.weight("terrain", "forest", "jungle")
    ruins = scene.weight("terrain", "ruins")
    bright = (0.55 + 0.45 * day) * (1 - IN_THE_WOOD * trees)
    lit = LIT_MIDDLE * (0.35 + 0.65 * day) * (1 - LIT_WALLS * walls - ruins)
    middle = torch.lerp(middle, soils[1] * light * bright * (1 - SHADED_WALLS * walls), lit)
    if scene.has("terrain", "city", "village", "ruins"):
        far = torch.lerp(far, scene.mist, 0.3 * (walls + ruins))
    if scene.has("terrain", "ruins"):
        middle = torch.lerp(middle, palette.zenith * 0.6, COOL_WALLS * ruins * day)
    shade = soils[2] * torch.lerp(palette.upper, light, 0.82) * NEAR_SHADE
    near = torch.lerp(near, shade, LIT_NEAR * (0.45 + 0.55 * day))
    if scene.has("terrain", "sea", "island"):
        deep = 0.4 * scene.brightness * colour_tensor(DEEP_WATER, scene.device)
        swell = scene.dyed(0.3 * (palette.upper + palette.zenith) + deep, 0.80 + 0.2 * scene.low_sun)
        near = torch.lerp(near, swell, scene.weight("terrain", "sea", "island"))
    far = torch.lerp(far, soils[0] * torch.lerp(scene.mist, palette.upper, FAR_IS_COOL), LIT_FAR * day)
    if scene.has("terrain", "waterfall"):
        rock = scene.weight("terrain", "waterfall")
        far = torch.lerp(far, soil * light * 0.50, 0.85 * rock)
        middle = torch.lerp(middle, soil * light * 0.34, 0.75 * rock)
    dark = ALIKE_AT_NIGHT * (1 - day) * has_papers * (1 - walls)
    middle = torch.lerp(middle, palette.upper * 0.60 + palette.lower * 0.22, dark)
    near = torch.lerp(near, palette.upper * 0.42, 0.6 * dark)
    vivid = torch.cat((far, middle, near))
    vivid = (vivid + VIVID * (vivid - vivid.mean(1, keepdim=True))).clamp(min=0)
    return bound_land(scene, list(vivid[:, None]))


def _shifted(scene: Scene, soil: Tensor) -> Tensor:
    """Soils in the hue that z gives them, and richer, [soils, 3, 1, 1]."""
    shifted = 1 - (1 - HUE_OF_SAND) * scene.weight("terrain", "desert", "island", "ice")
    swings = (torch.tanh(1.5 * scene.z(index)) for index in (Z.GROUND_WAVES[0][2], Z.GROUND_WAVES[1][2]))
    for hue, swing in zip(_hues(scene.device), swings, strict=True):
        soil = soil * (1 + hue * (shifted * swing))
    return (soil + RICHER * (soil - soil.mean(1, keepdim=True))).clamp(min=0)


@cached_constant
def _hues(device: torch.device) -> Tensor:
    """HUES, each [1, 3, 1, 1]."""
    return torch.tensor(HUES, device=device).view(-1, 1, 3, 1, 1)


def _may_be_white(scene: Scene) -> bool:
    return scene.has("weather", "snow") or scene.has("sky", "winter") or (scene.staged and scene.has("terrain", "ice"))


def paint_far_layer(context: DrawContext) -> None:
    """Paint the far layer; the open sea and the cliffs have none."""
    scene = context.scene
    opacity = 1 - scene.weight("terrain", "sea", "cliffs")
    _paint_layer(context, context.ridges.far, context.colours.far, opacity, sheet=0)


def paint_middle_layer(context: DrawContext) -> None:
    """Paint the middle layer; on open water there is next to nothing of it."""
    open_water = context.scene.weight("terrain", "sea", "lake", "island")
    _paint_layer(context, context.ridges.middle, context.colours.middle, 1 - 0.999 * open_water, sheet=1)


def paint_near_layer(context: DrawContext) -> None:
    """Paint the near layer."""
    opacity = torch.ones_like(context.scene.horizon)
    _paint_layer(context, context.ridges.near, context.colours.near, opacity, sheet=2)


def _paint_layer(context: DrawContext, ridge: Tensor, colour: Tensor, opacity: Tensor, sheet: int) -> None:
    """A sheet of paper below a ridge: a shadow behind its torn edge, fibres, mist towards its foot, a lit rim.

    The far sheet (0) is out of focus, the middle one (1) a little.
    """
    canvas, scene = context.canvas, context.scene
    box = scene.grid.box(top=batch_min(ridge), bottom=context.hidden, soft_edge=True)
    unseen = batch_max(opacity) <= HARDLY * scene.staged and not torch.is_grad_enabled()  # it may still have a gradient
    if box.empty or unseen:
        return
    reach = SHADOW_ON_STAGE[sheet] if scene.staged else LAYER_SHADOW
    shadow = scene.grid.box(batch_min(ridge) - reach, batch_max(ridge), soft_edge=True)
    darkness = (DARK_ON_STAGE if scene.staged else SHADOW_DEPTH)[sheet]
    canvas.darken(shadow, falloff(shadow.crop(ridge) - shadow.y, reach) * (darkness * opacity))
    softness = max((FOCUS_ON_STAGE if scene.staged else FOCUS)[sheet], scene.grid.pixel)
    edge = ground = ridge + deckle(scene.grid.x, sheet)
    if scene.staged and sheet < 2 and scene.has("terrain", "forest"):
        above_feet = feet_of_firs(ground, scene.grid.unit) - FIR_DEPTH
        ground = torch.lerp(ground, above_feet, scene.weight("terrain", "forest"))
    if sheet == 2:
        blades = grass(scene)
        edge = edge - (blades if context.ridges.trodden is None else blades * (1 - context.ridges.trodden))
    foot = scene.mist
    strength = torch.full_like(scene.horizon, (HAZE_ON_STAGE if scene.staged else HAZE)[sheet])
    if scene.has("terrain", "city", "village"):
        strength = strength * (1 - (1 - HAZE_OF_WALLS) * scene.weight("terrain", "city", "village"))
    if scene.staged:
        strength = strength * (1 - CLEAR_NIGHT * (1 - ((scene.brightness - 0.30) / 0.55).clamp(0, 1)))
        if scene.has("terrain", *DARK_BELOW):
            strength = strength * (1 - IN_THE_WOOD * scene.weight("terrain", *DARK_BELOW))
        if sheet == 1 and scene.has("terrain", "forest", "jungle"):
            wood = scene.weight("terrain", "forest", "jungle")
            foot = torch.lerp(foot, colour * DARK_WOOD, wood)
            strength = torch.lerp(strength, torch.full_like(strength, WOOD_HAZE), wood)
    sunlight = context.colours.sunlight
    if sunlight is not None:
        colour = _lit_across(scene, sheet, colour, sunlight)
    if sheet == 2:
        foot = colour * (FOOT_SHADE if sunlight is None else sunlight.shade[-1])
        colour = torch.lerp(colour, scene.mist, NEAR_LIGHT)
    if scene.staged and _may_be_white(scene):
        foot = torch.lerp(foot, shaded_snow(scene, colour), BLUE_SHADE * snow_amount(scene))
    paper = _Paper(sheet, colour, foot, strength, edge, ground, softness, _courses(scene, sheet))
    if scene.staged:
        faces = _lit_faces(scene, ridge, sheet)
        if sheet == 2 and context.ridges.pool is not None:
            faces.add_(context.ridges.pool, alpha=POOL_OF_FIGURES)
        _paint_lit_sheet(context, box, paper, faces, float(opacity))
    else:
        _paint_sheet(context, box, paper, opacity)


@dataclass(frozen=True)
class _Paper:
    """What a sheet of land is made of: its number, colours, the strength of its mist, its edges, their softness."""

    sheet: int
    colour: Tensor
    foot: Tensor
    strength: Tensor
    edge: Tensor
    ground: Tensor  # the edge without grass, and about as high as firs are above their feet
    softness: float
    courses: tuple[Tensor, Tensor] | None

    def haze(self, part: Box, line: Tensor) -> Tensor:
        """How much of the colour of its foot it has, [batch, 1, rows, columns] in 0..1."""
        haze = (part.y * (1 / HAZE_REACH) - line * (1 / HAZE_REACH)).clamp(0, 1)
        if self.courses is None:
            return haze.mul_(self.strength) if torch.is_inference_mode_enabled() else haze * self.strength
        return haze * _faded_courses(part, self.courses, STRATA[self.sheet], self.strength)


def _paint_sheet(context: DrawContext, box: Box, paper: _Paper, opacity: Tensor) -> None:
    """The sheet as the models know it, with gradients."""
    canvas, scene, edge = context.canvas, context.scene, paper.edge
    torn, whole = box.split(batch_max(edge) + SOLID * paper.softness)
    for part in (torn, whole):
        if part.empty:
            continue
        line = part.crop(edge)
        cover = part.coverage(part.y - line, paper.softness) * opacity if part is torn else opacity
        colour = torch.lerp(paper.colour, paper.foot, paper.haze(part, line)) * fibres_of(part, paper.sheet)
        canvas.over(part, colour, cover)
    rim = scene.grid.box(batch_min(edge) - 0.02, batch_max(edge) + 0.03)
    below = rim.y - rim.crop(edge)
    lit = torch.exp(-(((below - 0.006) / 0.007) ** 2)) * (rim.coverage(below) * (RIM_LIGHT[paper.sheet] * opacity))
    canvas.over(rim, scene.mist, lit)


def _paint_lit_sheet(context: DrawContext, box: Box, paper: _Paper, faces: Tensor, opacity: float) -> None:
    """The sheet for an audience, with faces in the light and in the shade; in fewer operations, without gradients."""
    scene, edge = context.scene, paper.edge
    torn, whole = box.split(batch_max(edge) + max(SOLID * paper.softness, 0.02))
    towards_foot = paper.foot - paper.colour
    steep = _steepness(edge, scene.grid.unit)
    snowy = _may_be_white(scene) and float(snow_amount(scene)) > 0.5
    folded = paper.sheet < 2 and scene.has("terrain", *FOLDED_TERRAINS)
    depth = FOLD_DEPTH if folded else FACE_DEPTH
    if paper.sheet < 2:
        depth += (FIR_DEPTH - depth) * float(scene.weight("terrain", "forest"))
    lowest = 1 + paper.ground * (1 / depth)  # where no face is seen any more, in depths
    for part in (torn, whole):
        if part.empty:
            continue
        face = (part.crop(lowest) - part.y * (1 / depth)).clamp_(0, 1)
        light = face.mul_(face).mul_(_folded(part, faces, scene) if folded else part.crop(faces))
        misty = paper.haze(part, part.crop(paper.ground))
        if snowy:  # shade on snow is blue, as its foot is
            misty.sub_(light, alpha=SHADE_ON_SNOW).clamp_(0, 1)
            light.mul_(1 - SHADE_ON_SNOW / 2)
        light.add_(1).mul_(fibres_of(part, GROUND if paper.sheet == 2 else paper.sheet))
        misty.mul_(light)
        view = context.canvas.pixels[:, :, part.rows, part.columns]
        if part is whole and opacity >= 1:
            torch.mul(light, paper.colour, out=view)
            view.addcmul_(misty, towards_foot)
            continue
        below = part.y - part.crop(edge)
        if steep is not None:
            below.mul_(part.crop(steep))
        cover = (below * (0.65 / paper.softness)).add_(0.5).clamp_(0, 1).mul_(opacity)
        rim = ((below - 0.003) * (1 / 0.010)).square_().neg_().add_(1).clamp_(min=0)
        rim = rim.mul_(rim).mul_(cover).mul_(RIM_LIGHT[paper.sheet])
        kept = 1 - rim
        view.mul_((1 - cover).mul_(kept)).addcmul_(rim, scene.mist)
        kept.mul_(cover)
        view.addcmul_(light.mul_(kept), paper.colour).addcmul_(misty.mul_(kept), towards_foot)


def _lit_across(scene: Scene, sheet: int, colour: Tensor, light: Sunlight) -> Tensor:
    """The colour of a sheet at each column, [1, 3, 1, width]: warm in the light, cool and darker far from it."""
    x, _ = sky_light(scene)
    warm = torch.lerp(colour, light.sunny, 0.5 * WARM[sheet])
    cool = colour * light.shade[sheet]
    away = (scene.grid.x - x).mul_(1 / LIGHT_HALF).square_().add_(1).reciprocal_()
    return torch.lerp(cool, warm, away)


def _sunlight(scene: Scene) -> Sunlight:
    """What light and shade make of the layers of one scene."""
    bright = 0.35 + 0.65 * scene.brightness.clamp(max=1)
    sunny = torch.lerp(scene.palette.horizon, scene.palette.glow, 0.4) * bright
    hue = _hue_of_shade(scene)
    shade = [(1 - share + share * hue) * (1 - dim) for share, dim in zip(COOL, DIM, strict=True)]
    return Sunlight(sunny, (*shade, (1 - FOOT_IS_COOL + FOOT_IS_COOL * hue) * FOOT_ON_STAGE))


def _hue_of_shade(scene: Scene) -> Tensor:
    """What shade leaves of each colour under a sky, [1, 3, 1, 1]."""
    zenith = scene.palette.zenith
    return zenith * (0.5 / zenith.amax(1, keepdim=True).clamp(min=0.05)) + 0.5 * colour_tensor(SHADE, scene.device)


def _folded(part: Box, faces: Tensor, scene: Scene) -> Tensor:
    """The faces of mountains: folds run down from each summit in a zigzag instead of straight down."""
    down = part.y.flatten() - scene.horizon.flatten() + 0.4
    zigzag = (down * 11).remainder(2).sub_(1).abs_().sub_(0.5) + 0.6 * ((down * 27).remainder(2) - 1).abs()
    shift = ((0.030 * zigzag + 0.10 * (down - 0.2)) * scene.grid.unit).long()
    columns = torch.arange(faces.shape[-1], device=faces.device)
    return faces.take((columns - shift[:, None]).clamp_(0, len(columns) - 1))[None, None, :, part.columns]


def _steepness(edge: Tensor, unit: float) -> Tensor:
    """The share of a distance downwards from an edge that is the distance to it, for each column: 1 where it is level.

    Without it the sides of firs and towers would have steps.
    """
    slope = (edge[0, ..., 1:] - edge[0, ..., :-1]).abs_().mul_(unit).clamp_(max=STEEPEST)
    return torch.rsqrt(1 + F.max_pool1d(slope, 2, 1, padding=1).square_())[None]


def _lit_faces(scene: Scene, ridge: Tensor, sheet: int) -> Tensor:
    """How much brighter the land is below each column of a ridge, which faces the light or turns away from it."""
    x, _ = sky_light(scene)
    dull = float(scene.sky_effects.overcast + scene.sky_effects.storm_clouds)
    if _may_be_white(scene):
        dull += POOL_ON_SNOW * float(snow_amount(scene))
    away = (scene.grid.x - x) * (1 / POOL_HALF)
    pool = POOL[sheet] * max(1 - dull, 0.0) / (1 + away * away)
    side = torch.tanh((x - scene.grid.x) * 2.5)
    side = torch.lerp(side, torch.full_like(side, -0.7), scene.weight("celestial", "empty sky"))
    wide = FOLD_WIDTH if scene.has("terrain", *FOLDED_TERRAINS) else FACE_WIDTH
    reach = max(1, round(wide * scene.grid.unit))
    ends = F.pad(ridge[:, 0], (reach, reach), mode="replicate")[:, None]
    slope = (ends[..., 2 * reach :] - ends[..., : -2 * reach]) * (scene.grid.unit / (2 * reach))
    return torch.tanh(slope * side * 1.6) * FACE_CONTRAST[sheet] + pool


def _courses(scene: Scene, sheet: int) -> tuple[Tensor, Tensor] | None:
    """The y of one of the lines that divide a layer into courses, [batch, 1, 1, width], and how far they show."""
    smooth = (*SMOOTH_TERRAINS, "forest") if scene.staged else SMOOTH_TERRAINS
    if not STRATA[sheet] or set(scene.present("terrain")) <= set(smooth):
        return None
    shown = 1 - scene.weight("terrain", *smooth)
    return course_line(scene, sheet), shown * COURSE_CONTRAST


def _faded_courses(part: Box, courses: tuple[Tensor, Tensor], height: float, strength: Tensor) -> Tensor:
    """How strong the haze is: as strong as it gets at the foot of each course, least below its upper edge."""
    line, contrast = courses
    down = (part.y * (1 / height) + (COURSES_ABOVE - part.crop(line) * (1 / height))).frac()
    steep = 0.6 * height / part.grid.pixel  # an edge of about a pixel
    down = torch.minimum(down, steep - steep * down)
    return torch.addcmul(strength * (1 - contrast), down, strength * contrast)


def paint_volcano_plume(context: DrawContext) -> None:
    """Paint glowing smoke above the crater, widening as it rises."""
    scene = context.scene
    box = scene.grid.box(bottom=0.56)
    height = (0.40 - box.y).clamp(min=0)
    sway = 0.02 * height * (torch.sin(box.y * 17 + scene.angle(0.8)) - torch.sin(box.y * 17))
    half_width = 0.05 + 0.25 * height
    profile = torch.exp(-(((box.x - crater_x(scene) - sway) / half_width) ** 2))
    plume = profile * box.coverage(0.42 - box.y, 0.05)
    light = plume * (0.75 * scene.weight("terrain", "volcano"))
    context.canvas.glow(box, colour_tensor(PLUME, scene.device), light, burn=0.3)


def paint_lava(context: DrawContext) -> None:
    """Paint a shimmering stream from the crater down to the middle layer."""
    scene, middle = context.scene, context.ridges.middle
    box = scene.grid.box(LAVA_TOP, batch_max(middle), 0.1, 0.9, soft_edge=True)
    down = (box.y - 0.37).clamp(0, 1)
    bend = 0.03 * torch.sin(box.y * 30)
    stream = torch.exp(-(((box.x - crater_x(scene) - bend) / (0.012 + 0.06 * down)) ** 2))
    ends = box.coverage(box.y - LAVA_TOP) * box.coverage(box.crop(middle) - box.y)
    shimmer = 0.9 + 0.06 * (torch.sin(box.y * 60 - scene.angle(1.6)) - torch.sin(box.y * 60))
    cover = stream * ends * (shimmer * scene.weight("terrain", "volcano"))
    context.canvas.over(box, colour_tensor(LAVA, scene.device), cover)
