"""Following a reader: every line once, in order, at its first words, whatever the recogniser makes of them."""

from __future__ import annotations

import random
import statistics
from itertools import pairwise

from installation.show.loader import load_show
from installation.show.script_file import Script
from installation.text.script_follower import FollowThresholds, ScriptFollower
from tests.reader import Reader

POEM = [line.text for line in Script.parse(load_show("reading").script.text).lines]
SKIPPED = (8, 19, 27)
REPEATED = (5, 22, 36)
ASIDES = {
    12: "thank you my friends there is a chair for everybody over there by the door",
    30: "excuse me could somebody please shut that window it is cold in here",
}
COUGHS = ("huh", "the", "uh")


def whole_reading(seed: int, wrong: float) -> tuple[Reader, list[int]]:
    """The poem read aloud with everything that happens on a stage; the lines that were read."""
    reader = Reader(POEM, ScriptFollower(POEM), random.Random(seed), wrong, wrong / 4, wrong / 4)
    read: list[int] = []
    number = 0
    while number < len(POEM):
        breath = reader.dice.choice((1, 1, 1, 2, 2, 3))
        lines = [each for each in range(number, min(number + breath, len(POEM))) if each not in SKIPPED]
        if lines:
            reader.read(*lines)
        for each in lines:
            if each in REPEATED:
                reader.read(each)
            if each in ASIDES:
                reader.say(ASIDES[each])
            if reader.dice.random() < 0.1:
                reader.say(reader.dice.choice(COUGHS))
        read += lines
        number += breath
    return reader, read


def following(*lines: str) -> ScriptFollower:
    return ScriptFollower(lines)


def heard(follower: ScriptFollower, *texts: str) -> list[int]:
    """The lines that begin with these finals."""
    first = (follower._utterance or 0) + 1
    return [line for i, text in enumerate(texts) for line in follower.hear(first + i, text, True)]


def test_a_reading_that_is_heard_rightly_fires_every_line_early() -> None:
    reader, read = whole_reading(1, 0.0)
    assert len(read) >= 40
    assert len(set(read) - set(reader.hearing.begun)) <= 1
    assert statistics.median(reader.hearing.shares.values()) <= 0.4


def test_a_reading_with_every_fifth_word_misheard_fires_its_lines_once_in_order_and_early() -> None:
    shares: list[float] = []
    fired = expected = 0
    for seed in range(8):
        reader, read = whole_reading(seed, 0.2)
        begun = reader.hearing.begun
        assert all(first < second for first, second in pairwise(begun))
        assert set(begun) <= set(read)
        fired += len(begun)
        expected += len(read)
        shares += reader.hearing.shares.values()
    assert fired / expected >= 0.95
    assert statistics.median(shares) <= 0.6
    assert min(shares) > 0.0  # none before its first word


def test_partials_that_grow_word_by_word_fire_their_line_once() -> None:
    follower = following("The city burns behind me", "One white ship is leaving")
    partials = ("the", "the city", "the city burns", "the city burns behind", "the city burns behind me")
    begun = [follower.hear(1, partial, False) for partial in partials]
    assert begun == [[], [0], [], [], []]
    assert follower.hear(1, "the city burns behind me", True) == []
    assert follower.hear(1, "the city burns behind me one white ship", False) == []  # late: its final has been heard
    assert follower.hear(2, "the city burns behind me", True) == []


def test_homophones_inflections_numbers_and_marks_are_the_words_they_are() -> None:
    follower = following(
        "The knight rode through the night", "22 wolves sang at the gate", "Éclair d'été", "Nobody's horse"
    )
    assert heard(follower, "the night road threw the knight", "twenty two wolf sings", "eclair dete") == [0, 1, 2]


def test_the_next_line_needs_little_and_a_line_far_ahead_needs_much() -> None:
    poem = ("first apple", "second banana cherry", "third violin", "fourth window", "fifth mountain river bridge")
    assert heard(following(*poem), "first apple", "second") == [0, 1]
    assert heard(following(*poem), "first apple", "fifth mountain") == [0]
    assert heard(following(*poem), "first apple", "fifth mountain river bridge") == [0, 4]


