"""The microphones of this machine, by name. Numbers change when something is plugged in, so nobody gets to see one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from installation.core.errors import ShowError, suggest


@dataclass(frozen=True)
class AudioDevice:
    """Something that sound can be taken from."""

    index: int  # PortAudio's number, good until the list is renewed
    name: str
    channels: int
    rate: int  # its own, samples a second
    driver: str  # PortAudio's name of the system's interface: ALSA, MME, Core Audio
    default: bool = False  # the system offers it first


def portaudio() -> ModuleType:
    """The sounddevice module. Raises ShowError where it or its library is missing."""
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
    """All there are now, as PortAudio knew them when it was last initialised. Raises ShowError."""
    sounddevice = portaudio()
    drivers = sounddevice.query_hostapis()
    first = sounddevice.default.device[0]
    if first < 0:
        first = next((driver["default_input_device"] for driver in drivers if driver["default_input_device"] >= 0), -1)
    return [_device(each, drivers, first) for each in sounddevice.query_devices() if each["max_input_channels"] > 0]


def renew_devices() -> None:
    """Lets PortAudio look again (26 ms); it never does so by itself. No stream may be open."""
    sounddevice = portaudio()
    sounddevice._terminate()
    sounddevice._initialize()


def choose_device(name: str, devices: Sequence[AudioDevice]) -> AudioDevice:
    """The device of that name, or whose name holds it; the first on offer for "". Raises ShowError.

    Where several interfaces offer the same device, the one of the default device's interface is taken.
    """
    if not devices:
        raise ShowError("there is no microphone: plug one in, or allow this program to use it.")
    if not name:
        return next((device for device in devices if device.default), devices[0])
    wanted = name.casefold()
    exact = [device for device in devices if device.name.casefold() == wanted]
    found = exact or [device for device in devices if wanted in device.name.casefold()]
    if not found:
        raise ShowError(f"there is no microphone '{name}'; {suggest(name, {device.name for device in devices})}")
    driver = next((device.driver for device in devices if device.default), found[0].driver)
    return next((device for device in found if device.driver == driver), found[0])


def _device(each: dict[str, Any], drivers: Sequence[dict[str, Any]], first: int) -> AudioDevice:
    return AudioDevice(
        index=int(each["index"]),
        name=str(each["name"]),
        channels=int(each["max_input_channels"]),
        rate=round(each["default_samplerate"]),
        driver=str(drivers[each["hostapi"]]["name"]),
        default=each["index"] == first,
    )


def silence_libraries() -> None:
    """Keeps C libraries off the terminal for the rest of this process; what Python itself reports still gets there.

    PortAudio and ALSA print lines of their own for every device that is not there, each time that they look.
    """
    sys.stderr.flush()
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
