"""Builds a Bank: draws latents, sharpens their classes, drops what is nothing to look at, keeps the best."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from rich.progress import Progress, TimeElapsedColumn

from installation import models
from installation.dream.latent_bank import LatentBank, logits_of_choice, openings_folder, shipped_bank_path
from installation.models.interfaces import Floats, Generator, Latents, ModelPlace, Perceptor, Size, slices
from installation.render.still import write_png
from installation.training.data.lexicon import spoken
from installation.training.image_quality import beauty, presentable

BATCH = 16
SURPLUS = 1.25  # latents drawn for every one kept
SWEEPS = 8  # of all groups, until their ranks agree
OPENING_SIZE = (360, 640)  # of a generator that is free in size: wide, as most stages are
ON_SHEET = 60  # candidates for opening pictures that are drawn


def build_bank(
    generator: Generator,
    perceptor: Perceptor,
    n: int,
    seed: int,
    progress: Callable[[float], None] = lambda _share: None,
    device: str = "cpu",
) -> LatentBank:
    """`n` entries in order of beauty, each with one class in each group. Minutes on a CPU.

    `progress` is told the share that is done, 0..1.
    """
    drawn = generator.sample(round(n * SURPLUS), seed)
    z = drawn.z.astype(np.float16)
    classes = np.stack([drawn.classes[:, where].argmax(axis=1) for where in slices(generator.groups)], axis=1)
    embeddings, worth = _look(generator, perceptor, z, classes, progress, device)
    fair = fairly(worth, classes)
    kept = np.argsort(-fair, kind="stable")[:n]
    kept = kept[np.isfinite(fair[kept])]
    labels = perceptor.embed_text([spoken(group.name, label) for group in generator.groups for label in group.labels])
    return LatentBank(
        generator.name,
        perceptor.name,
        z[kept],
        classes[kept].astype(np.int16),
        embeddings[kept].astype(np.float16),
        labels.astype(np.float16),
    )


def fairly(worth: Floats, classes: NDArray[np.intp]) -> Floats:
    """How beautiful each picture is among those of its own classes; [n] and [n, groups] -> [n] in 0..1.

    Flames and sunsets are colourful in every picture: without this they would be all that is ever wandered through.
    Group after group, and over again, beauty becomes the rank among the pictures of the same class, until the best
    eighth is mixed as the whole is. What is not presentable (-inf) stays so.
    """
    fair = worth.astype(np.float32)
    seen = np.isfinite(worth)
    for column in list(range(classes.shape[1])) * SWEEPS:
        for index in np.unique(classes[seen, column]):
            same = np.flatnonzero(seen & (classes[:, column] == index))
            fair[same[np.argsort(fair[same], kind="stable")]] = (np.arange(len(same)) + 0.5) / len(same)
    return fair


def build(
    generator: str, perceptor: str, entries: int, seed: int, openings: list[int] | None, sheet: Path | None
) -> None:
    """The Bank of an embedded generator, into the assets; opening pictures and a sheet of candidates if asked for.

    Raises ShowError if a model is unknown or not here.
    """
    maker, bank = _built(generator, perceptor, entries, seed, models.default_place())
    folder = models.default_place().assets
    path = shipped_bank_path(maker.name, folder)
    _save(bank, path)
    if sheet is not None:
        draw_sheet(maker, bank, range(min(ON_SHEET, len(bank))), sheet)
    if openings:
        write_openings(maker, bank, openings, openings_folder(maker.name, folder))


def build_own(generator: str, perceptor: str, entries: int, seed: int, place: ModelPlace) -> Path:
    """The Bank of fetched models, beside them; returns its file. Raises ShowError if a model is unknown or not here."""
    _, bank = _built(generator, perceptor, entries, seed, place)
    path = models.bank_file(*bank.model_names, place.cache)
    _save(bank, path)
    return path


def _built(generator: str, perceptor: str, entries: int, seed: int, place: ModelPlace) -> tuple[Generator, LatentBank]:
    generator, perceptor = models.choose(generator, perceptor, place)
    maker = models.load_generator(generator, place)
    seer = models.load_perceptor(perceptor, place)
    with Progress(*Progress.get_default_columns(), TimeElapsedColumn()) as progress:
        task = progress.add_task(f"{entries} pictures of {generator}")
        bank = build_bank(
            maker, seer, entries, seed, lambda share: progress.update(task, completed=100.0 * share), place.device
        )
    return maker, bank


def _save(bank: LatentBank, path: Path) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part.npz")
    bank.save(unfinished)
    unfinished.replace(path)
    print(f"{path}: {len(bank)} entries, {path.stat().st_size / 1e6:.2f} MB")


def write_openings(generator: Generator, bank: LatentBank, entries: list[int], folder: Path) -> None:
    """The opening pictures, numbered, and `openings.npz` with the latents that they show.

    Large ones are JPEGs, with full colour, since ten PNGs of soft gradients weigh two megabytes.
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


def draw_sheet(generator: Generator, bank: LatentBank, entries: range, path: Path, columns: int = 6) -> None:
    """Entries side by side, to be chosen from by eye."""
    size: Size | None = (144, 256) if generator.resolution_free else None
    pictures = [generator.paint(bank.point(entry, generator.groups), size) for entry in entries]
    pictures += [np.zeros_like(pictures[0])] * (-len(pictures) % columns)
    rows = [np.concatenate(pictures[i : i + columns], axis=1) for i in range(0, len(pictures), columns)]
    write_png(path, np.concatenate(rows), {})


def _look(
    generator: Generator,
    perceptor: Perceptor,
    z: NDArray[np.float16],
    classes: NDArray[np.intp],
    progress: Callable[[float], None],
    device: str,
) -> tuple[Floats, Floats]:
    """Embeddings [n, d] and beauty [n] of latents as the Bank keeps them; minus infinity for what nobody should see."""
    embeddings, worth = [], []
    with torch.inference_mode():
        for begin in range(0, len(z), BATCH):
            rows = slice(begin, begin + BATCH)
            logits = torch.from_numpy(logits_of_choice(classes[rows], generator.groups)).to(device)
            latents = Latents(torch.from_numpy(z[rows].astype(np.float32)).to(device), logits)
            pictures = generator.render(latents, perceptor.input_size).float()
            embeddings.append(perceptor.embed_image(pictures).float().cpu().numpy())
            worth.append(torch.where(presentable(pictures), beauty(pictures), -torch.inf).cpu().numpy())
            progress(min(begin + BATCH, len(z)) / len(z))
    return np.concatenate(embeddings), np.concatenate(worth)
