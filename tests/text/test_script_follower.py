"""Following a reader: each line is reported once, in order, at its first words, despite recognition errors."""

from __future__ import annotations

import random
import statistics
from itertools import pairwise

import pytest

from installation.show.loader import load_show
from installation.show.script_file import Script
from installation.show.settings import ScriptSettings
from installation.text.script_follower import FollowThresholds, ScriptFollower
from tests.text.simulated_reader import SimulatedReader

POEM = [line.text for line in Script.parse(load_show("reading").script.text).lines]
SKIPPED = (8, 19, 27)
REPEATED = (5, 22, 36)
ASIDES = {
    12: "thank you my friends there is a chair for everybody over there by the door",
    30: "excuse me could somebody please shut that window it is cold in here",
}
COUGHS = ("huh", "the", "uh")


def thresholds(window_lines: int = ScriptSettings().window_lines) -> FollowThresholds:
    """The defaults of a show file."""
    settings = ScriptSettings()
    return FollowThresholds(settings.evidence_words, settings.margin_words, window_lines)


def following(*lines: str) -> ScriptFollower:
    return ScriptFollower(lines, thresholds())


def read_poem(seed: int, errors: float) -> tuple[SimulatedReader, list[int]]:
    """Reads the poem with skipped and repeated lines, asides and coughs; returns the lines that were read as well.

    `errors`: the share of substituted words; a quarter as many are deleted, and inserted.
    """
    reader = SimulatedReader(POEM, following(*POEM), random.Random(seed), errors, errors / 4, errors / 4)
    read: list[int] = []
    number = 0
    while number < len(POEM):
        breath = reader.random.choice((1, 1, 1, 2, 2, 3))
        lines = [line for line in range(number, min(number + breath, len(POEM))) if line not in SKIPPED]
        if lines:
            reader.read(*lines)
        for line in lines:
            if line in REPEATED:
                reader.read(line)
            if line in ASIDES:
                reader.say(ASIDES[line])
            if reader.random.random() < 0.1:
                reader.say(reader.random.choice(COUGHS))
        read += lines
        number += breath
    return reader, read


def recognize(follower: ScriptFollower, *texts: str) -> list[int]:
    """Returns the lines that begin with these finals."""
    first = (follower._utterance or 0) + 1
    return [line for i, text in enumerate(texts) for line in follower.update(first + i, text, True)]


def test_an_error_free_reading_reports_its_lines_early() -> None:
    reader, read = read_poem(1, 0.0)
    assert len(read) >= 40
    assert len(set(read) - set(reader.begun)) <= 1
    assert statistics.median(reader.read_shares.values()) <= 0.4


@pytest.mark.slow
def test_lines_are_reported_once_in_order_and_early_at_a_word_error_rate_of_a_fifth() -> None:
    shares: list[float] = []
    reported = expected = 0
    for seed in range(8):
        reader, read = read_poem(seed, 0.2)
        begun = reader.begun
        assert all(first < second for first, second in pairwise(begun))
        assert set(begun) <= set(read)
        reported += len(begun)
        expected += len(read)
        shares += reader.read_shares.values()
    assert reported / expected >= 0.95
    assert statistics.median(shares) <= 0.6
    assert min(shares) > 0.0  # none before its first word


def test_growing_partials_report_their_line_once() -> None:
    follower = following("The city burns behind me", "One white ship is leaving")
    partials = ("the", "the city", "the city burns", "the city burns behind", "the city burns behind me")
    begun = [follower.update(1, partial, False) for partial in partials]
    assert begun == [[], [0], [], [], []]
    assert follower.update(1, "the city burns behind me", True) == []
    assert follower.update(1, "the city burns behind me one white ship", False) == []  # a partial after its final
    assert follower.update(2, "the city burns behind me", True) == []


def test_homophones_inflections_numbers_and_accents_match_the_written_words() -> None:
    follower = following(
        "The knight rode through the night", "22 wolves sang at the gate", "Éclair d'été", "Nobody's horse"
    )
    assert recognize(follower, "the night road threw the knight", "twenty two wolf sings", "eclair dete") == [0, 1, 2]


