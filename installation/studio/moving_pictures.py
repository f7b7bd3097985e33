"""The frames of films, and of GIF, WebP and PNG files that move."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageSequence

from installation.core.errors import ShowError
from installation.models.image_files import open_image
from installation.models.interfaces import Picture
from installation.studio.search_index import FILM_SUFFIXES

ANIMATED_SUFFIXES = (".gif", ".webp", ".png")
USUAL_MILLISECONDS = 100  # of a frame that says 0, as browsers show it
TOLERANCE = 10  # milliseconds: a GIF counts in hundredths of a second


class Film(NamedTuple):
    """A film that is read.

    Attributes:
        rate: Frames per second.
        frames: How many there are; 0: unknown.
        sound: The file with its sound, if it has one.
        pictures: The frames, [height, width, 3] each.
    """

    rate: float
    frames: int
    sound: Path | None
    pictures: Iterator[Picture]


def is_film(path: Path) -> bool:
    """Whether a file is a film or a picture that moves. Raises ShowError if it is a picture that cannot be read."""
    suffix = path.suffix.lower()
    return suffix in FILM_SUFFIXES or (suffix in ANIMATED_SUFFIXES and getattr(open_image(path), "n_frames", 1) > 1)


def read_film(path: Path) -> Film:
    """Read what `is_film` is true for. Raises ShowError, also on the way, if it is damaged."""
    if path.suffix.lower() in ANIMATED_SUFFIXES:
        return _read_animation(path)
    from installation.outputs.film_frames import film_format, film_frames

    form = film_format(path)
    pictures = (picture for _, picture in film_frames(path, 0.0))
    return Film(form.rate, form.frames, path if form.has_sound else None, pictures)


def _read_animation(path: Path) -> Film:
    image = open_image(path)
    try:
        durations = [_duration(frame) for frame in ImageSequence.Iterator(image)]
    except (OSError, SyntaxError, ValueError) as error:
        raise ShowError(f"The picture {path} is damaged or cut short: {error}.") from None
    even = max(durations) - min(durations) <= TOLERANCE
    shown = sum(durations) / len(durations) if even else min(durations)  # milliseconds of a frame of the film
    ends = np.rint(np.cumsum(durations) / shown).astype(int)
    counts = np.diff(ends, prepend=0).tolist()  # frames that a held picture takes
    return Film(1000.0 / shown, int(ends[-1]), None, _repeated(image, counts))


def _duration(frame: Image.Image) -> float:
    frame.load()  # before that a WebP does not say it
    return float(frame.info.get("duration") or USUAL_MILLISECONDS)


def _repeated(image: Image.Image, counts: list[int]) -> Iterator[Picture]:
    for frame, count in zip(ImageSequence.Iterator(image), counts, strict=True):
        picture = np.asarray(frame.convert("RGB"), np.uint8)
        for _ in range(count):
            yield picture
