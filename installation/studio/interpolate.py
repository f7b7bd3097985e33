"""Steps between two pictures: of classes, seeds, stored latents or words; as a grid or as points of a film."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from installation.core.errors import ShowError
from installation.core.paths import is_file
from installation.dream.class_names import find_class
from installation.models.interfaces import Picture, Point, same_layers
from installation.models.stored_latents import CLASS, NOISE, SUFFIX
from installation.render.latent_walk import interpolate, lerp
from installation.studio.class_samples import sample_of_classes
from installation.studio.contact_sheet import Cell, cell_size, contact_sheet
from installation.studio.workspace import Studio

Blend = Literal["linear", "slerp"]
ENDPOINT_STEPS = 60  # optimisation steps of an endpoint that is given by words
CELL_SIZE = 256


def stored_path(text: str) -> Path | None:
    """Return the file of stored latents that an end names, or None if it is something else."""
    stored = text.endswith((SUFFIX, NOISE, CLASS)) or is_file(Path(text + NOISE))
    return Path(text) if stored else None


def endpoint(studio: Studio, text: str, seed: int, steps: int = ENDPOINT_STEPS) -> Point:
    """Return the latents that `text` means.

    A file of stored latents, `seed:7`, or a class by number or exact name; anything else is a prompt to dream of.

    Raises:
        ShowError: A file cannot be used, or the prompt is empty.
    """
    path = stored_path(text)
    if path is not None:
        return studio.stored(path)[:1]
    if text.startswith("seed:"):
        digits = text.removeprefix("seed:")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            raise ShowError(f"'{text}' is no seed: write seed:7.")
        return studio.sample(1, int(digits))
    match = find_class(text, studio.generator.groups)
    if match is not None:
        return sample_of_classes(studio, [match], 1, seed)
    return dreamed(studio, text, seed, steps)


def dreamed(studio: Studio, text: str, seed: int, steps: int) -> Point:
    """Dream of a prompt for so many optimisation steps."""
    dream = studio.dream(text, seed)
    dream.settle()
    while dream.optimises and dream.steps < steps:
        dream.step()
    dream.settle()
    return dream.point()


def steps_between(
    studio: Studio, a: str, b: str, steps: int, seed: int, blend: Blend = "slerp", dream_steps: int = ENDPOINT_STEPS
) -> list[Point]:
    """Return `steps` points from `a` to `b`, both included; classes move linearly in their weights.

    Args:
        studio: The models.
        a: See `endpoint`.
        b: The same.
        steps: At least 2.
        seed: Of ends that are classes or words.
        blend: How z that are noise move; those that describe a picture always move linearly.
        dream_steps: Optimisation steps of an end given by words.

    Raises:
        ShowError: An endpoint cannot be used.
    """
    first, last = same_layers([endpoint(studio, text, seed, dream_steps) for text in (a, b)])
    geometry = studio.geometry if blend == "slerp" else studio.geometry._replace(interpolate=lerp)
    places = np.linspace(0.0, 1.0, steps).tolist()
    return [interpolate(first, last, t, studio.generator.groups, geometry) for t in places]


def end_label(studio: Studio, text: str) -> str:
    """What stands under a picture that an end of `steps_between` means: for a number the name of the class."""
    if stored_path(text) is not None:
        return Path(text).name
    match = find_class(text, studio.generator.groups) if text.strip().isdigit() else None
    return studio.generator.groups[match.column].labels[match.indices[0]] if match else text


def interpolation_grid(studio: Studio, rows: Sequence[Sequence[Point]], ends: tuple[str, str]) -> Picture:
    """Paint rows of points as a sheet whose first and last pictures are labelled."""
    painted = [[studio.paint(point, studio.options.size or CELL_SIZE) for point in row] for row in rows]
    last = len(painted[0]) - 1
    labels = {0: end_label(studio, ends[0]), last: end_label(studio, ends[1])}
    cells = [[Cell(picture, labels.get(column, "")) for column, picture in enumerate(row)] for row in painted]
    return contact_sheet(cells, cell=cell_size(painted[0][0]))
