"""The clouds that an audience sees, of paper: banks, lone heaps, bands, streaks, fleece, and what brings rain or snow.

Which kind there is follows from the sky, the weather and z; kinds crossfade as z moves. Nothing here has a gradient.
"""

from __future__ import annotations

from torch import Tensor

from installation.models.theatre.cloud_heaps import paint_bank, paint_heaps
from installation.models.theatre.cloud_strips import paint_bands, paint_fleece, paint_hanging, paint_streaks
from installation.models.theatre.scene import Scene
from installation.models.theatre.sky_choice import chosen_shares
from installation.models.theatre.sky_rows import SkyRows
from installation.models.theatre.vocabulary import Z

CLEAR, BANK, HEAP, BANDS, STREAKS, FLEECE = range(6)
KINDS = ("clear", "bank", "heap", "bands", "streaks", "fleece")
LIKING: dict[str, tuple[float, ...]] = {  # how much a sky likes each kind; the others have no clouds of their own
    "dawn": (0.1, -0.5, -0.5, 0.8, 0.3, -1.20),
    "morning": (0.2, 0.0, 0.5, 0.0, 0.8, -1.20),
    "noon": (0.5, 0.1, 0.8, -0.8, 0.5, -1.40),
    "golden hour": (0.2, -0.1, 0.1, 0.7, 0.5, -1.30),
    "sunset": (0.1, -0.4, -0.6, 1.0, 0.3, -1.10),
    "dusk": (0.4, -0.5, -0.6, 0.9, 0.2, -1.50),
    "blue hour": (0.8, -0.6, -0.4, 0.6, 0.2, -1.90),
    "night": (1.3, -0.5, -0.1, 0.4, 0.0, -2.30),
    "winter": (0.8, -0.6, -0.3, 0.3, 0.5, -1.40),
    "rainbow": (0.1, 0.9, 0.5, -0.5, -0.5, -2.20),
    "dusty": (0.8, -0.8, -1.0, 0.6, 0.2, -2.20),
    "dream": (0.0, 0.5, 0.6, 0.2, 0.1, -1.10),
    "blood red": (0.3, 0.2, -1.0, 0.9, 0.0, -1.30),
    "aurora": (2.5, -1.0, -1.0, -1.0, -1.0, -2.70),
    "milky way": (2.5, -1.0, -1.0, -1.0, -1.0, -2.70),
}
CLOUDLESS = (9.0, 0.0, 0.0, 0.0, 0.0, 0.0)
OVERCAST_WEATHER = ("rain", "snow", "lightning")
CLOUDY = (-4.0, 1.2, 1.4, -0.4, -0.4, 0.3)  # what the weather of that name adds
CLEAR_STRIPS = 2.0  # what a sky of torn strips adds to no clouds
FALLING = ("fog", "sandstorm", "ash", "fire")  # weathers that have little sky to show
CHOSEN_BY = (Z.SMALL_STARS, *Z.CLOUD_X, *Z.CLOUD_SIZE)  # dimensions of z, one for each kind
BY_Z, UNSEEN = 1.5, 0.10  # how much z has to say; share that is left out


def cloud_kinds(scene: Scene, strips: float = 0.0) -> tuple[float, ...]:
    """How much there is of each of KINDS, 0..1, together 1; fewer before a sky of so many torn `strips`, 0..1."""
    cloudy = float(scene.weight("weather", "clouds"))
    added = [cloudy * liking for liking in CLOUDY]
    hidden = scene.weight("weather", *OVERCAST_WEATHER, *FALLING) + scene.weight("terrain", "deep sea", "cave", "room")
    added[CLEAR] += 9.0 * float(hidden) + CLEAR_STRIPS * strips
    shares = chosen_shares(scene, LIKING, CLOUDLESS, added, (BY_Z, CHOSEN_BY))
    seen = [max(share - UNSEEN, 0.0) for share in shares]
    return tuple(share / sum(seen) for share in seen)


def paint_paper_clouds(pixels: Tensor, scene: Scene, rows: SkyRows, hidden: Tensor | None, strips: float = 0.0) -> None:
    """Paint the clouds of a sky on its rows.

    Args:
        pixels: Of the sky, [1, 3, rows, width].
        scene: As the plane of the sky is seen.
        rows: What is painted on.
        hidden: For where clouds hide the stars, [1, 1, rows, width], or None.
        strips: How much of the sky is in torn strips, 0..1.
    """
    kinds = cloud_kinds(scene, strips)
    painters = {BANK: paint_bank, BANDS: paint_bands, STREAKS: paint_streaks, FLEECE: paint_fleece}
    for kind, painter in painters.items():
        if kinds[kind] > 0:
            painter(pixels, scene, rows, hidden, kinds[kind])
    cloudy = float(scene.weight("weather", "clouds"))
    if kinds[HEAP] > 0 or cloudy > 0:
        paint_heaps(pixels, scene, rows, hidden, kinds[HEAP], cloudy)
    heavy = float(scene.weight("weather", *OVERCAST_WEATHER))
    if heavy > 0:
        paint_hanging(pixels, scene, rows, hidden, heavy)
