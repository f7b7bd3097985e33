"""Onsets, pitch classes and tempo of synthetic music whose beats and chords are known."""

from __future__ import annotations

import numpy as np
import pytest

from installation.core.speech_messages import SoundFeatures
from installation.speech.interfaces import SAMPLE_RATE, Samples
from installation.speech.sound_analysis import SoundAnalysis
from tests.speech.music import CHORDS, beat_times, music
from tests.speech.signals import in_blocks, tone

SECONDS = 20.0


def analysed(samples: Samples) -> list[SoundFeatures]:
    """The features after each block of 20 ms; times are those of the samples."""
    analysis, found, position = SoundAnalysis(), [], 0
    for block in np.split(samples, range(320, len(samples), 320)):
        position += len(block)
        features = analysis.feed(block, position / SAMPLE_RATE)
        found += [features] if features else []
    return found


def onset_times(features: list[SoundFeatures]) -> list[float]:
    earlier = [SoundFeatures(), *features]
    return [now.at for before, now in zip(earlier, features, strict=False) if now.onsets > before.onsets]


@pytest.fixture(scope="module", params=[90.0, 120.0, 174.0])
def heard(request: pytest.FixtureRequest) -> tuple[float, list[SoundFeatures]]:
    return request.param, analysed(music(request.param, SECONDS))


def test_every_beat_is_an_onset_and_nothing_else(heard: tuple[float, list[SoundFeatures]]) -> None:
    bpm, features = heard
    times = onset_times(features)
    beats = beat_times(bpm, SECONDS)
    assert len(times) == len(beats)
    assert max(abs(time - beat - 0.03) for time, beat in zip(times, beats, strict=True)) < 0.04


def test_the_tempo_is_right_after_five_seconds(heard: tuple[float, list[SoundFeatures]]) -> None:
    bpm, features = heard
    later = [each.bpm for each in features if each.at > 5.5]
    assert max(abs(found - bpm) for found in later) < 0.01 * bpm


def test_the_beats_are_where_the_kicks_are(heard: tuple[float, list[SoundFeatures]]) -> None:
    bpm, features = heard
    period, first = 60.0 / bpm, beat_times(bpm, SECONDS)[0]
    phases = [(each.beat_at - first) / period for each in features if each.at > 6.0]
    assert max(abs(phase - round(phase)) * period for phase in phases) < 0.04


@pytest.mark.parametrize("fade", [0.0, 0.02, 0.2])
def test_the_end_of_a_chord_is_no_onset(fade: float) -> None:
    """Chords of 0.7 s, one a second, that end abruptly or fade out."""
    t = np.arange(round(0.7 * SAMPLE_RATE)) / SAMPLE_RATE
    notes = sum(np.sin(2 * np.pi * hertz * t) for hertz in (261.63, 329.63, 392.0))
    chord = 5_000 * notes * (np.minimum(1.0, (0.7 - t) / fade) if fade else 1.0)
    second = np.concatenate([np.zeros(round(0.1 * SAMPLE_RATE)), chord, np.zeros(round(0.2 * SAMPLE_RATE))])
    noise = np.random.default_rng(2).normal(size=10 * len(second)) * 20.0
    times = onset_times(analysed(np.asarray(np.tile(second, 10) + noise, np.int16)))
    assert len(times) == 10
    assert max(abs(time % 1.0 - 0.13) for time in times) < 0.04


def test_the_end_of_one_chord_over_another_is_no_onset() -> None:
    """A held note goes on while a chord over it stops abruptly."""
    held, over = (tone(hertz, SAMPLE_RATE, seconds=3.0) for hertz in (220.0, 523.25))
    mixed = np.asarray(held, np.float64) * 0.4
    mixed[SAMPLE_RATE : 2 * SAMPLE_RATE] += 0.4 * over[SAMPLE_RATE : 2 * SAMPLE_RATE]
    times = onset_times(analysed(np.asarray(mixed, np.int16)))
    assert [round(time) for time in times] == [0, 1]


def test_the_three_notes_of_each_chord_are_the_strongest(heard: tuple[float, list[SoundFeatures]]) -> None:
    bpm, features = heard
    bar = 4 * 60.0 / bpm
    for number in range(int((SECONDS - 0.5) / bar)):
        middle = 0.5 + (number + 0.6) * bar
        chroma = next(each.chroma for each in features if each.at > middle)
        assert set(np.argsort(chroma)[-3:].tolist()) == set(CHORDS[number % 4])


def test_hats_between_the_beats_leave_the_tempo() -> None:
    features = analysed(music(120.0, 12.0, hats=True))
    assert features[-1].bpm == pytest.approx(120.0, abs=1.0)


@pytest.mark.parametrize("noise", [0.0, 20.0])
def test_silence_moves_nothing(noise: float) -> None:
    samples = np.asarray(np.random.default_rng(1).normal(size=10 * SAMPLE_RATE) * noise, np.int16)
    still = SoundFeatures()
    for each in analysed(samples):
        assert (each.loudness, each.low, each.mid, each.high) == (0.0, 0.0, 0.0, 0.0)
        assert (each.onset, each.onsets, each.chroma, each.bpm) == (0.0, 0, still.chroma, 0.0)


def test_the_tempo_is_forgotten_in_silence() -> None:
    samples = np.concatenate([music(120.0, 8.0), np.zeros(5 * SAMPLE_RATE, np.int16)])
    features = analysed(samples)
    assert features[400].bpm
    assert (features[-1].bpm, features[-1].loudness, features[-1].onset) == (0.0, 0.0, 0.0)


def test_a_steady_direct_current_after_music_has_no_tempo() -> None:
    """As of a cheap sound card; it is not silence."""
    steady = np.full(9 * SAMPLE_RATE, 3000, np.int16)
    last = analysed(np.concatenate([music(120.0, 8.0), steady]))[-1]
    assert (last.bpm, last.loudness > 0.5) == (0.0, True)


@pytest.mark.parametrize(("hertz", "band"), [(60.0, "low"), (600.0, "mid"), (5000.0, "high")])
def test_a_tone_is_in_its_band(hertz: float, band: str) -> None:
    last = analysed(tone(hertz, SAMPLE_RATE))[-1]
    levels = {name: getattr(last, name) for name in ("low", "mid", "high")}
    assert levels.pop(band) > 0.9
    assert max(levels.values()) < 0.5


def test_a_quiet_line_moves_as_much_as_a_loud_one() -> None:
    loud = music(120.0, 6.0)
    quiet = np.asarray(loud // 8, np.int16)
    low = [np.array([each.low for each in analysed(samples)]) for samples in (loud, quiet)]
    assert np.abs(low[0] - low[1]).mean() < 0.03


def test_blocks_of_any_length_give_the_same() -> None:
    samples = music(120.0, 5.0)
    analysis, last, position = SoundAnalysis(), None, 0
    for block in in_blocks(samples):
        position += len(block)
        last = analysis.feed(block, position / SAMPLE_RATE) or last
    assert last is not None
    whole = analysed(samples)[-1]
    assert (last.onsets, last.chroma, last.bpm) == (whole.onsets, whole.chroma, whole.bpm)
