"""Shops from the street, fields of one plant and fish in bowls are put into the words of their figures."""

from __future__ import annotations

import pytest

from installation.dream.outdoor_words import outdoors_named


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a bakery", "a bakeryfront"),
        ("an old butcher's shop with a striped awning", "an old butcheryfront"),
        ("a dog outside the barber shop", "a dog outside the barberfront"),
        ("a toy shop in the snow", "a shopfront in the snow"),
        ("a girl in the bakery", "a girl in the bakery"),
        ("buying bread at the baker's", "buying bread at the baker's"),
        ("the barber shop owner", "the barber shop owner"),
        ("miles of barley", "a barley field"),
        ("a field of red poppies", "hundreds of red poppies in a field"),
        ("rows and rows of lavender", "hundreds of lavenders in a field"),
        ("a goldfish swimming round and round in its bowl", "a fishbowl"),
        ("my grandmother kept summer in jars", "my grandmother kept summer beside jars"),
        ("a small bakery with a painted sign", "a small bakeryfront"),
        ("a field full of sheep", "many sheep in a field"),
        ("a meadow full of poppies", "hundreds of poppies in a field"),
        ("a bonfire with sparks", "a bonfire"),
        ("a fishing boat with red sails", "a red fishing boat"),
        ("a clown's shoe in the mud", "a shoe in the mud"),
        ("an orchard of pear trees", "five pear trees"),
        ("pigeons rise from the square", "flying pigeons rise from the square"),
        ("three crows on a bare branch", "three crows on a bare tree"),
        ("a flower shop in Paris", "a shopfront in Paris"),
        ("the Eiffel tower in Paris at night", "the Eiffel tower at night"),
        ("a princess in the tower of a castle", "a princess in the stone tower of a castle"),
        ("a clock tower beside a tower of books", "a clock tower beside a tower of books"),
        ("a lamp burning in the window", "a paraffin lamp at night burning in the window"),
        ("a beekeeper with a hat and veil", "a beekeeper"),
        ("she waters the tomatoes", "she waters the tomato plants"),
        ("a fish in the sea", "a fish in the sea"),
    ],
)
def test_a_text_is_put_into_the_words_of_its_figures(text: str, read: str) -> None:
    assert outdoors_named(text) == read