def test_a_refrain_fires_where_it_stands_and_a_line_read_again_is_not_taken_for_it() -> None:
    poem = (
        "a candle stands upon the table",
        "carry the light",
        "the harbour closes all its doors",
        "seven horses cross the river",
        "carry the light",
        "morning comes with empty hands",
    )
    follower = following(*poem)
    assert heard(follower, poem[0], poem[1], poem[1], poem[1]) == [0, 1]
    assert heard(follower, poem[2], poem[3], poem[4], poem[5]) == [2, 3, 4, 5]


def test_the_same_line_twice_in_a_row_fires_twice_when_it_is_read_twice() -> None:
    follower = following("the drum begins", "water water everywhere", "water water everywhere", "and nothing to drink")
    assert heard(follower, "the drum begins", "water water everywhere") == [0, 1]
    assert heard(follower, "water water everywhere", "nothing to drink") == [2, 3]


def test_of_lines_that_begin_alike_the_next_one_is_taken_and_the_words_after_decide_for_the_other() -> None:
    poem = ("a bell rings", "and the sea is black tonight", "and the sea is white tomorrow", "sleep")
    assert heard(following(*poem), "a bell rings", "and the sea is black tonight") == [0, 1]
    read = heard(following(*poem), "a bell rings", "and the sea is white tomorrow")
    assert read[-1] == 2


def test_a_line_of_one_word_fires_after_the_line_before_it_and_not_in_the_middle_of_other_talk() -> None:
    poem = ("the rivers fill the street", "listen", "a white owl calls the forest")
    assert heard(following(*poem), poem[0], "listen", poem[2]) == [0, 1, 2]
    assert heard(following(*poem), poem[0], "could you please listen to me for once") == [0]


def test_what_is_not_in_the_text_fires_nothing_and_the_reading_goes_on_after_it() -> None:
    follower = following(*POEM)
    assert heard(follower, POEM[0], *ASIDES.values(), "uh", "hm the", "well that was a long day was it not") == [0]
    assert heard(follower, POEM[1]) == [1]


def test_the_cursor_never_goes_back_by_itself_but_the_operator_may_move_it() -> None:
    follower = following(*POEM)
    assert heard(follower, *POEM[:6]) == [0, 1, 2, 3, 4, 5]
    assert heard(follower, *POEM[:4]) == []
    follower.move(0)
    assert heard(follower, POEM[1]) == [1]
    follower.move(len(POEM) + 50)
    assert follower.cursor == len(POEM) - 1
    follower.move(-7)
    assert heard(follower, POEM[0]) == [0]


def test_a_recogniser_that_breaks_off_and_counts_anew_is_followed_on() -> None:
    follower = following(*POEM)
    assert heard(follower, POEM[0]) == [0]
    follower.break_off()
    assert follower.hear(1, POEM[1], True) == [1]
    assert follower.hear(2, "well", False) == []
    follower.break_off()
    assert follower.hear(1, POEM[2], True) == [2]


def test_words_heard_before_the_operator_moved_the_cursor_count_no_more() -> None:
    follower = following(*POEM)
    heard(follower, POEM[0])
    assert follower.hear(9, POEM[1], False) == [1]
    follower.move(0)
    assert follower.hear(9, POEM[1], False) == []
    assert follower.hear(9, f"{POEM[1]} {POEM[2]}", True) == [2]


def test_a_reader_far_outside_of_the_window_is_not_followed() -> None:
    assert heard(ScriptFollower(POEM, FollowThresholds(window=3)), POEM[0], POEM[20]) == [0]


def test_a_text_without_lines_follows_nobody() -> None:
    assert heard(following(), "anything") == []


def test_a_text_without_spaces_between_words_is_followed_too() -> None:
    follower = following("古池や蛙飛び込む水の音", "閑さや岩にしみ入る蝉の声")
    assert heard(follower, "古池や", "閑さや岩に") == [0, 1]


def test_a_refrain_is_reached_from_wherever_the_cursor_has_been_moved_to() -> None:
    poem = (
        "a candle stands upon the table",
        "carry the light",
        "the harbour closes all its doors",
        "seven horses cross the river",
        "carry the light",
        "morning comes with empty hands",
        "a stone rolls under the bridge",
        "carry the light",
        "nobody answers any more",
    )
    for cursor, refrain in ((0, 1), (2, 4), (3, 4), (5, 7), (6, 7)):
        follower = following(*poem)
        heard(follower, *poem[:2])
        follower.move(cursor)
        assert heard(follower, "carry the light", poem[refrain + 1]) == [refrain, refrain + 1], cursor
