"""Reads pictures of other programs, within bounds."""

from __future__ import annotations

import struct
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from installation.core.errors import ShowError
from installation.models.interfaces import Picture

MAX_PIXELS = 120_000_000
ORIENTATION = 0x0112  # the EXIF tag of how a camera was held
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def open_image(path: Path) -> Image.Image:
    """Open a picture without decoding it.

    Raises:
        ShowError: The file is missing, too large, or not a picture.
    """
    try:
        image = Image.open(BytesIO(path.read_bytes()))
    except UnidentifiedImageError:
        raise ShowError(f"{path} is not a picture, or it is damaged.") from None
    except OSError as error:
        raise ShowError(f"The picture {path} cannot be read: {error.strerror or error}.") from None
    except Image.DecompressionBombError:
        raise ShowError(f"The picture {path} is too large.") from None
    if image.width * image.height > MAX_PIXELS:
        raise ShowError(f"The picture {path} is too large: at most {MAX_PIXELS // 1_000_000} megapixels.")
    return image


def exif_of(image: Image.Image) -> dict[int, Any]:
    """The EXIF tags of a picture: none if they are damaged, which does the picture no harm."""
    with warnings.catch_warnings(action="ignore", category=UserWarning):
        try:
            return dict(image.getexif())
        except (SyntaxError, ValueError, struct.error):
            return {}


def read_image(path: Path) -> Picture:
    """Read a picture as [height, width, 3], upright as its camera says; transparent parts are on black.

    Raises:
        ShowError: The file is missing, damaged, or not a picture.
    """
    image = open_image(path)
    try:
        image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ShowError(f"The picture {path} is damaged or cut short: {error}.") from None
    turn = _TURNS.get(exif_of(image).get(ORIENTATION, 1))
    image = image if turn is None else image.transpose(turn)
    if image.mode.startswith("I"):  # grey of 16 bits, which Pillow would cut off at 255
        image = Image.fromarray((np.asarray(image).clip(0, 65_535) // 257).astype(np.uint8))
    if "transparency" in image.info or image.mode.endswith("A"):
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, (0, 0, 0, 255)), layer)
    return np.asarray(image.convert("RGB"), np.uint8)
