"""The lines of a verse become one sentence."""

import pytest

from installation.text.gist import Gist, gist_of_any
from installation.text.verse_lines import in_one_line


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("frog on a wet stone\nthe pond holds its breath", "frog on a wet stone, the pond holds its breath"),
        ("autumn evening / a crow", "autumn evening, a crow"),
        ("Your voice is a boat\non the black lake", "Your voice is a boat on the black lake"),
        ("What is grief but a dog\nthat waits?", "What is grief but a dog that waits?"),
        ("Not the rose,\nbut the wind", "Not the rose, but the wind"),
        ("the end of\nsummer", "the end of summer"),
        ("The city sleeps like a dog with one ear up / a taxi", "The city sleeps like a dog with one ear up, a taxi"),
        ("You asked what the sea was like / I showed you", "You asked what the sea was like, I showed you"),
        ("a red fox", "a red fox"),
        ("and/or", "and/or"),
    ],
)
def test_a_line_ends_a_thought_unless_the_next_goes_on(text: str, joined: str) -> None:
    assert in_one_line(text) == joined


def test_long_lines_are_wrapped_prose() -> None:
    wrapped = "a very long line of prose that somebody has pasted with its\nbreaks in the middle"
    assert in_one_line(wrapped) == wrapped.replace("\n", " ")


@pytest.mark.parametrize(
    ("text", "gist"),
    [
        ("I am a lighthouse with no sea,\na bell", Gist("I am a lighthouse , a bell", ("sea",))),
        ("When the cat's away the mice will play", Gist("When the mice will play", ("cat",))),
        ("My mother sold the piano", Gist("My mother", ("piano",))),
        ("a man sold the dog to a farmer", Gist("a man sold the dog to a farmer")),
        ("The mountain forgets the shepherds", Gist("The mountain", ("shepherds",))),
        ("dust lies where her hands once lay", Gist("dust lies", ("hands",))),
        ("The cat is away on a boat", Gist("The cat is away on a boat")),
        ("Where the mill once stood, a heron", Gist("a heron", ("mill",))),
        ("the ship never came, only gulls", Gist("only gulls", ("ship",))),
    ],
)
def test_what_is_away_sold_or_forgotten_is_not_wanted(text: str, gist: Gist) -> None:
    assert gist_of_any(text, "en") == gist
