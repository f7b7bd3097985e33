"""Who does something at water is where that is done."""

from __future__ import annotations

from installation.dream.water_acts import AtWater, at_water

RIVER = {"subject": "boy", "terrain": "river"}


def test_who_fishes_from_a_bridge_stands_on_it() -> None:
    marks = ("second bridge", "third fishing rod", "at work")
    shown = ("second fishing rod", "third bridge", "held", "on third")
    assert at_water(RIVER, marks, ["a", "boy", "fishing", "from", "the", "bridge"], ()) == AtWater(RIVER, shown)


def test_who_throws_stones_from_a_bridge_stands_on_it() -> None:
    marks = ("second stone", "tossing", "third bridge")
    assert at_water(RIVER, marks, ["throws", "stones", "off", "a", "bridge"], ()) == AtWater(
        RIVER, (*marks, "on third")
    )


def test_who_fishes_by_a_bridge_stays_beside_it() -> None:
    assert at_water(RIVER, ("second bridge", "third fishing rod"), ["fishing", "by", "the", "bridge"], ()) is None


def test_who_carries_a_sack_over_a_bridge_is_on_it() -> None:
    marks = ("second sack", "on", "third man")
    shown = AtWater({"subject": "man"}, ("second sack", "third bridge", "held", "on third"))
    assert at_water({"subject": "bridge"}, marks, ["carries", "a", "sack", "on", "the", "bridge"], ()) == shown
