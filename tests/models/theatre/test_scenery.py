"""Scenery follows z without jumps and fills pictures of any shape."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.interfaces import Latents
from installation.models.theatre.generator import Theatre
from installation.models.theatre.vocabulary import Z, scene_classes
from tests.models.theatre.conftest import FIXED_SEED, noise, render, structure

STEPS = 61
SIZE = (180, 320)
MOVING = range(Z.SHIFT[0], Z.LEFT_SIDE + 1)  # the dimensions of z that move and stretch scenery
PLACES = ("graveyard", "swamp", "island", "jungle", "village", "city", "ruins", "forest", "ice", "deep sea")


@pytest.mark.slow
@pytest.mark.parametrize("labels", [*({"terrain": place} for place in PLACES), {"detail": "lit windows"}], ids=str)
def test_scenery_follows_z_and_never_jumps(theatre: Theatre, labels: dict[str, str]) -> None:
    z = np.repeat(noise(FIXED_SEED), STEPS, 0)
    z[:, MOVING] = np.linspace(-1.2, 1.2, STEPS, dtype=np.float32)[:, None]
    classes = scene_classes(sky="dawn", **labels)
    walk = np.concatenate([render(theatre, Latents(z[i : i + 1], classes)) for i in range(STEPS)])
    steps = np.abs(np.diff(walk, axis=0)).mean((1, 2, 3))
    assert np.abs(walk[0] - walk[-1]).mean() > 0.004
    assert steps.max() < 2.5 * steps.mean()


@pytest.mark.parametrize("size", [(64, 114), (114, 64)])
@pytest.mark.parametrize("terrain", ["graveyard", "swamp", "jungle", "city"])
def test_the_square_stays_in_the_middle_wherever_z_moves_the_scenery(
    theatre: Theatre, terrain: str, size: tuple[int, int]
) -> None:
    for end in (-2.0, 2.0):
        z = noise(FIXED_SEED)
        z[:, MOVING] = end
        point = Latents(z, scene_classes(sky="dawn", terrain=terrain))
        square, other = (render(theatre, point, one)[0] for one in (64, size))
        middle = other[:, (size[0] - 64) // 2 :, (size[1] - 64) // 2 :][:, :64, :64]
        assert np.corrcoef(structure(middle), structure(square))[0, 1] > 0.97


def test_poplars_are_folded_and_roads_snowed_over_for_an_audience(theatre: Theatre) -> None:
    theatre.set_stage(0.0, "scenes")
    try:
        green, white = (
            theatre.paint(Latents(noise(FIXED_SEED), scene_classes(sky="noon", terrain="road", weather=weather)), SIZE)
            for weather in ("clear", "snow")
        )
    finally:
        theatre.set_stage(0.0, "blend")
    trees = green[40:80, :60].astype(int)
    assert (trees[..., 1] - trees[..., ::2].max(-1) > 15).mean() > 0.02
    road = (slice(-12, -4), slice(150, 170))
    assert white[road].mean() > green[road].mean() + 5
