"""Steps between two pictures: of classes, seeds, stored latents or words; as a grid or as points of a film."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from installation.core.errors import ShowError
from installation.dream.class_names import find_class
from installation.models.interfaces import Floats, Group, Latents, Picture, Point, logits_of, match_layers, weights_of
from installation.models.stored_latents import CLASS, NOISE, SUFFIX
from installation.render.latent_walk import slerp
from installation.studio.class_samples import sample_of_classes
from installation.studio.contact_sheet import Cell, cell_size, contact_sheet
from installation.studio.workspace import Studio

Blend = Literal["linear", "slerp"]
ENDPOINT_STEPS = 60  # optimisation steps of an endpoint that is given by words
CELL_SIZE = 256


def endpoint(studio: Studio, text: str, seed: int, steps: int = ENDPOINT_STEPS) -> Point:
    """Return the latents that `text` means.

    A file of stored latents, `seed:7`, or a class by number or exact name; anything else is a prompt to dream of.

    Raises:
        ShowError: A file cannot be used, or the prompt is empty.
    """
    path = Path(text)
    if text.endswith((SUFFIX, NOISE, CLASS)) or path.with_name(path.name + NOISE).is_file():
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
    while dream.steps < steps:
        dream.step()
    dream.settle()
    return dream.point()


def between(a: Point, b: Point, t: float, groups: Sequence[Group], blend: Blend = "slerp") -> Point:
    """Return the point at `t`, 0..1: z by slerp or linearly, classes linearly in their weights."""
    if t <= 0.0 or t >= 1.0:
        return a if t <= 0.0 else b
    z_a, z_b = match_layers(a.z, b.z)
    z: Floats = slerp(z_a, z_b, t) if blend == "slerp" else ((1.0 - t) * z_a + t * z_b).astype(np.float32)
    weights = (1.0 - t) * weights_of(a.classes, groups) + t * weights_of(b.classes, groups)
    return Latents(z, logits_of(weights.astype(np.float32)))


def steps_between(
    studio: Studio, a: str, b: str, steps: int, seed: int, blend: Blend = "slerp", dream_steps: int = ENDPOINT_STEPS
) -> list[Point]:
    """Return `steps` points from `a` to `b`, both included.

    Raises:
        ShowError: An endpoint cannot be used.
    """
    first, last = (endpoint(studio, text, seed, dream_steps) for text in (a, b))
    return [between(first, last, t, studio.generator.groups, blend) for t in np.linspace(0.0, 1.0, steps).tolist()]


def interpolation_grid(studio: Studio, rows: Sequence[Sequence[Point]], ends: tuple[str, str]) -> Picture:
    """Paint rows of points as a sheet whose first and last pictures are labelled."""
    painted = [[studio.paint(point, studio.options.size or CELL_SIZE) for point in row] for row in rows]
    last = len(painted[0]) - 1
    labels = {0: ends[0], last: ends[1]}
    cells = [[Cell(picture, labels.get(column, "")) for column, picture in enumerate(row)] for row in painted]
    return contact_sheet(cells, cell=cell_size(painted[0][0]))
