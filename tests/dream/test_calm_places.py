"""Where figures of everyday life are, and the weather that words bring with them."""

from __future__ import annotations

import pytest

from installation.dream.calm_places import brought_along, calm_place, room_of


@pytest.mark.parametrize(
    ("figures", "place"),
    [
        (("teapot",), "room"),
        (("television", "ball", "man", "cat"), "room"),
        (("bicycle", "man"), "road"),
        (("computer", "elephant"), ""),
        (("sofa", "tree"), ""),
        (("man", "dog"), ""),
    ],
)
def test_what_stands_in_a_flat_makes_a_room_and_what_has_wheels_is_on_a_road(
    figures: tuple[str, ...], place: str
) -> None:
    assert calm_place(figures, outside=False) == place


def test_nothing_makes_a_room_under_the_open_sky() -> None:
    assert calm_place(("piano",), outside=True) == ""


@pytest.mark.parametrize(
    ("figures", "room"),
    [(("toothbrush", "duck"), "bathroom"), (("spoon",), "kitchen"), (("shoes",), "lamp room"), (("horse",), "")],
)
def test_a_room_is_that_where_its_things_are_at_home(figures: tuple[str, ...], room: str) -> None:
    assert room_of(figures) == room


@pytest.mark.parametrize(
    ("text", "classes", "brought"),
    [
        ("making a snowman", {"terrain": "field"}, {"sky": "winter", "weather": "snow"}),
        ("a snowman at night", {"sky": "night"}, {"weather": "snow", "terrain": "hills"}),
        ("skating on the pond", {"terrain": "lake"}, {"sky": "winter", "weather": "snow", "terrain": "ice"}),
        ("roller skating", {}, {}),
        ("a windy day", {}, {"weather": "autumn leaves"}),
        ("my hat blew away", {}, {"weather": "autumn leaves"}),
        ("a windy day in the rain", {"weather": "rain"}, {}),
        ("catching snowflakes", {"terrain": "hills"}, {"sky": "winter", "weather": "snow"}),
        ("a paper snowflake", {}, {}),
        ("a ski in the hall", {"terrain": "room"}, {}),
    ],
)
def test_words_bring_their_weather_along(text: str, classes: dict[str, str], brought: dict[str, str]) -> None:
    assert brought_along(classes, text.split()) == brought
