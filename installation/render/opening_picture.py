"""The opening picture: shown while the renderer is still loading; the walk starts from its latents."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from installation.core.messages import Array
from installation.dream.latent_bank import load_openings, openings_folder
from installation.models import choose, fallback_generator, generator_spec, load_generator
from installation.models.interfaces import ModelPlace, Picture
from installation.show.settings import ModelSettings
from installation.stage.picture import UNREADABLE, read_picture

TOP, BOTTOM = (30, 34, 46), (10, 11, 16)  # colours of the picture that stands for damaged ones: a night sky


class OpeningPicture(NamedTuple):
    """A picture, its latents if the show's generator painted it, and the time since when it is on the stage."""

    picture: Picture
    latents: tuple[Array, Array] | None
    shown_at: float | None = None


def first_picture(models: ModelSettings, place: ModelPlace, seed: int, size: tuple[int, int]) -> OpeningPicture:
    """Choose an opening picture by seed. `size`: height and width of the stage.

    Damaged pictures are passed over; if there is no other, a dark gradient takes their place, since no opening picture
    is worth a failed start. Raises ShowError if the models of the show cannot be used.
    """
    name, _ = choose(models.generator, models.perceptor, place)
    if not generator_spec(name).needs_torch:
        generator = load_generator(name, place)
        point = generator.sample(1, seed)
        return OpeningPicture(generator.paint(point, size), (point.z, point.classes))
    own = openings_folder(name, place.assets).is_dir()
    for path, point in load_openings(name if own else fallback_generator().name, seed, place.assets):
        try:
            return OpeningPicture(read_picture(path), (point.z, point.classes) if own else None)
        except UNREADABLE:
            continue
    return OpeningPicture(_dark(*size), None)


def _dark(height: int, width: int) -> Picture:
    """A gradient, [height, width, 3]."""
    down = np.linspace(0.0, 1.0, height)[:, None, None]
    rows = np.array(TOP) * (1 - down) + np.array(BOTTOM) * down
    return np.broadcast_to(rows, (height, width, 3)).astype(np.uint8)
