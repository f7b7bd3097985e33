"""The painter: the order in which a scene's layers are laid, and the Generator that does it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from installation.models.interfaces import (
    ABSENT,
    Floats,
    Group,
    Latents,
    ModelPlace,
    Picture,
    Point,
    Size,
    height_width,
)
from installation.models.latent_sampling import drawn_together
from installation.models.theatre.cave import paint_cave
from installation.models.theatre.class_priors import class_priors
from installation.models.theatre.clouds import paint_clouds, paint_fog, paint_lightning
from installation.models.theatre.details import paint_birds, paint_details
from installation.models.theatre.figures import paint_subject, tinted
from installation.models.theatre.fire import paint_fire_before, paint_fire_behind
from installation.models.theatre.flowers import paint_flowers
from installation.models.theatre.grading import expose, paint_tint
from installation.models.theatre.jungle import paint_far_palms, paint_leaves
from installation.models.theatre.land import Ridges, ridges
from installation.models.theatre.land_layers import (
    LayerColours,
    paint_capitals,
    paint_lava,
    paint_layer,
    paint_plume,
    paint_snowcaps,
    paint_windows,
    paper,
)
from installation.models.theatre.raster import Frame, Raster, lasting
from installation.models.theatre.roads_rivers import paint_road
from installation.models.theatre.room import paint_room
from installation.models.theatre.scene import Scene
from installation.models.theatre.scenery import (
    paint_dead_wood,
    paint_graves,
    paint_island,
    paint_reeds,
    paint_waterfall,
)
from installation.models.theatre.sdf_atlas import Atlas, load_atlas
from installation.models.theatre.sky import backdrop, paint_celestial, paint_sky
from installation.models.theatre.underwater import paint_kelp, paint_rays, paint_water_column
from installation.models.theatre.village import paint_village_lights
from installation.models.theatre.vocabulary import GROUP_SLICES, GROUPS, NUM_CLASSES
from installation.models.theatre.water import paint_river, paint_water
from installation.models.theatre.weather import paint_falling_stars, paint_weather

Z_DIM = 96  # the painter reads the first 46; the rest leaves room for its twin, BigGAN
OPEN_WATER = ("sea", "lake", "island")
WATERS = (*OPEN_WATER, "ice", "cliffs", "swamp", "waterfall")
SPREAD = 0.8  # standard deviation of z in a sample


@lasting
def frame_of(height: int, width: int, device: torch.device) -> Frame:
    return Frame(height, width, device)


@lasting
def _grain(height: int, width: int, device: torch.device) -> Tensor:
    """Noise of one step of a byte around zero, so that dark skies show no bands: [height, width]."""
    return torch.rand(height, width, generator=torch.Generator().manual_seed(1)).to(device)


class Theatre:
    """A differentiable painter of paper-cut landscapes, after the shadow play: no weights, any size, any shape.

    `jitter` (0..1) is how freely the subject's place and size follow z.
    """

    name = "theatre"
    z_dim = Z_DIM
    groups: tuple[Group, ...] = GROUPS
    native_size = 128
    resolution_free = True

    def __init__(self, place: ModelPlace, jitter: float = 1.0) -> None:
        self.device = torch.device(place.device)
        self.jitter = jitter
        self._atlas = load_atlas(place.assets / "theatre" / "silhouettes.npz", self.device)

    def sample(self, n: int, seed: int) -> Point:
        """Scenes from all over the world, in which things keep the company that they usually keep (see `habitat`).

        Half of them have clear weather, one in five has nobody in it.
        """
        rng = np.random.default_rng(seed)
        logits = np.full((n, NUM_CLASSES), ABSENT, np.float32)
        for drawn, where in zip(drawn_together(rng, n, GROUPS, class_priors()).T, GROUP_SLICES.values(), strict=True):
            logits[np.arange(n), where.start + drawn] = 0.0
        return Latents((SPREAD * rng.standard_normal((n, Z_DIM))).astype(np.float32), logits)

    def render(self, latents: Latents[Tensor], size: Size | None = None, phase: float = 0.0) -> Tensor:
        """[batch, 3, height, width] in 0..1, differentiable in z and in the logits of classes that have weight.

        A layer costs what its box covers, and nothing where no scene of the batch has its class: many scenes are
        painted fastest in batches of about 16, sorted by terrain and weather.

        The unit of a picture is its shorter side: the middle square of any shape is the square picture. `phase` in
        seconds; at 0 everything is as the still has it.
        """
        height, width = height_width(size or self.native_size)
        scene = Scene(latents, frame_of(height, width, self.device), phase, self.jitter)
        return paint_scene(scene, self._atlas)

    @torch.inference_mode()
    def paint(self, latents: Point, size: Size | None = None, phase: float = 0.0) -> Picture:
        """One point as bytes, [height, width, 3]."""
        held = Latents(self._tensor(latents.z), self._tensor(latents.classes))
        image = self.render(held, size, phase)[0]
        grain = _grain(image.shape[1], image.shape[2], self.device)
        shown = image.mul_(255).add_(grain).clamp_(0, 255).to(torch.uint8)
        picture: Picture = shown.permute(1, 2, 0).contiguous().cpu().numpy()
        return picture

    def _tensor(self, values: Floats) -> Tensor:
        return torch.as_tensor(values, dtype=torch.float32, device=self.device)


def paint_scene(scene: Scene, atlas: Atlas) -> Tensor:
    """Lay the layers of a scene from the sky to the light: [batch, 3, height, width] in 0..1."""
    canvas, land, sheets = backdrop(scene), ridges(scene), paper(scene)
    paint_far_away(canvas, scene)
    paint_far_land(canvas, scene, land, sheets)
    paint_middle_land(canvas, scene, land, sheets)
    if scene.has("terrain", "room"):
        paint_weather(canvas, scene, scene.weight("terrain", "room"))
        paint_room(canvas, scene)
    spared = paint_subject(canvas, scene, atlas)
    paint_near_land(canvas, scene, land, sheets)
    paint_weather(canvas, scene, 1 - scene.weight("terrain", "room"))
    if tinted(scene):
        paint_tint(canvas, scene, spared)
    return expose(canvas, scene)


def paint_far_away(canvas: Raster, scene: Scene) -> None:
    """The sky and what hangs in it."""
    paint_sky(canvas, scene)
    if scene.has("weather", "clouds", "rain", "lightning", "snow"):
        paint_clouds(canvas, scene)
    if scene.has("terrain", "deep sea"):
        paint_water_column(canvas, scene)
    paint_celestial(canvas, scene)
    if scene.has("weather", "falling stars"):
        paint_falling_stars(canvas, scene)
    if scene.has("weather", "lightning"):
        paint_lightning(canvas, scene)
    if scene.has("detail", "distant birds"):
        paint_birds(canvas, scene)
    if scene.has("terrain", "volcano"):
        paint_plume(canvas, scene)


def paint_far_land(canvas: Raster, scene: Scene, land: Ridges, sheets: LayerColours) -> None:
    """The farthest layer, and the water that mirrors all that stands above the horizon."""
    if scene.has("terrain", "jungle"):
        paint_far_palms(canvas, scene)
    if scene.has("terrain", "island"):
        paint_island(canvas, scene, sheets.far)
    paint_layer(canvas, scene, land.far, sheets.far, 1 - scene.weight("terrain", "sea", "cliffs"))
    if scene.has("terrain", "mountains", "lake", "ice"):
        paint_snowcaps(canvas, scene, land)
    if scene.has("terrain", "volcano"):
        paint_lava(canvas, scene, land)
    if scene.has("weather", "fog"):
        paint_fog(canvas, scene, -0.16, 0.14, 0.5)
        paint_fog(canvas, scene, 0.0, 0.10, 0.85)
    if scene.has("terrain", "waterfall"):
        paint_waterfall(canvas, scene)
    if scene.has("weather", "fire"):
        paint_fire_behind(canvas, scene, land, scene.weight("terrain", *OPEN_WATER))
    if scene.has("terrain", *WATERS):
        paint_water(canvas, scene)
    if scene.has("terrain", "swamp"):
        paint_dead_wood(canvas, scene)
    if scene.has("terrain", "deep sea"):
        paint_rays(canvas, scene)


def paint_middle_land(canvas: Raster, scene: Scene, land: Ridges, sheets: LayerColours) -> None:
    """The middle layer and what stands on it."""
    open_water = scene.weight("terrain", *OPEN_WATER)
    paint_layer(canvas, scene, land.middle, sheets.middle, 1 - 0.999 * open_water)
    if scene.has("terrain", "ruins"):
        paint_capitals(canvas, scene, land, sheets.middle)
    if scene.has("terrain", "city"):
        paint_windows(canvas, scene, land)
    if scene.has("terrain", "village"):
        paint_village_lights(canvas, scene, land.middle)
    if scene.has("terrain", "river"):
        paint_river(canvas, scene, land)
    if scene.has("terrain", "road"):
        paint_road(canvas, scene, land, sheets.middle)
    if scene.has("terrain", "graveyard"):
        paint_graves(canvas, scene)
    if scene.has("weather", "fire"):
        paint_fire_before(canvas, scene, land, open_water)
    if scene.has("weather", "fog"):
        paint_fog(canvas, scene, 0.12, 0.09, 0.6)
    paint_details(canvas, scene)


def paint_near_land(canvas: Raster, scene: Scene, land: Ridges, sheets: LayerColours) -> None:
    """The nearest layer, and what frames the view."""
    paint_layer(canvas, scene, land.near, sheets.near, torch.ones_like(scene.horizon))
    if scene.has("terrain", "field"):
        paint_flowers(canvas, scene, land)
    if scene.has("terrain", "swamp"):
        paint_reeds(canvas, scene)
    if scene.has("terrain", "deep sea"):
        paint_kelp(canvas, scene)
    if scene.has("terrain", "jungle"):
        paint_leaves(canvas, scene)
    if scene.has("terrain", "cave"):
        paint_cave(canvas, scene)
