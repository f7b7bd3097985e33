"""Fixtures of the speech tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation.speech.audio_devices import input_devices, rescan_devices
from tests.conftest import require_system
from tests.speech.virtual_microphone import VirtualMicrophone


@pytest.fixture
def microphone(monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualMicrophone]:
    """A virtual microphone, the only device of this test and of the processes that it starts."""
    require_system(shutil.which("pulseaudio"), "pulseaudio is not installed")
    require_system(shutil.which("pactl"), "pulseaudio-utils are not installed")
    try:
        import sounddevice  # noqa: F401
    except OSError:
        require_system(False, "libportaudio2 is not installed")
    with tempfile.TemporaryDirectory(prefix="mic") as folder:  # a socket's path must be short
        virtual = VirtualMicrophone(Path(folder))
        for name, value in virtual.environment.items():
            monkeypatch.setenv(name, value)
        try:
            virtual.start()
            rescan_devices()
            listed = virtual.NAME in {device.name for device in input_devices()}
            require_system(listed, "libasound2-plugins are not installed")
            yield virtual
        finally:
            virtual.kill()
