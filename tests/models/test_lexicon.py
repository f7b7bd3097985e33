"""The words of other languages and the stand-ins belong to classes that there are."""

from __future__ import annotations

import tomllib

import pytest

from installation.dream.english_words import function_words, nouns
from installation.models.lexicon import COMMON, FOLDER, FOREIGN, OWN_ONLY, QUALIFIERS, VARIETIES, lexicon_of
from installation.models.theatre.marks import MARKED_COLOURS, NAMES, STATES
from installation.models.theatre.vocabulary import GROUPS, SUBJECT_COLOURS


@pytest.mark.parametrize("name", ["languages", "short_words"])
def test_nouns_of_other_languages_are_those_of_classes(name: str) -> None:
    labels = {group.name: set(group.labels) for group in GROUPS}
    tables = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    assert {(group, label) for group, rows in tables.items() for label in rows if label not in labels[group]} == set()


def test_stand_ins_are_words_of_the_lexicon_for_what_is_shown() -> None:
    lexicon = lexicon_of(GROUPS)
    assert lexicon is not None
    shown = {word: {one.label for one in lexicon.names.get(word, ())} for word in lexicon.stand_ins}
    assert {word: label for word, label in lexicon.stand_ins.items() if label not in shown[word]} == {}


def test_no_short_word_is_an_english_one() -> None:
    lexicon = lexicon_of(GROUPS)
    assert lexicon is not None
    table = tomllib.loads((FOLDER / "short_words.toml").read_text(encoding="utf-8"))
    words = {word for rows in table.values() for row in rows.values() for word in row.replace("/", ", ").split(", ")}
    assert words & set(lexicon.names) == set()


def test_common_nouns_name_something_and_those_that_are_english_too_are_read_in_their_own_language_only() -> None:
    lexicon = lexicon_of(GROUPS)
    assert lexicon is not None
    rows = tomllib.loads((FOLDER / f"{COMMON}.toml").read_text(encoding="utf-8"))
    own_only = set(rows.pop(OWN_ONLY).split())
    assert [name for name in rows if not lexicon.has(name)] == []
    new = set("/".join(rows.values()).lower().replace(", ", "/").split("/"))
    listed = tomllib.loads((FOLDER / f"{FOREIGN}.toml").read_text(encoding="utf-8"))
    old = set(
        "/".join(row for group in listed.values() for row in group.values()).lower().replace(", ", "/").split("/")
    )
    assert {word for word in new - old if word in nouns() | function_words()} & set(lexicon.foreign) == set()
    assert own_only - new == set()
    assert lexicon.languages["de"]["bach"] != lexicon.names["bach"]


def test_occasions_are_made_of_what_the_theatre_shows() -> None:
    lexicon = lexicon_of(GROUPS)
    assert lexicon is not None
    labels = {group.name: set(group.labels) for group in GROUPS}
    figures = {label for scene in lexicon.scenes.values() for _, label in scene.figures}
    settings = {meaning for scene in lexicon.scenes.values() for meaning in scene.setting}
    assert figures - labels["subject"] == set()
    assert {one for one in settings if one.label not in labels.get(one.group, set(NAMES))} == set()
    rows = tomllib.loads((FOLDER / "scenes.toml").read_text(encoding="utf-8"))
    varieties = tomllib.loads((FOLDER / f"{VARIETIES}.toml").read_text(encoding="utf-8"))
    words = [word for each in (*rows, *varieties.values()) for word in each.split(", ")]
    drawn = {word for word in words if word not in lexicon.scenes}  # figures of their own
    assert all({one.label for one in lexicon.names[word]} & labels["subject"] for word in drawn)
    assert sorted(words) == sorted(set(words))


def test_each_word_before_a_figure_is_a_number_a_size_a_colour_or_a_state() -> None:
    lexicon = lexicon_of(GROUPS)
    assert lexicon is not None
    before = {mark for scene in lexicon.scenes.values() for marks, _ in scene.figures for mark in marks}
    assert before - {*SUBJECT_COLOURS, *NAMES} == set()
    assert {*STATES, *MARKED_COLOURS} - set(QUALIFIERS) == set()
