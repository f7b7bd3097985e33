"""The tempo: taps, beats that are placed, and a GO that waits for the beat."""

from __future__ import annotations

import pytest

from installation.conductor.conductor import Conductor
from installation.core.messages import BeatClock, Changed, MessageRejected, Origin, SetParam
from installation.show.settings import CueSettings
from tests.conductor.harness import make_conductor, on_stage, trigger

OSC = Origin("osc")
CUES = (CueSettings(words="a red sun"), CueSettings(words="a white horse"))


def show(bpm: float, quantise: int = 4, lookahead: float = 0.0) -> Conductor:
    """A show with two cues, whose first bar begins at 10 s."""
    params = {"tempo/bpm": bpm, "tempo/quantise": quantise, "tempo/lookahead": lookahead}
    conductor = make_conductor(cue=CUES, params=params)
    trigger(conductor, "tempo/beat", 10.0)
    return conductor


def fired_at(conductor: Conductor, start: float, end: float, rate: float = 60.0) -> float | None:
    """When the words on the stage change, turn by turn."""
    before = on_stage(conductor)
    for turn in range(round((end - start) * rate)):
        conductor.advance(start + turn / rate)
        if on_stage(conductor) != before:
            return start + turn / rate
    return None


@pytest.mark.parametrize("bpm", [60.0, 90.0, 120.0, 174.0])
def test_taps_are_the_tempo(bpm: float) -> None:
    conductor = make_conductor()
    uneven = (0.01, -0.02, 0.015, 0.0, -0.01, 0.02, 0.0, 0.0)
    for number, error in enumerate(uneven):
        trigger(conductor, "tempo/tap", 10.0 + number * 60.0 / bpm + error)
    assert conductor.values["tempo/bpm"] == pytest.approx(bpm, rel=0.01)


def test_one_tap_is_no_tempo_and_a_long_pause_begins_anew() -> None:
    conductor = make_conductor()
    trigger(conductor, "tempo/tap", 10.0)
    assert conductor.values["tempo/bpm"] == 0.0
    for at in (20.0, 20.5, 21.0):
        trigger(conductor, "tempo/tap", at)
    assert conductor.values["tempo/bpm"] == 120.0


def test_two_taps_at_the_same_moment_are_no_tempo() -> None:
    conductor = make_conductor()
    trigger(conductor, "tempo/tap", 10.0)
    trigger(conductor, "tempo/tap", 10.0)
    assert conductor.values["tempo/bpm"] == 0.0


def test_a_tap_tells_the_surfaces_the_tempo() -> None:
    conductor = make_conductor()
    trigger(conductor, "tempo/tap", 10.0)
    assert Changed("tempo/bpm", 100.0) in trigger(conductor, "tempo/tap", 10.6)


def test_the_first_tap_begins_a_bar() -> None:
    conductor = make_conductor(cue=CUES, params={"tempo/quantise": 4})
    for number in range(6):
        trigger(conductor, "tempo/tap", 10.0 + number * 0.5)
    trigger(conductor, "go", 12.7)
    assert fired_at(conductor, 12.7, 15.0) == pytest.approx(14.0, abs=0.02)


@pytest.mark.parametrize(("quantise", "expected"), [(1, 11.0), (2, 11.0), (4, 12.0), (8, 14.0)])
def test_go_waits_for_the_beat(quantise: int, expected: float) -> None:
    conductor = show(120.0, quantise)
    trigger(conductor, "go", 10.7)
    assert (on_stage(conductor), conductor.values["tempo/armed"]) == ([], 1)
    assert fired_at(conductor, 10.7, 15.0) == pytest.approx(expected, abs=0.02)
    assert (on_stage(conductor), conductor.values["tempo/armed"]) == (["a red sun"], 0)


def test_go_fires_ahead_of_the_beat() -> None:
    conductor = show(120.0, lookahead=0.3)
    trigger(conductor, "go", 10.7)
    assert fired_at(conductor, 10.7, 15.0) == pytest.approx(11.7, abs=0.02)


def test_go_within_the_time_ahead_waits_for_the_bar_after() -> None:
    conductor = show(120.0, lookahead=0.5)
    trigger(conductor, "go", 11.8)
    assert fired_at(conductor, 11.8, 15.0) == pytest.approx(13.5, abs=0.02)


@pytest.mark.parametrize("late", [0.0, 0.04])
def test_go_on_the_beat_does_not_wait(late: float) -> None:
    conductor = show(120.0)
    trigger(conductor, "go", 12.0 + late)
    assert on_stage(conductor) == ["a red sun"]


@pytest.mark.parametrize(("bpm", "quantise"), [(0.0, 4), (120.0, 0)])
def test_without_a_tempo_or_quantisation_go_does_not_wait(bpm: float, quantise: int) -> None:
    conductor = show(bpm, quantise)
    trigger(conductor, "go", 10.7)
    assert on_stage(conductor) == ["a red sun"]


def test_a_second_go_fires_the_waiting_cue_at_once_and_no_other() -> None:
    conductor = show(120.0)
    trigger(conductor, "go", 10.7)
    trigger(conductor, "go", 11.3)
    assert on_stage(conductor) == ["a red sun"]
    assert fired_at(conductor, 11.3, 15.0) is None


def test_a_button_that_bounces_still_waits() -> None:
    conductor = show(120.0)
    trigger(conductor, "go", 10.7)
    trigger(conductor, "go", 10.72)
    assert fired_at(conductor, 10.72, 15.0) == pytest.approx(12.0, abs=0.02)


