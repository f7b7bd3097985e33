"""Texts that are not English, and English words that no list knows, with the real sentence encoder."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.core.messages import Prompt
from installation.dream.dream_models import DreamModels
from installation.dream.latent_bank import load_bank
from installation.dream.nearest_words import NearestWords
from installation.dream.session import DreamSession
from installation.dream.text_reading import Reading, TextReader, text_reader
from installation.models import default_place
from installation.models.lexicon import lexicon_of
from installation.models.sentence_encoder import SentenceEncoder
from installation.models.theatre.vocabulary import GROUPS
from installation.show.settings import DreamSettings


def new_reader() -> TextReader:
    reader = text_reader(GROUPS)
    assert reader is not None
    return reader


@pytest.fixture(scope="module")
def reader() -> TextReader:
    found = new_reader()
    found.load()
    return found


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("gato", {"subject": "cat"}),
        ("kedi", {"subject": "cat"}),
        ("gato preto na neve", {"subject": "cat", "weather": "snow"}),
        ("маяк над морем ночью", {"subject": "lighthouse", "terrain": "sea", "sky": "night"}),
        ("белая лошадь у озера", {"subject": "horse", "subject_colour": "white", "terrain": "lake"}),
        ("夜の海の灯台", {"sky": "night", "terrain": "sea", "subject": "lighthouse"}),
        ("下雨的城市", {"weather": "rain", "terrain": "city"}),
        ("ประภาคารในทะเล", {"subject": "lighthouse", "terrain": "sea"}),
        ("달 아래 늑대", {"celestial": "moon", "subject": "wolf"}),
        ("ein roter Drache über dem Meer", {"subject": "dragon", "subject_colour": "red", "terrain": "sea"}),
        ("um cavalo branco no lago", {"subject": "horse", "subject_colour": "white", "terrain": "lake"}),
        ("le chat noir", {"subject": "cat"}),
        ("chat", {"subject": "cat"}),
    ],
)
def test_nouns_of_other_languages_are_read_one_by_one(
    reader: TextReader, text: str, classes: Mapping[str, str]
) -> None:
    assert reader.read(text).classes == classes


def test_the_perceptor_reads_the_names_in_english(reader: TextReader) -> None:
    assert reader.read("маяк над морем ночью").english == "the lighthouse above the sea at night"
    assert reader.read("saudade").english == "nostalgia"


def test_a_text_that_nothing_is_near_to_shows_light_and_land_and_no_figure(reader: TextReader) -> None:
    readings = [reader.read(text) for text in ("বাঘ", "একাকীত্ব", "நதி", "ზღვა", "xyzzy fnord")]
    assert {reading.classes["subject"] for reading in readings} == {"nobody"}
    assert len({tuple(sorted(reading.classes.items())) for reading in readings}) >= 4
    assert len({reading.english for reading in readings}) >= 4


def test_an_unknown_thing_is_shown_as_the_nearest_and_the_operator_is_told(reader: TextReader) -> None:
    jeep = reader.read("a jeep on the road")
    assert (jeep.classes["subject"], jeep.shown_as) == ("car", (("jeep", "car"),))
    assert reader.read("a lemur in the snow").shown_as == (("lemur", "monkey"),)
    assert reader.read("a sextant").missing == ("sextant",)


def test_without_the_encoder_the_lists_are_read_and_the_rest_is_left_to_the_perceptor() -> None:
    def missing() -> SentenceEncoder:
        assert alone.read("คฤหาสน์").pending  # what is read meanwhile is read again
        raise ShowError("not installed.")

    lexicon = lexicon_of(GROUPS)
    assert lexicon is not None
    alone = TextReader(lexicon, GROUPS, NearestWords(lexicon, missing))
    assert alone.read("ปิรามิด").pending
    with pytest.raises(ShowError, match="not installed"):
        alone.load()
    assert alone.read("ปิรามิด") == alone.read("คฤหาสน์") == Reading()
    assert alone.read("gato").classes == {"subject": "cat"}


def test_a_dream_reads_its_words_again_once_the_encoder_is_loaded(theatre_session: DreamSession) -> None:
    shared = theatre_session.models
    bank = load_bank("theatre", "clip-embedded", default_place())
    models = DreamModels.prepare(shared.generator, shared.perceptor, bank, DreamSettings(size=64, cutouts=2))
    session = DreamSession(models)
    dream = session.dream((Prompt(1, "ปิรามิด"),), 1, {})
    assert "pyramid" not in dream.labels()
    session.finish_loading()
    dream.step()
    dream.settle()
    assert "pyramid" in dream.labels()
    assert np.isfinite(dream.point().z).all()


@pytest.mark.parametrize(
    ("text", "marks_of_colour"),
    [
        ("eine Frau in einem roten Mantel", {"subject": "woman", "subject_colour": "red"}),
        ("una mujer con un vestido azul", {"subject": "woman", "subject_colour": "blue"}),
        ("赤いドレスの女", {"subject": "woman", "subject_colour": "red"}),
    ],
)
def test_clothes_give_their_colour_to_who_wears_them(text: str, marks_of_colour: dict[str, str]) -> None:
    reader = text_reader(GROUPS)
    assert reader is not None
    classes = reader.read(text).classes
    assert {name: classes.get(name) for name in ("subject", "subject_colour")} == marks_of_colour
    assert "companion" not in classes
