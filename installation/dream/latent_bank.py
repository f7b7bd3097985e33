"""The latent bank: stored latents with their image embeddings, from which new dreams start. Needs no torch.

FuseDream (Liu et al., 2021) scores thousands of random latents for every prompt, because gradient steps from a random
start often fail in GAN space. The bank does that work once, for all prompts.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from installation.core.errors import ShowError
from installation.core.paths import ASSETS
from installation.models import GENERATORS, bank_file
from installation.models.interfaces import ABSENT, Floats, Group, Latents, ModelPlace, Point, slices, taught_classes

START_CANDIDATES = 12  # a start is drawn from so many of the best entries
ALTERNATIVES = 5  # times as many entries are returned behind it

Choice = NDArray[np.intp]  # [groups], the chosen class of each group; or [n, groups]


@dataclass(frozen=True)
class LatentBank:
    """`n` entries in order of image quality, the best first.

    Attributes:
        generator: Name of the generator that the latents belong to.
        perceptor: Name of the perceptor that the embeddings belong to.
        z: [n, z_dim].
        classes: [n, groups], one class of each group.
        embeddings: [n, d], unit rows: the embedded pictures.
        label_embeddings: [sum of groups, d], unit rows: the embedded names of the generator's classes.
    """

    generator: str
    perceptor: str
    z: NDArray[np.float16]
    classes: NDArray[np.int16]
    embeddings: NDArray[np.float16]
    label_embeddings: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.z)

    @property
    def model_names(self) -> tuple[str, str]:
        """Names of the generator and the perceptor."""
        return self.generator, self.perceptor

    def nearest(self, scores: Floats, seed: int, n: int = START_CANDIDATES) -> NDArray[np.intp]:
        """Return entries with high scores, the one to start from first. [entries] -> [up to `ALTERNATIVES` * n].

        The first is drawn from the `n` best with softmax probabilities (temperature: half the standard deviation of
        all scores), so that a repeated prompt gives different pictures that all answer it. The others follow in
        random order.
        """
        random = np.random.default_rng(seed)
        best = np.argsort(-scores, kind="stable")[: ALTERNATIVES * n]
        likelihood = np.exp((scores[best[:n]] - scores[best[0]]) / max(float(scores.std()), 1e-6) * 2.0)
        first = int(random.choice(len(likelihood), p=likelihood / likelihood.sum()))
        return np.concatenate([best[first : first + 1], random.permutation(np.delete(best, first))])

    def draw_good(self, seed: int) -> int:
        """Draw an entry from the eighth with the best image quality."""
        return int(np.random.default_rng(seed).integers(max(len(self) // 8, 1)))

    def point(self, entry: int, groups: tuple[Group, ...]) -> Point:
        """Return the latents of an entry, a batch of one."""
        choice = self.classes[entry : entry + 1].astype(np.intp)
        return Latents(self.z[entry : entry + 1].astype(np.float32), logits_of_choice(choice, groups))

    def save(self, path: Path) -> None:
        """Write the bank as one .npz file."""
        z, z_steps = _quantised(self.z)
        embeddings, steps = _quantised(self.embeddings)
        np.savez_compressed(
            path,
            names=np.array(self.model_names),
            z=z,
            z_steps=z_steps,
            classes=self.classes,
            embeddings=embeddings,
            embedding_steps=steps,
            labels=self.label_embeddings,
        )


def _quantised(rows: NDArray[np.float16]) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Rows as int8, half as large, and the step of each. [n, d] -> [n, d], [n, 1]."""
    steps = (np.abs(rows.astype(np.float32)).max(axis=1, keepdims=True) / 127.0).clip(min=1e-4).astype(np.float16)
    return np.round(rows / steps).clip(-127, 127).astype(np.int8), steps


def _rows(file: Mapping[str, NDArray[np.float16]], name: str, steps: str) -> NDArray[np.float16]:
    """Rows of a file, which earlier versions have written as they are."""
    return file[name] * file[steps] if steps in file else file[name]


def logits_of_choice(choice: Choice, groups: tuple[Group, ...]) -> Floats:
    """Return class logits with one active class in each group. [n, groups] -> [n, sum of groups]."""
    logits = np.full((len(choice), sum(len(group.labels) for group in groups)), ABSENT, np.float32)
    for column, where in enumerate(slices(groups)):
        logits[np.arange(len(choice)), where.start + choice[:, column]] = 0.0
    return logits


def strongest_choice(logits: Floats, groups: tuple[Group, ...]) -> Choice:
    """Return the strongest class of each group. [n, sum of groups] -> [n, groups]."""
    choice = np.zeros((len(logits), len(groups)), np.intp)
    for column, where in enumerate(slices(groups)):
        choice[:, column] = logits[:, where].argmax(axis=1)
    return choice


