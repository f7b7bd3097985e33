"""The Bank: stored latents with their image embeddings, where a new dream starts. No torch in here.

FuseDream scores 10,000 random latents for every text, because plain optimisation from a random start disappoints in
GAN space; the Bank pays for that once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from installation.errors import ShowError
from installation.models.base import ABSENT, Floats, Group, Latents, Point, slices

ASSETS = Path(__file__).resolve().parent.parent.parent / "assets"
NEAR = 12  # how many of the nearest entries a start is drawn from
WIDELY = 5  # how many times as many are not far
Indices = NDArray[np.int16]


@dataclass(frozen=True)
class Bank:
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


def bank_path(generator: str, folder: Path = ASSETS) -> Path:
    """Where the Bank of a generator lies."""
    return folder / "banks" / f"{generator}.npz"


def load_bank(generator: str, perceptor: str, folder: Path = ASSETS) -> Bank:
    """The Bank of these two models. Raises ShowError if there is none, or one of another perceptor."""
    path = bank_path(generator, folder)
    command = f"python -m installation.training bank {generator} --perceptor {perceptor}"
    if not path.is_file():
        raise ShowError(f"the generator '{generator}' has no Bank at {path}: build one with `{command}`.")
    with np.load(path) as file:
        made_of = (str(file["names"][0]), str(file["names"][1]))
        bank = Bank(*made_of, file["z"], file["classes"], file["embeddings"], file["labels"])
    if made_of != (generator, perceptor):
        raise ShowError(
            f"{path} was made of {' and '.join(made_of)}, not of {perceptor}: build it anew with `{command}`."
        )
    return bank


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
