"""The directions of the macros, found on the generator itself: those in latent space that change its pictures most.

They are the principal components of the effect of latents: the eigenvectors of the mean of J^T J, where J is the
Jacobian of small pictures in z, taken by differences at several sampled points. GANSpace (Härkönen et al., 2020) takes
the components of sampled activations and regresses them to z; the Jacobian gives z directly and without sampling noise.

`python -m installation.render.latent_directions NAME` finds those of an embedded generator, for the repository.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from installation.core.param_table import MACROS
from installation.core.paths import ASSETS
from installation.models import default_place, load_generator
from installation.models.interfaces import Floats, Generator, Latents, ModelPlace, Point
from installation.render.latent_controls import on_noise
from installation.render.latent_walk import rotate_noise

POINTS = 6  # sampled points at which the effect is measured
STEP = 0.35  # of a difference, as a share of the length of z
SIDE = 16  # pixels of a side of the pictures that are compared
PAINTED_SIDE = 64  # of a resolution-free generator
SEED = 11


class DirectionSearch:
    """Measures the effect of each direction, a picture at a time, because it shares the device with the show."""

    def __init__(self, generator: Generator) -> None:
        """Search the directions of this generator."""
        self._generator = generator
        self._work = self._measure()
        self.directions: Floats | None = None  # [MACROS, z_dim], unit vectors; None until they are found

    def step(self) -> None:
        """Paint one picture, or finish."""
        next(self._work, None)

    def _measure(self) -> Iterator[None]:
        size = self._generator.z_dim
        effect = np.zeros((size, size))
        for row in range(POINTS):
            point = self._generator.sample(POINTS, SEED)[row : row + 1]
            middle = self._picture(point)
            changes = np.empty((size, len(middle)), np.float32)
            for axis in range(size):
                changes[axis] = self._picture(self._moved(point, axis)) - middle
                yield
            effect += changes @ changes.T
        _, vectors = np.linalg.eigh(effect)  # in ascending order
        chosen = vectors[:, ::-1][:, :MACROS].T
        signs = np.sign(chosen[np.arange(len(chosen)), np.abs(chosen).argmax(1)])  # the same on every machine
        self.directions = (chosen * signs[:, None]).astype(np.float32)

    def _picture(self, point: Point) -> Floats:
        """A small picture of a point, as a vector."""
        side = PAINTED_SIDE if self._generator.resolution_free else None
        picture = self._generator.paint(point, side).astype(np.float32)
        height, width = (length // SIDE * SIDE for length in picture.shape[:2])
        blocks = picture[:height, :width].reshape(SIDE, height // SIDE, SIDE, width // SIDE, 3)
        small: Floats = blocks.mean((1, 3)).ravel()
        return small

    def _moved(self, point: Point, axis: int) -> Point:
        offset = np.zeros(point.z.shape[-1], np.float32)
        offset[axis] = 1.0
        return Latents(rotate_noise(self._generator, point.z, on_noise(self._generator, offset), STEP), point.classes)


class MacroDirections:
    """The directions of one generator's macros: loaded when a macro is first moved, or searched if none are known."""

    def __init__(self, generator: Generator, place: ModelPlace) -> None:
        self._generator, self._place = generator, place
        self._unknown = np.zeros((MACROS, generator.z_dim), np.float32)
        self._known: Floats | None = None
        self._search: DirectionSearch | None = None
        self._withheld = False

    @property
    def searching(self) -> bool:
        """Whether the directions are being found: macros do not act yet."""
        return self._search is not None

    @property
    def current(self) -> Floats:
        """The directions that act now. [MACROS, z_dim], unit vectors; zeros until they are known."""
        return self._unknown if self._known is None or self._withheld else self._known

    def want(self) -> str:
        """Load the directions, or begin to search them; return a sentence for the operator if that takes a while."""
        if self._known is not None or self._search:
            return ""
        self._known = load_directions(self._generator, self._place)
        if self._known is not None:
            return ""
        self._search = DirectionSearch(self._generator)
        return "The directions of the macros are being found; they act in a moment."

    def step(self) -> None:
        """Do one piece of the search, and keep what it finds for the next performance."""
        if self._search is None:
            return
        self._search.step()
        if self._search.directions is not None:
            self._known, self._search = self._search.directions, None
            save_directions(self._known, found_path(self._generator.name, self._place.cache))

    def repeat(self, searching: bool) -> None:
        """In a replay: find the directions now, but let them act only when they did in the recorded show."""
        while self._search:
            self.step()
        self._withheld = searching


def shipped_path(generator: str, assets: Path = ASSETS) -> Path:
    """Where the directions of an embedded generator are in the repository."""
    return assets / "banks" / f"{generator}-directions.npy"


def found_path(generator: str, cache: Path) -> Path:
    """Where directions are kept that were found on this machine."""
    return cache / "directions" / f"{generator}.npy"


def load_directions(generator: Generator, place: ModelPlace) -> Floats | None:
    """The directions of a generator that are known already; None if they are not, or do not fit."""
    for path in (shipped_path(generator.name, place.assets), found_path(generator.name, place.cache)):
        try:
            directions = np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            continue
        if directions.shape == (MACROS, generator.z_dim) and np.isfinite(directions).all():
            known: Floats = directions.astype(np.float32)
            return known
    return None


def save_directions(directions: Floats, path: Path) -> None:
    """Keep directions for the next performance; a folder that cannot be written only costs the search again."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part.npy")
        np.save(partial, directions)
        partial.replace(path)
    except OSError:
        return


def main(name: str) -> None:
    """Find the directions of an embedded generator, for the repository."""
    generator = load_generator(name, default_place())
    search = DirectionSearch(generator)
    while search.directions is None:
        search.step()
    save_directions(search.directions, shipped_path(name))


if __name__ == "__main__":
    main(sys.argv[1])
