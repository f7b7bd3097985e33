"""Acts are said in words that show them."""

from __future__ import annotations

import pytest

from installation.dream.act_phrases import acts_named


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a heron fishing in the lake", "a heron catching a fish in the lake"),
        ("a bear is fishing for salmon", "a bear catching a fish"),
        ("a cat fishing with a rod", "a cat fishing with a rod"),
        ("a dog by the fishing boats", "a dog by the fishing boats"),
        ("a man casting his net", "a man throwing his castnet"),
        ("they haul in the nets", "they throwing a castnet"),
        ("a sloth hanging upside down from a branch", "a sloth"),
        ("two climbers on a mountain", "two hikers climbing a mountain"),
        ("grandpa making pancakes for breakfast", "grandpa frying pancakes"),
        ("my mother makes us an omelette", "my mother frying us an omelette"),
        ("a boy making a kite", "a boy making a kite"),
        ("two kittens playing with a ball of wool", "two kittens chasing a ball of wool"),
        ("a monkey peeling a banana", "a monkey eating a banana"),
        ("a squirrel burying acorns", "a squirrel eating acorns"),
        ("a girl jumping rope", "a girl rope-skipping"),
        ("a girl with a skipping rope", "a girl rope-skipping"),
        ("a boy climbing over the wall", "a boy climbing the wall"),
        ("a donkey laden with firewood", "a donkey carrying firewood"),
        ("a horse with a rider", "a horse with a rider"),
        ("a giraffe eating leaves from a tall tree", "a giraffe eating a tall tree"),
        ("a cat lapping up milk", "a cat drinking from a bowl"),
        ("women with water jars", "women with jars"),
        ("a man casting a line into the sea", "a man fishing into the sea"),
        ("a monk ringing a bell", "a monk holding a bell"),
        ("a bell ringing", "a bell ringing"),
        ("a grandmother makes dumplings", "a grandmother kneading dumplings"),
        ("a boy sleds down the hill", "a boy riding a sled down the hill"),
        ("a donkey rides the little path", "a donkey climbing the little path"),
        ("geese on the village pond", "geese on the pond"),
        ("a mule loaded with heavy sacks", "a mule carrying two sacks"),
        ("two bulls pull the car", "two bulls pull the cart"),
        ("children jump from the pier into the water", "children jumping on the pier at the lake"),
        ("a dog jumping over the bridge", "a dog jumping over the bridge"),
        ("a man carries a sack across the bridge", "a man carries a sack on the bridge"),
        ("the boy throws the stones of the bridge", "the boy throws the stones from the bridge"),
        ("children go down the hill and sled", "children riding a sled down the hill"),
        ("the children play in the sleigh", "the children riding a sled"),
        ("washerwomen wash clothes", "women washing laundry"),
        ("the women wash the laundry", "the women washing laundry"),
        ("a boy fishing the bridge", "a boy fishing from the bridge"),
        ("a cow chewing the green grass", "a cow grazing"),
    ],
)
def test_acts_are_said_in_words_that_show_them(text: str, read: str) -> None:
    assert acts_named(text) == read
