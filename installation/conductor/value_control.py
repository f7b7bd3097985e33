"""Live values: what setting one does, at once or along a ramp."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from installation.conductor.active_prompt import ActivePrompt
from installation.conductor.parameter_state import ParameterState
from installation.conductor.projection_control import ProjectionControl
from installation.conductor.prompt_mixer import PromptMixer
from installation.conductor.ramps import Ramps
from installation.conductor.script_control import ScriptControl
from installation.conductor.show_clock import ShowClock
from installation.conductor.speech_control import SpeechControl
from installation.conductor.tempo import Tempo
from installation.core.curves import CURVES
from installation.core.messages import PROGRAM, SHOW, Changed, Origin, SetParam, Value
from installation.core.param_table import TEMPO_SOURCES, Param
from installation.core.params import coerce, find_value


@dataclass(kw_only=True)
class ValueControl:
    """Sets values, and tells each of the rules what follows from them."""

    state: ParameterState
    active: ActivePrompt
    clock: ShowClock
    ramps: Ramps
    tempo: Tempo
    script: ScriptControl
    speech: SpeechControl
    mixer: PromptMixer
    projection: ProjectionControl

    def set(self, message: SetParam, now: float) -> None:
        """Set a value at once, or let it move there. Raises Rejected if it cannot be set, or not now."""
        param = find_value(message.name)
        value = coerce(param, message.value)
        self.speech.check_value(param.name, value)
        if self.mixer.owns(param.name):
            self.mixer.check(param.name, str(value))
        self.state.check_output(param.name)
        if param.name == "script/line":
            value = self.script.seek(int(value))
        elif self.projection.owns(param.name):
            value = self.projection.adjust(param.name, value)
            self.projection.before(param.name, now)
        self.ramps.stop(param.name)
        if message.seconds > 0.0 and param.kind == "float" and param.owner != "stage":
            before, curve = float(self.state.value(param.name)), str(self.state.values["transition/curve"])
            self.ramps.start(param.name, before, float(value), self.clock.at(now), message.seconds, curve)
            return
        exact = message.exact and value == message.value
        self._store(param, value, message.origin if exact else PROGRAM)
        self._carry_out(param, value, message, now)

    def _store(self, param: Param, value: Value, origin: Origin) -> None:
        self.state.values[param.name] = value
        self.state.emit(Changed(param.name, value, origin))
        self.speech.value_changed(param.name, value)

    def _carry_out(self, param: Param, value: Value, message: SetParam, now: float) -> None:
        """Do what follows from a value that has been set."""
        if param.name in ("pause", "master/sleep"):
            still = bool(self.state.values["pause"] or self.state.values["master/sleep"])
            self.active.pause(still, now)
            self.clock.pause(still, now)
        elif param.name == "transition/curve/index":
            self.state.update("transition/curve", list(CURVES)[int(value)])
            self.active.send_params()
        elif param.name == "tempo/bpm":
            self.tempo.take_over()
            self.tempo.follow_tempo(now)
        elif param.name == "tempo/source":
            self.state.update("tempo/source/index", TEMPO_SOURCES.index(str(value)))
        elif param.name == "tempo/source/index":
            self.state.update("tempo/source", TEMPO_SOURCES[int(value)])
        elif param.name == "transition/curve":
            self.state.update("transition/curve/index", list(CURVES).index(str(value)))
        if self.mixer.owns(param.name):
            self.mixer.changed(param.name, message.origin, now)
        if self.projection.owns(param.name):
            self.projection.changed(param.name, message.origin)
        if param.owner == "stage":
            self.state.emit(SetParam(param.name, value, message.origin, message.seconds))
        elif param.owner == "renderer":
            self.active.send_params()

    def move(self, moved: Mapping[str, Value], now: float) -> None:
        """Store values that have moved by themselves."""
        params = [find_value(name) for name in moved]
        for param in params:
            self._store(param, moved[param.name], PROGRAM)
        for param in params:
            if self.mixer.owns(param.name):
                self.mixer.changed(param.name, PROGRAM, now)
            elif self.projection.owns(param.name):
                self.projection.changed(param.name, SHOW)
        if any(param.owner == "renderer" for param in params):
            self.active.send_params()
