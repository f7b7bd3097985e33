"""The Bank: stored latents with their image embeddings, where a new dream starts. No torch in here.

FuseDream scores 10,000 random latents for every text, because plain optimisation from a random start disappoints in
GAN space; the Bank pays for that once.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from installation.core.errors import ShowError
from installation.core.paths import ASSETS
from installation.models import bank_file
from installation.models.interfaces import ABSENT, Floats, Group, Latents, ModelPlace, Point, slices

NEAR = 12  # how many of the nearest entries a start is drawn from
WIDELY = 5  # how many times as many are not far
Indices = NDArray[np.int16]


@dataclass(frozen=True)
class LatentBank:
    """`n` entries in order of beauty, the most beautiful first.

    z [n, z_dim] and embeddings [n, d] (unit rows) in half precision; classes [n, groups], one class of each group;
    labels [sum of groups, d], the embedded names of the generator's classes in half precision.
    """

    generator: str
    perceptor: str
    z: NDArray[np.float16]
    classes: Indices
    embeddings: NDArray[np.float16]
    labels: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.z)

    @property
    def made_of(self) -> tuple[str, str]:
        """Names of the generator and the perceptor."""
        return self.generator, self.perceptor

    def nearest(self, scores: Floats, seed: int, n: int = NEAR) -> NDArray[np.intp]:
        """One of the `n` entries of the highest scores ([entries]), and after it others that are not far.

        The first is drawn by seed, the better the likelier (softmax of the scores, half a deviation of all a unit), so
        that the same words twice give different pictures, of which each answers. The others come in the seed's order.
        """
        random = np.random.default_rng(seed)
        best = np.argsort(-scores, kind="stable")[: WIDELY * n]
        chance = np.exp((scores[best[:n]] - scores[best[0]]) / max(float(scores.std()), 1e-6) * 2.0)
        drawn = int(random.choice(len(chance), p=chance / chance.sum()))
        return np.concatenate([best[drawn : drawn + 1], random.permutation(np.delete(best, drawn))])

    def good(self, seed: int) -> int:
        """An entry drawn from the most beautiful eighth."""
        return int(np.random.default_rng(seed).integers(max(len(self) // 8, 1)))

    def point(self, entry: int, groups: tuple[Group, ...]) -> Point:
        """The latents of an entry, a batch of one."""
        rows = self.classes[entry : entry + 1].astype(np.intp)
        return Latents(self.z[entry : entry + 1].astype(np.float32), logits_of_choice(rows, groups))

    def save(self, path: Path) -> None:
        """Write the Bank as one .npz file."""
        names = np.array([self.generator, self.perceptor])
        np.savez_compressed(
            path, names=names, z=self.z, classes=self.classes, embeddings=self.embeddings, labels=self.labels
        )


def logits_of_choice(choice: NDArray[np.intp], groups: tuple[Group, ...]) -> Floats:
    """Class logits of one chosen class in each group. [n, groups] -> [n, sum of groups]"""
    logits = np.full((len(choice), sum(len(group.labels) for group in groups)), ABSENT, np.float32)
    for column, where in enumerate(slices(groups)):
        logits[np.arange(len(choice)), where.start + choice[:, column]] = 0.0
    return logits


def shipped_bank(generator: str, folder: Path = ASSETS) -> Path:
    """Where the Bank of an embedded generator lies, among what comes with Laterna."""
    return folder / "banks" / f"{generator}.npz"


def own_bank(generator: str, perceptor: str, cache: Path) -> Path:
    """Where the Bank of two models lies that was built on this machine, beside the fetched models."""
    return bank_file(generator, perceptor, cache)


def load_bank(generator: str, perceptor: str, place: ModelPlace) -> LatentBank:
    """The Bank of these two models: the one that came with Laterna, else the one that was built here.

    Raises ShowError if there is neither; it says the command that builds it.
    """
    for path in (shipped_bank(generator, place.assets), own_bank(generator, perceptor, place.cache)):
        if path.is_file() and (bank := _read(path)).made_of == (generator, perceptor):
            return bank
    raise ShowError(
        f"'{generator}' and '{perceptor}' have no Bank yet, from which their dreams start: "
        f"build it once with `python run_show.py bank {generator} --perceptor {perceptor}`."
    )


def _read(path: Path) -> LatentBank:
    try:
        with path.open("rb") as source, np.load(source) as file:
            names = (str(file["names"][0]), str(file["names"][1]))
            return LatentBank(*names, file["z"], file["classes"], file["embeddings"], file["labels"])
    except (OSError, EOFError, KeyError, ValueError, IndexError, BadZipFile, zlib.error) as error:
        raise ShowError(f"{path} is not a Bank, or is cut short: remove it and build it anew.") from error


def openings_folder(generator: str, folder: Path = ASSETS) -> Path:
    """Where the opening pictures of a generator lie, with `openings.npz`, their latents."""
    return folder / "banks" / f"{generator}-openings"


def opening(generator: str, seed: int, folder: Path = ASSETS) -> tuple[Path, Point]:
    """A picture to be shown while the models are still loading, drawn by seed, and the latents that it shows.

    Raises ShowError if the generator has none.
    """
    place = openings_folder(generator, folder)
    pictures = sorted([*place.glob("*.png"), *place.glob("*.jpg")])
    if not pictures or not (place / "openings.npz").is_file():
        raise ShowError(f"the generator '{generator}' has no opening pictures in {place}.")
    index = int(np.random.default_rng(seed).integers(len(pictures)))
    with np.load(place / "openings.npz") as file:
        return pictures[index], Latents(file["z"][index : index + 1], file["classes"][index : index + 1])