def test_the_next_line_needs_less_evidence_than_a_line_far_ahead() -> None:
    poem = ("first apple", "second banana cherry", "third violin", "fourth window", "fifth mountain river bridge")
    assert recognize(following(*poem), "first apple", "second") == [0, 1]
    assert recognize(following(*poem), "first apple", "fifth mountain") == [0]
    assert recognize(following(*poem), "first apple", "fifth mountain river bridge") == [0, 4]


def test_a_repeated_line_is_not_mistaken_for_its_refrain_further_on() -> None:
    poem = (
        "a candle stands upon the table",
        "carry the light",
        "the harbour closes all its doors",
        "seven horses cross the river",
        "carry the light",
        "morning comes with empty hands",
    )
    follower = following(*poem)
    assert recognize(follower, poem[0], poem[1], poem[1], poem[1]) == [0, 1]
    assert recognize(follower, poem[2], poem[3], poem[4], poem[5]) == [2, 3, 4, 5]


def test_two_equal_lines_in_a_row_are_reported_when_each_is_read() -> None:
    follower = following("the drum begins", "water water everywhere", "water water everywhere", "and nothing to drink")
    assert recognize(follower, "the drum begins", "water water everywhere") == [0, 1]
    assert recognize(follower, "water water everywhere", "nothing to drink") == [2, 3]


def test_of_lines_with_the_same_beginning_later_words_select_the_second() -> None:
    poem = ("a bell rings", "and the sea is black tonight", "and the sea is white tomorrow", "sleep")
    assert recognize(following(*poem), "a bell rings", "and the sea is black tonight") == [0, 1]
    read = recognize(following(*poem), "a bell rings", "and the sea is white tomorrow")
    assert read[-1] == 2


def test_a_line_of_one_word_is_reported_after_its_predecessor_but_not_inside_other_speech() -> None:
    poem = ("the rivers fill the street", "listen", "a white owl calls the forest")
    assert recognize(following(*poem), poem[0], "listen", poem[2]) == [0, 1, 2]
    assert recognize(following(*poem), poem[0], "could you please listen to me for once") == [0]


def test_speech_outside_the_text_reports_nothing_and_following_resumes_after_it() -> None:
    follower = following(*POEM)
    assert recognize(follower, POEM[0], *ASIDES.values(), "uh", "hm the", "well that was a long day was it not") == [0]
    assert recognize(follower, POEM[1]) == [1]


def test_the_cursor_goes_back_only_when_it_is_set() -> None:
    follower = following(*POEM)
    assert recognize(follower, *POEM[:6]) == [0, 1, 2, 3, 4, 5]
    assert recognize(follower, *POEM[:4]) == []
    follower.seek(0)
    assert recognize(follower, POEM[1]) == [1]
    follower.seek(len(POEM) + 50)
    assert follower.cursor == len(POEM) - 1
    follower.seek(-7)
    assert recognize(follower, POEM[0]) == [0]


def test_following_continues_when_a_restarted_recogniser_numbers_utterances_from_one() -> None:
    follower = following(*POEM)
    assert recognize(follower, POEM[0]) == [0]
    follower.restart_utterances()
    assert follower.update(1, POEM[1], True) == [1]
    assert follower.update(2, "well", False) == []
    follower.restart_utterances()
    assert follower.update(1, POEM[2], True) == [2]


def test_setting_the_cursor_discards_the_words_recognised_before() -> None:
    follower = following(*POEM)
    recognize(follower, POEM[0])
    assert follower.update(9, POEM[1], False) == [1]
    follower.seek(0)
    assert follower.update(9, POEM[1], False) == []
    assert follower.update(9, f"{POEM[1]} {POEM[2]}", True) == [2]


def test_a_line_beyond_the_window_is_not_reported() -> None:
    assert recognize(ScriptFollower(POEM, thresholds(window_lines=3)), POEM[0], POEM[20]) == [0]


def test_an_empty_text_reports_nothing() -> None:
    assert recognize(following(), "anything") == []


def test_a_text_without_spaces_between_words_is_followed() -> None:
    follower = following("古池や蛙飛び込む水の音", "閑さや岩にしみ入る蝉の声")
    assert recognize(follower, "古池や", "閑さや岩に") == [0, 1]


