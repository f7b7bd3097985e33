"""Where things are, said in words whose relation is read."""

from __future__ import annotations

import pytest

from installation.dream.where_words import placed_plainly


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a yellow raincoat and boots by the door", "a yellow raincoat and boots in the hallway"),
        ("a dog waits by the door", "a dog waits by the door"),
        ("a letter on the doormat", "a letter on the doormat in the hallway"),
        ("a cat at the top of the stairs", "a cat on top of the stairs"),
        ("a stork on the chimney", "a stork on a chimney stack on the rooftops"),
        ("smoke from the chimney", "smoke from the chimney"),
        ("a hedgehog under a pile of leaves", "a hedgehog in a pile of leaves"),
        ("the washing on the line between two houses", "the washing line between two houses"),
        ("an old pier with a railing and a fisherman", "a fisherman on an old pier"),
        ("a wooden hut in the snow", "a log cabin in the snow"),
        ("a stable with a horse", "a barn with a horse"),
        ("a horse in the stable", "a horse in the stable"),
        ("a pumpkin patch", "five pumpkins in a vegetable field"),
        ("a bakery window full of cakes", "a bakeryfront"),
        ("a family on a blanket under a tree", "a family on a picnic blanket under a tree"),
        ("a village with smoke from the chimneys", "a village with smoke"),
    ],
)
def test_a_text_says_in_plain_prepositions_where_things_are(text: str, plain: str) -> None:
    assert placed_plainly(text) == plain
