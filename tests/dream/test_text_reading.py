from collections.abc import Mapping

import numpy as np
import pytest

from installation.dream.text_reading import Reading, text_reader
from installation.dream.word_classes import decide_classes
from installation.models.interfaces import Group
from installation.models.theatre.marks import NAMES
from installation.models.theatre.vocabulary import GROUPS


def read(text: str) -> Reading:
    reader = text_reader(GROUPS)
    assert reader is not None
    return reader.read(text)


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        (
            "a red train in the city at night",
            {"subject": "train", "subject_colour": "red", "terrain": "city", "sky": "night"},
        ),
        ("a lighthouse in a storm", {"subject": "lighthouse", "sky": "storm", "terrain": "sea"}),
        ("a bird above a castle", {"subject": "castle", "companion": "bird"}),
        ("three swans went by like letters", {"subject": "swan", "terrain": "lake"}),
        ("somewhere a train is crying in the night", {"subject": "train", "sky": "night"}),
        ("a red fox", {"subject": "fox", "subject_colour": "red"}),
        ("the horse is white", {"subject": "horse", "subject_colour": "white"}),
        ("una chiesa sotto la neve", {"subject": "church", "weather": "snow"}),
        ("everything is red", {"tint": "red"}),
    ],
)
def test_every_word_counts(text: str, classes: Mapping[str, str]) -> None:
    assert read(text).classes == classes


def test_things_that_cannot_be_shown_are_named_one_by_one() -> None:
    assert read("a ship in a sextant behind a thermostat").missing == ("sextant", "thermostat")
    assert read("a fox and a bear").missing == ("bear",)  # of a generator without marks


def test_of_two_places_times_or_weathers_the_other_is_told() -> None:
    assert read("rain and fog") == Reading({"weather": "rain"}, ("fog",), True)
    assert read("an island in the sea") == Reading({"terrain": "island"}, (), True)
    assert read("a winter night") == Reading({"sky": "night", "weather": "snow"}, (), True)
    assert read("a fox in the red forest").missing == ("red",)


def test_an_owner_or_a_verb_is_a_figure_only_if_nothing_else_is() -> None:
    assert read("an owl sitting on a tree").classes["subject"] in ("owl", "tree")
    assert read("the dragon's cave").classes["subject"] == "dragon"
    assert read("the dragon's castle").classes["subject"] == "castle"


def test_a_generator_without_a_figure_shows_a_related_one_and_tells() -> None:
    figures = tuple(label for label in GROUPS[5].labels if label not in ("tiger", "cow"))
    reader = text_reader(
        [*GROUPS[:5], GROUPS[5]._replace(labels=figures, neutral=figures.index("nobody")), *GROUPS[6:]]
    )
    assert reader is not None
    assert reader.read("a tiger").shown_as == (("tiger", "lion"),)
    assert reader.read("a cow").missing == ("cow",)
    assert read("a tiger").shown_as == ()


def test_moods_alone_are_shown_as_their_list_says() -> None:
    classes = {"subject": "house", "sky": "dusk", "detail": "lit windows", "terrain": "village"}
    assert read("homesickness") == Reading(classes, (), True)
    assert read("forgiveness").classes["companion"] == "bird"
    assert read("the speed of time").classes["subject"] == "car"


def test_what_no_word_names_stays_neutral() -> None:
    evidence = np.full(sum(len(group.labels) for group in GROUPS), 0.9, np.float32)
    _, words = decide_classes(GROUPS, evidence, [read("snow in the forest")], [1.0])
    names = [group.name for group in GROUPS]
    shown = {names[column]: GROUPS[column].labels[label] for column, label in words.chosen.items()}
    assert shown == {
        "sky": "winter",
        "tint": "no tint",
        "weather": "snow",
        "terrain": "forest",
        "subject": "nobody",
        "subject_colour": "ink",
        "companion": "alone",
        "detail": "nothing more",
    }


def test_a_place_by_day_has_no_sky_of_its_own() -> None:
    evidence = np.full(sum(len(group.labels) for group in GROUPS), 0.9, np.float32)
    _, words = decide_classes(GROUPS, evidence, [read("a forest")], [1.0])
    sky = GROUPS[0]
    assert not any(words.allowed[0][sky.labels.index(label)] for label in ("aurora", "night"))


def test_what_is_not_wanted_is_not_allowed() -> None:
    evidence = np.zeros(sum(len(group.labels) for group in GROUPS), np.float32)
    corrected, words = decide_classes(GROUPS, evidence + 0.9, [read("the sea"), read("moon")], [1.0, -1.0])
    celestial = GROUPS[2]
    assert not words.allowed[2][celestial.labels.index("moon")]
    assert corrected.max() == 1.0


