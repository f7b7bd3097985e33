"""Misspelt words of a wish are read as what was meant; real words, names and invented ones stay."""

from __future__ import annotations

import pytest

from installation.dream.spelling import well_spelt
from installation.models.lexicon import Lexicon, lexicon_of
from installation.models.theatre.vocabulary import GROUPS

LEXICON = lexicon_of(GROUPS)


@pytest.fixture
def lexicon() -> Lexicon:
    assert LEXICON is not None
    return LEXICON


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a lighthose on the cliff at nite", "a lighthouse on the cliff at night"),
        ("the giraff in the jungel", "the giraffe in the jungle"),
        ("two rabits and a squirel in the forrest", "two rabbits and a squirrel in the forest"),
        ("the litle castel on the hil", "the little castle on the hill"),
        ("a elefant with a umbrela", "a elephant with a umbrella"),
        ("a buterfly and a dinasour", "a butterfly and a dinosaur"),
        ("she is swiming in the lake", "she is swimming in the lake"),
        ("the wich flys over the brige", "the witch flies over the bridge"),
        ("my grandmas cat on the sofe", "my grandma's cat on the sofa"),
        ("grandpas old boat", "grandpa's old boat"),
        ("kastle with a dragen", "castle with a dragon"),
        ("my skool teacher", "my school teacher"),
        ("a kangeroo jumps over the fense", "a kangaroo jumps over the fence"),
    ],
)
def test_a_misspelt_word_is_the_nearest_known_one(written: str, meant: str, lexicon: Lexicon) -> None:
    assert well_spelt(written, lexicon) == meant


@pytest.mark.parametrize(
    "text",
    [
        "a snorfleblat on the moon",
        "Ludmila waits for Tarek at the kerb",
        "silent feet in the snow, thee and thine",
        "two grandmas dance in the rain",
        "a quokka with a didgeridoo",
        "the gloaming over the loch, never still",
        "a sloth hangs from a branch",
        "hoping and riding, writing and shining",
    ],
)
def test_what_is_well_spelt_or_invented_stays(text: str, lexicon: Lexicon) -> None:
    assert well_spelt(text, lexicon) == text
