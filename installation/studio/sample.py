"""Random pictures of a generator: by class, truncation and seed, as a labelled grid or a sweep of truncations."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from installation.dream.class_names import class_labels, find_classes
from installation.dream.schedule import DEFAULT_TRUNCATION
from installation.models.capabilities import FreeLatents, Truncatable, WordPainter
from installation.models.interfaces import Generator, Latents, Picture, Point
from installation.models.latent_sampling import BOUND
from installation.studio.class_samples import sample_of_classes
from installation.studio.contact_sheet import Cell, cell_size, contact_sheet, rows_of
from installation.studio.workspace import Studio

CELL_SIZE = 256  # pixels of a side, for generators that paint any size
COLUMNS = 5
SWEEP = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)  # truncations

OnPicture = Callable[[int, int], None]  # pictures done, of how many


@dataclass(frozen=True)
class Samples:
    """Sampled pictures.

    Attributes:
        sheet: The labelled grid, or the picture alone if there is one.
        points: What the pictures show, a batch.
        labels: The classes of each picture.
    """

    sheet: Picture
    points: Point
    labels: tuple[tuple[str, ...], ...]


def sample(
    studio: Studio,
    names: Sequence[str],
    count: int,
    seed: int,
    sweep: bool = False,
    on_picture: OnPicture | None = None,
) -> Samples:
    """Paint random latents of the named classes.

    Args:
        studio: With the truncation of the pictures.
        names: Classes by name or number; none for any.
        count: Pictures; with `sweep` rows.
        seed: The same seed gives the same pictures.
        sweep: Paint each latents at the truncations of `SWEEP`, side by side.
        on_picture: Called after each picture.

    Raises:
        ShowError: A class is unknown.
    """
    generator = studio.generator
    matches = find_classes(names, generator.groups)
    points = sample_of_classes(studio, matches, count, seed)
    named = {generator.groups[match.column].labels[index] for match in matches for index in match.indices}
    labels = tuple(_labels(studio, points[row : row + 1], named) for row in range(count))
    truncations = SWEEP if sweep else (studio.truncation,)
    rows: list[list[Cell]] = []
    for row in range(count):
        cells = []
        for truncation in truncations:
            point = truncated(generator, points[row : row + 1], truncation)
            if isinstance(generator, Truncatable):
                generator.set_truncation(truncation)
            caption = f"truncation {truncation:g}" if sweep else ", ".join(labels[row])
            cells.append(Cell(studio.paint(point, studio.options.size or CELL_SIZE), caption))
            if on_picture:
                on_picture(row * len(truncations) + len(cells), count * len(truncations))
        rows.append(cells)
    shown = truncated(generator, points, studio.truncation)
    if count == 1 and not sweep:
        return Samples(rows[0][0].picture, shown, labels)
    titles = [", ".join(each) for each in labels] if sweep else ()
    grid = rows if sweep else rows_of([cells[0] for cells in rows], min(COLUMNS, count))
    return Samples(contact_sheet(grid, titles, cell_size(rows[0][0].picture, 200)), shown, labels)


def _labels(studio: Studio, point: Point, named: Collection[str]) -> tuple[str, ...]:
    """The classes of a picture, the named ones first."""
    labels = class_labels(point, studio.generator.groups)
    return tuple(sorted(labels, key=lambda label: label not in named))


def truncated(generator: Generator, point: Point, truncation: float) -> Point:
    """Scale z, which was drawn at the default truncation, to another one; its values stay within ±2·truncation.

    The workshop notebooks draw `truncation * truncnorm(-2, 2)`, which is the same. z that describe a picture, or words,
    stay as they are.
    """
    if isinstance(generator, FreeLatents | WordPainter):
        return point
    bound = BOUND * truncation
    z = np.clip(point.z * (truncation / DEFAULT_TRUNCATION), -bound, bound)
    return Latents(z.astype(np.float32), point.classes)


def format_z(point: Point, row: int) -> str:
    """The z of one picture as the notebooks print it: numbers in lines of eight."""
    with np.printoptions(precision=3, suppress=True, linewidth=80, threshold=1_000_000):
        return str(point.z[row])
