"""The devices of a show: microphone, window, network ports."""

from __future__ import annotations

import time
from dataclasses import asdict

import numpy as np

from installation.core import clock
from installation.core.errors import ShowError
from installation.doctor.finding import Finding, ok, warning
from installation.models.interfaces import ModelPlace
from installation.show.settings import OscSettings, Show, WebSettings

LISTEN_SECONDS = 0.7
_POLL_SECONDS = 0.05
_FULL_SCALE = 32768
_RATE_TOLERANCE = 0.1  # of the stated refresh rate
_TYPE_INSTEAD = "words can still be typed"


def check_microphone(show: Show, place: ModelPlace) -> list[Finding]:
    """Record from each of the show's microphones for a moment."""
    from installation.speech.audio_devices import silence_libraries

    del place
    silence_libraries()
    return [_check_device(name) for name in show.listen.devices]


def _check_device(name: str) -> Finding:
    from installation.speech.audio_devices import choose_device, input_devices
    from installation.speech.microphone import Microphone

    try:
        device = choose_device(name, input_devices())
    except ShowError as error:
        return warning("microphone", str(error).rstrip(".:"), _TYPE_INSTEAD)
    microphone = Microphone(device.name)
    end, blocks = clock.now() + LISTEN_SECONDS, []
    while clock.now() < end:
        time.sleep(_POLL_SECONDS)
        blocks.append(microphone.read(clock.now()).samples)
    microphone.close()
    samples = np.concatenate(blocks).astype(np.float64)
    if not len(samples):
        text = microphone.reason.rstrip(".") or f"{device.name} delivers no samples"
        return warning("microphone", text, f"plug it in again; {_TYPE_INSTEAD}")
    peak = float(np.abs(samples).max())
    if peak == 0.0:
        return warning("microphone", f"{device.name} is muted: every sample is zero", "unmute it")
    level = 20.0 * float(np.log10(peak / _FULL_SCALE))
    text = f"{device.name}, {device.rate} Hz, peak {level:.0f} dBFS"
    return ok("microphone", text, name=device.name, level=level)


def check_recognizer(show: Show, place: ModelPlace) -> list[Finding]:
    """Say which recogniser the show would have, and what it can and cannot do."""
    from installation.speech.interfaces import RecognizerRequest
    from installation.speech.recognizers.registry import EMBEDDED_LIMITS, create_recognizer, fetch_advice

    listening = show.listen
    request = RecognizerRequest(place.cache, listening.languages, device=listening.compute)
    try:
        recognizer = create_recognizer(listening.model or listening.recognizer, request)
    except ShowError as error:
        return [warning("speech", str(error).rstrip("."), _TYPE_INSTEAD)]
    if recognizer.quality == 1:
        return [warning("speech", f"{recognizer.name}: {EMBEDDED_LIMITS}", fetch_advice(listening.languages))]
    return [ok("speech", recognizer.name, name=recognizer.name)]


def check_window(show: Show, place: ModelPlace) -> list[Finding]:
    """Open the window, find out what draws in it, and measure the refresh rate of its display."""
    # Nothing here may import torch: where Mesa emulates OpenGL (llvmpipe), importing torch afterwards crashes.
    from installation.stage.display_probe import probe_display

    del place
    try:
        display = probe_display(show.look)
    except ShowError as error:
        text = f"{str(error).rstrip('.')}: shows run headless, with a recording"
        return [warning("window", text, "start it from a desktop, or set DISPLAY")]
    figures = asdict(display)
    width, height = display.size
    plural = "s" if display.displays > 1 else ""
    text = f"{display.driver}, {width} x {height}, {display.displays} display{plural}"
    findings = [ok("window", text, **figures)]
    if display.compositor == "opengl":
        findings.append(ok("opengl", display.card))
    else:
        reason = (display.notice or "the show asks for none").rstrip(".")
        findings.append(warning("opengl", reason, "install the GPU's driver; without it the stage draws slower"))
    return [*findings, _refresh_rate(display.stated_rate, display.measured_rate, display.synchronised)]


def _refresh_rate(stated: float, measured: float, synchronised: bool) -> Finding:
    about = "refresh rate"
    states = f"the display states {stated:.0f} Hz" if stated else "the display states no rate"
    figures = {"stated": stated, "measured": measured, "vsync": synchronised}
    if not synchronised:
        text = f"{states}; frames do not wait for it ({measured:.0f} black ones a second)"
        remedy = "frames may tear; enable vertical synchronisation in the driver's settings"
        return warning(about, text, remedy, **figures)
    text = f"{measured:.1f} frames/s measured, with vertical synchronisation; {states}"
    if stated and abs(measured - stated) > _RATE_TOLERANCE * stated:
        return warning(about, text, "close what else uses the GPU, or lower the resolution", **figures)
    return ok(about, text, **figures)


def check_ports(show: Show, place: ModelPlace) -> list[Finding]:
    """Bind the ports of OSC and of the operator page."""
    del place
    return [_check_osc(show), _check_web(show)]


def _check_osc(show: Show) -> Finding:
    if not show.osc.enabled:
        return ok("osc", "off in this show")
    from installation.control.osc_sockets import OscSockets

    sockets = OscSockets()
    try:
        sockets.open(show.osc.host, show.osc.port)
    except OSError as error:
        return _port_in_use("osc", show.osc, error)
    finally:
        sockets.close()
    return ok("osc", f"{show.osc.host}:{show.osc.port} is free, UDP and TCP", port=show.osc.port)


def _check_web(show: Show) -> Finding:
    if not show.web.enabled:
        return ok("web", "off in this show")
    from installation.control.web.server import listen

    try:
        listen(show.web.host, show.web.port).close()
    except OSError as error:
        return _port_in_use("web", show.web, error)
    return ok("web", f"{show.web.host}:{show.web.port} is free", port=show.web.port)


def _port_in_use(about: str, settings: OscSettings | WebSettings, error: OSError) -> Finding:
    text = f"{settings.host}:{settings.port} is in use or not available ({error.strerror or error})"
    remedy = f"end the program that uses it (another Laterna?), or set {about}.port"
    return warning(about, text, remedy, port=settings.port)
