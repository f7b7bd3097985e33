"""The light of texts that name none, and what adjectives and waiting say of it."""

from __future__ import annotations

import pytest

from installation.dream.usual_light import DAY, EVENING, possible_skies, told_light, usual_celestial, usual_sky


def test_rain_and_snow_fall_from_their_skies() -> None:
    assert [usual_sky({"weather": weather}) for weather in ("rain", "snow", "clear")] == ["grey", "winter", ""]
    assert usual_sky({"weather": "rain", "sky": "night"}) == ""


def test_the_sun_is_seen_at_sunset_unless_clouds_hide_it() -> None:
    assert usual_celestial({"sky": "sunset"}) == "red sun"
    assert usual_celestial({"sky": "sunset", "weather": "rain"}) == ""
    assert usual_celestial({"sky": "sunset", "celestial": "moon"}) == ""


def test_a_clear_night_has_a_moon_and_a_named_moon_an_evening() -> None:
    assert usual_celestial({"sky": "night", "terrain": "village"}) == "moon"
    assert usual_celestial({"sky": "night", "terrain": "room"}) == ""
    assert usual_celestial({"sky": "night", "weather": "rain"}) == ""
    assert usual_celestial({"sky": "night", "detail": "lanterns"}) == ""
    assert possible_skies({"subject": "tree", "celestial": "moon"}, ()) == EVENING
    assert possible_skies({"subject": "tree", "celestial": "moon", "sky": "morning"}, ()) == ()


def test_a_moonless_night_has_no_moon() -> None:
    told = told_light({"sky": "night"}, ["a", "moonless", "night"])
    assert told == {"sky": "night", "celestial": "empty sky"}
    assert usual_celestial(told) == ""


def test_people_and_animals_are_seen_by_day_but_owls_by_night() -> None:
    assert possible_skies({"subject": "dog"}, ()) == DAY
    assert possible_skies({"weather": "petals", "terrain": "hills"}, ()) == DAY
    assert possible_skies({"subject": "bench"}, ("second owl", "on")) == ()
    assert possible_skies({"subject": "dog", "sky": "night"}, ()) == ()
    assert possible_skies({"terrain": "village", "detail": "lanterns"}, ()) == EVENING


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a moonlit garden", {"terrain": "field", "sky": "night", "celestial": "moon"}),
        ("a snowy square", {"terrain": "field", "weather": "snow"}),
        ("a garden", {"terrain": "field"}),
    ],
)
def test_adjectives_tell_of_light(text: str, told: dict[str, str]) -> None:
    assert told_light({"terrain": "field"}, text.split()) == told


def test_awaited_snow_does_not_fall_yet() -> None:
    words = ["children", "waiting", "for", "the", "first", "snow"]
    assert told_light({"subject": "child", "weather": "snow"}, words) == {"subject": "child", "sky": "grey"}
