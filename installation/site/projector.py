"""Switches the projector or screen, by PJLink, HDMI-CEC or DDC/CI, and finds out whether it obeyed.

CEC needs `cec-ctl` (Debian: v4l-utils), DDC/CI needs `ddcutil`. Every call may take a minute: call it in a thread.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
import time

from installation.show.site_settings import ProjectorSettings
from installation.site import pjlink
from installation.site.pjlink import ProjectorError

MOST_SECONDS = 120.0  # for a lamp to warm up or to cool down
PAUSE_SECONDS = 2.0  # between two questions meanwhile
COMMAND_SECONDS = 20.0
_PACKAGES = {"cec-ctl": "v4l-utils", "ddcutil": "ddcutil"}


class Projector:
    """One projector. Its methods raise ProjectorError, with a sentence for the operator."""

    def __init__(self, settings: ProjectorSettings, pause: float = PAUSE_SECONDS) -> None:
        self._settings, self._pause = settings, pause
        self.most_seconds = MOST_SECONDS
        self._stopped = threading.Event()

    def switch(self, on: bool) -> str:
        """Switch it, and return its state once it is the one that was asked for."""
        match self._settings.kind:
            case "pjlink":
                pjlink.switch(self._settings.host, self._settings.port, self._settings.password, on)
            case "cec":
                self._cec("--image-view-on" if on else "--standby")
            case "ddcutil":
                self._ddcutil("setvcp", "D6", "01" if on else "04")
        wanted, end = "on" if on else "off", time.monotonic() + self.most_seconds
        while (state := self.state()) != wanted:
            if time.monotonic() > end:
                raise ProjectorError(f"The projector is {state} after {self.most_seconds:g} s; it should be {wanted}.")
            if self._stopped.wait(self._pause):
                raise ProjectorError(f"The show ended while the projector was {state}; it should become {wanted}.")
        return state

    def stop_waiting(self) -> None:
        """Let a `switch` in another thread end without its confirmation; later ones do not wait either."""
        self._stopped.set()

    def state(self) -> str:
        """On, off, cooling or warming."""
        match self._settings.kind:
            case "pjlink":
                return pjlink.power(self._settings.host, self._settings.port, self._settings.password)
            case "cec":
                return _cec_state(self._cec("--give-device-power-status"))
        return _ddc_state(self._ddcutil("getvcp", "D6", "--terse"))

    def _cec(self, command: str) -> str:
        device = ["--device", self._settings.device] if self._settings.device else []
        return _run(["cec-ctl", *device, "--playback", "--to", "0", command])

    def _ddcutil(self, *command: str) -> str:
        display = ["--display", self._settings.device] if self._settings.device else []
        return _run(["ddcutil", *display, *command])


def _cec_state(output: str) -> str:
    """The state in a report of the power status."""
    states = {"on": "on", "standby": "off", "to-on": "warming", "to-standby": "cooling"}
    for line in output.splitlines():
        name, _, value = line.strip().partition(": ")
        if name == "pwr-state" and value.split(" ")[0] in states:
            return states[value.split(" ")[0]]
    raise ProjectorError("The screen does not report its power over HDMI-CEC.")


def _ddc_state(output: str) -> str:
    """The state in a line such as `VCP D6 SNC x01`: 1 is on, everything else a kind of standby."""
    words = output.split()
    if words[:2] != ["VCP", "D6"] or not words[-1].startswith("x"):
        raise ProjectorError("The screen does not report its power over DDC/CI.")
    return "on" if int(words[-1][1:], 16) == 1 else "off"


def _run(command: list[str]) -> str:
    program = shutil.which(command[0])
    if program is None:
        raise ProjectorError(f"{command[0]} is not installed (Debian: apt install {_PACKAGES[command[0]]}).")
    try:
        ended = subprocess.run([program, *command[1:]], capture_output=True, text=True, timeout=COMMAND_SECONDS)
    except subprocess.TimeoutExpired:
        raise ProjectorError(f"{command[0]} did not answer within {COMMAND_SECONDS:g} s.") from None
    if ended.returncode:
        lines = (ended.stderr or ended.stdout).strip().splitlines()
        raise ProjectorError(f"{command[0]} failed: {lines[-1] if lines else f'status {ended.returncode}'}")
    return ended.stdout
