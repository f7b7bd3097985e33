"""The health of a microphone, from counters and times."""

from __future__ import annotations

from dataclasses import replace

from installation.speech.mic_health import MicHealth, decibels, judge, retry_after

OPEN = MicHealth(opened=10.0)


def beaten(pulse: MicHealth, now: float, peak: int = 500, clipped: float = 0.0) -> MicHealth:
    copy = replace(pulse)
    copy.beat(peak, clipped, now)
    return copy


def test_a_device_that_is_not_open_is_being_reopened() -> None:
    assert judge(MicHealth(), 100.0) == "reopening"


def test_an_open_device_counts_as_live_only_when_sound_has_come() -> None:
    assert judge(OPEN, 10.3) == "reopening"
    assert judge(OPEN, 10.6) == "stalled"
    assert judge(beaten(OPEN, 10.1), 10.3) == "live"


def test_half_a_second_without_a_callback_is_a_stall_and_the_next_callback_ends_it() -> None:
    pulse = beaten(OPEN, 20.0)
    assert judge(pulse, 20.5) == "live"
    assert judge(pulse, 20.51) == "stalled"
    assert judge(beaten(pulse, 20.6), 20.61) == "live"


def test_nothing_but_zeros_is_muted_within_a_second_and_one_sample_of_sound_ends_it() -> None:
    pulse = beaten(OPEN, 20.0)
    for step in range(1, 51):
        pulse = beaten(pulse, 20.0 + step * 0.02, peak=0)
    assert judge(pulse, 21.0) == "muted"
    assert judge(beaten(pulse, 21.02, peak=1), 21.02) == "live"


def test_a_device_that_was_never_anything_but_zeros_is_muted() -> None:
    assert judge(beaten(OPEN, 10.9, peak=0), 10.9) == "muted"


def test_clipping_is_shown_for_a_second_and_a_single_sample_at_full_scale_is_none() -> None:
    pulse = beaten(beaten(OPEN, 20.0, 32767, clipped=0.2), 20.9)
    assert judge(pulse, 20.9) == "clipping"
    assert judge(beaten(pulse, 21.1), 21.1) == "live"
    assert judge(beaten(OPEN, 20.0, 32767, clipped=1 / 3000), 20.0) == "live"


def test_tries_to_open_a_device_begin_soon_and_never_become_rarer_than_one_a_second() -> None:
    assert [retry_after(failures) for failures in (1, 2, 3, 22, 23, 1000)] == [0.1, 0.25, 0.5, 0.5, 1.0, 1.0]


def test_a_meter_reads_decibels_of_full_scale() -> None:
    assert [decibels(peak) for peak in (32_768, 16_384, 1, 0)] == [0.0, -6.0, -90.3, -96.0]
