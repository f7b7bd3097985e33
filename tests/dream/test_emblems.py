import tomllib
from collections import Counter

import pytest

from installation.dream.emblems import emblem_of
from installation.dream.text_reading import Reading, text_reader
from installation.models.lexicon import FOLDER
from installation.models.theatre.marks import NAMES
from installation.models.theatre.vocabulary import GROUPS

TABLE = tomllib.loads((FOLDER / "emblems.toml").read_text(encoding="utf-8"))


def read(text: str) -> Reading:
    reader = text_reader(GROUPS, NAMES)
    assert reader is not None
    return reader.read(text)


def test_each_sentence_is_shown_whole_with_a_figure_in_its_place_and_light() -> None:
    for sentence in TABLE:
        reading = read(sentence)
        assert (reading.missing, reading.shown_as) == ((), ()), sentence
        assert {"subject", "celestial"} & reading.classes.keys(), sentence
        assert {"sky", "terrain", "weather"} & reading.classes.keys(), sentence


def test_a_word_has_one_sentence() -> None:
    words = Counter(word for words in TABLE.values() for word in words.split(", "))
    assert [word for word, count in words.items() if count > 1] == []


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("so lonely", "loneliness"),
        ("a feeling of being alone", "loneliness"),
        ("Quiet anger", "quiet anger"),
        ("pure joy!", "happiness"),
        ("the weight of secrets", "a secret"),
        ("fear of silence", "fear"),
        ("the sound of silence", "silence"),
        ("the end of silence", "silence"),
        ("silent despair", "despair"),
        ("I miss you so much", "longing"),
        ("d\u00e9j\u00e0 vu", "d\u00e9j\u00e0 vu"),
        ("peace of mind", "inner peace"),
        ("hopefully", "hope"),
        ("a heavy heart", "sadness"),
        ("a mother's worry", "anxiety"),
        ("second chances", "a second chance"),
        ("small kindnesses", "kindness"),
        ("a moment of doubt", "doubt"),
        ("always grateful", "gratitude"),
        ("grateful always", "gratitude"),
    ],
)
def test_abstract_words_and_words_for_how_much_are_an_emblem(text: str, like: str) -> None:
    assert emblem_of(text) == emblem_of(like) != ""


@pytest.mark.parametrize("text", ["a lonely man", "hope on a hill", "the weight of a feather", "a red fox", "", "the"])
def test_a_text_that_names_anything_else_is_no_emblem(text: str) -> None:
    assert emblem_of(text) == ""


def test_an_abstract_word_is_read_as_its_sentence_in_any_language() -> None:
    sentence = emblem_of("hope")
    assert read("hope").classes == read("Hoffnung").classes == read(sentence).classes
    assert read("hope").english == sentence


def test_a_generator_without_arrangements_shows_moods_as_their_list_says() -> None:
    reader = text_reader(GROUPS)
    assert reader is not None
    assert reader.read("homesickness").classes["detail"] == "lit windows"


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("winter melancholy", {"sky": "winter", "weather": "snow", "terrain": "lake"}),
        ("a lonely winter evening", {"sky": "dusk", "weather": "snow", "subject": "bench"}),
        ("hope in the city", {"terrain": "city", "sky": "dawn"}),
        ("memories of the sea", {"terrain": "sea", "sky": "dusk"}),
    ],
)
def test_a_named_light_weather_or_place_is_that_of_the_emblem(text: str, classes: dict[str, str]) -> None:
    reading = read(text)
    assert classes.items() <= reading.classes.items()
    assert "library" not in reading.marks


@pytest.mark.parametrize("text", ["the sea is calm", "a quiet lake", "the end of the road", "a rainy sunday"])
def test_what_is_said_of_a_place_is_no_emblem(text: str) -> None:
    assert len(read(text).classes) <= 2


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("the colour of loneliness", "loneliness"),
        ("what does happiness look like?", "happiness"),
        ("nostalgia for a place I've never been", "nostalgia"),
        ("friendship across generations", "friendship"),
        ("hope dying", "a wilted hope"),
        ("love fading away", "a wilted hope"),
        ("trust between strangers", "trust"),
        ("grief that comes in waves", "grief"),
        ("forgiveness after many years", "forgiveness"),
        ("hope at the end of winter", "hope in winter"),
        ("sadness lifting", "a healing wound"),
        ("memory dissolving", "forgetting"),
        ("everything we could have said", "things left unsaid"),
    ],
)
def test_words_that_name_nothing_leave_an_emblem(text: str, like: str) -> None:
    assert read(text).classes == read(like).classes != {}


def test_a_thing_beside_an_abstract_word_is_shown_instead() -> None:
    assert read("waiting for the bus that never comes").classes["subject"] != read("waiting").classes["subject"]
