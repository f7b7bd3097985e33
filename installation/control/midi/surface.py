"""MIDI as a control surface: one thread that owns the ports, around a `MidiMap`."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from installation.control.interface import SurfaceContext, SurfaceSpec
from installation.control.midi.midi_clock import MidiClock
from installation.control.midi.midi_map import Control, MidiMap, check_name, parse_control
from installation.control.midi.midi_ports import MidiPorts
from installation.core import clock
from installation.core.errors import Rejected
from installation.core.mailbox import Mailbox
from installation.core.messages import Changed, Feedback, Origin, SetParam
from installation.core.paths import pip_install
from installation.core.worker_status import SurfaceFigures

KIND = "midi"
ORIGIN = Origin(KIND)
RETRY_SECONDS = 2.0  # between two looks for the port
LEARN = "midi/learn"
MISSING = f"MIDI needs two packages: {pip_install('midi')}. The show plays without MIDI."
NO_PORT = "No MIDI controller is connected; it is used as soon as one is."


@dataclass(frozen=True)
class MidiSettings:
    """The keys of the `[[surface]]` table."""

    port: str = ""  # part of the controller's name; empty: the first one
    feedback: bool = True  # move motor faders, light LEDs
    soft_takeover: bool = True  # a fader has to pass the value before it takes over
    controls: dict[str, str] = field(default_factory=dict)  # {"cc 1/7" = "walk/speed"}
    file: str = "midi.json"  # where learned controls are kept; empty: until the show ends
    backend: str = "mido.backends.rtmidi"  # module of mido that reaches the ports

    def __post_init__(self) -> None:
        """Check the controls. Raises ValueError."""
        try:
            for control, name in self.controls.items():
                parse_control(control)
                check_name(name)
        except Rejected as error:
            raise ValueError(str(error)) from None


class MidiSurface:
    """One MIDI controller: its input, and its output for feedback."""

    def __init__(self, settings: MidiSettings, context: SurfaceContext) -> None:
        self._settings, self._context = settings, context
        self._map = MidiMap(ORIGIN, settings.soft_takeover, dict(context.values))
        self._learned: dict[str, str] = {}
        self._bind(settings.controls)
        self._load()
        self._clock = MidiClock()
        self._box: Mailbox[Any] = Mailbox(1024)  # from the port and from the show, to the thread
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="midi", daemon=True)
        self._input: Any = None
        self._output: Any = None
        self._unsettled = False  # just opened: JACK may lose what is sent at once, so it is sent once more
        self._name = ""
        self._reason = ""
        self._look_at = 0.0
        self._messages = self._rejected = 0

    def start(self) -> None:
        """Look for the controller, in a thread."""
        self._thread.start()

    def feedback(self, message: Feedback) -> None:
        """Follow the values."""
        if isinstance(message, Changed):
            self._box.put(message, key=message.name)

    def figures(self) -> SurfaceFigures:
        """Counts since the start."""
        connected = 1 if self._input else 0
        return SurfaceFigures(
            KIND, self._reason, connections=connected, messages=self._messages, rejected=self._rejected
        )

    def handover(self) -> None:
        """Learned controls are in the file."""
        return

    def stop(self) -> None:
        """Close the ports."""
        self._stopped.set()
        self._box.close()
        if self._thread.is_alive():
            self._thread.join(3.0)
        self._close()

    # -- the thread -------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            import mido

            ports = MidiPorts(mido.Backend(self._settings.backend, load=True))
        except ImportError:
            self._reason = MISSING
            return
        while not self._stopped.is_set():
            if clock.now() >= self._look_at:
                self._look_at = clock.now() + RETRY_SECONDS
                self._look(ports)
            for message in self._box.take(RETRY_SECONDS / 4):
                if isinstance(message, Changed):
                    self._follow(message, clock.now())
                else:
                    self._take(*message)

    def _look(self, ports: MidiPorts) -> None:
        """Open the port if there is one, and notice when it is gone."""
        try:
            inputs, outputs = ports.names(clock.now())
            if self._input and self._name not in inputs:
                self._close()
            if self._input is None:
                self._open(ports.backend, inputs, outputs)
            elif self._unsettled:
                self._unsettled = False
                self._light_all()
        except Exception as error:  # noqa: BLE001 -- drivers raise errors of their own classes
            self._reason = f"MIDI does not work ({error}). The show plays without it."
            self._close()

    def _open(self, backend: Any, inputs: list[str], outputs: list[str]) -> None:
        wanted = self._settings.port.lower()
        name = next((each for each in inputs if wanted in each.lower() and "midi through" not in each.lower()), None)
        if name is None:
            listed = f" There is {', '.join(inputs)}." if inputs and wanted else ""
            self._reason = f"There is no MIDI port '{self._settings.port}'.{listed}" if wanted else NO_PORT
            return
        self._input = backend.open_input(name, callback=lambda message: self._box.put((message, clock.now())))
        self._name, self._reason = name, ""
        if self._settings.feedback:
            output = next((each for each in outputs if _base(each) == _base(name)), None)
            self._output = backend.open_output(output) if output else None
            self._unsettled = True
            self._light_all()

    def _close(self) -> None:
        for port in (self._input, self._output):
            if port is not None:
                port.close()
        self._input = self._output = None

    def _follow(self, message: Changed, now: float) -> None:
        for control, position in self._map.changed(message.name, message.value, message.origin, now):
            self._light(control, position)

    def _take(self, message: Any, now: float) -> None:
        """Take a message of the controller that came at `now`."""
        self._messages += 1
        if message.type == "clock":
            if beat := self._clock.tick(now):
                self._send(beat)
            return
        if message.type == "start":
            self._clock.start()
        heard = read_message(message)
        if heard is None:
            return
        control, position = heard
        name = str(self._map.values.get(LEARN, ""))
        if name and position > 0.0:
            self._learn(control, name)
        elif action := self._map.moved(control, position, now):
            self._send(action)

    def _send(self, message: Any) -> None:
        try:
            self._context.send(message)
        except Rejected:
            self._rejected += 1

    def _learn(self, control: Control, name: str) -> None:
        self._map.values[LEARN] = ""
        self._send(SetParam(LEARN, "", ORIGIN))
        try:
            self._map.bind(control, name)
        except Rejected as error:
            self._context.notice(f"MIDI: {error}")
            return
        self._context.notice(f"MIDI: {control} now steers {name}.")
        self._save()

    def _light_all(self) -> None:
        for control, position in self._map.all_positions():
            self._light(control, position)

    def _light(self, control: Control, position: float) -> None:
        if self._output is not None:
            self._output.send(write_message(control, position))

    # -- learned controls -------------------------------------------------------------------------------------------

    def _bind(self, controls: dict[str, str]) -> None:
        for control, name in controls.items():
            self._map.bind(parse_control(control), str(name))

    def _load(self) -> None:
        path = Path(self._settings.file)
        if not self._settings.file or not path.is_file():
            return
        try:
            learned = json.loads(path.read_text(encoding="utf-8"))
            self._bind(dict(learned))
        except (OSError, ValueError, TypeError, Rejected) as error:
            self._context.notice(f"The learned MIDI controls in {path} cannot be used: {str(error).rstrip('.')}.")

    def _save(self) -> None:
        if not self._settings.file:
            return
        path = Path(self._settings.file)
        try:
            path.write_text(json.dumps(self._map.bindings, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            self._context.notice(f"The MIDI control is learned for this show only: {path}: {error.strerror}.")


def read_message(message: Any) -> tuple[Control, float] | None:
    """The control and its position (0..1) of a mido message; None for messages that are no control."""
    match message.type:
        case "control_change":
            return Control("cc", message.channel + 1, message.control), message.value / 127.0
        case "note_on":
            return Control("note", message.channel + 1, message.note), 1.0 if message.velocity else 0.0
        case "note_off":
            return Control("note", message.channel + 1, message.note), 0.0
        case "pitchwheel":
            return Control("pitch", message.channel + 1), (message.pitch + 8192) / 16383.0
    return None


def write_message(control: Control, position: float) -> Any:
    """The mido message that moves a motor or lights an LED."""
    import mido

    channel, level = control.channel - 1, round(127 * position)
    if control.kind == "cc":
        return mido.Message("control_change", channel=channel, control=control.number, value=level)
    if control.kind == "note":
        return mido.Message("note_on", channel=channel, note=control.number, velocity=level)
    return mido.Message("pitchwheel", channel=channel, pitch=round(16383 * position) - 8192)


def _base(name: str) -> str:
    """A port's name without what differs between a controller's input and its output.

    ALSA appends numbers (`nanoKONTROL2:nanoKONTROL2 _ CTRL 20:0`), JACK names the direction (`system:midi_capture_1`).
    """
    return re.sub(r" [\d:]+$|capture|playback", "", name)


SPEC = SurfaceSpec(KIND, "a MIDI controller: learn, soft takeover, motor faders and LEDs", MidiSettings, MidiSurface)
