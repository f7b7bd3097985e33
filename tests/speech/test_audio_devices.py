"""Input devices by name."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.speech.audio_devices import AudioDevice, choose_device, input_devices, portaudio, rescan_devices
from tests.speech.virtual_microphone import VirtualMicrophone


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("OSError('PortAudio library not found')", "the PortAudio library; on Debian and Ubuntu: apt install lib"),
        ("ImportError()", "needs the Python package sounddevice: pip install"),
    ],
)
def test_a_missing_library_is_reported_with_how_to_install_it(
    error: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sounddevice.py").write_text(f"raise {error}\n")  # as the package does when it is imported
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ShowError, match=message):
        portaudio()


def test_a_device_is_listed_with_its_properties(microphone: VirtualMicrophone) -> None:
    rescan_devices()
    found = {device.name: device for device in input_devices()}[microphone.NAME]
    assert found.channels >= 1
    assert found.rate > 0
    assert found.driver == "ALSA"


def test_the_sources_of_a_sound_server_have_their_own_names(microphone: VirtualMicrophone) -> None:
    second = microphone.add("balcony")
    rescan_devices()
    devices = input_devices()
    assert {device.source for device in devices} >= {"virtual", "balcony"}
    assert choose_device("balcony", devices).source == "balcony"
    assert not any(device.source.endswith(".monitor") for device in devices)
    assert second == choose_device(second, devices).name


DEVICES = [
    AudioDevice(0, "Webcam C920", 2, 44_100, "MME"),
    AudioDevice(1, "Scarlett 2i2 USB", 2, 44_100, "MME", default=True),
    AudioDevice(2, "Scarlett 2i2 USB", 2, 48_000, "Windows WASAPI"),
    AudioDevice(3, "Scarlett 2i2 USB Loopback", 2, 48_000, "MME"),
]


@pytest.mark.parametrize(("name", "index"), [("", 1), ("webcam", 0), ("scarlett 2i2 usb", 1), ("Loop", 3)])
def test_a_device_is_chosen_by_a_part_of_its_name_on_the_default_driver(name: str, index: int) -> None:
    assert choose_device(name, DEVICES).index == index


def test_a_missing_device_is_an_error_that_suggests_the_closest_name() -> None:
    with pytest.raises(ShowError, match="'Webcam C930'; did you mean 'Webcam C920'"):
        choose_device("Webcam C930", DEVICES)
    with pytest.raises(ShowError, match="plug one in"):
        choose_device("", [])
