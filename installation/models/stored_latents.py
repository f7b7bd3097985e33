"""Stored latents: points of a generator's latent space in files, so that a picture can be shown again exactly.

Two formats are read. A `.safetensors` file holds z, class logits and where they come from. The CLIP+BigGAN workshop
notebooks store a pair of text files instead, written by `np.savetxt`: `NAME_noise.txt` with the unclamped z and
`NAME_class.txt` with the class logits. Needs no torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np

from installation.core.errors import ShowError
from installation.core.paths import write_whole
from installation.models.capabilities import Grown, z_shapes
from installation.models.interfaces import Floats, Generator, Latents, Point

SUFFIX = ".safetensors"
NOISE, CLASS = "_noise.txt", "_class.txt"
METADATA_KEY = "laterna"  # one key with JSON, because safetensors writes several keys in a random order
MAX_BYTES = 64 << 20  # of a file; a pair of BigGAN's is 30 KB
MAX_AXES = 5  # of z with its batch: Fourier coefficients have as many


@dataclass(frozen=True)
class StoredLatents:
    """Latents with their origin.

    Attributes:
        point: One or more points.
        generator: The name of their generator; "" for files of the notebooks, which do not say it.
        settings: How they were made, such as `prompt` and `seed`.
    """

    point: Point
    generator: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)

    def point_for(self, generator: Generator, path: Path) -> Point:
        """Return the point, checked against the generator that is to show it; `path` names the file in messages.

        Raises:
            ShowError: The latents belong to another generator, or have other sizes.
        """
        if self.generator not in ("", generator.name):
            raise ShowError(
                f"{path} holds latents of '{self.generator}', not of '{generator.name}': "
                f"choose the generator '{self.generator}', or make the picture again."
            )
        classes = sum(len(group.labels) for group in generator.groups)
        if isinstance(generator, Grown) and (grown := generator.from_earlier(self.point)) is not None:
            return grown
        if self.point.z.shape[1:] not in z_shapes(generator) or self.point.classes.shape[1:] != (classes,):
            raise ShowError(
                f"{path} holds {_numbers(self.point.z)} of noise and {_numbers(self.point.classes)} of classes; "
                f"'{generator.name}' needs {' x '.join(map(str, z_shapes(generator)[0]))} and {classes}."
            )
        return self.point


def check_suffix(path: Path) -> None:
    """Raise ShowError if `path` does not have the suffix of a file of latents, or is a folder."""
    if path.suffix.lower() != SUFFIX or path.is_dir():
        raise ShowError(f"Latents are written to a {SUFFIX} file: {path.with_suffix(SUFFIX)}, not {path}.")


def save_latents(path: Path, stored: StoredLatents) -> None:
    """Write latents as safetensors; the same latents give the same bytes.

    Raises:
        OSError: The file cannot be written.
    """
    from safetensors.numpy import save

    tensors = {"z": stored.point.z, "classes": stored.point.classes}
    contiguous = {name: np.ascontiguousarray(values, np.float32) for name, values in tensors.items()}
    about = {"generator": stored.generator, "settings": dict(stored.settings)}
    write_whole(path, save(contiguous, {METADATA_KEY: json.dumps(about, sort_keys=True, ensure_ascii=False)}))


def save_notebook_latents(stem: Path, point: Point) -> tuple[Path, Path]:
    """Write one point as the notebooks do: `stem_noise.txt` and `stem_class.txt`, one number a line.

    A z for each layer becomes one row for each layer, which `read_latents` reads back.

    Raises:
        OSError: A file cannot be written.
    """
    noise, classes = (stem.with_name(stem.name + ending) for ending in (NOISE, CLASS))
    for path, values in ((noise, point.z[0]), (classes, point.classes[0])):
        text = BytesIO()
        np.savetxt(text, values)
        write_whole(path, text.getvalue())
    return noise, classes


def read_latents(path: Path) -> StoredLatents:
    """Read stored latents of either format; a pair of text files is named by either file, or without the ending.

    Raises:
        ShowError: The file is missing, damaged, or holds something else.
    """
    pair = _notebook_pair(path)
    if pair is not None:
        z, classes = (_read_numbers(each) for each in pair)
        layered = z[None] if z.ndim == 2 and z.shape[1] > 1 else z.reshape(1, -1)
        return StoredLatents(Latents(layered, classes.reshape(1, -1)))
    if path.suffix.lower() != SUFFIX:
        raise ShowError(f"{path} is not a file of latents: name a {SUFFIX} file, or a pair *{NOISE} and *{CLASS}.")
    return _read_safetensors(path)


def _notebook_pair(path: Path) -> tuple[Path, Path] | None:
    """Return the two files of the notebooks that `path` means, or None for another format."""
    for ending in (NOISE, CLASS, ""):
        if path.name.endswith(ending):
            stem = path.name.removesuffix(ending)
            pair = path.with_name(stem + NOISE), path.with_name(stem + CLASS)
            if ending or all(each.is_file() for each in pair):
                return pair
    return None


def _read_numbers(path: Path) -> Floats:
    data = _read_bytes(path)
    if not data.strip():
        raise ShowError(f"{path} is empty.")
    try:
        values = np.loadtxt(data.decode("utf-8").splitlines(), dtype=np.float32)
    except (ValueError, UnicodeDecodeError):
        raise ShowError(f"{path} is not a file of the notebooks: each line should hold numbers.") from None
    if not _finite(values):
        raise ShowError(f"{path} holds numbers that are not finite.")
    return values


def _read_safetensors(path: Path) -> StoredLatents:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    data = _read_bytes(path)
    try:
        tensors = load(data)
        about = json.loads(json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"][METADATA_KEY])
        z, classes = (np.asarray(tensors[name], np.float32) for name in ("z", "classes"))
        settings = {str(key): str(value) for key, value in about["settings"].items()}
        stored = StoredLatents(Latents(z, classes), str(about["generator"]), settings)
    except (SafetensorError, KeyError, ValueError, TypeError, AttributeError):
        raise ShowError(f"{path} holds no latents of Laterna, or it is damaged or cut short.") from None
    if not 2 <= z.ndim <= MAX_AXES or classes.ndim != 2 or not len(z) == len(classes) > 0 or not _finite(z, classes):
        raise ShowError(f"{path} holds no usable latents: their sizes or numbers are wrong.")
    return stored


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise ShowError(f"{path} is too large for a file of latents.")
        return path.read_bytes()
    except OSError as error:
        raise ShowError(f"The latents {path} cannot be read: {error.strerror}.") from None


def _finite(*arrays: Floats) -> bool:
    return all(bool(np.isfinite(values).all()) for values in arrays)


def _numbers(values: Floats) -> str:
    return " x ".join(map(str, values.shape[1:])) + " numbers"
