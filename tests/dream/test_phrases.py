"""Phrases that do not mean what their words name."""

from __future__ import annotations

import pytest

from installation.dream.phrases import Rewritten, plain_english, without_idioms
from installation.models.lexicon import Lexicon, lexicon_of
from installation.models.theatre.vocabulary import GROUPS


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    found = lexicon_of(GROUPS)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("it's raining cats and dogs", Rewritten("it's raining")),
        ("a wolf in sheep's clothing", Rewritten("a wolf")),
        ("a tempest in a teapot", Rewritten("a teapot")),
        ("Es regnet Bindfäden", Rewritten("Es regnet")),
        ("I have cold feet", Rewritten("I have", ("cold feet",))),
        ("a fire station at night", Rewritten("a at night", ("fire station",))),
        ("a storm over the cats and dogs", Rewritten("a storm over the cats and dogs")),
    ],
)
def test_an_idiom_is_what_it_means_or_is_told(text: str, rewritten: Rewritten) -> None:
    assert without_idioms(text) == rewritten


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("a bare in the woods", "a bear in the woods"),
        ("the bare trees", "the bare trees"),
        ("a dear in the forest", "a deer in the forest"),
        ("my dear", "my dear"),
        ("the night in shining armour", "the knight in shining armour"),
        ("the night in the city", "the night in the city"),
        ("the son is shining", "the sun is shining"),
        ("a hair running over the field", "a hare running over the field"),
        ("a which on a broom", "a witch on a broom"),
        ("a plain over the clouds", "a plane over the clouds"),
        ("a ship on the see", "a ship on the sea"),
    ],
)
def test_words_that_sound_alike_are_put_right_where_a_noun_stands(heard: str, said: str, lexicon: Lexicon) -> None:
    assert plain_english(heard, lexicon) == said


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a sea of people", "people"),
        ("a sea of clouds", "a sea of clouds"),
        ("a blanket of snow", "snow"),
        ("a forest of masts", "many masts"),
        ("a forest of pines", "a forest of pines"),
        ("a wall of stone", "a wall of stone"),
        ("the mountains of the moon", "the mountains of the moon"),
    ],
)
def test_a_measure_of_something_is_no_place(text: str, plain: str, lexicon: Lexicon) -> None:
    assert plain_english(text, lexicon) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("three o'clock in the morning", "at night"),
        ("at four in the morning", "at night"),
        ("ten o'clock in the morning", "in the morning"),
        ("at 9 pm", "at night"),
        ("six o'clock in the evening", "in the evening"),
        ("22:30 in Berlin", "at night in Berlin"),
        ("half past seven", "a clock"),
        ("seven birds in the evening", "seven birds in the evening"),
    ],
)
def test_an_hour_is_a_time_of_day(text: str, plain: str, lexicon: Lexicon) -> None:
    assert plain_english(text, lexicon) == plain


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a girl practising the violin", "a girl playing the violin"),
        ("a man falling asleep on a bench", "a man sleeping on a bench"),
        ("a woman trying on a hat", "a woman wearing a hat"),
        ("four friends playing a board game", "four friends playing a boardgame"),
        ("my grandmother and I", "my grandmother and a child"),
    ],
)
def test_doings_of_everyday_are_read_as_what_is_seen(text: str, read: str) -> None:
    assert without_idioms(text).text == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("My grandmother's hands smelled of bread", "My grandmother with bread"),
        ("I carry your letter in my coat", "I hold your letter"),
        ("a spider between two blades of grass", "a spider between the grass"),
        ("the riverbed is full of ladders of light", "the riverbed is full of light"),
        ("Night and a thread of trains", "Night and a row of trains"),
        ("a ladder of wood", "a ladder of wood"),
        ("I keep my aunt's laughter in a jar of buttons", "my aunt and a jar full of buttons"),
        ("I left my shoes by the lake", "my shoes by the lake"),
        ("we left the house at dawn", "we left the house at dawn"),
        ("the dead are patient as stones", "the gravestones are calm as stones"),
        ("the dead tree", "the dead tree"),
        ("we row out at dusk", "we rowing in a rowing boat at dusk"),
        ("swallows stitch up the evening sky", "swallows flying in the sky"),
        ("bees asleep in the bell of the foxglove", "bees asleep on the foxglove"),
        ("the wind turns the pages of the wheat", "the wind turns the wheat"),
        ("the pages of the book", "the pages of the book"),
        ("the last of the swallows", "the swallow"),
        ("you left a glass of water, and the morning drank it", "a glass of water, and the morning drank it"),
        ("the graves of the soldiers", "the graves"),
        ("I have hung my sorrow on the washing line", "I reaching for the washing line"),
        ("The light sits on the chair", "sunbeams sits on the chair"),
        ("the city shuts one eye after another", "the city"),
        ("the train pulls the night behind it", "the train in the night"),
        ("a candle says the name of my son", "a candle"),
        ("an owl asks the field its one question", "an owl asks the field"),
        ("a bicycle, its wheels full of grass", "a bicycle in grass"),
        ("a spider mends its web", "a spider in its web"),
        ("the moon rises, a coin for the poor", "the moon rises,"),
        ("the path, a lantern for the poor", "the path, a lantern for the poor"),
        ("my husband and me, we're old now", "an old couple"),
        ("a cat and a dog, two friends", "a cat and a dog"),
        ("birds on the wires above the street", "birds on an overhead wire in the street"),
        ("my nan in it with her hat on", "my nan in it wearing her hat"),
        ("sleeves wave to no one", "sleeves greets to no one"),
        ("a hot air balloon, with a cow in the basket", "a cow in a hot air balloon"),
        ("My father's coat hangs behind the door", "a coat stand beside the door in the hall"),
        ("my little brother and a dog", "a boy and a dog"),
        ("A horse at the gate breathes on my hands", "A horse at the gate"),
        ("Fly me to the moon", "I fly to the moon"),
        ("The Lord is my shepherd; I shall not want.", "a shepherd with three sheep."),
        ("Lord, make me a candle in the dark", "a candle in the dark"),
        ("Jack and Jill went up the hill to fetch a pail of water", "a boy and a girl with a bucket on a hill"),
    ],
)
def test_verse_is_read_as_what_it_shows(text: str, read: str) -> None:
    assert without_idioms(text).text.strip() == read
