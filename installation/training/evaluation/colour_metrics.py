"""Metrics of colour and light that need no model: hues, darkness, brightness, fire and snow."""

from __future__ import annotations

import colorsys
from collections.abc import Callable

import numpy as np

from installation.models.interfaces import Floats, Picture


def luminance(picture: Picture) -> Floats:
    """The relative luminance (Rec. 709) of sRGB bytes: [h, w, 3] -> [h, w] in 0..1."""
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


def hue_share(centre: float, width: float) -> Callable[[Picture], float]:
    """A metric: the mean chroma of an image, counting only hues within `width` degrees of `centre`."""

    def share(picture: Picture) -> float:
        hue, saturation, value = hue_saturation_value(picture)
        near = np.abs((hue - centre + 180.0) % 360.0 - 180.0) <= width
        return float((saturation * value * near).mean())

    return share


def darkness(picture: Picture) -> float:
    """Darkness of all but the brightest tenth of the pixels, in 0..1, so that a moon does not count."""
    light = np.sort(luminance(picture).ravel())
    return 1.0 - float(np.sqrt(light[: int(0.9 * light.size)].mean()))


def brightness(picture: Picture) -> float:
    """The mean of the square root of the luminance, which approximates perceived lightness, in 0..1."""
    return float(np.sqrt(luminance(picture)).mean())


def fire(picture: Picture) -> float:
    """The share of pixels that are bright saturated orange (hue 5 to 50 degrees)."""
    hue, saturation, value = hue_saturation_value(picture)
    glows = (hue >= 5.0) & (hue <= 50.0) & (saturation > 0.55) & (value > 0.6)
    return float(glows.mean())


def snow(picture: Picture) -> float:
    """The share of pixels in white speckles: hardly saturated, and lighter than all eight places around them.

    These places are a fortieth of the height away. An edge or a streak is as light as itself on at least one side, a
    flake is not.
    """
    light = np.sqrt(luminance(picture))
    _, saturation, _ = hue_saturation_value(picture)
    distance = max(picture.shape[0] // 40, 2)
    return float(((light - _max_around(light, distance) > 0.1) & (saturation < 0.4)).mean())


def _max_around(values: Floats, distance: int) -> Floats:
    """The greatest of the eight values `distance` pixels away, straight and diagonally."""
    height, width = values.shape
    padded = np.pad(values, distance, mode="edge")
    steps = (0, distance, 2 * distance)
    places = [(y, x) for y in steps for x in steps if (y, x) != (distance, distance)]
    around: Floats = np.max([padded[y : y + height, x : x + width] for y, x in places], axis=0)
    return around


def _hue(digits: str) -> float:
    red, green, blue = (value / 255.0 for value in bytes.fromhex(digits))
    return 360.0 * colorsys.rgb_to_hsv(red, green, blue)[0]


METRICS: dict[str, Callable[[Picture], float]] = {
    "red": hue_share(_hue("e0101c"), 18.0),
    "blue": hue_share(_hue("1060e0"), 30.0),
    "green": hue_share(_hue("20b070"), 40.0),
    "gold": hue_share(_hue("e8a820"), 16.0),
    "night": darkness,
    "day": brightness,
    "fire": fire,
    "snow": snow,
}
