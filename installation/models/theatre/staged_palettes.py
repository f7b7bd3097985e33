"""The colours of the sky that an audience sees: for each time of day several moods, of which z chooses.

The models know one palette for each sky (`vocabulary.SKIES`). The colours of the land stay those of that one, so that
figures and soil keep their hues.
"""

from __future__ import annotations

import torch
from torch import Tensor

from installation.models.theatre.raster import cached_constant
from installation.models.theatre.vocabulary import SKIES, Z, rgb

MOODS = 3
DECIDED = 6.0  # how soon one mood gives way to the next, as z moves
CHOSEN_BY = (Z.AURORA[0], Z.FLAMES, Z.ROCK)  # dimensions of z: one for each mood
MOODS_OF_SKY = {  # zenith, upper, lower, horizon, glow
    "dawn": (
        ("27406c", "7f7c9a", "f0946f", "ffd59a", "ffe9bd"),
        ("1b4a6e", "6d93a6", "f4b193", "ffe2b4", "fff0cc"),
        ("4c6a96", "a9a3b6", "f6b59c", "ffe4bc", "fff3d8"),
    ),
    "morning": (
        ("4a95cc", "a0d2e6", "f8e6c8", "ffd9a0", "fff6da"),
        ("3b9fae", "9adacb", "eef2cf", "ffeaa8", "fffbdc"),
        ("6288cc", "b6c4e8", "fbd3cb", "ffdcae", "fff3da"),
    ),
    "noon": (
        ("2b74bd", "6bb0e2", "b6dff0", "f4f3e2", "fffdf2"),
        ("0b4ba0", "2f86d6", "8acbf2", "e6f4ee", "fffdf0"),
        ("0f7f9f", "4cbcca", "aee6da", "fdf3d0", "fffbe8"),
    ),
    "golden hour": (
        ("2f6b98", "a3bcb8", "f8cf84", "ffe2a0", "fff3c8"),
        ("3f6288", "b8a494", "fabb6c", "ffdc88", "fff0c0"),
        ("8a4a34", "dc8440", "f9b750", "ffe79c", "fff5cc"),
    ),
    "sunset": (
        ("1e2c58", "8c4a5e", "f8703c", "ffd064", "fff2a8"),
        ("123f60", "6b6c84", "f2844e", "ffce66", "fff0b4"),
        ("5a2234", "c04a44", "fa8450", "ffcf8c", "ffeec4"),
    ),
    "dusk": (
        ("141c48", "4a4678", "c87884", "ffb48c", "ffe0c4"),
        ("0b2342", "2f587e", "a8949c", "ffc08c", "ffe6c4"),
        ("123044", "44707c", "d8a478", "ffcc84", "ffeac0"),
    ),
    "blue hour": (
        ("0d1c52", "23428f", "6680c4", "d3b9d2", "f0e2f2"),
        ("061a48", "154a92", "478ec8", "bce0e8", "eaf6f4"),
        ("10204c", "2d4a90", "6c88c0", "dccfd8", "f4eaee"),
    ),
    "night": (
        ("050a24", "0c1f4c", "1b4678", "58a0b0", "eef0dc"),
        ("060a22", "141f4c", "304878", "7c8cb0", "f0ecea"),
        ("03121e", "07303c", "105c60", "52ae90", "e6f6e0"),
    ),
    "grey": (
        ("7c858c", "a4abae", "c8c9c5", "efe6d4", "faf4e6"),
        ("8a8078", "b6a99c", "dccbb8", "f8e4c4", "fff2dc"),
        ("607689", "95abba", "c2d2da", "efece0", "faf8ee"),
    ),
    "winter": (
        ("5a94d6", "a0c8ee", "dfe8f6", "ffe4d6", "fffaf4"),
        ("3f7cc4", "8cbbe8", "f0dbe2", "ffd2b8", "fff4e8"),
        ("7288c0", "adb9e0", "ead8ea", "ffecd6", "fff8f0"),
    ),
    "dusty": (
        ("8c5a30", "b07c48", "cfa066", "e6c690", "ffe8bc"),
        ("6a5c50", "a8845c", "dca468", "f4cf94", "ffeec8"),
        ("7a3c24", "b8643a", "e09a58", "f2cc8c", "ffeac0"),
    ),
    "dream": (
        ("46409a", "a97fd4", "ffa6c9", "ffe4e8", "fff2f8"),
        ("2f6cb4", "86b4e4", "f7b2dc", "fff0d6", "fffaf0"),
        ("6a308c", "c47ace", "ffb0a8", "ffe6bc", "fff4e0"),
    ),
}


def staged_sky_colours(sky: Tensor, chosen: Tensor) -> Tensor:
    """The colours of a sky as an audience sees it.

    Args:
        sky: Weights of the skies, [batch, skies].
        chosen: The dimensions of z in CHOSEN_BY, bounded to -1..1, [batch, MOODS].

    Returns:
        [batch, 7 colours * 3], in the order of `Palette`.
    """
    moods = torch.softmax(DECIDED * chosen, 1)
    table = _table(sky.device)
    return (sky[:, :, None, None] * moods[:, None, :, None] * table).sum((1, 2))


@cached_constant
def _table(device: torch.device) -> Tensor:
    """[1, skies, MOODS, 7 colours * 3]."""
    rows = [
        [(*mood, sky.far, sky.near) for mood in MOODS_OF_SKY.get(name, (sky[:5],) * MOODS)]
        for name, sky in SKIES.items()
    ]
    values = [[[part for colour in mood for part in rgb(colour)] for mood in row] for row in rows]
    return torch.tensor(values, device=device)[None]
