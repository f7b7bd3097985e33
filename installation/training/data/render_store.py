"""A store of rendered pictures on disk: memory-mapped, made in shares by one or several processes, resumable.

A folder holds `renders.json` (what it is), `pictures.npy` (uint8 [count, size, size, 3]), `classes.npy` (int16
[count, groups], places in each group), `z.npy` (float16 [count, z_dim]) and `done.npy` (a flag for each chunk). Each
chunk has a seed of its own, so the same folder comes out however often its making was broken off.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from installation.core.errors import ShowError
from installation.models.interfaces import Floats, Generator, Group, Latents, Picture, logits_of, slices
from installation.models.resize import resized
from installation.training.data.scene_sampler import draw_scenes, usual_scenes

SIZE = 64  # pixels
CHUNK = 512  # pictures with one seed
BATCH = 16  # pictures painted at once, of one phase
SORTED_BY = ("detail", "weather", "terrain")  # the last first: scenes of one batch then have layers in common
PHASES = 600.0  # seconds among which a phase is drawn
ABOUT = "renders.json"


@dataclass(frozen=True)
class RenderStore:
    """What `render_set` made: pictures and their classes, memory-mapped, read-only."""

    groups: tuple[Group, ...]
    pictures: NDArray[np.uint8]  # [count, size, size, 3]
    classes: NDArray[np.int16]  # [count, groups]
    z: NDArray[np.float16]  # [count, z_dim]

    def __len__(self) -> int:
        return len(self.pictures)

    def labels(self, row: int) -> dict[str, str]:
        """The classes of one picture by the names of their groups."""
        return {group.name: group.labels[i] for group, i in zip(self.groups, self.classes[row], strict=True)}

    def latents(self, rows: NDArray[np.intp] | slice) -> Latents[Floats]:
        """The latents that were painted."""
        chosen, where = self.classes[rows], slices(self.groups)
        weights = np.zeros((len(chosen), where[-1].stop), np.float32)
        np.put_along_axis(weights, chosen + np.array([one.start for one in where]), 1.0, axis=1)
        return Latents(self.z[rows].astype(np.float32), logits_of(weights))


def render_set(
    generator: Generator,
    count: int,
    seed: int,
    folder: Path,
    size: int = SIZE,
    processes: int = 1,
    usual: bool = False,
) -> RenderStore:
    """Paint `count` scenes of a generator into a folder, or what is missing of them, and open it.

    Scenes are drawn by `scenes.draw_scenes`, or as the generator samples if they shall be `usual`; each batch has a
    phase of its own. Every other chunk is painted at twice the size and averaged, as the dream sees pictures, the rest
    at the size itself. Each process has a single thread.

    Raises:
        ShowError: the folder holds another set.
    """
    about = _about(generator, count, seed, size) | ({"usual": True} if usual else {})
    if not (folder / ABOUT).exists():
        _create(folder, about, generator)
    if json.loads((folder / ABOUT).read_text(encoding="utf-8")) != about:
        raise ShowError(f"{folder} holds another set of pictures: delete it, or name another folder.")
    if not np.load(folder / "done.npy").all():
        if processes == 1:
            _paint_share(generator, folder, about, 0, 1)
        else:
            _paint_in_processes(generator, folder, about, processes)
    return open_renders(folder)


def open_renders(folder: Path) -> RenderStore:
    """A set of pictures that is there.

    Raises:
        ShowError: there is none, or it is not finished.
    """
    if not (folder / ABOUT).is_file() or not np.load(folder / "done.npy").all():
        raise ShowError(f"{folder} holds no finished set of pictures.")
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    groups = tuple(Group(row["name"], tuple(row["labels"]), row["neutral"]) for row in about["groups"])
    pictures, classes, z = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("pictures", "classes", "z"))
    return RenderStore(groups, pictures, classes, z)


def as_bytes(pictures: torch.Tensor) -> NDArray[np.uint8]:
    """[n, 3, h, w] in 0..1 -> [n, h, w, 3] of uint8."""
    scaled = pictures.mul(255).round_().clamp_(0, 255).to(torch.uint8)
    array: Picture = scaled.permute(0, 2, 3, 1).contiguous().numpy()
    return array


def _about(generator: Generator, count: int, seed: int, size: int) -> dict[str, Any]:
    groups = [{"name": one.name, "labels": list(one.labels), "neutral": one.neutral} for one in generator.groups]
    return {"generator": generator.name, "count": count, "seed": seed, "size": size, "groups": groups}


def _create(folder: Path, about: dict[str, Any], generator: Generator) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    count, size = about["count"], about["size"]
    _empty(folder / "pictures.npy", np.uint8, (count, size, size, 3))
    _empty(folder / "classes.npy", np.int16, (count, len(generator.groups)))
    _empty(folder / "z.npy", np.float16, (count, generator.z_dim))
    _empty(folder / "done.npy", np.bool_, (-(-count // CHUNK),))
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _empty(path: Path, kind: type[np.generic], shape: tuple[int, ...]) -> None:
    np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=shape).flush()


def _paint_in_processes(generator: Generator, folder: Path, about: dict[str, Any], processes: int) -> None:
    context = get_context("spawn")
    workers = [
        context.Process(target=_paint_share, args=(generator, folder, about, index, processes), daemon=True)
        for index in range(processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise ShowError(f"A process that painted into {folder} has failed; what is done is kept.")


def _paint_share(generator: Generator, folder: Path, about: dict[str, Any], index: int, shares: int) -> None:
    """Every `shares`-th chunk that is not done yet, beginning with `index`."""
    torch.set_num_threads(1)
    held = {name: np.load(folder / f"{name}.npy", mmap_mode="r+") for name in ("pictures", "classes", "z", "done")}
    for chunk in range(index, len(held["done"]), shares):
        if not held["done"][chunk]:
            _paint_chunk(generator, about, chunk, held)


def _paint_chunk(generator: Generator, about: dict[str, Any], chunk: int, held: dict[str, NDArray[Any]]) -> None:
    rows = slice(chunk * CHUNK, min((chunk + 1) * CHUNK, about["count"]))
    n, size = rows.stop - rows.start, about["size"]
    seed = int(np.random.SeedSequence([about["seed"], chunk]).generate_state(1)[0])
    latents = usual_scenes(generator, n, seed) if about.get("usual") else draw_scenes(generator, n, seed)
    classes = np.stack([latents.classes[:, where].argmax(axis=1) for where in slices(generator.groups)], axis=1)
    phases = np.random.default_rng(seed).uniform(0.0, PHASES, -(-n // BATCH))
    painted = np.empty((n, size, size, 3), np.uint8)
    columns = [column for name in SORTED_BY for column, group in enumerate(generator.groups) if group.name == name]
    order = np.lexsort(classes[:, columns].T) if columns else np.arange(n)
    for phase, some in zip(phases, np.array_split(order, len(phases)), strict=True):
        painted[some] = _painted(generator, latents[some], float(phase), size, doubled=chunk % 2 == 1)
    held["pictures"][rows], held["classes"][rows], held["z"][rows] = painted, classes, latents.z
    for array in held.values():
        array.flush()  # type: ignore[attr-defined]  # they are memory-mapped
    held["done"][chunk] = True


def _painted(
    generator: Generator, latents: Latents[Floats], phase: float, size: int, doubled: bool
) -> NDArray[np.uint8]:
    with torch.inference_mode():
        held = Latents(torch.from_numpy(latents.z), torch.from_numpy(latents.classes))
        drawn = (2 * size if doubled else size) if generator.resolution_free else None
        return as_bytes(resized(generator.render(held, drawn, phase), size))
