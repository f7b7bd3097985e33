"""Snow that lies: on the ground and along every edge, white by day, in the sky's own light, blue-grey at night."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.raster import ink
from installation.models.theatre.scene import Scene

SNOW = "f2f8ff"
WINTER = 0.5  # how much snow lies in winter, as against one in which snow falls
COVERS = ((0.60, 0.92), (0.80, 0.97), (0.90, 1.06))  # the far, middle and near layer: how much of it, how bright
SKYLIGHT = 0.28  # how far the sky's colour goes into the white
UPRIGHT = ("city", "village", "ruins", "forest", "jungle", "cliffs", "waterfall")  # little lies on what stands
STEEP = 0.66  # as much as on level ground
BARE = ("deep sea", "sea", "island", "cave", "room")  # whose nearest layer is water, or under a roof


def snowy(scene: Scene) -> bool:
    """Whether snow lies anywhere in the batch."""
    return scene.has("weather", "snow") or scene.has("sky", "winter")


def lying(scene: Scene) -> Tensor:
    """How much snow lies, 0 to 1, [batch, 1, 1, 1]."""
    fallen = torch.maximum(scene.weight("weather", "snow"), WINTER * scene.weight("sky", "winter"))
    return fallen * (1 - scene.weight("terrain", "deep sea"))


def snow_light(scene: Scene) -> Tensor:
    """The colour of snow in full view of the sky, [batch, 3, 1, 1]."""
    hue = scene.palette.upper / scene.palette.upper.amax(1, keepdim=True)
    return ink(SNOW, scene.device) * (1 - SKYLIGHT + SKYLIGHT * hue) * (0.28 + 0.72 * scene.brightness)


def snowed(scene: Scene, layers: list[Tensor]) -> list[Tensor]:
    """The colours of the far, the middle and the near layer with the snow that lies on them."""
    white, fallen = snow_light(scene), lying(scene)
    level = 1 - (1 - STEEP) * scene.weight("terrain", *UPRIGHT)
    open_ground = 1 - scene.weight("terrain", *BARE)
    return [
        torch.lerp(layer, white * bright, fallen * (share * lies))
        for layer, (share, bright), lies in zip(layers, COVERS, (level, level, open_ground), strict=True)
    ]
