"""The audio input devices of this machine, identified by name: PortAudio's indices change with hot-plugging."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from installation.core.errors import ShowError, suggest

SERVER_DEVICE = "pulse"  # ALSA's name of the sound server, PulseAudio or PipeWire
SOURCE_VARIABLE = "PULSE_SOURCE"  # the source that its client library connects to
SERVER_SECONDS = 2.0  # for the server's answer


@dataclass(frozen=True)
class AudioDevice:
    """An audio input device."""

    index: int  # PortAudio's, valid until `rescan_devices`
    name: str
    channels: int
    rate: int  # default sample rate, Hz
    driver: str  # PortAudio's name of the host API: ALSA, MME, Core Audio
    default: bool = False  # the system's default input
    source: str = ""  # of the sound server, which PortAudio reaches by one device for all of them


def portaudio() -> ModuleType:
    """Import sounddevice, the binding of PortAudio.

    Raises:
        ShowError: The package or its library is missing.
    """
    try:
        import sounddevice
    except ImportError:
        raise ShowError(
            "the microphone needs the Python package sounddevice: pip install -r requirements.txt."
        ) from None
    except OSError:
        raise ShowError(
            "the microphone needs the PortAudio library; on Debian and Ubuntu: apt install libportaudio2."
        ) from None
    return sounddevice  # type: ignore[no-any-return]


def input_devices() -> list[AudioDevice]:
    """List the input devices that PortAudio found at its last scan.

    Raises:
        ShowError: The microphone cannot be used on this machine.
    """
    sounddevice = portaudio()
    drivers = sounddevice.query_hostapis()
    default = sounddevice.default.device[0]
    if default < 0:
        defaults = (driver["default_input_device"] for driver in drivers)
        default = next((index for index in defaults if index >= 0), -1)
    inputs = (info for info in sounddevice.query_devices() if info["max_input_channels"] > 0)
    devices = [_device(info, drivers, default) for info in inputs]
    server = next((device for device in devices if device.name == SERVER_DEVICE), None)
    return devices + (_server_sources(server) if server else [])


def _server_sources(server: AudioDevice) -> list[AudioDevice]:
    """The microphones of PulseAudio or PipeWire by their own names; none without the server's tool `pactl`."""
    command = shutil.which("pactl")
    if not command:
        return []
    try:
        done = subprocess.run(
            [command, "-f", "json", "list", "sources"], capture_output=True, timeout=SERVER_SECONDS, check=True
        )
        rows = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return []  # the server does not answer, or the tool is too old: its common device remains
    return [
        replace(server, name=str(row["description"]), driver="sound server", default=False, source=str(row["name"]))
        for row in rows
        if not row.get("monitor_source")  # what a loudspeaker plays
    ]


@contextmanager
def selected_source(device: AudioDevice) -> Iterator[None]:
    """Connect a stream that is opened inside to the device's own source of the sound server."""
    before = os.environ.get(SOURCE_VARIABLE)
    if device.source:
        os.environ[SOURCE_VARIABLE] = device.source
    try:
        yield
    finally:
        if device.source:
            os.environ.pop(SOURCE_VARIABLE)
            if before is not None:
                os.environ[SOURCE_VARIABLE] = before


def rescan_devices() -> None:
    """Make PortAudio scan the devices again (26 ms), which it never does by itself. No stream may be open."""
    sounddevice = portaudio()
    sounddevice._terminate()
    sounddevice._initialize()


def choose_device(name: str, devices: Sequence[AudioDevice]) -> AudioDevice:
    """Find a device by its name or a part of it, ignoring case; "" chooses the default device.

    A device that several drivers offer is taken from the driver of the default device.

    Raises:
        ShowError: No device matches.
    """
    if not devices:
        raise ShowError("there is no microphone: plug one in, or allow this program to use it.")
    if not name:
        return next((device for device in devices if device.default), devices[0])
    wanted = name.casefold()
    exact = [device for device in devices if wanted in (device.name.casefold(), device.source.casefold())]
    found = exact or [device for device in devices if wanted in device.name.casefold()]
    if not found:
        raise ShowError(f"there is no microphone '{name}'; {suggest(name, {device.name for device in devices})}")
    driver = next((device.driver for device in devices if device.default), found[0].driver)
    return next((device for device in found if device.driver == driver), found[0])


def _device(info: Mapping[str, Any], drivers: Sequence[Mapping[str, Any]], default: int) -> AudioDevice:
    return AudioDevice(
        index=int(info["index"]),
        name=str(info["name"]),
        channels=int(info["max_input_channels"]),
        rate=round(info["default_samplerate"]),
        driver=str(drivers[info["hostapi"]]["name"]),
        default=info["index"] == default,
    )


def silence_libraries() -> None:
    """Discard what C libraries write to stderr, for the rest of this process; Python's own stderr is kept.

    PortAudio and ALSA print several lines for every device that is missing, at every scan.
    """
    sys.stderr.flush()
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    os.close(null)
