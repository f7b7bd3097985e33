"""Fog before an audience hides what is far, and leaves what is near."""

from __future__ import annotations

from installation.models.theatre.generator import Theatre
from tests.models.theatre.conftest import scene

SIZE = (144, 256)


def contrast(theatre: Theatre, weather: str, rows: slice) -> float:
    """The spread of brightness across some rows of a staged picture of hills."""
    theatre.set_stage(1.0, "scenes")
    picture = theatre.paint(scene(3, sky="noon", terrain="mountains", weather=weather), SIZE).astype(float).mean(2)
    theatre.set_stage(0.0, "blend")
    return float(picture[rows].std(1).mean())


def test_fog_veils_the_middle_distance_and_not_the_near_ground(theatre: Theatre) -> None:
    far, near = slice(80, 115), slice(134, 142)
    assert contrast(theatre, "fog", far) < 0.5 * contrast(theatre, "clear", far)
    assert contrast(theatre, "fog", near) > 0.6 * contrast(theatre, "clear", near)
