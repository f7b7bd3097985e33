"""What is to be seen in a picture, measured by colour and light alone; no model looks."""

from __future__ import annotations

import colorsys
from collections.abc import Callable

import numpy as np

from installation.models.interfaces import Floats, Picture


def luminance(picture: Picture) -> Floats:
    """Relative luminance of sRGB bytes (Rec. 709). [h, w, 3] -> [h, w], 0..1"""
    value = picture.astype(np.float32) / 255.0
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    light: Floats = (linear @ np.array([0.2126, 0.7152, 0.0722])).astype(np.float32)
    return light


def hue_saturation_value(picture: Picture) -> tuple[Floats, Floats, Floats]:
    """Hue in degrees, saturation and value in 0..1, each [h, w]."""
    value = picture.astype(np.float32) / 255.0
    high, low = value.max(axis=2), value.min(axis=2)
    spread = np.maximum(high - low, 1e-6)
    red, green, blue = np.moveaxis(value, 2, 0)
    sector = np.where(
        high == red,
        (green - blue) / spread,
        np.where(high == green, 2.0 + (blue - red) / spread, 4.0 + (red - green) / spread),
    )
    hue = (60.0 * sector) % 360.0
    return hue.astype(np.float32), ((high - low) / np.maximum(high, 1e-6)).astype(np.float32), high


def of_hue(middle: float, width: float) -> Callable[[Picture], float]:
    """The share of a picture's colour (chroma) that lies within `width` degrees of a hue, times how coloured it is."""

    def share(picture: Picture) -> float:
        hue, saturation, value = hue_saturation_value(picture)
        near = np.abs((hue - middle + 180.0) % 360.0 - 180.0) <= width
        return float((saturation * value * near).mean())

    return share


def night(picture: Picture) -> float:
    """How dark it is: the sky and all else, brightest tenth apart, so that a moon may shine."""
    light = np.sort(luminance(picture).ravel())
    return 1.0 - float(np.sqrt(light[: int(0.9 * light.size)].mean()))


def day(picture: Picture) -> float:
    """How bright it is: mean perceived lightness."""
    return float(np.sqrt(luminance(picture)).mean())


def fire(picture: Picture) -> float:
    """The share of the picture that is glowing orange: hue 5 to 50, strong colour, bright."""
    hue, saturation, value = hue_saturation_value(picture)
    glows = (hue >= 5.0) & (hue <= 50.0) & (saturation > 0.55) & (value > 0.6)
    return float(glows.mean())


def snow(picture: Picture) -> float:
    """White speckle: the share of pixels that are hardly coloured and lighter than all that lies around them.

    The eight places around are a fortieth of the height away: an edge or a streak is as light as itself on at least
    one side, a flake is not.
    """
    light = np.sqrt(luminance(picture))
    _, saturation, _ = hue_saturation_value(picture)
    reach = max(picture.shape[0] // 40, 2)
    return float(((light - _brightest_around(light, reach) > 0.1) & (saturation < 0.4)).mean())


def _brightest_around(values: Floats, reach: int) -> Floats:
    """The largest of the eight values that lie `reach` pixels away, straight and diagonally."""
    height, width = values.shape
    padded = np.pad(values, reach, mode="edge")
    steps = (0, reach, 2 * reach)
    places = [(y, x) for y in steps for x in steps if (y, x) != (reach, reach)]
    around: Floats = np.max([padded[y : y + height, x : x + width] for y, x in places], axis=0)
    return around


def _hue(digits: str) -> float:
    red, green, blue = (value / 255.0 for value in bytes.fromhex(digits))
    return 360.0 * colorsys.rgb_to_hsv(red, green, blue)[0]


MEASURES: dict[str, Callable[[Picture], float]] = {
    "red": of_hue(_hue("e0101c"), 18.0),
    "blue": of_hue(_hue("1060e0"), 30.0),
    "green": of_hue(_hue("20b070"), 40.0),
    "gold": of_hue(_hue("e8a820"), 16.0),
    "night": night,
    "day": day,
    "fire": fire,
    "snow": snow,
}
