"""What a text says is not there is left out of it."""

import pytest

from installation.dream.absent_things import without_absent


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Once there were wolves here, now a boy walks his dog", "a boy walks his dog"),
        ("When I am old I shall have hens, but now I have one tomato", "I have one tomato"),
        ("you bloom before the bees have woken", "you bloom"),
        ("a man walks before the sun is up", "a man walks at dawn"),
        ("Wind, comb the barley, tomorrow come the men and the machines", "Wind, comb the barley"),
        ("The harbour sleeps, soon the ships will return", "The harbour sleeps"),
        ("The lighthouse turns over the ships that are not there", "The lighthouse turns"),
        ("The swing moves, though the children went in an hour ago", "The swing moves"),
        ("dust is dancing where the dancers danced", "dust is dancing"),
        ("Three boats came home, and not one fish among them", "Three boats came home"),
        ("The moon is in the well, and nobody dares to lower a bucket", "The moon is in the well"),
        ("He plants potatoes as though he were putting children to bed", "He plants potatoes"),
        ("The road goes up the hill as smoke goes up", "The road goes up the hill"),
        (
            "My father's coat hangs in the hall, keeping the shape of his shoulders",
            "My father's coat hangs in the hall",
        ),
        ("The ferry has left, a gull walks on the pier", "a gull walks on the pier"),
        ("The tide took the castle the children made, and left a starfish", "The tide, and left a starfish"),
        ("The old dog sleeps, chasing the rabbits of his youth", "The old dog sleeps"),
        ("a snail but instead of a shell it's got a house", "a snail but it's got a house"),
        ("The hedgehog goes home, the moon holds the lantern", "The hedgehog goes home, the moon"),
        ("Between the rails the poppies, no train has come since the spring", "Between the rails the poppies"),
        ("There was a garden here before the road, one tree still stands", "one tree still stands"),
        ("Yesterday's snowman is a hat and a carrot", "a hat and a carrot"),
        ("The windmill rests, the wind went to the city for work", "The windmill rests"),
        ("The cathedral floats in the mist, a ship that has forgotten its sea", "The cathedral floats in the mist"),
        ("a dress the colour of the sea", "a blue dress"),
        ("The cat has taken the sun's place on the sofa", "The cat has on the sofa"),
    ],
)
def test_what_has_gone_is_to_come_or_is_only_like_it_is_left_out(text: str, left: str) -> None:
    assert without_absent(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "She waits on the pier as the sun goes down",
        "the bees have gone to church",
        "a cloud in the shape of a rabbit",
        "Once upon a time there was a king",
        "The heron waits where the stream goes quiet",
        "a man kneels before the king",
        "nobody on the beach",
        "the garden of my childhood",
        "the ferry has left",
        "one day I want to see a dragon",
    ],
)
def test_what_is_there_stays(text: str) -> None:
    assert without_absent(text) == text
