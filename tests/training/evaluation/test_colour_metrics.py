from __future__ import annotations

import numpy as np
import pytest

from installation.models.interfaces import Picture
from installation.training.evaluation.colour_metrics import METRICS


def plain(red: int, green: int, blue: int) -> Picture:
    return np.full((80, 80, 3), (red, green, blue), np.uint8)


def speckled(ground: Picture, dot: tuple[int, int, int] = (250, 250, 255)) -> Picture:
    picture = ground.copy()
    for y in range(6, 76, 11):
        for x in range(5, 76, 13):
            picture[y : y + 2, x : x + 2] = dot
    return picture


COLOURS = {
    "red": plain(210, 20, 25),
    "blue": plain(20, 80, 220),
    "green": plain(30, 160, 90),
    "gold": plain(230, 170, 40),
}


@pytest.mark.parametrize("name", COLOURS)
def test_a_colour_is_measured_in_its_own_picture_alone(name: str) -> None:
    values = {other: METRICS[name](picture) for other, picture in COLOURS.items()}
    assert values.pop(name) > 0.5
    assert max(values.values()) < 0.01
    assert METRICS[name](plain(128, 128, 128)) < 0.01


def test_dark_is_night_even_under_a_moon_and_bright_is_day() -> None:
    dark = plain(8, 10, 30)
    dark[10:25, 10:25] = 255
    assert METRICS["night"](dark) > 0.8 > 0.4 > METRICS["night"](plain(200, 220, 240))
    assert METRICS["day"](plain(200, 220, 240)) > 0.7 > 0.3 > METRICS["day"](dark)


def test_glowing_orange_is_fire_and_a_brown_hill_is_not() -> None:
    burning = plain(20, 15, 30)
    burning[50:] = (255, 120, 20)
    assert METRICS["fire"](burning) == pytest.approx(0.375)
    assert METRICS["fire"](plain(110, 70, 30)) == 0.0


def test_flakes_are_snow_and_edges_streaks_and_petals_are_not() -> None:
    ground = plain(70, 80, 110)
    edge, streak = ground.copy(), ground.copy()
    edge[:40] = 240
    for shift in range(60):
        streak[shift, 10 + shift // 3 : 12 + shift // 3] = 250
    assert METRICS["snow"](speckled(ground)) > 0.01
    assert max(METRICS["snow"](picture) for picture in (ground, edge, speckled(ground, (255, 120, 160)))) == 0.0
    assert METRICS["snow"](streak) < 0.005
