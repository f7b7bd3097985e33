"""The names of the MIDI ports of this machine, looked up again and again at little cost."""

from __future__ import annotations

import math
from typing import Any

RENEW_SECONDS = 30.0  # without any input, until a driver's client that may be dead is made again


class MidiPorts:
    """Lists the ports of a backend of mido.

    mido makes two clients of the driver for each list. Under JACK that takes three seconds, one of them with the
    interpreter's lock held, which would stop every other control surface; so the clients of RtMidi are kept.
    """

    def __init__(self, backend: Any) -> None:
        """`backend` is a `mido.Backend` that has been loaded."""
        self.backend = backend
        self._clients: list[Any] = []  # for inputs, for outputs
        self._renew_at = math.inf

    def names(self, now: float) -> tuple[list[str], list[str]]:
        """The names of the inputs and of the outputs. Raises errors of the driver's own classes."""
        rtmidi = getattr(self.backend.module, "rtmidi", None)
        if rtmidi is None:
            return self.backend.get_input_names(), self.backend.get_output_names()
        if not self._clients or now >= self._renew_at:
            self._renew(rtmidi)
            self._renew_at = now + RENEW_SECONDS
        inputs, outputs = (client.get_ports() for client in self._clients)
        if inputs:
            self._renew_at = now + RENEW_SECONDS
        return inputs, outputs

    def _renew(self, rtmidi: Any) -> None:
        for client in self._clients:
            client.delete()
        self._clients = []
        api = getattr(rtmidi, f"API_{self.backend.api or 'UNSPECIFIED'}")
        self._clients = [rtmidi.MidiIn(rtapi=api), rtmidi.MidiOut(rtapi=api)]
