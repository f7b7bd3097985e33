"""Places of everyday life: which set stands behind the figures, and what is no figure because somebody is in it."""

from __future__ import annotations

import pytest

from installation.dream.everyday_places import Place, place_said, set_in
from installation.models.theatre.marks import ROOMS

PLACES = {
    "the nurse brings tea to my grandmother in the hospital": ("ward", "the nurse brings tea to my grandmother"),
    "people crossing the street at a zebra crossing in the rain": ("crossing", "people crossing in the rain"),
    "a dark alley with a cat on the bins": ("alley", "with a cat on the bins"),
    "a long corridor in the hospital at night": ("corridor", "at night"),
    "my grandfather planing wood in his workshop": ("workshop", "my grandfather planing wood"),
    "pigeons in the town square and a boy chasing them": ("square", "pigeons and a boy chasing them"),
    "dad repairing the car in the garage": ("garage", "dad repairing the car"),
    "reading on a bench in the park": ("park", "reading on a bench"),
    "moving house, carrying the sofa down the stairs": ("stairwell", "moving house, carrying the sofa"),
    "a dad with a pram at the traffic lights": ("crossing", "a dad with a pram"),
    "stuck in a traffic jam": ("houses", "stuck many cars"),
    "buying peaches at the market on saturday": ("stalls", "buying peaches on saturday"),
    "a street in Paris with café awnings and a waiter": ("boulevard", "and a waiter"),
    "Venice at dusk with a gondola between palaces": ("canal", "at dusk with a gondola"),
    "a couple kisses in Venice": ("canal side", "a couple kisses"),
    "my grandmother waters the geraniums in the patio": ("patio", "my grandmother waters the geraniums"),
    "a southern patio with pots of geraniums and arches": ("patio", ""),
    "a cat asleep in a Spanish courtyard": ("patio", "a cat asleep"),
    "my mum brushing my hair before school": ("", "my mum brushing my hair"),
    "an astronaut plants a flower on the moon": ("moonscape", "an astronaut plants a flower"),
    "two girls at the hairdresser's": ("hair salon", "two girls"),
    "a family waits in the hotel lobby": ("hotel lobby", "a family waits"),
    "a traffic jam on the motorway": ("motorway", "many cars"),
    "a red barn at the edge of a barley field": ("grain field", "a red barn"),
    "a scarecrow in the cornfield": ("maize field", "a scarecrow"),
    "a tractor in a potato field": ("vegetable field", "a tractor"),
    "a panda in a bamboo grove": ("bamboo grove", "a panda"),
    "an old man in the olive grove": ("olive grove", "an old man"),
    "girls picking apples in the orchard": ("orchard", "girls picking apples"),
    "a football pitch with a goal and a dog": ("pitch", "and a dog"),
    "a girl with candyfloss at the fair": ("fairground", "a girl with candyfloss"),
    "a pumpkin on the porch": ("porch", "a pumpkin"),
    "a couple on the promenade": ("seafront", "a couple"),
    "an old fisherman on the quay": ("quay", "an old fisherman"),
    "a ship tied up at the quay": ("harbour", "a ship tied up"),
    "a bicycle in Amsterdam": ("gabled canal side", "a bicycle"),
    "a boat on a canal in Amsterdam": ("gabled canal", "a boat"),
    "children skating on a frozen canal": ("frozen canal", "children skating"),
    "children waiting at the school gate": ("school front", "children waiting"),
    "the moon over the rooftops": ("rooftops", "the moon"),
    "two robots dancing on the surface of Mars": ("marsscape", "two robots dancing"),
}
FIGURES = (
    "an owl on top of a church",
    "a cat on the roof of a church",
    "a mouse bigger than the church",
    "a barn in the snow",
    "the old factory smokes",
    "a hospital",
    "the Eiffel tower in Paris",
    "ducklings following their mother across the road",
    "an old lady at the post office counter",
    "a girl sitting on the moon",
    "a glass of port",
    "a fair maiden",
    "an ear of wheat",
    "the burning orchard",
    "a rocket flies to the moon",
)


@pytest.mark.parametrize("text", PLACES)
def test_a_place_that_somebody_is_in_is_a_set_and_no_figure(text: str) -> None:
    place = place_said(text, ROOMS)
    assert place is not None
    assert (place.mark, place.rest) == PLACES[text]


@pytest.mark.parametrize("text", FIGURES)
def test_a_building_that_nobody_is_in_stays_a_figure(text: str) -> None:
    assert place_said(text, ROOMS) is None


def test_a_canal_of_a_city_is_no_river_in_the_country() -> None:
    assert set_in({"terrain": "river"}, Place("canal", "city", "a boat of venice"))
    assert not set_in({"terrain": "river"}, Place("boulevard", "city", "a boat"))
