"""`python -m installation.training bank`: builds the latent bank and the opening pictures of a generator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from rich.progress import Progress, TimeElapsedColumn

from installation import models
from installation.dream.latent_bank import (
    LatentBank,
    bank_owner,
    load_bank,
    logits_of_choice,
    openings_folder,
    shipped_bank_path,
    strongest_choice,
)
from installation.models.interfaces import ABSENT, Floats, Generator, Latents, ModelPlace, Perceptor, Size, slices
from installation.render.png_file import write_png
from installation.training.contact_sheet import image_grid
from installation.training.data.lexicon import class_phrase
from installation.training.image_quality import aesthetic_score, class_balanced_rank, has_content

BATCH = 16
OVERSAMPLING = 1.25  # samples for each entry
OPENING_SIZE = (360, 640)  # of opening pictures of a generator without a fixed size, in the aspect ratio of most stages
SHEET_SIZE = (144, 256)  # of its candidates
SHEET_ENTRIES, SHEET_COLUMNS = 60, 6


def build_bank(
    generator: Generator,
    perceptor: Perceptor,
    n: int,
    seed: int,
    progress: Callable[[float], None] = lambda _share: None,
    device: str = "cpu",
) -> LatentBank:
    """Build a bank of up to `n` entries, each with one class in each group, the best first.

    Samples without content are dropped; the others are ranked by their aesthetic score within their classes. Takes
    minutes on a CPU. `progress` is called with the share that is done, in 0..1.
    """
    samples = generator.sample(round(n * OVERSAMPLING), seed)
    z = samples.z.astype(np.float16)
    classes = strongest_choice(samples.classes, generator.groups)
    embeddings, scores = _embed_and_score(generator, perceptor, z, classes, progress, device)
    ranks = class_balanced_rank(scores, classes)
    kept = np.argsort(-ranks, kind="stable")[:n]
    kept = kept[np.isfinite(ranks[kept])]
    phrases = [class_phrase(group.name, label) for group in generator.groups for label in group.labels]
    return LatentBank(
        generator.name,
        perceptor.name,
        z[kept],
        classes[kept].astype(np.int16),
        embeddings[kept].astype(np.float16),
        perceptor.embed_text(phrases).astype(np.float16),
    )


def build_shipped_bank(
    generator: str,
    perceptor: str,
    entries: int,
    seed: int,
    *,
    openings: Sequence[int] | None = None,
    sheet: Path | None = None,
) -> None:
    """Build the bank of an embedded generator into the assets.

    Args:
        generator: Name of the generator, or "auto".
        perceptor: Name of the perceptor, or "auto".
        entries: Number of entries.
        seed: Seed of the samples.
        openings: Entries whose images become opening pictures.
        sheet: File for a contact sheet of the best entries, to choose the opening pictures from.

    Raises:
        ShowError: A model is unknown or not installed.
    """
    place = models.default_place()
    loaded, bank = _build_with_progress(generator, perceptor, entries, seed, place)
    _save(bank, shipped_bank_path(loaded.name, place.assets))
    if sheet is not None:
        _write_sheet(loaded, bank, sheet)
    if openings:
        _write_openings(loaded, bank, openings, openings_folder(loaded.name, place.assets))


def extend_shipped_bank(name: str) -> None:
    """Let the bank and the openings of an embedded generator know figures that have been added before "nobody".

    Raises:
        ShowError: A model is unknown or not installed.
    """
    place = models.default_place()
    path = shipped_bank_path(name, place.assets)
    generator, bank = (
        models.load_generator(name, place),
        load_bank(name, models.choose(name, models.AUTO, place)[1], place),
    )
    phrases = [class_phrase(group.name, label) for group in generator.groups for label in group.labels]
    added = len(phrases) - len(bank.label_embeddings)
    column = [group.name for group in generator.groups].index("subject")
    nobody = len(generator.groups[column].labels) - 1
    where = slices(generator.groups)[column].start + nobody
    new = models.load_perceptor(bank.perceptor, place).embed_text(phrases[where - added : where])
    classes = bank.classes.copy()
    classes[bank.classes[:, column] == nobody - added, column] = nobody
    labels = np.insert(bank.label_embeddings, where - added, new.astype(np.float16), axis=0)
    _save(replace(bank, classes=classes, label_embeddings=labels), path)
    openings = openings_folder(name, place.assets) / "openings.npz"
    with np.load(openings) as file:
        z, logits = file["z"], file["classes"]
    absent = np.full((len(logits), added), ABSENT, np.float32)
    np.savez_compressed(openings, z=z, classes=np.insert(logits, [where - added] * added, absent, axis=1))


def build_own(generator: str, perceptor: str, entries: int, seed: int, place: ModelPlace) -> Path:
    """Build the bank of downloaded models into the cache. Returns its file.

    A generator that uses the bank of another one gets that one's.

    Raises:
        ShowError: A model is unknown or not installed.
    """
    _, bank = _build_with_progress(bank_owner(generator), perceptor, entries, seed, place)
    path = models.bank_file(*bank.model_names, place.cache)
    _save(bank, path)
    return path


def _build_with_progress(
    generator: str, perceptor: str, entries: int, seed: int, place: ModelPlace
) -> tuple[Generator, LatentBank]:
    generator, perceptor = models.choose(generator, perceptor, place)
    loaded_generator = models.load_generator(generator, place)
    loaded_perceptor = models.load_perceptor(perceptor, place)
    with Progress(*Progress.get_default_columns(), TimeElapsedColumn()) as progress:
        task = progress.add_task(f"{entries} entries of {generator}")

        def show(share: float) -> None:
            progress.update(task, completed=100.0 * share)

        bank = build_bank(loaded_generator, loaded_perceptor, entries, seed, show, place.device)
    return loaded_generator, bank


def _embed_and_score(
    generator: Generator,
    perceptor: Perceptor,
    z: NDArray[np.float16],
    classes: NDArray[np.intp],
    progress: Callable[[float], None],
    device: str,
) -> tuple[Floats, Floats]:
    """Embeddings [n, d] and aesthetic scores [n] of latents as the bank stores them; -inf for one without content."""
    embeddings, scores = [], []
    with torch.inference_mode():
        for begin in range(0, len(z), BATCH):
            rows = slice(begin, begin + BATCH)
            logits = torch.from_numpy(logits_of_choice(classes[rows], generator.groups)).to(device)
            latents = Latents(torch.from_numpy(z[rows].astype(np.float32)).to(device), logits)
            images = generator.render(latents, perceptor.input_size).float()
            embeddings.append(perceptor.embed_image(images).float().cpu().numpy())
            scores.append(torch.where(has_content(images), aesthetic_score(images), -torch.inf).cpu().numpy())
            progress(min(begin + BATCH, len(z)) / len(z))
    return np.concatenate(embeddings), np.concatenate(scores)


def _save(bank: LatentBank, path: Path) -> None:
    """Write the bank beside `path` and move it into place, so that an interruption leaves no partial file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part.npz")
    bank.save(partial)
    partial.replace(path)
    print(f"{path}: {len(bank)} entries, {path.stat().st_size / 1e6:.2f} MB")


