"""Reads pictures of other programs, within bounds."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from installation.core.errors import ShowError
from installation.models.interfaces import Picture

MAX_PIXELS = 120_000_000


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


def read_image(path: Path) -> Picture:
    """Read a picture as [height, width, 3]; transparent parts are on black.

    Raises:
        ShowError: The file is missing, damaged, or not a picture.
    """
    image = open_image(path)
    try:
        image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ShowError(f"The picture {path} is damaged or cut short: {error}.") from None
    if "transparency" in image.info or image.mode.endswith("A"):
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, (0, 0, 0, 255)), layer)
    return np.asarray(image.convert("RGB"), np.uint8)
