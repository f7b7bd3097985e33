"""The opening picture: shown while the renderer is still loading; the walk starts from its latents."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from installation.core.messages import Array
from installation.dream.latent_bank import load_opening, openings_folder
from installation.models import choose, fallback_generator, generator_spec, load_generator
from installation.models.interfaces import ModelPlace, Picture
from installation.show.settings import ModelSettings


class OpeningPicture(NamedTuple):
    """A picture or its file, and its latents if the show's generator painted it."""

    picture: Picture | Path
    latents: tuple[Array, Array] | None


def first_picture(models: ModelSettings, place: ModelPlace, seed: int, size: tuple[int, int]) -> OpeningPicture:
    """Choose an opening picture by seed. `size`: height and width of the stage. Raises ShowError if there is none."""
    name, _ = choose(models.generator, models.perceptor, place)
    if not generator_spec(name).needs_torch:
        generator = load_generator(name, place)
        point = generator.sample(1, seed)
        return OpeningPicture(generator.paint(point, size), (point.z, point.classes))
    own = openings_folder(name).is_dir()
    picture, point = load_opening(name if own else fallback_generator().name, seed)
    return OpeningPicture(picture, (point.z, point.classes) if own else None)
