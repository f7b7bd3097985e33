"""Water in the colour that words say: on the sea, a lake, a river, under water, in a fall, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from installation.models.interfaces import Floats
from installation.models.theatre.generator import Theatre
from installation.models.theatre.marks import (
    BEGINS,
    PLAIN,
    WATER_COLOURS,
    marks_of,
    plain_values,
    water_colour,
    with_marks,
)
from installation.models.theatre.vocabulary import rgb
from installation.models.theatre.water import _cool
from tests.conftest import spread
from tests.models.theatre.conftest import scene

SIZE = (90, 160)
BELOW, SKY = slice(64, 74), slice(0, 40)  # rows of water, and of the sky
NO_MARKS = np.zeros((1, 96), np.float32)


@pytest.fixture
def stage(theatre: Theatre) -> Iterator[Theatre]:
    theatre.set_stage(0.0, "scenes")
    yield theatre
    theatre.set_stage(0.0, "blend")


def painted(theatre: Theatre, marks: tuple[str, ...], **classes: str) -> Floats:
    point = theatre.with_marks(scene(3, **{"sky": "noon", **classes}), marks)
    picture: Floats = theatre.paint(point, SIZE).astype(np.float32) / np.float32(255)
    return picture


@pytest.mark.parametrize("terrain", ["sea", "lake"])
@pytest.mark.parametrize("mark", spread(WATER_COLOURS, 4))
def test_water_has_the_colour_that_words_say_and_the_sky_keeps_its_own(stage: Theatre, terrain: str, mark: str) -> None:
    plain, dyed = (painted(stage, marks, terrain=terrain) for marks in ((), (mark,)))
    asked, seen = np.array(rgb(WATER_COLOURS[mark])), dyed[BELOW].mean((0, 1))
    assert np.abs(seen - asked).max() < 0.25
    assert np.abs(seen - seen.mean() - asked + asked.mean()).max() < 0.18
    assert np.abs(dyed[SKY] - plain[SKY]).max() <= 1 / 255


@pytest.mark.parametrize("terrain", ["river", "waterfall", "deep sea", "swamp"])
def test_all_waters_take_a_colour(stage: Theatre, terrain: str) -> None:
    plain, dyed = (painted(stage, marks, terrain=terrain) for marks in ((), ("red water",)))
    redder = (dyed[..., 0] - dyed[..., 1:].max(-1)) - (plain[..., 0] - plain[..., 1:].max(-1))
    assert (redder > 0.2).mean() > 0.02


def test_dry_land_and_the_models_ignore_the_colour_of_water(theatre: Theatre, stage: Theatre) -> None:
    plain, dyed = (painted(stage, marks, terrain="hills") for marks in ((), ("red water",)))
    assert np.array_equal(plain, dyed)
    stage.set_stage(0.0, "blend")
    plain, dyed = (painted(theatre, marks, terrain="sea") for marks in ((), ("red water",)))
    assert np.array_equal(plain, dyed)


def test_colours_of_water_are_read_as_they_were_set_beside_other_marks() -> None:
    for name in WATER_COLOURS:
        assert marks_of(with_marks(NO_MARKS, (name, "two", "pink", "second fox"))) == (
            "two",
            "pink",
            name,
            "second fox",
        )


def test_a_room_or_one_of_its_marks_colours_no_water() -> None:
    for name in PLAIN:
        assert water_colour(torch.from_numpy(with_marks(NO_MARKS, (name,))))[1].item() == 0.0


def test_one_colour_of_water_goes_over_into_another_without_a_third() -> None:
    first, last = (torch.from_numpy(with_marks(NO_MARKS, (f"{name} water",))) for name in ("red", "green"))
    way = torch.cat([first + share * (last - first) for share in np.linspace(0, 1, 21)])
    colours, weights = water_colour(way)
    assert weights.tolist() == [1.0] * 21
    assert torch.allclose(colours[10], (colours[0] + colours[-1]) / 2, atol=1e-5)
    assert plain_values(way).max() <= BEGINS


def test_a_warm_zenith_makes_no_muddy_water() -> None:
    brown, blue = (torch.tensor(rgb(colour)).view(1, 3, 1, 1) for colour in ("8f5538", "2a3b7c"))
    red, _, water_blue = _cool(brown).flatten().tolist()
    assert water_blue > red
    torch.testing.assert_close(_cool(blue), blue)
