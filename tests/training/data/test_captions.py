"""Captions: what they mention, and that their labels are exact."""

from __future__ import annotations

import numpy as np
import pytest

from installation.models.theatre.vocabulary import GROUPS
from installation.training.data.captions import GRAMMAR, NEUTRAL, caption, plural
from installation.training.data.lexicon import class_index, class_words, held_out_entries
from installation.training.data.text_batches import draw_scene_labels

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
NAMES = {class_index(group.name, label): (group.name, label) for group in GROUPS for label in group.labels}


def labels_of_captions(scene: dict[str, str], count: int = 300, short: float = 0.4) -> list[set[tuple[str, str]]]:
    random = np.random.default_rng(5)
    return [{NAMES[index] for index in caption(scene, random, short).labels} for _ in range(count)]


@pytest.mark.slow
def test_a_caption_mentions_only_classes_of_its_scene() -> None:
    random = np.random.default_rng(4)
    for scene in draw_scene_labels(random, 300):
        classes = {class_index(group, label) for group, label in scene.items()}
        labels = set(caption(scene, random).labels)
        assert labels
        assert labels <= classes


def test_every_group_is_mentioned_by_some_captions() -> None:
    mentioned = {group for labels in labels_of_captions(SCENE) for group, _ in labels}
    assert mentioned - {"tint"} == set(SCENE) - {"tint"}  # the neutral tint is mentioned rarely


def test_full_captions_mention_most_groups_and_short_ones_few() -> None:
    full = np.mean([len(labels) for labels in labels_of_captions(SCENE, short=0.0)])
    short = np.mean([len(labels) for labels in labels_of_captions(SCENE, short=1.0)])
    assert full > 5.0
    assert short < 3.0


def test_the_absence_of_a_subject_is_mentioned_at_times() -> None:
    empty = {**SCENE, "subject": "nobody", "subject_colour": "ink", "companion": "alone"}
    mentions = [labels for labels in labels_of_captions(empty) if ("subject", "nobody") in labels]
    assert 30 < len(mentions) < 200


@pytest.mark.parametrize("group", [name for name in NEUTRAL if name not in ("subject_colour", "detail", "tint")])
def test_a_neutral_class_is_mentioned_at_times(group: str) -> None:
    scene = {**SCENE, group: NEUTRAL[group]}
    if group == "subject":
        scene["subject_colour"] = "ink"
    assert any((group, NEUTRAL[group]) in labels for labels in labels_of_captions(scene))


def test_most_captions_join_the_companion_to_the_subject_by_a_phrase() -> None:
    random = np.random.default_rng(1)
    crow = class_index("companion", "crow")
    texts = [one.text for one in (caption(SCENE, random) for _ in range(200)) if crow in one.labels]
    phrases = [phrase.partition("{}")[0].strip() for phrase in GRAMMAR["parts"]["companion"]]
    without_phrase = [text for text in texts if not any(f"{phrase} " in f"{text} " for phrase in phrases)]
    assert len(texts) > 50
    assert len(without_phrase) < 0.2 * len(texts)


def test_captions_use_the_training_words_of_a_class_and_no_held_out_word() -> None:
    random = np.random.default_rng(2)
    texts = [caption(SCENE, random).text for _ in range(300)]
    used = {word for word in class_words("subject", "wolf") if any(word in text for text in texts)}
    assert len(used) > 6
    wolf = class_index("subject", "wolf")
    held_out = {entry.text for entry in held_out_entries() if entry.main_class == wolf}
    assert held_out
    assert [text for text in texts for word in held_out if word in text] == []


def test_the_same_seed_gives_the_same_caption() -> None:
    first, again = (caption(SCENE, np.random.default_rng(9)) for _ in range(2))
    assert first == again


def test_weather_is_used_as_an_adjective_of_terrain_and_subject() -> None:
    random = np.random.default_rng(6)
    scene = {**SCENE, "weather": "fire", "terrain": "city", "subject": "ship", "subject_colour": "ink"}
    fire, adjectives = class_index("weather", "fire"), GRAMMAR["worn"]["fire"]
    captions = [caption(scene, random) for _ in range(600)]
    with_adjective = [one for one in captions if any(word in one.text for word in adjectives)]
    assert all(fire in one.labels for one in with_adjective)
    for group, label in (("terrain", "city"), ("subject", "ship")):
        phrases = [f"{adjective} {noun}" for adjective in adjectives for noun in class_words(group, label)]
        assert sum(any(phrase in one.text for phrase in phrases) for one in with_adjective) > 10


def test_the_grammar_contains_no_held_out_word() -> None:
    phrases = {phrase for tables in GRAMMAR.values() for table in tables.values() for phrase in table}
    assert [entry.text for entry in held_out_entries() if entry.text in phrases] == []


def test_a_word_has_a_regular_plural_unless_it_is_a_held_out_word() -> None:
    assert [plural(word) for word in ("lamp", "church", "butterfly", "key", "sea star", "roses")] == [
        "lamps", "churches", "butterflies", "keys", None, None
    ]  # fmt: skip
    assert "kites" in {entry.text for entry in held_out_entries()}
    assert plural("kite") is None
