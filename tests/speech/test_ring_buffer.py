"""The ring buffer and the sample clock."""

from __future__ import annotations

import numpy as np
import pytest

from installation.speech.ring_buffer import AudioRingBuffer, SampleClock
from tests.speech.signals import in_blocks


def test_every_sample_is_read_once_and_in_order() -> None:
    ring = AudioRingBuffer(2_000)
    samples = np.arange(30_000, dtype=np.int16)
    taken = []
    for block in in_blocks(samples, seed=1):
        ring.write(block)
        taken.append(ring.take())
    assert np.array_equal(np.concatenate(taken), samples)
    assert (ring.written, ring.read, ring.lost) == (30_000, 30_000, 0)


def test_a_late_reader_gets_the_newest_half_and_the_rest_is_counted_as_lost() -> None:
    ring = AudioRingBuffer(1_000)
    for start in range(0, 5_000, 100):
        ring.write(np.arange(start, start + 100, dtype=np.int16))
    assert np.array_equal(ring.take(), np.arange(4_500, 5_000))
    assert ring.lost == 4_500


def test_the_sample_clock_ignores_the_jitter_of_the_callbacks() -> None:
    clock = SampleClock()
    jitter = np.random.default_rng(2).uniform(0.0, 0.06, size=500)
    for block, late in enumerate(jitter, 1):
        clock.update(block * 0.02, 100.0 + block * 0.02 + late)
    assert abs(clock.time_at(9.0) - 109.0) < 0.005


def test_the_sample_clock_jumps_after_the_stream_has_stopped() -> None:
    clock = SampleClock()
    clock.update(1.0, 101.0)
    clock.update(1.02, 106.02)  # suspended for five seconds
    assert clock.time_at(1.02) == pytest.approx(106.02)
