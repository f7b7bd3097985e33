"""Pictures from files, to files, and to the size that the stage can use."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray

from installation.stage.upscale import sharpened, worth_sharpening


def read_picture(path: Path) -> NDArray[np.uint8]:
    """A picture file (PNG, JPEG) as [h, w, 3]. Raises OSError, or pygame.error if it is no picture."""
    return _array(pygame.image.load(BytesIO(path.read_bytes()), path.name))


def write_picture(path: Path, picture: NDArray[np.uint8]) -> None:
    """Keeps `picture` [h, w, 3] as a PNG, in a folder that is made if need be. Raises OSError."""
    file = BytesIO()
    pygame.image.save(_surface(picture), file, "picture.png")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.getvalue())


def prepared(picture: NDArray[np.uint8], stage_height: int) -> NDArray[np.uint8]:
    """`picture` [h, w, 3] as the stage eases it: no higher than the stage, and crisper if it will be much enlarged.

    What is finer than the stage would cost time at every presented frame and could not be seen.
    """
    height, width = picture.shape[:2]
    if height > stage_height:
        size = (max(1, round(width * stage_height / height)), stage_height)
        return _array(pygame.transform.smoothscale(_surface(picture), size))
    return sharpened(picture) if worth_sharpening(height, width, stage_height) else picture


def _surface(picture: NDArray[np.uint8]) -> pygame.Surface:
    return pygame.image.frombytes(picture.tobytes(), (picture.shape[1], picture.shape[0]), "RGB")


def _array(surface: pygame.Surface) -> NDArray[np.uint8]:
    flat = np.frombuffer(pygame.image.tobytes(surface, "RGB"), np.uint8)
    return flat.reshape(surface.get_height(), surface.get_width(), 3)
