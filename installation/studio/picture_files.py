"""Picture files: PNG, JPEG and WebP with the settings inside that made them, and pictures of other programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from installation.core.errors import ShowError
from installation.core.param_table import MAX_SEED
from installation.core.paths import write_whole
from installation.models.image_files import exif_of, open_image
from installation.models.interfaces import Picture
from installation.render.png_file import write_png

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
QUALITY = 92  # of JPEG and WebP
SETTINGS_KEYWORD = "Laterna"  # of the PNG text chunk
IMAGE_DESCRIPTION = 0x010E  # the EXIF tag that holds the settings in JPEG and WebP

Settings = Mapping[str, str]


class Repeatable(NamedTuple):
    """How `imagine` made a picture: all settings, and those that are not texts."""

    settings: Settings
    seed: int
    steps: int
    assignments: tuple[str, ...]


def check_suffix(path: Path) -> None:
    """Raise ShowError if `path` does not have the suffix of a picture that can be written, or is a folder."""
    if path.is_dir():
        raise ShowError(f"{path} is a folder: name a picture file with -o.")
    if path.suffix.lower() not in SUFFIXES:
        raise ShowError(f"A picture is a PNG, JPEG or WebP file: -o {path.with_suffix('.png')}, not {path}.")


def write_picture(path: Path, picture: Picture, settings: Settings) -> None:
    """Write a picture [height, width, 3] in the format of the suffix, with the settings inside.

    Raises:
        OSError: The file cannot be written.
        ShowError: The suffix is not that of a picture.
    """
    check_suffix(path)
    text = json.dumps(dict(settings), ensure_ascii=True, sort_keys=True)
    if path.suffix.lower() == ".png":
        title = {"Title": settings["prompt"]} if settings.get("prompt") else {}
        write_png(path, picture, {**title, "Software": "Laterna", SETTINGS_KEYWORD: text})
        return
    exif = Image.Exif()
    exif[IMAGE_DESCRIPTION] = text
    kind = "WEBP" if path.suffix.lower() == ".webp" else "JPEG"
    file = BytesIO()
    Image.fromarray(picture).save(file, kind, quality=QUALITY, exif=exif.tobytes())
    write_whole(path, file.getvalue())


def read_settings(path: Path) -> dict[str, str]:
    """Read the settings of a picture that Laterna wrote.

    Raises:
        ShowError: The file is not a picture, or no settings are in it.
    """
    image = open_image(path)
    text = image.info.get(SETTINGS_KEYWORD) or exif_of(image).get(IMAGE_DESCRIPTION, "")
    try:
        found = json.loads(str(text))
        return {str(key): str(value) for key, value in found.items()}
    except (ValueError, AttributeError):
        raise ShowError(f"{path} holds no settings of Laterna: another program has made or changed it.") from None


def repeatable_settings(path: Path) -> Repeatable:
    """Read what `imagine --like` repeats.

    Raises:
        ShowError: The file is not a picture that `imagine` has made, or its settings are damaged.
    """
    found = read_settings(path)
    try:
        return _repeatable(found)
    except (KeyError, ValueError, TypeError, RecursionError):
        raise ShowError(f"{path} does not say how to repeat it: name a picture that `imagine` has made.") from None


def _repeatable(settings: Settings) -> Repeatable:
    seed, steps, assignments = int(settings["seed"]), int(settings["steps"]), json.loads(settings["set"])
    if not (0 <= seed <= MAX_SEED and steps >= 0 and all(isinstance(each, str) for each in assignments)):
        raise ValueError("out of range")
    return Repeatable(settings, seed, steps, tuple(assignments))


def fit_picture(picture: Picture, size: tuple[int, int]) -> Picture:
    """Scale a picture (Lanczos) so that it fills (height, width); what protrudes is cut off evenly."""
    height, width = size
    if picture.shape[:2] == size:
        return picture
    scale = max(height / picture.shape[0], width / picture.shape[1])
    inner = max(width, round(picture.shape[1] * scale)), max(height, round(picture.shape[0] * scale))
    scaled = np.asarray(Image.fromarray(picture).resize(inner, Image.Resampling.LANCZOS))
    left, top = (inner[0] - width) // 2, (inner[1] - height) // 2
    return np.ascontiguousarray(scaled[top : top + height, left : left + width])


def safe_name(text: str, limit: int = 60) -> str:
    """Return a file name for a prompt that every system accepts: letters, digits and hyphens of any script."""
    kept = "".join(character if character.isalnum() else "-" for character in text.casefold())
    parts = "-".join(part for part in kept.split("-") if part)
    while len(parts.encode()) > limit:
        parts = parts[:-1]
    return parts.rstrip("-") or "picture"
