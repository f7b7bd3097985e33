"""What the show hears and shows by: microphone, window, ports."""

from __future__ import annotations

import time
from dataclasses import asdict

import numpy as np

from installation.core import clock
from installation.core.errors import ShowError
from installation.doctor.finding import Finding, ok, warning
from installation.show.settings import Show

LISTEN_SECONDS = 0.7
_LOOK_SECONDS = 0.05
_TYPED = "words can be typed meanwhile"


def check_microphone(show: Show) -> list[Finding]:
    """The show's microphone, and whether anything comes from it."""
    from installation.speech.audio_devices import choose_device, input_devices, silence_libraries
    from installation.speech.microphone import Microphone

    silence_libraries()
    try:
        device = choose_device(show.listen.device, input_devices())
    except ShowError as error:
        return [warning("microphone", str(error).rstrip(".:"), _TYPED)]
    microphone = Microphone(device.name)
    end, samples = clock.now() + LISTEN_SECONDS, []
    while clock.now() < end:
        time.sleep(_LOOK_SECONDS)
        samples.append(microphone.read(clock.now()).samples)
    microphone.close()
    heard = np.concatenate(samples).astype(np.float64)
    if not len(heard):
        return [warning("microphone", f"{device.name} gives no sound", f"plug it in again; {_TYPED}")]
    loudest = float(np.abs(heard).max())
    if loudest == 0.0:
        return [warning("microphone", f"{device.name} is muted: nothing but zeros", "switch it on")]
    level = 20.0 * float(np.log10(loudest / 32768))
    return [ok("microphone", f"{device.name}, {device.rate} Hz, up to {level:.0f} dB", name=device.name, level=level)]


def check_window(show: Show) -> list[Finding]:
    """The window, what paints in it, and the beat of its display."""
    from installation.stage.display_probe import probe_display

    try:
        seen = probe_display(show.look)
    except ShowError as error:
        text = f"{str(error).rstrip('.')}: shows run headless, with a recording"
        return [warning("window", text, "start it from a desktop, or set DISPLAY")]
    figures = asdict(seen)
    width, height = seen.size
    text = f"{seen.driver}, {width} x {height}, {seen.displays} display{'s' if seen.displays > 1 else ''}"
    found = [ok("window", text, **figures)]
    if seen.compositor == "opengl":
        found.append(ok("opengl", seen.card))
    else:
        reason = seen.notice or "the show asks for none"
        found.append(
            warning("opengl", reason.rstrip("."), "install the graphics card's driver; the stage paints slower")
        )
    return [*found, _beat(seen.stated_rate, seen.measured_rate, seen.synchronised)]


def _beat(stated: float, measured: float, synchronised: bool) -> Finding:
    states = f"the display states {stated:.0f} Hz" if stated else "the display states no rate"
    figures = {"stated": stated, "measured": measured, "vsync": synchronised}
    if not synchronised:
        remedy = "frames may tear; switch vertical synchronisation on in the driver's settings"
        return warning(
            "refresh rate",
            f"{states}; frames do not wait for it ({measured:.0f} black ones a second)",
            remedy,
            **figures,
        )
    text = f"{measured:.1f} frames/s measured, with vertical synchronisation; {states}"
    if stated and abs(measured - stated) > 0.1 * stated:
        return warning("refresh rate", text, "close what else uses the card, or lower the resolution", **figures)
    return ok("refresh rate", text, **figures)


def check_ports(show: Show) -> list[Finding]:
    """The port that OSC comes in by."""
    if not show.osc.enabled:
        return [ok("osc", "off in this show")]
    from installation.control.osc_sockets import OscSockets

    where = f"{show.osc.host}:{show.osc.port}"
    sockets = OscSockets()
    try:
        sockets.open(show.osc.host, show.osc.port)
    except OSError as error:
        remedy = "end what holds it (another Laterna?), or set osc.port"
        return [warning("osc", f"{where} is not free ({error.strerror or error})", remedy, port=show.osc.port)]
    finally:
        sockets.close()
    return [ok("osc", f"{where} is free, UDP and TCP", port=show.osc.port)]
