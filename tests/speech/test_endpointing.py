"""Endpointing on given VAD probabilities; a frame is 32 ms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import count, pairwise

import numpy as np
import pytest

from installation.core.speech_messages import GateMode
from installation.show.settings import ListenSettings
from installation.speech.endpointing import (
    VENUES,
    Endpointer,
    EndpointingSettings,
    Event,
    SpeechDropped,
    SpeechEnded,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    endpointing_settings,
)
from installation.speech.interfaces import FRAME_SAMPLES, SAMPLE_RATE

QUIET = VENUES["quiet"]


class NumberingEndpointer(Endpointer):
    """An Endpointer with a counter, so that the samples of each frame can be its number."""

    def __init__(self, settings: EndpointingSettings) -> None:
        super().__init__(settings)
        self.numbers = count()


def feed(endpointer: NumberingEndpointer, probabilities: Iterable[float], gate: GateMode = "auto") -> list[Event]:
    """Feed frames whose samples are the number of the frame."""
    events: list[Event] = []
    for probability in probabilities:
        samples = np.full(FRAME_SAMPLES, next(endpointer.numbers), dtype=np.int16)
        events += endpointer.feed(samples, probability, gate)
    return events


def kinds(events: Iterable[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


def ended(events: Iterable[Event]) -> list[tuple[int, int, int, int]]:
    """Return the first and last frame of each complete utterance, then of its voice."""
    segments = [event.segment for event in events if isinstance(event, SpeechEnded)]
    return [(int(each.samples[0]), int(each.samples[-1]), each.first_frame, each.last_frame) for each in segments]


def test_an_utterance_starts_pauses_and_ends_and_includes_its_pre_roll() -> None:
    events = feed(NumberingEndpointer(QUIET), [0.0] * 40 + [0.9] * 30 + [0.1] * 20)
    assert kinds(events) == [SpeechStarted, SpeechPaused, SpeechEnded]
    assert events[0] == SpeechStarted(1, 40)
    assert ended(events) == [(24, 81, 40, 69)]  # 16 frames of pre-roll are 512 ms; 12 of pause 384


def test_a_pause_and_the_end_after_it_have_the_same_speech_key() -> None:
    events = feed(NumberingEndpointer(QUIET), [0.9] * 30 + [0.1] * 20)
    paused, end = events[1], events[2]
    assert isinstance(paused, SpeechPaused)
    assert isinstance(end, SpeechEnded)
    assert paused.segment.speech_key == end.segment.speech_key == (1, 29)
    assert len(end.segment.samples) - len(paused.segment.samples) == 10 * FRAME_SAMPLES  # 320 ms


def test_speech_after_a_short_pause_resumes_the_utterance_and_changes_its_key() -> None:
    events = feed(NumberingEndpointer(QUIET), [0.9] * 20 + [0.1] * 8 + [0.9] * 20 + [0.1] * 20)
    assert kinds(events) == [SpeechStarted, SpeechPaused, SpeechResumed, SpeechPaused, SpeechEnded]
    keys = [event.segment.speech_key for event in events if isinstance(event, SpeechPaused)]
    assert keys == [(1, 19), (1, 47)]


def test_a_single_frame_above_the_threshold_does_not_start_an_utterance() -> None:
    assert feed(NumberingEndpointer(QUIET), [0.0] * 5 + [0.99] + [0.0] * 5 + [0.99] + [0.0] * 40) == []


def test_frames_between_the_two_thresholds_continue_an_utterance_but_do_not_start_one() -> None:
    assert feed(NumberingEndpointer(QUIET), [0.45] * 100) == []
    assert kinds(feed(NumberingEndpointer(QUIET), [0.9] * 10 + [0.45] * 100)) == [SpeechStarted]


def test_a_cough_is_dropped_with_its_duration_as_the_reason() -> None:
    events = feed(NumberingEndpointer(QUIET), [0.9] * 4 + [0.0] * 20)
    assert events[-1] == SpeechDropped(1, "Only 128 ms of voice.")
    assert ended(events) == []


def test_frames_below_the_start_threshold_do_not_count_as_voice() -> None:
    events = feed(NumberingEndpointer(QUIET), [0.9] * 2 + [0.4] * 60 + [0.0] * 20)
    assert events[-1] == SpeechDropped(1, "Only 64 ms of voice.")


def test_long_speech_is_split_at_its_least_probable_frame_without_losing_or_repeating_one() -> None:
    voice = [0.9] * 1000
    voice[300] = 0.55  # the weakest of the second half
    events = feed(NumberingEndpointer(QUIET), [*voice, *[0.0] * 20])
    assert kinds(events)[:3] == [SpeechStarted, SpeechEnded, SpeechStarted]
    pieces = ended(events)
    assert pieces[0] == (0, 300, 0, 300)
    assert all(after[0] == before[1] + 1 for before, after in pairwise(pieces))
    assert pieces[-1][3] == 999
    assert max(last - first for first, last, *_ in pieces) < QUIET.most_seconds * SAMPLE_RATE / FRAME_SAMPLES


def test_a_pre_roll_does_not_overlap_the_utterance_before() -> None:
    events = feed(NumberingEndpointer(QUIET), [0.9] * 20 + [0.0] * 12 + [0.9] * 20 + [0.0] * 20)
    first, second = ended(events)
    assert second[0] == first[3] + 1


def test_dropped_utterances_are_numbered_as_well() -> None:
    endpointer = NumberingEndpointer(QUIET)
    events = feed(endpointer, ([0.9] * 4 + [0.0] * 20 + [0.9] * 20 + [0.0] * 20) * 3)
    assert [event.utterance for event in events if isinstance(event, SpeechStarted)] == [1, 2, 3, 4, 5, 6]


def test_the_voice_probability_excludes_the_silence_around_the_voice() -> None:
    events = feed(NumberingEndpointer(QUIET), [0.0] * 30 + [0.8] * 20 + [0.0] * 20)
    segment = next(event.segment for event in events if isinstance(event, SpeechEnded))
    assert (round(segment.voice_probability, 6), segment.voice_seconds) == (0.8, 0.64)


def test_the_talk_gate_makes_everything_speech_until_it_closes() -> None:
    endpointer = NumberingEndpointer(QUIET)
    held = feed(endpointer, [0.0] * 2 + [0.9] * 20 + [0.0] * 40, "talk")
    assert kinds(held) == [SpeechStarted, SpeechPaused]  # no pause ends it
    assert kinds(feed(endpointer, [0.0], "shut")) == [SpeechEnded]


def test_long_pauses_under_the_talk_gate_do_not_lower_the_voice_probability() -> None:
    endpointer = NumberingEndpointer(QUIET)
    feed(endpointer, [0.0] * 60 + [0.9] * 10 + [0.0] * 8 + [0.9] * 10 + [0.0] * 60 + [0.9] * 10, "talk")
    segment = next(event.segment for event in feed(endpointer, [0.0], "shut") if isinstance(event, SpeechEnded))
    assert (segment.first_frame, segment.last_frame) == (60, 157)
    assert segment.voice_probability == pytest.approx(0.9 * 30 / 38)  # the short pause counts, the long one does not


def test_silence_under_the_talk_gate_is_dropped() -> None:
    endpointer = NumberingEndpointer(QUIET)
    feed(endpointer, [0.0] * 40, "talk")
    assert feed(endpointer, [0.0], "shut") == [SpeechDropped(1, "Only 0 ms of voice.")]


def test_a_shut_gate_ignores_speech_and_ends_the_utterance_in_progress() -> None:
    endpointer = NumberingEndpointer(QUIET)
    assert feed(endpointer, [0.9] * 100, "shut") == []
    assert kinds(feed(endpointer, [0.9] * 20)) == [SpeechStarted]
    assert kinds(feed(endpointer, [0.9], "shut")) == [SpeechEnded]


def test_a_flush_ends_the_utterance_and_clears_the_pre_roll() -> None:
    endpointer = NumberingEndpointer(QUIET)
    feed(endpointer, [0.9] * 20)
    assert ended(endpointer.flush()) == [(0, 19, 0, 19)]
    assert endpointer.flush() == []
    assert ended(feed(endpointer, [0.9] * 20 + [0.0] * 20))[0][0] == 20


def test_noisier_venues_have_higher_thresholds() -> None:
    quiet, stage, crowd = VENUES["quiet"], VENUES["stage"], VENUES["crowd"]
    assert quiet.start_probability < stage.start_probability < crowd.start_probability
    babble = [0.7] * 40 + [0.0] * 20
    assert [len(ended(feed(NumberingEndpointer(venue), babble))) for venue in (quiet, stage, crowd)] == [1, 1, 0]


def test_the_show_file_overrides_single_settings_of_the_venue() -> None:
    settings = endpointing_settings(ListenSettings(venue="crowd", end_seconds=0.7, most_seconds=8.0))
    assert settings == replace(VENUES["crowd"], end_seconds=0.7, most_seconds=8.0)
    assert endpointing_settings(ListenSettings()) == EndpointingSettings()
