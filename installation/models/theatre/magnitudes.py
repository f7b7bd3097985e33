"""How large figures are by nature."""

from __future__ import annotations

from functools import cache

from installation.models.figure_traits import named_in, trait

MAGNITUDES = {  # by nature; the others are as large as a person
    0: trait("of_a_hand"),
    1: (*trait("of_a_dog"), "campfire"),
    3: trait("of_a_bus"),
    4: trait("of_a_house"),
}


NAMED = {  # those that the rows name themselves; the others are as large as what they are like
    **dict.fromkeys(named_in("of_a_house"), 4),
    **dict.fromkeys(named_in("of_a_bus"), 3),
    **dict.fromkeys(named_in("of_a_person"), 2),
    **dict.fromkeys((*named_in("of_a_dog"), "campfire"), 1),
    **dict.fromkeys(named_in("of_a_hand"), 0),
}


@cache
def rank_of(label: str) -> int:
    """How large a thing is by nature: 0 fits in a hand, 1 is a dog's size, 2 a person's, 3 a bus's, 4 a house's."""
    if label in NAMED:
        return NAMED[label]
    return next((rank for rank, labels in MAGNITUDES.items() if label in labels), 2)


def has_head(label: str) -> bool:
    """Whether somebody could put a hat on it: all that lives and walks."""
    return label not in THINGS and rank_of(label) < 4


THINGS = (*trait("headless"), "campfire")  # as large as a person and smaller, without a head
UPRIGHT = (  # figures with a head on shoulders
    *("walker", "man", "woman", "child", "boy", "old man", "old woman", "mother", "couple", "dancer", "king", "queen"),
    *("clown", "witch", "astronaut", "robot", "fairy", "snowman", "princess", "wizard", "angel", "group", "knight"),
    *("fisherman", "farmer", "doctor", "nurse", "soldier", "sailor", "pirate", "cook", "policeman", "fireman"),
    *("builder", "monk", "runner", "bride", "family", "violinist", "singer", "vampire", "scarecrow", "skeleton"),
    *("waiter", "painter", "thief", "skier", "reader", "penguin", "ghost", "swimmer", "dancing couple"),
)
