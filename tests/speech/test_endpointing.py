"""Where speech begins and ends, on made-up probabilities: a frame is 32 ms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import count, pairwise

import numpy as np
import pytest

from installation.show.settings import ListenSettings
from installation.speech.endpointing import (
    VENUES,
    Endpointer,
    Endpointing,
    Event,
    Gate,
    SpeechDropped,
    SpeechEnded,
    SpeechMayHaveEnded,
    SpeechStarted,
    endpointing,
)
from installation.speech.interfaces import FRAME

QUIET = VENUES["quiet"]


class Numbered(Endpointer):
    """An Endpointer that counts what it is fed, so that segments can be told apart."""

    def __init__(self, settings: Endpointing) -> None:
        super().__init__(settings)
        self.numbers = count()


def feed(endpointer: Numbered, probabilities: Iterable[float], gate: Gate = "auto") -> list[Event]:
    """Feeds frames whose samples are their own number."""
    events: list[Event] = []
    for probability in probabilities:
        samples = np.full(FRAME, next(endpointer.numbers), dtype=np.int16)
        events += endpointer.feed(samples, probability, gate)
    return events


def told(events: Iterable[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def ended(events: Iterable[Event]) -> list[tuple[int, int, int, int]]:
    """Of the whole pieces: the first and last frame that they hold, and of their voice."""
    segments = [event.segment for event in events if isinstance(event, SpeechEnded)]
    return [(int(each.samples[0]), int(each.samples[-1]), each.first, each.last) for each in segments]


def test_a_sentence_begins_pauses_and_ends_in_that_order_and_brings_its_pre_roll() -> None:
    events = feed(Numbered(QUIET), [0.0] * 40 + [0.9] * 30 + [0.1] * 20)
    assert told(events) == ["Began", "MaybeEnded", "Ended"]
    assert events[0] == SpeechStarted(1, 40)
    assert ended(events) == [(24, 81, 40, 69)]  # 16 frames of pre-roll are 512 ms; 12 of pause 384


def test_the_guess_at_a_pause_and_the_end_have_the_same_key_as_no_voice_came_between() -> None:
    events = feed(Numbered(QUIET), [0.9] * 30 + [0.1] * 20)
    maybe, end = events[1], events[2]
    assert isinstance(maybe, SpeechMayHaveEnded)
    assert isinstance(end, SpeechEnded)
    assert maybe.segment.key == end.segment.key == (1, 29)
    assert len(end.segment.samples) - len(maybe.segment.samples) == 6 * FRAME  # guessed 192 ms earlier


def test_a_pause_within_a_sentence_is_no_end_and_makes_the_guess_invalid() -> None:
    events = feed(Numbered(QUIET), [0.9] * 20 + [0.1] * 8 + [0.9] * 20 + [0.1] * 20)
    assert told(events) == ["Began", "MaybeEnded", "Resumed", "MaybeEnded", "Ended"]
    guesses = [event.segment.key for event in events if isinstance(event, SpeechMayHaveEnded)]
    assert guesses == [(1, 19), (1, 47)]


def test_one_loud_frame_is_no_beginning() -> None:
    assert feed(Numbered(QUIET), [0.0] * 5 + [0.99] + [0.0] * 5 + [0.99] + [0.0] * 40) == []


def test_frames_between_the_two_thresholds_keep_speech_going_and_begin_none() -> None:
    assert feed(Numbered(QUIET), [0.45] * 100) == []
    assert told(feed(Numbered(QUIET), [0.9] * 10 + [0.45] * 100)) == ["Began"]


def test_a_cough_is_dropped_with_its_length() -> None:
    events = feed(Numbered(QUIET), [0.9] * 4 + [0.0] * 20)
    assert events[-1] == SpeechDropped(1, "only 128 ms of voice")
    assert ended(events) == []


def test_what_is_hardly_a_voice_is_not_counted_as_voice() -> None:
    events = feed(Numbered(QUIET), [0.9] * 2 + [0.4] * 60 + [0.0] * 20)
    assert events[-1] == SpeechDropped(1, "only 64 ms of voice")


def test_endless_speech_is_cut_at_its_weakest_moment_and_not_a_frame_is_lost_or_heard_twice() -> None:
    voice = [0.9] * 1000
    voice[300] = 0.55  # the weakest of the second half
    events = feed(Numbered(QUIET), [*voice, *[0.0] * 20])
    assert told(events)[:3] == ["Began", "Ended", "Began"]
    pieces = ended(events)
    assert pieces[0] == (0, 300, 0, 300)
    assert all(after[0] == before[1] + 1 for before, after in pairwise(pieces))
    assert pieces[-1][3] == 999
    assert max(last - first for first, last, *_ in pieces) < QUIET.most_seconds * 16000 / FRAME


def test_the_pre_roll_of_a_sentence_never_holds_words_of_the_one_before() -> None:
    events = feed(Numbered(QUIET), [0.9] * 20 + [0.0] * 12 + [0.9] * 20 + [0.0] * 20)
    first, second = ended(events)
    assert second[0] == first[3] + 1


def test_utterances_count_up_whatever_becomes_of_them() -> None:
    endpointer = Numbered(QUIET)
    events = feed(endpointer, ([0.9] * 4 + [0.0] * 20 + [0.9] * 20 + [0.0] * 20) * 3)
    assert [event.utterance for event in events if isinstance(event, SpeechStarted)] == [1, 2, 3, 4, 5, 6]


def test_a_segment_says_how_likely_its_voice_was_without_the_silence_around_it() -> None:
    events = feed(Numbered(QUIET), [0.0] * 30 + [0.8] * 20 + [0.0] * 20)
    segment = next(event.segment for event in events if isinstance(event, SpeechEnded))
    assert (round(segment.voice, 6), segment.voice_seconds) == (0.8, 0.64)


def test_a_held_key_makes_everything_speech_until_it_is_released() -> None:
    endpointer = Numbered(QUIET)
    held = feed(endpointer, [0.0] * 2 + [0.9] * 20 + [0.0] * 40, "talk")
    assert told(held) == ["Began", "MaybeEnded"]  # no pause ends it
    assert told(feed(endpointer, [0.0], "shut")) == ["Ended"]


def test_the_silence_under_a_held_key_makes_no_voice_weak() -> None:
    endpointer = Numbered(QUIET)
    feed(endpointer, [0.0] * 60 + [0.9] * 10 + [0.0] * 8 + [0.9] * 10 + [0.0] * 60 + [0.9] * 10, "talk")
    segment = next(event.segment for event in feed(endpointer, [0.0], "shut") if isinstance(event, SpeechEnded))
    assert (segment.first, segment.last) == (60, 157)
    assert segment.voice == pytest.approx(0.9 * 30 / 38)  # the short pause counts, the long one does not


def test_a_key_that_is_held_in_silence_brings_nothing() -> None:
    endpointer = Numbered(QUIET)
    feed(endpointer, [0.0] * 40, "talk")
    assert feed(endpointer, [0.0], "shut") == [SpeechDropped(1, "only 0 ms of voice")]


def test_a_shut_gate_hears_nothing_and_ends_what_was_being_said() -> None:
    endpointer = Numbered(QUIET)
    assert feed(endpointer, [0.9] * 100, "shut") == []
    assert told(feed(endpointer, [0.9] * 20)) == ["Began"]
    assert told(feed(endpointer, [0.9], "shut")) == ["Ended"]


def test_sound_that_breaks_off_ends_what_was_said_and_the_next_has_no_pre_roll_from_before() -> None:
    endpointer = Numbered(QUIET)
    feed(endpointer, [0.9] * 20)
    assert ended(endpointer.cut()) == [(0, 19, 0, 19)]
    assert endpointer.cut() == []
    assert ended(feed(endpointer, [0.9] * 20 + [0.0] * 20))[0][0] == 20


def test_the_venues_differ_in_the_direction_of_their_noise() -> None:
    quiet, stage, crowd = VENUES["quiet"], VENUES["stage"], VENUES["crowd"]
    assert quiet.start_probability < stage.start_probability < crowd.start_probability
    babble = [0.7] * 40 + [0.0] * 20
    assert [len(ended(feed(Numbered(venue), babble))) for venue in (quiet, stage, crowd)] == [1, 1, 0]


def test_the_show_file_sets_single_values_and_the_venue_the_rest() -> None:
    settings = endpointing(ListenSettings(venue="crowd", end_seconds=0.7, most_seconds=8.0))
    assert settings == replace(VENUES["crowd"], end_seconds=0.7, most_seconds=8.0)
    assert endpointing(ListenSettings()) == Endpointing()
