"""The tempo and the beat of a MIDI clock."""

from __future__ import annotations

import numpy as np
import pytest

from installation.control.midi.midi_clock import TICKS, MidiClock
from installation.core.messages import BeatClock


def played(clock: MidiClock, bpm: float, start: float, ticks: int, jitter: float = 0.0) -> list[BeatClock]:
    """Play so many ticks, each up to `jitter` seconds late."""
    late = np.random.default_rng(1).uniform(0.0, jitter, ticks) if jitter else np.zeros(ticks)
    times = start + np.arange(ticks) * 60.0 / bpm / TICKS + late
    return [beat for time in times if (beat := clock.tick(float(time)))]


@pytest.mark.parametrize("bpm", [60.0, 90.0, 128.0, 174.0])
def test_the_tempo_is_right_although_ticks_jitter(bpm: float) -> None:
    beats = played(MidiClock(), bpm, 10.0, 16 * TICKS, jitter=0.002)
    assert beats[-1].bpm == pytest.approx(bpm, abs=0.1)
    assert beats[-1].beat == 15.75
    assert beats[-1].at == pytest.approx(10.0 + (beats[-1].beat or 0) * 60.0 / bpm, abs=0.0025)


def test_a_start_begins_a_bar() -> None:
    clock = MidiClock()
    played(clock, 120.0, 10.0, 100)
    clock.start()
    (beat, *_) = played(clock, 120.0, 10.0 + 100 / 48, 24)
    assert beat.beat == 0.0
    assert beat.at == pytest.approx(10.0 + 100 / 48)


def test_a_change_of_tempo_is_followed_within_a_bar() -> None:
    clock = MidiClock()
    played(clock, 120.0, 10.0, 200)
    assert played(clock, 140.0, 10.0 + 200 / 48, 120)[-1].bpm == pytest.approx(140.0, abs=0.1)


def test_after_a_gap_the_tempo_is_measured_anew() -> None:
    clock = MidiClock()
    played(clock, 120.0, 10.0, 200)
    assert not played(clock, 90.0, 20.0, TICKS)
    assert played(clock, 90.0, 20.0 + 60 / 90, TICKS)[-1].bpm == pytest.approx(90.0, abs=0.1)
