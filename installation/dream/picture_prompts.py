"""Pictures as prompts: a part of a prompt may name a file, as in `a fox | photo.png:.5`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from installation.core.errors import ShowError
from installation.core.paths import is_file
from installation.core.prompt_text import looks_like_picture
from installation.models.image_files import read_image
from installation.models.interfaces import Floats, Perceptor


def picture_path(text: str, folder: str) -> Path | None:
    """Return the file that a part of a prompt names; None for words.

    Words come from the public, so that nothing outside of `folder` is opened; with the folder "" no file at all.
    """
    if not folder or not looks_like_picture(text):
        return None
    path = (Path(folder) / text).resolve()
    return path if path.is_relative_to(Path(folder).resolve()) and is_file(path) else None


def picture_problem(path: Path) -> str:
    """Return why a picture cannot be read, or ''."""
    try:
        read_image(path)
    except ShowError as error:
        return str(error)
    return ""


def embed_picture(path: Path, perceptor: Perceptor, device: torch.device) -> Floats:
    """Return the unit embedding of the middle square of a picture. -> [embedding_size].

    Raises:
        ShowError: The file is damaged or not a picture.
    """
    picture = read_image(path)
    side = min(picture.shape[:2])
    top, left = (picture.shape[0] - side) // 2, (picture.shape[1] - side) // 2
    square = np.ascontiguousarray(picture[top : top + side, left : left + side].transpose(2, 0, 1))
    with torch.no_grad():
        row: Floats = perceptor.embed_image(torch.from_numpy(square)[None].to(device).float() / 255.0)[0].numpy(
            force=True
        )
    return row
