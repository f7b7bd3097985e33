"""Tests of what is corrected at once in speech."""

import pytest

from installation.text.corrections import without_slips


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a castle and it's on an island sorry on a hill it's on a hill", "a castle and it's on a hill"),
        ("a lion under a tree no on top of a rock", "a lion on top of a rock"),
        ("a house in the desert, um, I mean in the forest", "a house in the forest"),
        ("a cat in the garden under a tree, no, in the forest", "a cat in the garden under a tree, no, in the forest"),
        ("a robot and it's blue no it's red", "a robot and it's red"),
        ("a horse a white one no a black one", "a horse a black one"),
        ("a girl in a green dress actually a red dress in the rain", "a girl in a red dress in the rain"),
        ("a scarf a blue scarf no a yellow one", "a yellow scarf"),
        ("two boats sorry three boats on the river", "three boats on the river"),
        ("a bird like a really big yellow bird on a fence", "a really big yellow bird on a fence"),
        ("this castle right and it's old", "this castle and it's old"),
        ("the king is actually a frog", "the king is actually a frog"),
        ("a house, no, a castle", "a house, no, a castle"),
    ],
)
def test_slips_of_speech_are_left_out(said: str, meant: str) -> None:
    assert without_slips(said) == meant