def test_what_is_refused_is_not_shown_though_it_is_named() -> None:
    evidence = np.zeros(sum(len(group.labels) for group in GROUPS), np.float32)
    _, words = decide_classes(GROUPS, evidence, [read("snow on the sea"), read("snow")], [1.0, -1.0])
    assert GROUPS[3].labels[words.chosen[3]] == "clear"


def test_a_guess_is_calm() -> None:
    reader = text_reader(GROUPS)
    assert reader is not None
    reader.load()
    for text in ("blorptang", "qwertzuiop", "Tuesday"):
        reading = reader.read(text)
        assert reading.guessed
        assert "weather" not in reading.classes
        assert reading.classes["subject"] == "nobody"


def test_other_generators_have_no_reader() -> None:
    assert text_reader((Group("imagenet", ("fox", "wolf")),)) is None


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("two wolves in the snow", ("two",)),
        ("three swans went over the roof like letters", ("three", "lifted")),
        ("swans on the lake", ("three",)),
        ("a flock of crows", ("many",)),
        ("a row of houses", ("many",)),
        ("three birds", ("three",)),
        ("birds", ()),
        ("a herd of horses", ("many",)),
        ("her eyes", ("two",)),
        ("a pair of shoes", ("lamp room",)),
        ("two pairs of shoes", ("two", "lamp room")),
        ("a pair of wolves", ("two",)),
        ("a mouse in a basket", ("second mouse", "inside")),
        ("five candles", ("five",)),
        ("seven ravens", ("many",)),
        ("one white ship", ()),
        ("two people", ()),
        ("a lion and a fox", ("second fox",)),
        ("a tiny man beside a huge elephant", ("huge figure", "second man", "second tiny figure")),
        ("two wolves and three sheep", ("two", "second sheep", "second three")),
        ("a white horse beside a red door", ("second front door", "second red")),
        ("a white fox and a black fox", ("second fox", "second black")),
        ("a bear on a bridge", ("second bear", "on")),
        ("a lion beside a brown dog", ("second brown",)),
        ("a huge moon over a small house", ("tiny figure", "above sky", "huge sky")),
        ("two moons over the desert", ("two sky",)),
        ("three suns and two wolves", ("two", "three sky")),
        ("a giant spider over the city", ("huge figure",)),
        ("a small child", ()),
        ("a cat on a roof", ("on",)),
        ("an owl on a tree", ("second owl", "on")),
        ("a king beneath the apple tree", ("second king", "under")),
        ("a king in front of a tree", ("second king", "front")),
        ("a monkey in a palm tree", ("second monkey", "on")),
        ("two lovers under one umbrella", ("second umbrella", "above")),
        ("a man with an umbrella", ("second umbrella", "above")),
        ("a bear in a forest", ()),
        ("a bird above a castle", ("above",)),
        ("a dog under a tree", ("under",)),
        ("a house behind a wolf", ("behind",)),
        ("a ship on the sea", ()),
        ("a pink castle under a grey sky", ("pink",)),
        ("a grey elephant", ("grey",)),
        ("a pink evening", ()),
    ],
)
def test_numbers_sizes_places_and_colours_arrange_the_figures(text: str, marks: tuple[str, ...]) -> None:
    reader = text_reader(GROUPS, NAMES)
    assert reader is not None
    assert reader.read(text).marks == marks


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a teapot", "room"),
        ("a washing machine", "room"),
        ("a fork and a knife", "room"),
        ("a suitcase", "road"),
        ("a wheelbarrow", "field"),
        ("a teapot on the moon", "field"),
        ("a hammer in the desert", "desert"),
        ("a hammer in the rain", ""),
        ("a wolf and a hammer", ""),
    ],
)
def test_household_things_that_stand_alone_are_at_home(text: str, place: str) -> None:
    reader = text_reader(GROUPS, NAMES)
    assert reader is not None
    assert reader.read(text).classes.get("terrain", "") == place


def test_what_no_generator_can_arrange_is_named() -> None:
    assert read("two wolves").missing == ("two",)
    assert read("a pink castle").missing == ("pink",)
    reader = text_reader(GROUPS, NAMES)
    assert reader is not None
    assert reader.read("seven moons").missing == ("seven",)
    assert reader.read("a wolf, a house, an owl and a horse").missing == ()
    assert reader.read("a wolf, a house, an owl, a horse, a cup and a fox").missing == ("fox",)


def test_a_flock_of_birds_is_also_in_the_distance_and_a_colour_without_a_figure_tints_the_picture() -> None:
    assert read("a flock of crows").classes == {"subject": "crow", "detail": "distant birds"}
    assert read("a pink evening").classes == {"sky": "dusk", "tint": "pink"}
