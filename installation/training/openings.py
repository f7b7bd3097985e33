"""`python -m installation.training openings`: the pictures that a show of the theatre opens with.

Each is a lit, nearly empty stage behind a curtain. The first words, or the first picture of the attract walk, part it.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from installation import models
from installation.dream.latent_bank import openings_folder
from installation.models.capabilities import Arrangeable, Staged
from installation.models.interfaces import Floats, Generator, Latents, Point
from installation.models.theatre.proscenium import CURTAIN
from installation.models.theatre.vocabulary import Z, scene_classes

GENERATOR = "theatre"
SIZE = (360, 640)  # in the aspect ratio of most stages
SPREAD = 0.5  # standard deviation of z: calm scenes
QUALITY = 92
HIGH = 0.25  # of z: the height of a sun or moon below the valance


class Opening(NamedTuple):
    """A composed scene.

    Attributes:
        classes: Group -> label, in the words of `scene_classes`.
        z: Single dimensions.
    """

    classes: dict[str, str]
    z: dict[int, float]


def _opening(celestial_x: float = 0.0, figures_x: float = 0.0, size: float = 0.0, **classes: str) -> Opening:
    z = {Z.CELESTIAL_X: celestial_x, Z.CELESTIAL_Y: HIGH, Z.FIGURES_X: figures_x, Z.SUBJECT_SIZE: size}
    return Opening(classes, z)


OPENINGS = (
    _opening(figures_x=-0.8, size=-0.6, sky="night", terrain="road", subject="lamp"),
    _opening(0.6, -1.0, -1.6, sky="blue hour", terrain="sea", celestial="moon", subject="boat"),
    _opening(size=-0.4, sky="dusk", terrain="room", subject="candle"),
    _opening(0.6, sky="night", terrain="village", celestial="crescent moon", detail="lit windows"),
    _opening(0.5, -1.0, -1.5, sky="dusk", terrain="hills", celestial="moon", subject="chair"),
    _opening(-0.4, sky="night", terrain="forest", celestial="golden moon", weather="fireflies"),
    _opening(figures_x=0.3, size=-1.3, sky="dusk", terrain="sea", subject="lighthouse"),
    _opening(0.5, -0.8, -0.9, sky="blue hour", terrain="mountains", celestial="moon", subject="owl"),
    _opening(sky="dusk", terrain="lake", detail="lanterns"),
    _opening(-0.5, sky="dawn", terrain="sea", celestial="sun", detail="distant birds"),
    _opening(0.6, -0.8, -0.8, sky="sunset", terrain="field", celestial="red sun", subject="tree"),
    _opening(0.6, -0.9, -1.2, sky="winter", terrain="hills", weather="snow", subject="house"),
)


def opening_points(generator: Generator, seed: int = 5) -> list[Point]:
    """The latents of all openings, each a batch of one."""
    assert isinstance(generator, Arrangeable)
    random = np.random.default_rng(seed)
    points = []
    for opening in OPENINGS:
        z: Floats = (SPREAD * random.standard_normal((1, generator.z_dim))).astype(np.float32)
        for index, value in opening.z.items():
            z[0, index] = value
        points.append(generator.with_marks(Latents(z, scene_classes(**opening.classes)), (CURTAIN,)))
    return points


def write_openings(folder: Path | None = None) -> Path:
    """Write numbered JPEGs with full chroma resolution, and their latents. Returns the folder."""
    place = models.default_place()
    generator = models.load_generator(GENERATOR, place)
    assert isinstance(generator, Staged)
    generator.set_stage(0.0, "scenes")  # as the renderer begins
    folder = folder or openings_folder(GENERATOR, place.assets)
    folder.mkdir(parents=True, exist_ok=True)
    points = opening_points(generator)
    for index, point in enumerate(points):
        path = folder / f"{index:02d}.jpg"
        Image.fromarray(generator.paint(point, SIZE)).save(path, quality=QUALITY, subsampling=0, optimize=True)
    np.savez_compressed(
        folder / "openings.npz",
        z=np.concatenate([point.z for point in points]),
        classes=np.concatenate([point.classes for point in points]),
    )
    return folder
