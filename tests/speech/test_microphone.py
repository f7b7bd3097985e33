"""The microphone through a real driver: nothing is lost, and what is lost comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from installation.core import clock
from installation.speech.interfaces import RATE, Samples
from installation.speech.microphone import Microphone
from tests.speech.virtual_microphone import VirtualMicrophone, until

RAMP = np.arange(1, 12_001, dtype=np.int16)  # three quarters of a second, every sample another


@contextmanager
def opened(name: str = VirtualMicrophone.NAME) -> Iterator[Microphone]:
    microphone = Microphone(name)
    try:
        yield microphone
    finally:
        microphone.close()


def healthy(microphone: Microphone, wanted: str = "live") -> bool:
    return microphone.health(clock.now()) == wanted


def hears(microphone: Microphone, wanted: Samples) -> bool:
    """Whether exactly these samples come, one after the other, while half a minute's worth is read at most."""
    heard = np.zeros(0, np.int16)
    end = time.monotonic() + 6.0
    while time.monotonic() < end:
        heard = np.concatenate([heard, microphone.read(clock.now()).samples])
        for start in np.flatnonzero(heard == wanted[0]):
            if np.array_equal(heard[start : start + len(wanted)], wanted):
                return True
        time.sleep(0.02)
    return False


def test_every_sample_comes_in_order_at_16_khz(microphone: VirtualMicrophone) -> None:
    with opened() as mic:
        until(lambda: healthy(mic))
        microphone.play(RAMP)
        assert hears(mic, RAMP)
        assert (mic.lost, mic.reason) == (0, "")


def test_sound_waits_for_a_reader_that_sleeps(microphone: VirtualMicrophone) -> None:
    with opened() as mic:
        until(lambda: healthy(mic))
        microphone.play(RAMP)
        time.sleep(1.0)  # nobody reads
        assert hears(mic, RAMP)


def test_the_moment_of_a_sample_is_that_at_which_it_was_said(microphone: VirtualMicrophone) -> None:
    with opened() as mic:
        until(lambda: healthy(mic))
        until(lambda: len(mic.read(clock.now()).samples))
        said = clock.now()
        microphone.play(np.full(160, 12_345, np.int16))
        heard: list[float] = []

        def clap() -> bool:
            samples, ends, _ = mic.read(clock.now())
            places = np.flatnonzero(samples == 12_345)
            heard.extend(ends - (len(samples) - place) / RATE for place in places)
            return bool(heard)

        until(clap)
        assert -0.05 < heard[0] - said < 0.25


def test_a_microphone_that_is_unplugged_is_noticed_and_found_again(microphone: VirtualMicrophone) -> None:
    with opened() as mic:
        until(lambda: healthy(mic))
        microphone.unplug()
        gone = clock.now()
        until(lambda: healthy(mic, "reopening"))
        assert clock.now() - gone < 1.5
        until(lambda: mic.reason, "a reason")
        assert mic.reason.startswith("the microphone 'pulse' cannot be opened")
        microphone.plug_in()
        until(lambda: healthy(mic), "the microphone's return")
        microphone.play(RAMP)
        assert hears(mic, RAMP)
        assert mic.reason == ""


def test_a_suspended_microphone_recovers_by_itself(microphone: VirtualMicrophone) -> None:
    with opened() as mic:
        until(lambda: healthy(mic))
        microphone.suspend(True)
        until(lambda: not healthy(mic))
        microphone.suspend(False)
        until(lambda: healthy(mic))


def test_a_sound_server_that_is_killed_and_comes_back_is_heard_again(microphone: VirtualMicrophone) -> None:
    with opened() as mic:
        until(lambda: healthy(mic))
        microphone.kill()
        until(lambda: healthy(mic, "reopening"))
        microphone.start()
        until(lambda: healthy(mic), "the microphone's return")
        assert mic.name == VirtualMicrophone.NAME
        broken = mic.read(clock.now()).broken
        assert broken  # what comes now does not follow what came before


def test_zeros_and_clipping_are_seen_within_a_second(microphone: VirtualMicrophone) -> None:
    with opened() as mic:
        until(lambda: healthy(mic))
        loud = np.full(RATE // 2, 32_767, np.int16)
        microphone.play(loud)
        began = clock.now()
        until(lambda: healthy(mic, "clipping"))
        assert clock.now() - began < 1.0
        microphone.muted = True
        until(lambda: healthy(mic, "muted"))
        microphone.muted = False
        until(lambda: healthy(mic))


def test_a_wrong_name_is_a_sentence_with_the_nearest_right_one(microphone: VirtualMicrophone) -> None:
    del microphone  # it is there, under its own name
    with opened("puls-e") as mic:
        until(lambda: mic.reason)
        assert mic.reason == "there is no microphone 'puls-e'; did you mean 'pulse'?"
        assert len(mic.read(clock.now()).samples) == 0
