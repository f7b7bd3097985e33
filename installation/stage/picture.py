"""Pictures of the stage: pixels with a coarse grid of samples, scaling, and picture files."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray

from installation.stage.upscale import sharpen, should_sharpen

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Pixels = Bytes | Floats

UNREADABLE = (OSError, pygame.error)  # what `read_picture` raises
GRID_HEIGHT, GRID_WIDTH = 36, 64  # sample points over a picture


@dataclass(frozen=True, eq=False)
class DecodedPicture:
    """Immutable pixels and a grid of samples that stands for them where a whole picture would cost too much.

    Attributes:
        pixels: [height, width, 3], 0..255.
        samples: [36, 64, 3], 0..255; the pixels at the centres of the cells of a regular grid.
    """

    pixels: Pixels
    samples: Floats

    @classmethod
    def from_pixels(cls, pixels: Pixels) -> DecodedPicture:
        """Wraps `pixels` [height, width, 3] without a copy; the caller must not write to them afterwards."""
        height, width = pixels.shape[:2]
        rows = _centres(GRID_HEIGHT, height)
        columns = _centres(GRID_WIDTH, width)
        return cls(pixels, pixels[rows[:, None], columns[None, :]].astype(np.float32))

    @classmethod
    def black(cls, height: int, width: int) -> DecodedPicture:
        """A black picture."""
        return cls.from_pixels(np.zeros((height, width, 3), np.uint8))

    def resized(self, height: int, width: int) -> DecodedPicture:
        """The picture in another size (bilinear); `self` if it has that size."""
        if self.pixels.shape[:2] == (height, width):
            return self
        return DecodedPicture.from_pixels(resize(self.pixels, height, width))


def _centres(points: int, length: int) -> NDArray[np.intp]:
    return ((np.arange(points) + 0.5) * length / points).astype(np.intp)


def resize(pixels: Pixels, height: int, width: int) -> Floats:
    """Bilinear resampling with aligned centres and repeated edges. [h, w, 3] -> [height, width, 3]."""
    result = pixels.astype(np.float32)
    for axis, length in ((0, height), (1, width)):
        old = result.shape[axis]
        position = np.clip((np.arange(length) + 0.5) * old / length - 0.5, 0, old - 1)
        low = np.minimum(position.astype(np.intp), max(old - 2, 0))
        high = np.minimum(low + 1, old - 1)
        shape = [1, 1, 1]
        shape[axis] = length
        share = (position - low).astype(np.float32).reshape(shape)
        result = np.take(result, low, axis) * (1 - share) + np.take(result, high, axis) * share
    return result


def prepare(picture: Bytes, stage_height: int) -> Bytes:
    """Scales a picture [h, w, 3] down to the height of the stage, or sharpens it if the stage enlarges it.

    Detail finer than the stage cannot be seen, and would cost time in every presented frame.
    """
    height, width = picture.shape[:2]
    if height > stage_height:
        size = (max(1, round(width * stage_height / height)), stage_height)
        return _to_array(pygame.transform.smoothscale(_to_surface(picture), size))
    return sharpen(picture) if should_sharpen(height, width, stage_height) else picture


def read_picture(path: Path) -> Bytes:
    """Reads a PNG or JPEG file as [height, width, 3].

    Raises:
        OSError, pygame.error: The file cannot be read, or is not a picture; see `UNREADABLE`.
    """
    return _to_array(pygame.image.load(BytesIO(path.read_bytes()), path.name))


def write_picture(path: Path, picture: Bytes) -> None:
    """Writes `picture` [height, width, 3] as a PNG file and creates missing folders.

    Raises:
        OSError: The file cannot be written.
    """
    file = BytesIO()
    pygame.image.save(_to_surface(picture), file, "picture.png")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.getvalue())


def _to_surface(picture: Bytes) -> pygame.Surface:
    return pygame.image.frombytes(picture.tobytes(), (picture.shape[1], picture.shape[0]), "RGB")


def _to_array(surface: pygame.Surface) -> Bytes:
    flat = np.frombuffer(pygame.image.tobytes(surface, "RGB"), np.uint8)
    return flat.reshape(surface.get_height(), surface.get_width(), 3)
