"""The shapes of the three published BigGAN-deep networks, as the library's `config.json` states them.

Facts of Brock, Donahue, Simonyan (2019), table 7 to 9. They are written here because the sources of the weights do not
all carry a config.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

WIDTH = 128  # channels of the last block
STATISTICS = 51  # sets of batch statistics: truncations in steps of .02
# channels, in WIDTHs, at each resolution from 4 pixels up; every step but the last is two blocks, the second upsamples
_STEPS = {
    "biggan-deep-128": (16, 16, 8, 4, 2, 1),
    "biggan-deep-256": (16, 16, 8, 8, 4, 2, 1),
    "biggan-deep-512": (16, 16, 8, 8, 4, 2, 1, 1),
}
NAMES = tuple(_STEPS)


def config_of(name: str, statistics: int = STATISTICS) -> dict[str, Any]:
    """The content of the library's `config.json` for one of NAMES, with so many sets of batch statistics."""
    steps = _STEPS[name]
    layers = []
    for wide, narrow in pairwise(steps):
        layers += [[False, wide, wide], [True, wide, narrow]]
    return {
        "output_dim": 4 << (len(steps) - 1),
        "z_dim": 128,
        "class_embed_dim": 128,
        "channel_width": WIDTH,
        "num_classes": 1000,
        "layers": layers,
        "attention_layer_position": 8,  # after 64 pixels, in all three
        "eps": 1e-4,
        "n_stats": statistics,
    }
