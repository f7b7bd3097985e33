"""A set of rendered images on disk: memory-mapped, rendered by one or several processes, resumable.

A folder holds `renders.json` (what was rendered), `pictures.npy` (uint8 [count, size, size, 3]), `classes.npy` (int16
[count, groups], indices within each group), `z.npy` (float16 [count, z_dim]) and `done.npy` (a flag for each chunk).
Each chunk has its own seed, so an interrupted set that is resumed has the same content as an uninterrupted one.
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
from installation.training.data.scene_sampler import draw_scenes, sample_scenes

SIZE = 64  # pixels
CHUNK = 512  # images with one seed
BATCH = 16  # images rendered at once, with one phase
SORT_GROUPS = ("detail", "weather", "terrain")  # the last is the first key: similar scenes of a batch share layers
MAX_PHASE = 600.0  # seconds
SPEC, DONE = "renders.json", "done.npy"

Spec = dict[str, Any]  # the content of renders.json


@dataclass(frozen=True)
class RenderStore:
    """Rendered images with their latents, memory-mapped and read-only."""

    groups: tuple[Group, ...]
    images: NDArray[np.uint8]  # [count, size, size, 3]
    classes: NDArray[np.int16]  # [count, groups]
    z: NDArray[np.float16]  # [count, z_dim]

    def __len__(self) -> int:
        return len(self.images)

    def labels(self, row: int) -> dict[str, str]:
        """The class labels of one image, by group name."""
        return {group.name: group.labels[i] for group, i in zip(self.groups, self.classes[row], strict=True)}

    def latents(self, rows: NDArray[np.intp] | slice) -> Latents[Floats]:
        """The latents that the images were rendered from."""
        classes, where = self.classes[rows], slices(self.groups)
        weights = np.zeros((len(classes), where[-1].stop), np.float32)
        np.put_along_axis(weights, classes + np.array([one.start for one in where]), 1.0, axis=1)
        return Latents(self.z[rows].astype(np.float32), logits_of(weights))


def render_images(
    generator: Generator,
    count: int,
    seed: int,
    folder: Path,
    *,
    size: int = SIZE,
    processes: int = 1,
    balanced: bool = True,
    chunk: int = CHUNK,
) -> RenderStore:
    """Render `count` scenes into a folder, or those that are missing, and open it.

    Every other chunk is rendered at twice the size and averaged, as a perceptor sees images during optimisation. Each
    batch has its own phase. Each process uses one thread.

    Args:
        generator: A generator of classified scenes.
        count: Number of images.
        seed: Seed of the scenes; the same seed gives the same images, whatever `processes`.
        folder: Created if necessary.
        size: Side of an image in pixels.
        processes: Number of processes that render.
        balanced: Draw every class about equally often; else sample from the generator's own distribution.
        chunk: How many images have one seed.

    Raises:
        ShowError: The folder holds another set, or a process failed.
    """
    spec = _spec_of(generator, count, seed, size, balanced, chunk)
    if not (folder / SPEC).exists():
        _create(folder, spec, generator)
    if _read_spec(folder) != spec:
        raise ShowError(f"{folder} holds another set of images: delete it or choose another folder.")
    if not np.load(folder / DONE).all():
        if processes == 1:
            _render_chunks(generator, folder, spec, 0, 1)
        else:
            _render_in_processes(generator, folder, spec, processes)
    return open_renders(folder)


def open_renders(folder: Path) -> RenderStore:
    """Open a finished set of images.

    Raises:
        ShowError: There is no set in the folder, or it is not finished.
    """
    if not (folder / SPEC).is_file() or not np.load(folder / DONE).all():
        raise ShowError(f"{folder} holds no finished set of images.")
    groups = tuple(Group.from_row(row) for row in _read_spec(folder)["groups"])
    images, classes, z = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("pictures", "classes", "z"))
    return RenderStore(groups, images, classes, z)


def to_tensor(images: NDArray[np.uint8]) -> torch.Tensor:
    """Convert uint8 [n, h, w, 3] to float32 [n, 3, h, w] in 0..1."""
    return torch.from_numpy(np.array(images)).permute(0, 3, 1, 2).float().div_(255)


def _to_bytes(images: torch.Tensor) -> NDArray[np.uint8]:
    """Convert [n, 3, h, w] in 0..1 to uint8 [n, h, w, 3]."""
    scaled = images.mul(255).round_().clamp_(0, 255).to(torch.uint8)
    array: Picture = scaled.permute(0, 2, 3, 1).contiguous().numpy()
    return array


def _spec_of(generator: Generator, count: int, seed: int, size: int, balanced: bool, chunk: int) -> Spec:
    groups = [group.to_row() for group in generator.groups]
    spec = {"generator": generator.name, "count": count, "seed": seed, "size": size, "groups": groups}
    return spec | ({} if balanced else {"usual": True}) | ({} if chunk == CHUNK else {"chunk": chunk})


def _read_spec(folder: Path) -> Spec:
    spec: Spec = json.loads((folder / SPEC).read_text(encoding="utf-8"))
    return spec


def _create(folder: Path, spec: Spec, generator: Generator) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    count, size = spec["count"], spec["size"]
    _create_array(folder / "pictures.npy", np.uint8, (count, size, size, 3))
    _create_array(folder / "classes.npy", np.int16, (count, len(generator.groups)))
    _create_array(folder / "z.npy", np.float16, (count, generator.z_dim))
    _create_array(folder / DONE, np.bool_, (-(-count // spec.get("chunk", CHUNK)),))
    (folder / SPEC).write_text(json.dumps(spec, indent=1) + "\n", encoding="utf-8")


def _create_array(path: Path, kind: type[np.generic], shape: tuple[int, ...]) -> None:
    np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=shape).flush()


def _render_in_processes(generator: Generator, folder: Path, spec: Spec, processes: int) -> None:
    context = get_context("spawn")
    workers = [
        context.Process(target=_render_chunks, args=(generator, folder, spec, index, processes), daemon=True)
        for index in range(processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise ShowError(f"A process failed while rendering into {folder}. Finished chunks are kept; run it again.")


def _render_chunks(generator: Generator, folder: Path, spec: Spec, first: int, step: int) -> None:
    """Render every `step`-th chunk, from `first` on, that is not done yet."""
    torch.set_num_threads(1)
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r+") for name in ("pictures", "classes", "z", "done")}
    for chunk in range(first, len(arrays["done"]), step):
        if not arrays["done"][chunk]:
            _render_chunk(generator, spec, chunk, arrays)


def _render_chunk(generator: Generator, spec: Spec, chunk: int, arrays: dict[str, NDArray[Any]]) -> None:
    images_each = spec.get("chunk", CHUNK)
    rows = slice(chunk * images_each, min((chunk + 1) * images_each, spec["count"]))
    n, size = rows.stop - rows.start, spec["size"]
    seed = int(np.random.SeedSequence([spec["seed"], chunk]).generate_state(1)[0])
    latents = sample_scenes(generator, n, seed) if spec.get("usual") else draw_scenes(generator, n, seed)
    classes = np.stack([latents.classes[:, where].argmax(axis=1) for where in slices(generator.groups)], axis=1)
    phases = np.random.default_rng(seed).uniform(0.0, MAX_PHASE, -(-n // BATCH))
    images = np.empty((n, size, size, 3), np.uint8)
    keys = [column for name in SORT_GROUPS for column, group in enumerate(generator.groups) if group.name == name]
    order = np.lexsort(classes[:, keys].T) if keys else np.arange(n)
    for phase, batch in zip(phases, np.array_split(order, len(phases)), strict=True):
        images[batch] = _render_batch(generator, latents[batch], float(phase), size, supersampled=chunk % 2 == 1)
    arrays["pictures"][rows], arrays["classes"][rows], arrays["z"][rows] = images, classes, latents.z
    for array in arrays.values():
        array.flush()  # type: ignore[attr-defined]  # they are memory-mapped
    arrays["done"][chunk] = True


def _render_batch(
    generator: Generator, latents: Latents[Floats], phase: float, size: int, supersampled: bool
) -> NDArray[np.uint8]:
    rendered_size = (2 * size if supersampled else size) if generator.resolution_free else None
    with torch.inference_mode():
        tensors = Latents(torch.from_numpy(latents.z), torch.from_numpy(latents.classes))
        return _to_bytes(resized(generator.render(tensors, rendered_size, phase), size))
