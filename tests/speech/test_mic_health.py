"""The health of a microphone, judged from the activity of its stream."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from installation.speech.mic_health import StreamActivity, assess_health, peak_dbfs, retry_delay, voice_dbfs

OPEN = StreamActivity(opened_at=10.0)


def after_block(activity: StreamActivity, now: float, peak: int = 500, clipped: float = 0.0) -> StreamActivity:
    copy = replace(activity)
    copy.record_block(peak, clipped, now)
    return copy


def test_a_stream_that_is_not_open_is_reopening() -> None:
    assert assess_health(StreamActivity(), 100.0) == "reopening"


def test_an_open_stream_is_live_after_its_first_callback() -> None:
    assert assess_health(OPEN, 10.3) == "reopening"
    assert assess_health(OPEN, 10.6) == "stalled"
    assert assess_health(after_block(OPEN, 10.1), 10.3) == "live"


def test_half_a_second_without_a_callback_is_a_stall_until_the_next_callback() -> None:
    activity = after_block(OPEN, 20.0)
    assert assess_health(activity, 20.5) == "live"
    assert assess_health(activity, 20.51) == "stalled"
    assert assess_health(after_block(activity, 20.6), 20.61) == "live"


def test_zeros_after_sound_are_muted_after_ten_seconds_until_the_first_other_sample() -> None:
    activity = after_block(OPEN, 20.0)
    assert assess_health(after_block(activity, 29.9, peak=0), 29.9) == "live"
    silent = after_block(activity, 30.1, peak=0)
    assert assess_health(silent, 30.1) == "muted"
    assert assess_health(after_block(silent, 30.12, peak=1), 30.12) == "live"


def test_zeros_between_sentences_are_the_silence_of_a_noise_gate() -> None:
    activity = after_block(after_block(OPEN, 20.0), 21.0)
    assert assess_health(after_block(activity, 61.0, peak=0), 61.0) == "live"
    assert assess_health(after_block(activity, 630.0, peak=0), 630.0) == "muted"


def test_a_stream_that_never_delivered_anything_but_zeros_is_muted_after_three_seconds() -> None:
    assert assess_health(after_block(OPEN, 12.9, peak=0), 12.9) == "live"
    assert assess_health(after_block(OPEN, 13.1, peak=0), 13.1) == "muted"


def test_the_level_of_a_voice_is_that_of_its_loud_moments() -> None:
    voice = np.concatenate([np.zeros(16_000), np.full(16_000, 327.67)]).astype(np.int16)
    assert abs(voice_dbfs(voice) + 40.0) < 0.1
    assert voice_dbfs(np.zeros(0, np.int16)) == voice_dbfs(np.zeros(16_000, np.int16)) == -96.0


def test_clipping_is_reported_for_a_second_and_a_single_clipped_sample_is_not() -> None:
    activity = after_block(after_block(OPEN, 20.0, 32767, clipped=0.2), 20.9)
    assert assess_health(activity, 20.9) == "clipping"
    assert assess_health(after_block(activity, 21.1), 21.1) == "live"
    assert assess_health(after_block(OPEN, 20.0, 32767, clipped=1 / 3000), 20.0) == "live"


def test_retries_start_after_a_tenth_of_a_second_and_slow_down_to_one_a_second() -> None:
    assert [retry_delay(failures) for failures in (1, 2, 3, 22, 23, 1000)] == [0.1, 0.25, 0.5, 0.5, 1.0, 1.0]


def test_peaks_are_converted_to_decibels_of_full_scale() -> None:
    assert [peak_dbfs(peak) for peak in (32_768, 16_384, 1, 0)] == [0.0, -6.0, -90.3, -96.0]
