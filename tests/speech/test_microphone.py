"""The microphone with a real driver: no sample is lost, and a lost device is reopened."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from installation.core import clock
from installation.speech.interfaces import SAMPLE_RATE, Samples
from installation.speech.mic_health import Health
from installation.speech.microphone import DEVICE_UNAVAILABLE, Microphone, open_failure
from tests.speech.virtual_microphone import VirtualMicrophone, until

RAMP = np.arange(1, 12_001, dtype=np.int16)  # three quarters of a second of distinct samples
CLICK = 12_345  # sample value


@contextmanager
def opened(name: str = VirtualMicrophone.NAME) -> Iterator[Microphone]:
    microphone = Microphone(name)
    try:
        yield microphone
    finally:
        microphone.close()


def has_health(microphone: Microphone, health: Health = "live") -> bool:
    return microphone.health(clock.now()) == health


def delivers(microphone: Microphone, expected: Samples) -> bool:
    """Whether exactly these samples arrive, in a row."""
    read = np.zeros(0, np.int16)

    def found() -> bool:
        nonlocal read
        read = np.concatenate([read, microphone.read(clock.now()).samples])
        starts = np.flatnonzero(read == expected[0])
        return any(np.array_equal(read[start : start + len(expected)], expected) for start in starts)

    until(found, "the samples")
    return True


def test_every_sample_arrives_in_order_at_16_khz(microphone: VirtualMicrophone) -> None:
    with opened() as mic:
        until(lambda: has_health(mic))
        microphone.play(RAMP)
        assert delivers(mic, RAMP)
        assert (mic.lost, mic.reason) == (0, "")


def test_samples_are_kept_for_a_late_reader(microphone: VirtualMicrophone) -> None:
    with opened() as mic:
        until(lambda: has_health(mic))
        microphone.play(RAMP)
        time.sleep(1.0)
        assert delivers(mic, RAMP)


def test_samples_are_dated_with_the_time_they_were_recorded(microphone: VirtualMicrophone) -> None:
    with opened() as mic:
        until(lambda: has_health(mic))
        until(lambda: len(mic.read(clock.now()).samples))
        played = clock.now()
        microphone.play(np.full(160, CLICK, np.int16))
        clicks: list[float] = []

        def click() -> bool:
            samples, end_time, _ = mic.read(clock.now())
            positions = np.flatnonzero(samples == CLICK)
            clicks.extend(end_time - (len(samples) - position) / SAMPLE_RATE for position in positions)
            return bool(clicks)

        until(click)
        assert -0.05 < clicks[0] - played < 0.25


def test_an_unplugged_microphone_is_reported_and_reopened_when_it_is_back(microphone: VirtualMicrophone) -> None:
    with opened() as mic:
        until(lambda: has_health(mic))
        microphone.unplug()
        until(lambda: has_health(mic, "reopening"))
        until(lambda: mic.reason)
        assert mic.reason.startswith("the microphone 'pulse' cannot be opened")
        microphone.plug_in()
        until(lambda: has_health(mic), "the microphone's return")
        microphone.play(RAMP)
        assert delivers(mic, RAMP)
        assert mic.reason == ""


def test_a_suspended_microphone_recovers(microphone: VirtualMicrophone) -> None:
    with opened() as mic:
        until(lambda: has_health(mic))
        microphone.suspend(True)
        until(lambda: not has_health(mic))
        microphone.suspend(False)
        until(lambda: has_health(mic))


def test_the_microphone_is_reopened_after_the_sound_server_is_restarted(
    microphone: VirtualMicrophone,
) -> None:
    with opened() as mic:
        until(lambda: has_health(mic))
        microphone.kill()
        until(lambda: has_health(mic, "reopening"))
        microphone.start()
        until(lambda: has_health(mic), "the microphone's return")
        assert mic.name == VirtualMicrophone.NAME
        discontinuous = mic.read(clock.now()).discontinuous
        assert discontinuous


@pytest.mark.slow
def test_clipping_and_zeros_are_reported(microphone: VirtualMicrophone) -> None:
    with opened() as mic:
        until(lambda: has_health(mic))
        microphone.play(np.full(SAMPLE_RATE // 2, 32_767, np.int16))
        until(lambda: has_health(mic, "clipping"))
        microphone.muted = True
        until(lambda: has_health(mic, "muted"))
        microphone.muted = False
        until(lambda: has_health(mic))


def test_a_source_of_the_sound_server_is_opened_by_its_own_name(microphone: VirtualMicrophone) -> None:
    microphone.add("balcony")
    with opened("virtual") as mic:
        until(lambda: has_health(mic))
        microphone.play(RAMP)
        assert delivers(mic, RAMP)
        assert mic.name.startswith("Unix FIFO source")


def test_an_unknown_name_is_reported_with_the_closest_match(microphone: VirtualMicrophone) -> None:
    del microphone  # present under its own name
    with opened("puls-e") as mic:
        until(lambda: mic.reason)
        assert mic.reason == "there is no microphone 'puls-e'; did you mean 'pulse'?"
        assert len(mic.read(clock.now()).samples) == 0


def test_a_microphone_that_another_program_uses_is_one_sentence() -> None:
    error = RuntimeError("Error opening InputStream: Device unavailable", DEVICE_UNAVAILABLE)
    assert open_failure("Rode", error) == (
        "the microphone 'Rode' cannot be opened: another program uses it; close that, or choose another microphone."
    )
    assert open_failure("", RuntimeError("Invalid device", -9996)) == (
        "the microphone cannot be opened: it is gone, in use elsewhere, or not allowed (PortAudio: Invalid device)."
    )
