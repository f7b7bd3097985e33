"""Sound on its way: rates, the ring, the clock of samples, recordings, the choice of a device."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.speech.audio_devices import AudioDevice, choose_device
from installation.speech.audio_source import RecordingSource, read_wav
from installation.speech.interfaces import RATE
from installation.speech.resampler import Resampler
from installation.speech.ring_buffer import AudioRing, SampleClock


def tone(hertz: float, rate: int, seconds: float = 1.0, level: float = 10_000.0) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.int16)


def divided(samples: np.ndarray, seed: int = 0) -> list[np.ndarray]:
    """In blocks of odd lengths."""
    lengths = np.random.default_rng(seed).integers(1, 700, size=len(samples))
    places = np.cumsum(lengths)
    return np.split(samples, places[places < len(samples)])


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000])
def test_a_tone_comes_through_whatever_the_rate_and_wherever_blocks_begin(rate: int) -> None:
    whole = Resampler(rate).feed(tone(440.0, rate))
    resampler = Resampler(rate)
    pieces = np.concatenate([resampler.feed(block) for block in divided(tone(440.0, rate))])
    assert np.array_equal(whole, pieces)
    assert abs(len(whole) - RATE) <= 1
    middle = whole[2000:14000].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert round(int(spectrum.argmax()) * RATE / len(middle)) == 440
    assert abs(middle.max() - 10_000) < 100
    assert np.abs(np.diff(middle)).max() < 1_750  # a seam would click: the tone's own steps are 1,727


def test_what_lies_above_the_new_band_does_not_come_back_as_another_tone() -> None:
    heard = Resampler(48_000).feed(tone(11_000.0, 48_000))
    assert np.abs(heard[500:]).max() < 20


def test_sound_that_has_the_right_rate_is_left_alone() -> None:
    samples = tone(440.0, RATE)
    assert np.array_equal(Resampler(RATE).feed(samples), samples)


def test_the_ring_gives_every_sample_once_and_in_order() -> None:
    ring = AudioRing(2_000)
    samples = np.arange(30_000, dtype=np.int16)
    taken = []
    for block in divided(samples, seed=1):
        ring.write(block)
        taken.append(ring.take())
    assert np.array_equal(np.concatenate(taken), samples)
    assert (ring.written, ring.read, ring.lost) == (30_000, 30_000, 0)


def test_a_reader_that_slept_gets_the_newest_half_of_the_ring_and_the_rest_is_counted() -> None:
    ring = AudioRing(1_000)
    for start in range(0, 5_000, 100):
        ring.write(np.arange(start, start + 100, dtype=np.int16))
    assert np.array_equal(ring.take(), np.arange(4_500, 5_000))
    assert ring.lost == 4_500


def test_the_clock_of_samples_does_not_follow_the_jitter_of_blocks() -> None:
    clock = SampleClock()
    jitter = np.random.default_rng(2).uniform(0.0, 0.06, size=500)
    for block, late in enumerate(jitter, 1):
        clock.heard(block * 0.02, 100.0 + block * 0.02 + late)
    assert abs(clock.at(9.0) - 109.0) < 0.005


def test_the_clock_of_samples_moves_on_when_the_sound_itself_had_stopped() -> None:
    clock = SampleClock()
    clock.heard(1.0, 101.0)
    clock.heard(1.02, 106.02)  # suspended for five seconds
    assert clock.at(1.02) == pytest.approx(106.02)


def write_wav(path: Path, data: bytes, rate: int, channels: int, width: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(data)
    return path


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_recordings_of_any_depth_say_the_same(tmp_path: Path, width: int) -> None:
    values = tone(300.0, RATE, 0.1).astype(np.int64)
    raw = ((values >> 8) + 128).astype("<u1") if width == 1 else (values << (8 * (width - 2))).astype("<i8")
    data = raw.tobytes() if width == 1 else raw.view(np.uint8).reshape(-1, 8)[:, :width].tobytes()
    heard = read_wav(write_wav(tmp_path / "tone.wav", data, RATE, 1, width))
    assert np.abs(heard[: len(values)].astype(np.int64) - values).max() <= (256 if width == 1 else 0)


def test_a_stereo_recording_of_another_rate_is_mixed_and_resampled(tmp_path: Path) -> None:
    left = tone(300.0, 48_000, 0.5)
    both = np.stack([left, np.zeros_like(left)], axis=1)
    heard = read_wav(write_wav(tmp_path / "both.wav", both.tobytes(), 48_000, 2, 2))
    assert abs(int(np.abs(heard).max()) - 5_000) < 60
    assert 0.5 * RATE <= len(heard) <= 0.56 * RATE


def test_a_recording_keeps_to_its_pace_and_gives_all_of_its_sound(tmp_path: Path) -> None:
    samples = tone(300.0, RATE, 2.0)
    recording = RecordingSource(write_wav(tmp_path / "a.wav", samples.tobytes(), RATE, 1, 2), speed=2.0)
    assert len(recording.read(50.0).samples) == 0
    first = recording.read(50.5)
    assert (len(first.samples), first.ends, recording.health(50.5)) == (RATE, 51.0, "live")
    rest = recording.read(60.0)
    assert np.array_equal(np.concatenate([first.samples, rest.samples])[: len(samples)], samples)
    assert recording.health(60.0) == "ended"


@pytest.mark.parametrize(("name", "said"), [("missing.wav", "cannot be read"), ("text.wav", "is no WAV file")])
def test_a_bad_recording_is_one_sentence(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "text.wav").write_text("no sound at all, but long enough to look at")
    with pytest.raises(ShowError, match=said):
        read_wav(tmp_path / name)


DEVICES = [
    AudioDevice(0, "Webcam C920", 2, 44_100, "MME"),
    AudioDevice(1, "Scarlett 2i2 USB", 2, 44_100, "MME", default=True),
    AudioDevice(2, "Scarlett 2i2 USB", 2, 48_000, "Windows WASAPI"),
    AudioDevice(3, "Scarlett 2i2 USB Loopback", 2, 48_000, "MME"),
]


@pytest.mark.parametrize(("name", "index"), [("", 1), ("webcam", 0), ("scarlett 2i2 usb", 1), ("Loop", 3)])
def test_a_device_is_chosen_by_a_part_of_its_name(name: str, index: int) -> None:
    assert choose_device(name, DEVICES).index == index


def test_a_device_that_is_not_there_is_never_another_one() -> None:
    with pytest.raises(ShowError, match="'Webcam C930'; did you mean 'Webcam C920'"):
        choose_device("Webcam C930", DEVICES)
    with pytest.raises(ShowError, match="plug one in"):
        choose_device("", [])
