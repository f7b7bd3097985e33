"""The Conductor: the rules of a show as a pure state machine. Messages and time go in, effects come out.

It reads no clock, does no I/O and never blocks, so that a whole performance can be tested in milliseconds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from installation.conductor.active_prompt import NEVER, ActivePrompt
from installation.conductor.cue_list import CueList
from installation.conductor.parameter_state import Effect, ParameterState
from installation.conductor.prompt_intake import PromptIntake
from installation.conductor.prompt_queue import Urgency
from installation.conductor.script_control import ScriptControl
from installation.conductor.speech_control import SpeechControl
from installation.core.errors import Rejected
from installation.core.messages import (
    CUE,
    PROGRAM,
    SCRIPT,
    SHOW,
    SPEECH,
    Answer,
    Bundle,
    Changed,
    Direction,
    GateMode,
    Inbox,
    Listing,
    MessageRejected,
    Origin,
    Prompt,
    Query,
    RecognizerHints,
    SetParam,
    SpeechRejected,
    Transcription,
    Trigger,
    Value,
)
from installation.core.params import MODES, Param, coerce, default_values, find_param, find_value, resolve
from installation.show.settings import Show

__all__ = ["Conductor", "Effect"]

PANIC_CUT_SECONDS = 1.0  # a second panic within this time cuts to black
PANIC_FADE_SECONDS = 1.5
RESET_SECONDS = 0.8  # in which the master comes back


class Conductor:
    """Decides what the renderer, the stage and the speech worker do.

    Call `receive` with every message and `advance` once per tick, and carry out the effects they return in order. All
    times are seconds of `clock.now`.

    The rules are divided by subject: `ParameterState` holds the values, `ActivePrompt` the prompt on the stage,
    `PromptIntake` the prompts that wait, `CueList` the cues, `ScriptControl` the script, and `SpeechControl` decides
    what speech does.
    """

    def __init__(self, show: Show, values: Mapping[str, Value] | None = None) -> None:
        """Start a show; `values` override the parameters of the show file.

        Raises:
            ShowError: the script is invalid.
            Rejected: a parameter or a voice command is invalid.
        """
        self.show = show
        self._state = ParameterState(show, values or {})
        self._active = ActivePrompt(self._state)
        self._intake = PromptIntake(show, self._state, self._active)
        parts = (self._state, self._active, self._intake)
        self._script = ScriptControl(show.script, *parts, self._attempt)
        self._speech = SpeechControl(show, *parts, self._script, self._attempt)
        self._cues = CueList(show.cue, *parts, self._script, self._attempt)
        self._last_panic = NEVER
        self._flush()

    def begin(self) -> list[Effect]:
        """Return the effects that start the show: the stage's values, and the first Direction."""
        stage = [SetParam(name, self.values[name], SHOW) for name in default_values("stage")]
        return [*stage, self.direction]

    # -- in ---------------------------------------------------------------------------------------------------------

    def receive(self, message: Inbox | Transcription | SpeechRejected, now: float) -> list[Effect]:
        """Take a message and return its effects. Never raises: a rejection is a `MessageRejected` effect."""
        if isinstance(message, (Transcription, SpeechRejected)):
            try:
                self._speech.receive(message, now)
            except Rejected as error:
                self._reject(SPEECH, "speech", error)
            return self._flush()
        for each in message.messages if isinstance(message, Bundle) else (message,):
            self._attempt(each, now)
        return self._flush()

    def advance(self, now: float) -> list[Effect]:
        """Do what has become due: fire a cue with a timer, show a waiting prompt, return to the attract walk."""
        if self.in_panic or self.direction.paused:
            return self._flush()
        try:
            self._cues.advance(now)
        except Rejected as error:
            self._reject(CUE, "go", error)
        if not self._intake.advance(now) and self._attract_is_due(now):
            self._active.clear()
        return self._flush()

    def frame_drawn(self, prompt_id: int, now: float) -> None:
        """Take note that the renderer has drawn a frame of this prompt; 0 is a frame of the attract walk."""
        self._active.frame_drawn(prompt_id, now)

    def renderer_lost(self, reason: str, now: float) -> list[Effect]:
        """Take note that the renderer died or hung, and why.

        Waiting prompts go on waiting until the next renderer has drawn the prompt on the stage. A prompt under which
        two renderers died is quarantined: it is rejected and never sent again, and the next one is shown.
        """
        poisoned = self.direction.prompts if self._active.renderer_lost(now) else ()
        for prompt in poisoned:
            self._reject(prompt.origin, "prompt", Rejected(f"'{prompt.text}' stopped the renderer twice ({reason})."))
        if poisoned:
            self._intake.quarantine_active(now)
        return self._flush()

    def speech_lost(self) -> list[Effect]:
        """Take note that the speech worker is gone: the utterance it had begun will not be finished."""
        self._speech.worker_lost()
        return self._flush()

    def load_script(self, text: str, name: str) -> list[Effect]:
        """Replace the script; reading starts at its first line. Raises ShowError, and changes nothing, if invalid."""
        self._script.load(text, name)
        return self._flush()

    def update_readings(self, readings: Mapping[str, Value]) -> list[Effect]:
        """Take measured readings such as `status/fps`, and return those that changed."""
        for name, value in readings.items():
            self._state.update(name, value)
        return self._flush()

    # -- state ------------------------------------------------------------------------------------------------------

    @property
    def values(self) -> dict[str, Value]:
        """Every parameter and reading by its name."""
        return self._state.values

    @property
    def direction(self) -> Direction:
        """What the renderer is to do now."""
        return self._active.direction

    @property
    def renderer_ready(self) -> bool:
        """Whether the renderer draws."""
        return self._active.renderer_ready

    @property
    def in_panic(self) -> bool:
        """Whether the show is in panic."""
        return self._active.in_panic

    @property
    def queue_room(self) -> int:
        """How many more queued prompts there is room for."""
        return self._intake.queue_room

    @property
    def queued_prompts(self) -> tuple[Prompt, ...]:
        """All waiting prompts, next first."""
        return self._intake.waiting

    @property
    def pending_approvals(self) -> str:
        """The prompts that wait for approval, as a list for the operator; empty if there are none."""
        return self._intake.pending_approvals

    @property
    def listings(self) -> tuple[Listing, ...]:
        """The queue, for control surfaces that start now."""
        return (self._intake.listing,)

    @property
    def script_lines(self) -> tuple[str, ...]:
        """The lines of the script, as they are read."""
        return tuple(line.text for line in self._script.lines)

    @property
    def microphone_gate(self) -> GateMode:
        """What the speech worker listens to."""
        return self._speech.gate

    @property
    def recognizer_hints(self) -> RecognizerHints:
        """What is likely to be said, for the recogniser."""
        return self._speech.hints

    @property
    def cue_status(self) -> str:
        """The current cue and what GO brings, for the operator; empty for a show without cues."""
        return self._cues.playhead.summary

    @property
    def mode(self) -> str:
        """One of `params.MODES`: attract, live, paused or panic."""
        if self.in_panic:
            return "panic"
        if self.direction.paused:
            return "paused"
        return "live" if self.direction.prompts else "attract"

    # -- parameters and triggers ------------------------------------------------------------------------------------

    def _attempt(self, message: SetParam | Trigger | Query, now: float) -> None:
        """Carry out a message, or emit its rejection: one rejected value stops nothing else of its cue or line."""
        try:
            match message:
                case SetParam():
                    self._set(message, now)
                case Query(name, origin, address):
                    self._state.emit(Answer(name, self._state.value(name), origin, address))
                case Trigger():
                    self._trigger(message, now)
        except Rejected as error:
            self._reject(message.origin, message.name, error)

    def _reject(self, origin: Origin, name: str, reason: Rejected) -> None:
        rejected = MessageRejected(origin, name, str(reason))
        self._state.emit(rejected)
        if rejected.of_words:
            self._state.update("queue/refused", f"{origin}: {reason}")
            self._state.update("queue/refusals", int(self.values["queue/refusals"]) + 1)

    def _set(self, message: SetParam, now: float) -> None:
        param = find_value(message.name)
        value = coerce(param, message.value)
        self._speech.check_value(param.name, value)
        if param.name == "script/line":
            value = self._script.seek(int(value))
        if param.name == "pause":
            self._active.pause(bool(value), now)
        exact = message.exact and value == message.value
        self.values[param.name] = value
        self._state.emit(Changed(param.name, value, message.origin if exact else PROGRAM))
        self._speech.value_changed(param.name, value)
        if param.owner == "stage":
            self._state.emit(SetParam(param.name, value, message.origin, message.seconds))
        elif param.owner == "renderer":
            self._active.send_params()

    def _trigger(self, message: Trigger, now: float) -> None:
        param = find_param(message.name)
        if param.kind == "bool" and not message.args and param.arguments == "[i]":
            self._set(SetParam(param.name, True, message.origin), now)
            return
        if param.access != "trigger":
            raise Rejected(f"'{param.name}' is not a trigger: give it a value.")
        if param.name.startswith("queue/"):
            self._queue_trigger(message, now)
            return
        match param.name:
            case "prompt":
                self._intake.submit(" ".join(map(str, message.args)), message.origin, now)
            case "go":
                self._cues.go(now)
            case "resume":
                self._set(SetParam("pause", False, message.origin), now)
            case "panic" | "panicInTime":
                self._panic(message, now)
            case "reset":
                self._reset(message, now)
            case "dream/reseed":
                self._intake.reseed(now)
            case "script/next" | "script/previous":
                self._script.step(1 if param.name == "script/next" else -1, now)
            case "record/still" | "script/load":
                self._state.emit(message)  # main carries these out
            case _:
                raise Rejected(f"'{param.name}' is not implemented.")

    def _queue_trigger(self, message: Trigger, now: float) -> None:
        row, number = _resolved(message.name)
        match row.name:
            case "queue/add":
                self._intake.submit(" ".join(map(str, message.args)), message.origin, now, Urgency.QUEUED)
            case "queue/skip":
                self._active.check_running()
                self._intake.show_next(now)
            case "queue/clear":
                self._intake.clear_queue()
            case "queue/approve" | "queue/reject":
                chosen = int(_number(message, "the number of a prompt on hold")) if message.args else None
                self._intake.decide(row.name == "queue/approve", chosen, now)
            case "queue/{id}/approve":
                self._intake.decide(True, number, now)
            case "queue/{id}/reject":
                self._intake.reject(number)
            case "queue/{id}/remove":
                self._intake.remove(number)
            case "queue/{id}/text":
                self._intake.edit(number, " ".join(map(str, message.args)))
            case "queue/{id}/move":
                self._intake.move(number, int(_number(message, "a place in the queue")))

    def _panic(self, message: Trigger, now: float) -> None:
        timed = message.name == "panicInTime" and message.args
        seconds = _number(message, "a number of seconds") if timed else PANIC_FADE_SECONDS
        again = now < self._last_panic + PANIC_CUT_SECONDS
        self._last_panic = now
        self._active.in_panic = True
        self._intake.clear()
        self._cues.stop_timer()
        self._state.emit(Trigger("panic", (0.0 if again else max(0.0, seconds),), message.origin))

    def _reset(self, message: Trigger, now: float) -> None:
        self._active.in_panic = False
        self._intake.release_quarantine()
        self.values["blackout"] = False
        self._state.emit(Changed("blackout", False, message.origin), Trigger("reset", (), message.origin))
        master = self._state.initial["master/opacity"] or 1.0
        self._set(SetParam("master/opacity", master, PROGRAM, RESET_SECONDS), now)
        self._set(SetParam("pause", False, PROGRAM), now)
        self._active.clear()

    def _attract_is_due(self, now: float) -> bool:
        """Whether the prompt has been on the stage for so long that the attract walk resumes."""
        after = self.show.queue.attract_after_seconds
        stays = self._cues.playhead.current or any(each.origin == SCRIPT for each in self.direction.prompts)
        if not after or stays or self._intake.has_queued:
            return False
        return bool(self.direction.prompts) and self._active.shown_for(after, now)

    def _flush(self) -> list[Effect]:
        self._state.update("prompt/current", " | ".join(prompt.text for prompt in self.direction.prompts))
        self._intake.update_readings()
        self._state.update("mode", self.mode)
        self._state.update("mode/index", MODES.index(self.mode))
        return self._state.take_effects()


def _number(message: Trigger, what: str) -> float:
    """The first argument of a trigger. Raises Rejected, naming `what` is expected, if it is not a number."""
    number = message.args[0] if message.args else ""
    if isinstance(number, str) or not math.isfinite(number):
        raise Rejected(f"'{message.name}' takes {what}.")
    return float(number)


def _resolved(name: str) -> tuple[Param, int]:
    """The row of a name, with the number in it. Raises Rejected if there is none."""
    return resolve(name) or (find_param(name), 0)
