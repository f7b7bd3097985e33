"""English texts, word by word: what is named, compared, owned, done, and of what colour."""

from __future__ import annotations

import pytest

from installation.dream.english_text import find_terms
from installation.dream.term import Term
from installation.models.lexicon import lexicon_of
from installation.models.theatre.vocabulary import GROUPS


def terms(text: str) -> list[Term]:
    lexicon = lexicon_of(GROUPS)
    assert lexicon is not None
    return find_terms(text, lexicon)


def literal(text: str) -> list[str]:
    return [term.text for term in terms(text) if not term.compared and not term.weak]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("three swans went over the roof like letters", ["swans", "roof"]),
        ("like a feather the snow lay down on the roofs", ["snow", "roofs"]),
        ("the lamps bloomed like tulips along the river", ["lamps", "river"]),
        ("the moon as white as a bone, and a fox", ["moon", "fox"]),
    ],
)
def test_a_comparison_ends_with_its_noun_its_clause_or_a_place(text: str, named: list[str]) -> None:
    assert [name for name in literal(text) if name != "white"] == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("an owl sitting on a tree", ["owl", "tree"]),
        ("the dragon's castle", ["castle"]),
        ("a wedding in the snow", ["wedding", "snow"]),
        ("light on the water", ["water"]),
    ],
)
def test_verbs_owners_and_light_are_weak(text: str, named: list[str]) -> None:
    assert literal(text) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("the bus crosses the bridge", ["bus", "bridge"]),
        ("the last ship leaves the harbour", ["ship", "harbour"]),
        ("she hands him a letter", ["letter"]),
        ("the tent breathes in the dark", ["tent", "dark"]),
        ("the gate rots in the rain", ["gate", "rain"]),
        ("the umbrella blooms in the street", ["umbrella", "street"]),
        ("the owl hoards the keys", ["owl", "keys"]),
        ("autumn leaves on the crosses", ["autumn leaves", "crosses"]),
        ("a hand, the moon", ["hand", "moon"]),
    ],
)
def test_what_is_done_to_an_object_names_nothing(text: str, named: list[str]) -> None:
    assert literal(text) == named


def test_an_owner_is_one() -> None:
    assert next(term for term in terms("my grandmother's kitchen") if term.weak).marks == ()


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("a horse but make it blue", "blue"),
        ("an angel, and make it golden", "gold"),
        ("a horse in red", "red"),
        ("a horse in blue light", ""),
        ("the horse is white and old", "white"),
        ("a horse, blue mountains", ""),
    ],
)
def test_a_colour_that_is_said_of_a_figure_is_its_own(text: str, colour: str) -> None:
    assert next(term for term in terms(text) if term.label("subject")).colour == colour


def test_the_natural_colour_of_a_place_tints_nothing() -> None:
    assert [term.text for term in terms("a cow in a green meadow")] == ["cow", "meadow"]
    assert [term.text for term in terms("a cow in a red desert")] == ["cow", "red", "desert"]


def test_a_burning_candle_sets_nothing_on_fire() -> None:
    assert [term.text for term in terms("a candle burning in the night")] == ["candle", "night"]
    assert [term.text for term in terms("a burning house")] == ["burning", "house"]


@pytest.mark.parametrize("text", ["two matches", "a sprocket", "the theremin"])
def test_things_that_no_list_has_are_terms_without_meaning(text: str) -> None:
    assert [term.meanings for term in terms(text)] == [()]


@pytest.mark.parametrize("text", ["well, that is a bit much", "the one over there", "take a look"])
def test_talk_names_nothing(text: str) -> None:
    assert not [term for term in terms(text) if not term.meanings]


def test_a_thing_that_only_a_mood_depicts_is_also_missing() -> None:
    assert [(term.text, term.mood) for term in terms("a prison")] == [("prison", True), ("prison", False)]


@pytest.mark.parametrize(
    ("text", "named", "lost"),
    [
        ("her eyes were two lakes", ["eyes"], ("lakes",)),
        ("the moon is a silver coin", ["moon"], ("coin",)),
        ("the city is a jungle", ["city"], ("jungle",)),
        ("the king is a frog", ["king", "frog"], ()),
        ("grandpa is watering the garden", ["grandpa", "garden"], ()),
    ],
)
def test_what_something_is_said_to_be_is_told(text: str, named: list[str], lost: tuple[str, ...]) -> None:
    found = terms(text)
    assert ([term.text for term in found], found[0].lost) == (named, lost)


@pytest.mark.parametrize(
    ("text", "named", "colour"),
    [
        ("a woman in a red coat", ["woman"], "red"),
        ("a child in a long yellow raincoat", ["child"], "gold"),
        ("a girl wearing a purple skirt", ["girl"], "violet"),
        ("a man in a suit", ["man in a suit"], ""),
        ("an old man with a grey scarf", ["old man", "scarf"], ""),
        ("a red dress on a chair", ["dress", "chair"], "red"),
    ],
)
def test_what_a_figure_wears_is_its_paper(text: str, named: list[str], colour: str) -> None:
    found = terms(text)
    assert ([term.text for term in found], found[0].colour) == (named, colour)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a blue snorfleblat on a hill", ["blue snorfleblat", "hill"]),
        ("the quagglewump sleeps", ["quagglewump"]),
        ("silence over the harbour", ["silence", "harbour"]),
        ("the shadow of a bird", ["shadow", "bird"]),
    ],
)
def test_unknown_and_abstract_nouns_are_terms(text: str, named: list[str]) -> None:
    assert [term.text for term in terms(text)] == named