def shipped_bank_path(generator: str, assets: Path = ASSETS) -> Path:
    """Return where the bank of an embedded generator is stored in the repository."""
    return assets / "banks" / f"{generator}.npz"


def load_bank(generator: str, perceptor: str, place: ModelPlace) -> LatentBank:
    """Load the bank of two models: the shipped one, or one that was built on this machine.

    It may be the bank of another generator (see `bank_owner`).

    Raises:
        ShowError: There is no bank for these models, or its file is damaged.
    """
    generator = bank_owner(generator)
    for path in (shipped_bank_path(generator, place.assets), bank_file(generator, perceptor, place.cache)):
        if path.is_file() and (bank := _read(path)).model_names == (generator, perceptor):
            groups = _groups_of(generator)
            return with_new_classes(bank, groups) if groups else bank
    raise ShowError(
        f"There is no latent bank for '{generator}' and '{perceptor}'. "
        f"Build it once with `python run_show.py bank {generator} --perceptor {perceptor}`."
    )


def with_new_classes(bank: LatentBank, groups: tuple[Group, ...]) -> LatentBank:
    """The bank of a generator that has been given further classes since, which only words choose (`Group.like`).

    They have been added before the neutral class of their group, its last one, and are embedded as what they are like.
    """
    added = sum(len(group.labels) for group in groups) - len(bank.label_embeddings)
    if added <= 0:
        return bank
    column, where = _growing(groups)
    neutral = where.stop - where.start - 1
    classes = bank.classes.copy()
    classes[bank.classes[:, column] == neutral - added, column] = neutral
    labels = np.insert(bank.label_embeddings, [where.stop - 1 - added] * added, 0, axis=0)
    return replace(bank, classes=classes, label_embeddings=labels[taught_classes(groups)])


def _growing(groups: tuple[Group, ...]) -> tuple[int, slice]:
    """The only group that has classes which words alone choose: its index, and its columns."""
    column = next(index for index, group in enumerate(groups) if group.like)
    return column, slices(groups)[column]


def _groups_of(generator: str) -> tuple[Group, ...]:
    """The groups of a generator whose stored latents may lack classes; none of another one."""
    spec = GENERATORS.get(generator)
    return spec.groups() if spec and spec.groups else ()


def _read(path: Path) -> LatentBank:
    try:
        with path.open("rb") as source, np.load(source) as file:
            names = (str(file["names"][0]), str(file["names"][1]))
            z, embeddings = _rows(file, "z", "z_steps"), _rows(file, "embeddings", "embedding_steps")
            return LatentBank(*names, z, file["classes"], embeddings, file["labels"])
    except (OSError, EOFError, KeyError, ValueError, IndexError, BadZipFile, zlib.error) as error:
        raise ShowError(f"{path} is not a latent bank or is truncated: delete it and build it again.") from error


def source_name(generator: str) -> str:
    """Return the generator from whose pictures the dreams of this one start, or ''."""
    spec = GENERATORS.get(generator)
    return spec.starts_from if spec else ""


def bank_owner(generator: str) -> str:
    """Return the generator whose latent bank this one uses: itself, its source, or one whose latents mean the same."""
    spec = GENERATORS.get(generator)
    other = (spec.starts_from or spec.bank_of) if spec else ""
    return other or generator


def openings_folder(generator: str, assets: Path = ASSETS) -> Path:
    """Return the folder with a generator's opening pictures and their latents (`openings.npz`)."""
    return assets / "banks" / f"{generator}-openings"


def load_openings(generator: str, seed: int, assets: Path = ASSETS) -> Iterator[tuple[Path, Point]]:
    """The pictures to show while the models load, in an order that the seed draws: their files and their latents.

    There are none if the generator has none, or if the file of their latents is damaged.
    """
    folder = openings_folder(generator, assets)
    pictures = sorted([*folder.glob("*.png"), *folder.glob("*.jpg")])
    try:
        with (folder / "openings.npz").open("rb") as source, np.load(source) as file:
            z, classes = file["z"], file["classes"]
    except (OSError, EOFError, KeyError, ValueError, IndexError, BadZipFile, zlib.error):
        return
    if not len(pictures) == len(z) == len(classes):
        return
    if groups := _groups_of(generator):
        end = _growing(groups)[1].stop - 1
        added = sum(len(group.labels) for group in groups) - classes.shape[1]
        classes = np.insert(classes, [end - added] * added, ABSENT, axis=1)
    random = np.random.default_rng(seed)
    first = int(random.integers(len(pictures)))
    for index in [first, *(each for each in random.permutation(len(pictures)).tolist() if each != first)]:
        yield pictures[index], Latents(z[index : index + 1], classes[index : index + 1])
