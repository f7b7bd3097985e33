"""Microphones by name, and what is said where there are none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.speech.audio_devices import input_devices, portaudio, renew_devices
from tests.speech.virtual_microphone import VirtualMicrophone


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("OSError('PortAudio library not found')", "the PortAudio library; on Debian and Ubuntu: apt install lib"),
        ("ImportError()", "needs the Python package sounddevice: pip install"),
    ],
)
def test_what_is_missing_is_said_with_how_to_get_it(
    error: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sounddevice.py").write_text(f"raise {error}\n")  # as the library itself does at its import
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ShowError, match=said):
        portaudio()


def test_a_microphone_of_this_machine_is_listed_with_what_it_can_do(microphone: VirtualMicrophone) -> None:
    renew_devices()
    found = {device.name: device for device in input_devices()}[microphone.NAME]
    assert found.channels >= 1
    assert found.rate > 0
    assert found.driver == "ALSA"