def test_a_go_while_paused_is_refused_at_once() -> None:
    conductor = show(120.0)
    conductor.receive(SetParam("pause", True, OSC), 10.5)
    effects = trigger(conductor, "go", 10.7)
    assert ["paused" in each.reason for each in effects if isinstance(each, MessageRejected)] == [True]
    assert conductor.values["tempo/armed"] == 0


def test_panic_forgets_a_waiting_go() -> None:
    conductor = show(120.0)
    trigger(conductor, "go", 10.7)
    trigger(conductor, "panic", 10.8)
    trigger(conductor, "reset", 11.0)
    assert (fired_at(conductor, 11.0, 15.0), conductor.values["tempo/armed"]) == (None, 0)


def test_setting_the_tempo_leaves_the_beat_where_it_is() -> None:
    conductor = show(120.0)
    conductor.receive(SetParam("tempo/bpm", 60.0, OSC), 11.0)  # after two beats of the bar
    trigger(conductor, "go", 11.2)
    assert fired_at(conductor, 11.2, 15.0) == pytest.approx(13.0, abs=0.02)


def test_a_beat_can_be_placed_by_another_program() -> None:
    conductor = show(120.0)
    trigger(conductor, "tempo/beat", 20.1, 3.0)
    trigger(conductor, "go", 20.3)
    assert fired_at(conductor, 20.3, 25.0) == pytest.approx(21.1, abs=0.02)


def followed(source: str, bpm: float, first: float, start: float, seconds: float, conductor: Conductor) -> None:
    """A clock whose bars begin at `first` reports ten times a second."""
    for turn in range(round(10 * seconds)):
        now = start + turn / 10
        beat = (now - first) * bpm / 60.0
        known = beat % 4.0 if source != "sound" else None
        at = now if known is not None else first + int(beat) * 60.0 / bpm
        conductor.receive(BeatClock(source, bpm, known, at), now + 0.02)
        conductor.advance(now + 0.02)


@pytest.mark.parametrize("source", ["midi", "link"])
@pytest.mark.parametrize("bpm", [90.0, 120.0, 174.0])
def test_go_waits_for_the_bar_of_a_clock_outside(source: str, bpm: float) -> None:
    conductor = make_conductor(cue=CUES, params={"tempo/source": source, "tempo/quantise": 4, "tempo/lookahead": 0.1})
    followed(source, bpm, 10.3, 11.0, 3.0, conductor)
    assert conductor.values["tempo/bpm"] == bpm
    trigger(conductor, "go", 14.0)
    bar = 240.0 / bpm
    fired = fired_at(conductor, 14.0, 18.0)
    assert fired is not None
    assert (fired + 0.1 - 10.3) % bar == pytest.approx(0.0, abs=0.03) or (fired + 0.1 - 10.3) % bar > bar - 0.03


def test_go_waits_for_a_beat_that_is_heard() -> None:
    conductor = make_conductor(cue=CUES, params={"tempo/source": "sound", "tempo/quantise": 1})
    followed("sound", 120.0, 10.3, 11.0, 3.0, conductor)
    trigger(conductor, "go", 14.05)
    assert fired_at(conductor, 14.05, 16.0) == pytest.approx(14.3, abs=0.03)


def test_beats_that_are_heard_keep_the_bar() -> None:
    conductor = make_conductor(cue=CUES, params={"tempo/bpm": 120.0, "tempo/quantise": 4})
    trigger(conductor, "tempo/beat", 10.0)
    conductor.receive(SetParam("tempo/source", "sound", OSC), 10.1)
    followed("sound", 120.4, 10.01, 11.0, 10.0, conductor)
    trigger(conductor, "go", 21.0)
    assert fired_at(conductor, 21.0, 24.0) == pytest.approx(10.01 + 24 * 60.0 / 120.4, abs=0.05)


def test_a_clock_that_is_not_the_source_moves_nothing() -> None:
    conductor = show(100.0)
    followed("link", 140.0, 10.0, 11.0, 2.0, conductor)
    assert conductor.values["tempo/bpm"] == 100.0


@pytest.mark.parametrize("hand", ["tap", "set"])
def test_a_hand_on_the_tempo_takes_over_from_a_clock(hand: str) -> None:
    conductor = make_conductor(params={"tempo/source": "link"})
    followed("link", 140.0, 10.0, 11.0, 2.0, conductor)
    if hand == "tap":
        trigger(conductor, "tempo/tap", 13.0)
    else:
        conductor.receive(SetParam("tempo/bpm", 90.0, OSC), 13.0)
    followed("link", 140.0, 10.0, 13.1, 1.0, conductor)
    assert (conductor.values["tempo/source"], conductor.values["tempo/source/index"]) == ("tap", 0)
    assert conductor.values["tempo/bpm"] == (140.0 if hand == "tap" else 90.0)


def test_the_source_can_be_chosen_by_name_and_by_number() -> None:
    conductor = make_conductor(params={"tempo/source": "sound"})
    assert conductor.values["tempo/source/index"] == 1
    conductor.receive(SetParam("tempo/source/index", 3, OSC), 1.0)
    assert conductor.values["tempo/source"] == "link"
    conductor.receive(SetParam("tempo/source", "midi", OSC), 2.0)
    assert conductor.values["tempo/source/index"] == 2


def test_music_that_stops_leaves_no_tempo() -> None:
    conductor = make_conductor(cue=CUES, params={"tempo/source": "sound", "tempo/quantise": 4})
    followed("sound", 120.0, 10.0, 11.0, 2.0, conductor)
    conductor.receive(BeatClock("sound", 0.0, None, 0.0), 14.0)
    trigger(conductor, "go", 14.1)
    assert on_stage(conductor) == ["a red sun"]
