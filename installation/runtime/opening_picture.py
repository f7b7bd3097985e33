"""The first picture of a show: on the stage while the renderer is still importing torch; the walk begins there."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from installation.core.messages import Array
from installation.dream.latent_bank import opening, openings_folder
from installation.models import choose, default_place, load_generator
from installation.models.interfaces import Picture
from installation.show.settings import ModelSettings

WORLD = "theatre"  # whose openings serve a generator that has none of its own


class OpeningPicture(NamedTuple):
    """A picture (or its file) and, if the show's generator painted it, the latents that it shows."""

    picture: Picture | Path
    latents: tuple[Array, Array] | None


def first_picture(models: ModelSettings, seed: int, size: tuple[int, int]) -> OpeningPicture:
    """Drawn by seed. `size` (height, width) is of the stage. Raises ShowError if there is no picture at all."""
    place = default_place()
    name, _ = choose(models.generator, models.perceptor, place)
    if name == "fake":
        generator = load_generator(name, place)
        point = generator.sample(1, seed)
        return OpeningPicture(generator.paint(point, size), (point.z, point.classes))
    own = openings_folder(name).is_dir()
    picture, point = opening(name if own else WORLD, seed)
    return OpeningPicture(picture, (point.z, point.classes) if own else None)
