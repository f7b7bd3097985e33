"""Captions name what is there, and nothing that is not."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.theatre.vocabulary import GROUPS, NUM_CLASSES
from installation.training.data.captions import MANNERS, NEUTRAL, caption, plural
from installation.training.data.lexicon import held, place_of, words_of
from installation.training.data.text_batches import scenes_of, settled

SCENE = {
    "sky": "night",
    "tint": "no tint",
    "celestial": "moon",
    "weather": "snow",
    "terrain": "forest",
    "subject": "wolf",
    "subject_colour": "white",
    "companion": "crow",
    "detail": "smoke",
}


def said_in(labels: dict[str, str], count: int = 300, short: float = 0.4) -> list[set[tuple[str, str]]]:
    random = np.random.default_rng(5)
    places = {place_of(group.name, label): (group.name, label) for group in GROUPS for label in group.labels}
    return [{places[index] for index in caption(labels, random, short).said} for _ in range(count)]


def test_a_caption_says_only_what_is_in_the_picture() -> None:
    random = np.random.default_rng(4)
    for labels in scenes_of(random, 300):
        places = {place_of(group, label) for group, label in labels.items()}
        assert set(caption(labels, random).said) <= places


def test_every_group_is_said_by_some_captions() -> None:
    said = set.union(*said_in(SCENE))
    assert {group for group, _ in said} == set(SCENE) - {"tint"} | ({"tint"} if ("tint", "no tint") in said else set())


def test_whole_captions_say_most_of_what_is_salient_and_short_ones_little() -> None:
    whole = np.mean([len(said) for said in said_in(SCENE, short=0.0)])
    short = np.mean([len(said) for said in said_in(SCENE, short=1.0)])
    assert whole > 5.0
    assert short < 3.0


def test_nobody_is_said_to_be_there() -> None:
    empty = {**SCENE, "subject": "nobody", "subject_colour": "ink", "companion": "alone"}
    said = [said for said in said_in(empty) if ("subject", "nobody") in said]
    assert 30 < len(said) < 200


def test_a_companion_is_joined_to_a_subject_and_stands_alone_where_there_is_nobody() -> None:
    random = np.random.default_rng(1)
    crow = place_of("companion", "crow")
    joined = [one.text for one in (caption(SCENE, random) for _ in range(200)) if crow in one.said]
    joints = [manner.partition("{}")[0].strip() for manner in MANNERS["parts"]["companion"]]
    telegraphic = [text for text in joined if not any(f"{joint} " in f"{text} " for joint in joints)]
    assert len(telegraphic) < 0.2 * len(joined)


def test_the_words_of_a_caption_are_those_of_the_lexicon() -> None:
    random = np.random.default_rng(2)
    texts = [caption(SCENE, random).text for _ in range(300)]
    used = {word for word in words_of("subject", "wolf") if any(word in text for text in texts)}
    assert len(used) > 6
    unknown = {entry.text for entry in held() if entry.index == place_of("subject", "wolf")}
    assert [text for text in texts for word in unknown if word in text] == []


def test_the_same_seed_says_the_same() -> None:
    one, two = (caption(SCENE, np.random.default_rng(9)) for _ in range(2))
    assert one == two


@pytest.mark.parametrize("group", [name for name in NEUTRAL if name not in ("subject_colour", "detail", "tint")])
def test_what_is_not_there_is_said_at_times(group: str) -> None:
    labels = {**SCENE, group: NEUTRAL[group]}
    if group == "subject":
        labels["subject_colour"] = "ink"
    assert any((group, NEUTRAL[group]) in said for said in said_in(labels))


def test_a_figure_in_an_empty_place_is_still_there() -> None:
    nobody, violin = place_of("subject", "nobody"), place_of("subject", "violin")
    both = np.zeros((2, NUM_CLASSES), np.float32)
    both[:, nobody] = 1.0
    both[0, violin] = 1.0
    assert settled(both)[:, nobody].tolist() == [0.0, 1.0]
    assert settled(both)[0, violin] == 1.0


def test_weather_is_said_before_a_noun_as_well() -> None:
    random = np.random.default_rng(6)
    burning = {**SCENE, "weather": "fire", "terrain": "city", "subject": "ship", "subject_colour": "ink"}
    fire, worn = place_of("weather", "fire"), MANNERS["worn"]["fire"]
    said = [one for one in (caption(burning, random) for _ in range(600)) if any(word in one.text for word in worn)]
    assert all(fire in one.said for one in said)
    for group, label in (("terrain", "city"), ("subject", "ship")):
        nouns = [f"{word} {noun}" for word in worn for noun in words_of(group, label)]
        assert sum(any(noun in one.text for noun in nouns) for one in said) > 10


def test_the_manners_hold_no_word_that_is_held() -> None:
    spoken = {piece for rows in MANNERS.values() for some in rows.values() for piece in some}
    assert [entry.text for entry in held() if entry.text in spoken] == []


def test_plurals_are_taught_but_never_those_that_are_held() -> None:
    assert [plural(word) for word in ("lamp", "church", "butterfly", "key", "sea star", "roses")] == [
        "lamps", "churches", "butterflies", "keys", None, None
    ]  # fmt: skip
    unknown = {entry.text for entry in held()}
    assert {"kites"} <= unknown
    assert plural("kite") is None
