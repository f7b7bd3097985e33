"""Streaming sample rate conversion."""

from __future__ import annotations

import numpy as np
import pytest

from installation.speech.interfaces import SAMPLE_RATE
from installation.speech.resampler import Resampler
from tests.speech.signals import in_blocks, tone


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000])
def test_a_tone_keeps_its_frequency_and_amplitude_at_any_rate_and_block_division(rate: int) -> None:
    whole = Resampler(rate).feed(tone(440.0, rate))
    resampler = Resampler(rate)
    pieces = np.concatenate([resampler.feed(block) for block in in_blocks(tone(440.0, rate))])
    assert np.array_equal(whole, pieces)
    assert abs(len(whole) - SAMPLE_RATE) <= 1
    middle = whole[2000:14000].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert round(int(spectrum.argmax()) * SAMPLE_RATE / len(middle)) == 440
    assert abs(middle.max() - 10_000) < 100
    assert np.abs(np.diff(middle)).max() < 1_750  # the steps of the tone itself are up to 1,727; a seam would be larger


def test_frequencies_above_the_new_nyquist_frequency_do_not_alias() -> None:
    resampled = Resampler(48_000).feed(tone(11_000.0, 48_000))
    assert np.abs(resampled[500:]).max() < 20


def test_audio_at_16_khz_is_unchanged() -> None:
    samples = tone(440.0, SAMPLE_RATE)
    assert np.array_equal(Resampler(SAMPLE_RATE).feed(samples), samples)
