"""Fire leaves visible what burns."""

from __future__ import annotations

from installation.models.theatre.generator import Theatre
from tests.models.theatre.conftest import render, scene


def test_a_burning_city_shows_its_houses(theatre: Theatre) -> None:
    """The middle of the picture is not a wall of flame, yet much redder than without fire."""
    burning, calm = (
        render(theatre, scene(1, terrain="city", sky="night", weather=weather), (90, 160))[0]
        for weather in ("fire", "clear")
    )
    houses, above = slice(62, 72), slice(38, 62)
    flames = (burning[0] > 0.6) & (burning[0] > 1.6 * burning[2])
    assert flames[houses].mean() < 0.35
    assert flames[above].mean() > 0.15
    assert (burning[0] - burning[2])[30:].mean() > (calm[0] - calm[2])[30:].mean() + 0.15
