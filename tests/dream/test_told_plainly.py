"""Tests of texts whose turns of storytellers are said plainly."""

import pytest

from installation.dream.told_plainly import told_plainly


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (
            "When I was little, grandpa often took me to the river to fish.",
            "grandpa often took a child to the river fishing.",
        ),
        ("My father carried me home when I was a little girl", "My father carried a girl home"),
        ("When we were children we swam in the river", "children swam in the river"),
        ("When I was six years old my grandmother knitted socks", "my grandmother and a child knitted socks"),
        ("when I was little, the city had trams", "the city had trams"),
        ("in the garden of grandmother's house a dog plays", "in the garden a dog plays"),
        ("camels in the desert in the moonlight", "camels in the desert at night under the moon"),
        ("two friends sit on the sand at the seaside", "two friends sit on the beach at the sea"),
        ("children float a paper boat in the gutter", "children sail a paper boat in the gutter"),
        ("a family eats under the cherry trees in full bloom", "a family eats under the flowering cherry tree"),
        ("grandmother tells us fairy tales by the stove", "grandmother tells us stories by the stove"),
        ("he went to the market to fish for compliments", "he went to the market to fish for compliments"),
        ("a man dressed as a child", "a man dressed as a child"),
        ("my cat, she's orange, she always sits at the window", "my orange cat sits at the window"),
        ("a unicorn, white with wings", "a white unicorn with wings"),
        ("my grandpa, he was a baker, so he'd be baking bread", "my grandpa baking bread"),
        ("my brother's a fireman and he has a dog", "a fireman and he has a dog"),
        (
            "there's this cat and she's black and she's got green eyes and she's sitting on a wall",
            "a black cat with green eyes sitting on a wall",
        ),
        ("my dog he's brown and he has really long ears and he's running", "my brown dog running"),
        ("a train and it's going over a bridge and the train is red", "a red train going over a bridge"),
        ("there's a snowman and it's snowing and he's got a hat", "a snowman with a hat and it's snowing"),
        ("my hamster he's called Biscuit and he's eating a nut", "my hamster eating a nut"),
        ("my rabbit he's got a nut and he's sitting in a box", "my rabbit sitting in a box with a nut"),
        ("my sister she's got an umbrella and she's jumping", "my sister with an umbrella jumping"),
        ("a girl with a balloon and it's red", "a girl with a balloon and it's red"),
        ("we danced in the kitchen", "a dancing couple in the kitchen"),
        ("an old couple, and we used to dance", "an old man and an old woman, dancing"),
        ("the sea is calm, he sits on a rock", "the sea is calm, he sits on a rock"),
    ],
)
def test_turns_of_storytellers_are_said_plainly(text: str, plain: str) -> None:
    assert told_plainly(text) == plain
