"""Triggers: from a name, and the number in it, to what is done."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from installation.conductor.active_prompt import NEVER, ActivePrompt
from installation.conductor.cue_list import CueList
from installation.conductor.parameter_state import ParameterState
from installation.conductor.projection_control import ProjectionControl
from installation.conductor.prompt_intake import PromptIntake
from installation.conductor.prompt_queue import Urgency
from installation.conductor.ramps import Ramps
from installation.conductor.script_control import ScriptControl
from installation.conductor.show_clock import ShowClock
from installation.conductor.snapshots import Snapshots
from installation.conductor.tempo import Tempo
from installation.conductor.value_control import ValueControl
from installation.core.errors import Rejected
from installation.core.messages import PROGRAM, Changed, SetParam, Trigger
from installation.core.param_table import Param
from installation.core.params import find_param, resolve

PANIC_CUT_SECONDS = 1.0  # a second panic within this time cuts to black
PANIC_FADE_SECONDS = 1.5
RESET_SECONDS = 0.8  # in which the master comes back


@dataclass(kw_only=True)
class TriggerControl:
    """Carries out triggers."""

    state: ParameterState
    active: ActivePrompt
    intake: PromptIntake
    cues: CueList
    snapshots: Snapshots
    script: ScriptControl
    clock: ShowClock
    ramps: Ramps
    tempo: Tempo
    projection: ProjectionControl
    values: ValueControl
    _last_panic: float = field(init=False, default=NEVER)

    def fire(self, message: Trigger, now: float) -> None:
        """Carry out a trigger. Raises Rejected if there is none of this name, or not now."""
        param = find_param(message.name)
        if param.kind == "bool" and not message.args and param.arguments == "[i]":
            self.values.set(SetParam(param.name, True, message.origin), now)
            return
        if param.access != "trigger":
            raise Rejected(f"'{param.name}' is not a trigger: give it a value.")
        if self.projection.owns(param.name):
            self.projection.fire(message, param, now)
            return
        match param.name.split("/")[0]:
            case "queue":
                self._fire_queue(message, now)
            case "cue" | "playhead":
                self._fire_cue(message, now)
            case "snapshot":
                self._fire_snapshot(message, now)
            case _:
                self._fire_other(message, param.name, now)

    def _fire_other(self, message: Trigger, name: str, now: float) -> None:
        match name:
            case "prompt":
                self.intake.submit(" ".join(map(str, message.args)), message.origin, now)
            case "go":
                self.active.check_running()  # before it waits for the beat: the sender is told at once
                if not self.tempo.hold_go(now):
                    self.cues.go(now, self.clock.at(now))
            case "tempo/tap":
                self.tempo.tap(now)
            case "tempo/beat":
                self.tempo.place_beat(number_of(message, "a beat of the bar") if message.args else 1.0, now)
            case "resume":
                self.values.set(SetParam("pause", False, message.origin), now)
            case "panic" | "panicInTime":
                self._panic(message, now)
            case "reset":
                self._reset(message, now)
            case "dream/reseed":
                self.intake.reseed(now)
            case "script/next" | "script/previous":
                self.script.step(1 if name == "script/next" else -1, now)
            case "record/start" if message.args and number_of(message, "a number of seconds") <= 0:
                raise Rejected("'record/start' takes a number of seconds above 0.")
            case "record/still" | "record/start" | "record/stop" | "script/load" | "system/reload":
                self.state.emit(message)  # main carries these out
            case _:
                raise Rejected(f"'{name}' is not implemented.")

    def _panic(self, message: Trigger, now: float) -> None:
        timed = message.name == "panicInTime" and message.args
        seconds = number_of(message, "a number of seconds") if timed else PANIC_FADE_SECONDS
        again = now < self._last_panic + PANIC_CUT_SECONDS
        self._last_panic = now
        self.active.in_panic = True
        self.intake.clear()
        self.ramps.clear()
        self.cues.interrupt()
        self.tempo.drop_go()
        self.state.emit(Trigger("panic", (0.0 if again else max(0.0, seconds),), message.origin))

    def _reset(self, message: Trigger, now: float) -> None:
        self.active.in_panic = False
        self.intake.release_quarantine()
        self.state.values["blackout"] = False
        self.state.emit(Changed("blackout", False, message.origin), Trigger("reset", (), message.origin))
        master = self.state.initial["master/opacity"] or 1.0
        self.values.set(SetParam("master/opacity", master, PROGRAM, RESET_SECONDS), now)
        self.values.set(SetParam("pause", False, PROGRAM), now)
        self.active.clear()

    def _fire_queue(self, message: Trigger, now: float) -> None:
        row, number = _resolved(message.name)
        match row.name:
            case "queue/add":
                self.intake.submit(" ".join(map(str, message.args)), message.origin, now, Urgency.QUEUED)
            case "queue/skip":
                self.active.check_running()
                self.intake.show_next(now)
            case "queue/clear":
                self.intake.waiting.clear_queue()
            case "queue/approve" | "queue/reject":
                chosen = int(number_of(message, "the number of a prompt on hold")) if message.args else None
                self.intake.decide(row.name == "queue/approve", chosen, now)
            case "queue/{id}/approve":
                self.intake.decide(True, number, now)
            case "queue/{id}/reject":
                self.intake.waiting.drop(number, "rejected")
            case "queue/{id}/remove":
                self.intake.waiting.drop(number, "removed")
            case "queue/{id}/text":
                self.intake.edit(number, " ".join(map(str, message.args)))
            case "queue/{id}/move":
                self.intake.waiting.move(number, int(number_of(message, "a place in the queue")))

    def _fire_cue(self, message: Trigger, now: float) -> None:
        row, number = _resolved(message.name)
        match row.name:
            case "cue/{n}/start":
                self.cues.start(number, now, self.clock.at(now))
            case "cue/{n}/load":
                self.cues.stand_by(number, max(0.0, number_of(message, "a number of seconds")) if message.args else 0.0)
            case "playhead/next":
                self.cues.skip()
            case "playhead/previous":
                self.cues.back(now)
            case "playhead/{n}":
                self.cues.stand_by(number)

    def _fire_snapshot(self, message: Trigger, now: float) -> None:
        row, number = _resolved(message.name)
        match row.name:
            case "snapshot/{n}/store":
                self.snapshots.store(number)
            case "snapshot/{n}/name":
                self.snapshots.rename(number, " ".join(map(str, message.args)))
            case "snapshot/{n}/recall":
                seconds = number_of(message, "a number of seconds") if message.args else self.state.transition_seconds
                self.snapshots.recall(number, max(0.0, seconds), now)
            case "snapshot/morph":
                numbers = [float(each) for each in message.args if not isinstance(each, str) and math.isfinite(each)]
                if len(numbers) != 3 or len(message.args) != 3:
                    raise Rejected("'snapshot/morph' takes two numbers of snapshots, and a position from 0 to 1.")
                self.snapshots.morph(int(numbers[0]), int(numbers[1]), numbers[2], now)


def number_of(message: Trigger, what: str) -> float:
    """The first argument of a trigger. Raises Rejected, naming `what` is expected, if it is not a number."""
    number = message.args[0] if message.args else ""
    if isinstance(number, str) or not math.isfinite(number):
        raise Rejected(f"'{message.name}' takes {what}.")
    return float(number)


def _resolved(name: str) -> tuple[Param, int]:
    """The row of a name, with the number in it. Raises Rejected if there is none."""
    return resolve(name) or (find_param(name), 0)