def test_each_refrain_is_reached_from_the_cursor_before_it() -> None:
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
        recognize(follower, *poem[:2])
        follower.seek(cursor)
        assert recognize(follower, "carry the light", poem[refrain + 1]) == [refrain, refrain + 1], cursor


# -- words that are taken back -----------------------------------------------------------------------------------------

WELL, HORSES, FIRE, LIGHT, ROSES = (
    "The moon climbs out of a well",
    "Seven white horses run along the shore",
    "Green fire burns between the stones",
    "Light pours through the broken window",
    "My grandmother planted roses beside the railway",
)
MISHEARD = "seven light pours"  # of line 1, counted from 0


def in_line_zero() -> ScriptFollower:
    follower = following(WELL, HORSES, FIRE, LIGHT, ROSES)
    assert recognize(follower, WELL) == [0]
    return follower


def test_words_that_may_be_taken_back_begin_the_next_line_and_skip_none() -> None:
    follower = in_line_zero()
    assert follower.update(2, MISHEARD, False, stable=0) == [1]
    assert follower.update(2, HORSES, True) == []
    assert recognize(follower, FIRE, LIGHT) == [2, 3]


def test_a_line_that_skips_one_begins_once_its_words_are_stable() -> None:
    follower = in_line_zero()
    assert follower.update(2, "green fire burns", False, stable=0) == []
    assert follower.update(2, "green fire burns between", False, stable=len("green fire burns")) == [2]


def test_words_that_are_taken_back_take_their_line_back() -> None:
    follower = in_line_zero()
    assert follower.update(2, MISHEARD, False) == [1, 3]
    assert follower.update(2, HORSES, False) == []
    assert follower.update(2, HORSES, True) == [1]
    assert recognize(follower, FIRE, LIGHT) == [2, 3]


def test_a_line_that_was_skipped_by_words_taken_back_begins_at_once() -> None:
    follower = in_line_zero()
    assert follower.update(2, "uh light pours", False) == [3]
    assert follower.update(2, "white horses run", False) == [1]
    assert follower.update(2, HORSES, True) == []
    assert recognize(follower, FIRE, LIGHT) == [2, 3]


def test_a_rejected_final_takes_back_what_its_partials_began_unless_it_has_the_same_words() -> None:
    follower = in_line_zero()
    assert follower.update(2, "seven white horses", False) == [1]
    assert follower.reject(2, "seven white horses run along a store") == []
    assert follower.update(3, "light pours", False) == [3]
    assert follower.reject(3, "") == [1]
    assert follower.update(3, "light pours", False) == []  # a partial after its final
    assert recognize(follower, FIRE, LIGHT) == [2, 3]


def test_a_rejected_final_begins_nothing() -> None:
    follower = in_line_zero()
    assert follower.update(2, "well", False) == []
    assert follower.reject(2, HORSES) == []
    assert follower.reject(3, HORSES) == []
    assert recognize(follower, HORSES) == [1]


def test_before_the_first_line_there_is_none_to_be_shown_again() -> None:
    follower = following(WELL, HORSES, FIRE, LIGHT)
    assert follower.update(1, "light pours through", False) == [3]
    assert follower.update(1, "right", True) == []
    assert follower.cursor == -1
    assert recognize(follower, WELL) == [0]


def test_a_line_of_which_little_was_heard_gives_way_to_an_earlier_one_that_is_read_in_full() -> None:
    follower = in_line_zero()
    assert recognize(follower, MISHEARD) == [1, 3]
    assert recognize(follower, "seven white") == []  # too little to go back
    assert recognize(follower, HORSES) == [1]
    assert recognize(follower, FIRE, LIGHT) == [2, 3]


def test_a_line_that_was_skipped_by_mishearing_begins_when_it_is_read() -> None:
    follower = in_line_zero()
    assert recognize(follower, MISHEARD, FIRE) == [1, 3, 2]
    assert recognize(follower, LIGHT, ROSES) == [3, 4]


def test_a_line_that_was_read_does_not_give_way_to_a_repetition_of_an_earlier_one() -> None:
    follower = in_line_zero()
    assert recognize(follower, FIRE, LIGHT, FIRE, HORSES) == [2, 3]
    assert recognize(follower, ROSES) == [4]