def _write_openings(generator: Generator, bank: LatentBank, entries: Sequence[int], folder: Path) -> None:
    """Write numbered opening pictures and `openings.npz` with their latents.

    Large pictures are JPEGs with full chroma resolution: ten PNGs of soft gradients would have two megabytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    points = [bank.point(entry, generator.groups) for entry in entries]
    size: Size | None = OPENING_SIZE if generator.resolution_free else None
    for index, point in enumerate(points):
        picture = Image.fromarray(generator.paint(point, size))
        if generator.resolution_free:
            picture.save(folder / f"{index:02d}.jpg", quality=95, subsampling=0, optimize=True)
        else:
            picture.save(folder / f"{index:02d}.png", optimize=True)
    np.savez_compressed(
        folder / "openings.npz",
        z=np.concatenate([point.z for point in points]),
        classes=np.concatenate([point.classes for point in points]),
    )


def _write_sheet(generator: Generator, bank: LatentBank, path: Path) -> None:
    """Write a contact sheet of the best entries."""
    size: Size | None = SHEET_SIZE if generator.resolution_free else None
    entries = range(min(SHEET_ENTRIES, len(bank)))
    pictures = [generator.paint(bank.point(entry, generator.groups), size) for entry in entries]
    write_png(path, image_grid(pictures, SHEET_COLUMNS), {})
