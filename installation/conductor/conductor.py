"""The Conductor: the rules of a show as a pure state machine. Messages and time go in, effects come out.

It reads no clock, does no I/O and never blocks, so that a whole performance can be tested in milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from installation.conductor.active_prompt import NEVER, ActivePrompt
from installation.conductor.cue_list import CueList, Playhead
from installation.conductor.parameter_state import Effect, ParameterState
from installation.conductor.projection_control import ProjectionControl
from installation.conductor.prompt_intake import PromptIntake
from installation.conductor.prompt_mixer import PromptMixer
from installation.conductor.ramps import Ramps
from installation.conductor.resumption import Resumption, SavedState
from installation.conductor.script_control import ScriptControl
from installation.conductor.show_clock import ShowClock
from installation.conductor.snapshots import Snapshots
from installation.conductor.sound_control import SoundControl
from installation.conductor.speech_control import SpeechControl
from installation.conductor.tempo import Tempo
from installation.conductor.triggers import (
    fire_cue_trigger,
    fire_queue_trigger,
    fire_snapshot_trigger,
    number_of,
)
from installation.core.curves import CURVES
from installation.core.errors import Busy, Rejected
from installation.core.messages import (
    CUE,
    PROGRAM,
    SCRIPT,
    SHOW,
    SPEECH,
    Answer,
    BeatClock,
    Bundle,
    Changed,
    Direction,
    GateMode,
    Inbox,
    Listing,
    Look,
    MessageRejected,
    Origin,
    Prompt,
    Query,
    ReadingPosition,
    RecognizerHints,
    SetParam,
    SoundFeatures,
    SpeechRejected,
    Transcription,
    Trigger,
    Value,
)
from installation.core.params import MODES, TEMPO_SOURCES, Param, coerce, default_values, find_param, find_value
from installation.show.projection import ProjectedWindow
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
    `PromptIntake` the prompts that wait, `PromptMixer` those that are mixed, `CueList` the cues, `Snapshots` the stored
    looks, `ScriptControl` the script, `Ramps` the values that are moving, `Tempo` the beat, `SoundControl` what sound
    moves, `ProjectionControl` how the picture lies on the wall, and `SpeechControl` decides what speech does.
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
        self._clock, self._ramps, self._tempo = ShowClock(), Ramps(), Tempo(self._state)
        self._sound = SoundControl(show.sound.map, self._state, self._tempo)
        self._mixer = PromptMixer(*parts)
        self._projection = ProjectionControl(show.windows, self._state, self._attempt)
        self._snapshots = Snapshots(self._state, self._active, self._intake.take_id, self._attempt)
        self._cues = CueList(Playhead(show.cue), *parts, self._script, self._attempt, self._snapshots.recall)
        self._resumption = Resumption(self._state, self._active, self._intake, self._cues, self._attempt)
        self._last_panic = NEVER
        cue_trigger = partial(fire_cue_trigger, self._cues, self._clock)
        self._by_subject: dict[str, Callable[[Trigger, float], None]] = {
            "queue": partial(fire_queue_trigger, self._intake, self._active),
            "cue": cue_trigger,
            "playhead": cue_trigger,
            "snapshot": partial(fire_snapshot_trigger, self._snapshots, self._state),
        }
        self._flush()

    def begin(self) -> list[Effect]:
        """Return the effects that start the show: the stage's values, and the first Direction."""
        stage = [SetParam(name, self.values[name], SHOW) for name in default_values("stage")]
        return [*stage, *self._projection.windows, self.direction]

    # -- in ---------------------------------------------------------------------------------------------------------

    def receive(self, message: Inbox | Transcription | SpeechRejected, now: float) -> list[Effect]:
        """Take a message and return its effects. Never raises: a rejection is a `MessageRejected` effect."""
        if isinstance(message, BeatClock):
            self._tempo.follow(message, now)
            return self._flush()
        if isinstance(message, (Transcription, SpeechRejected)):
            try:
                self._speech.receive(message, now)
            except Rejected as error:
                self._reject(SPEECH, "speech", error)
            return self._flush()
        for each in message.messages if isinstance(message, Bundle) else (message,):
            self._attempt(each, now)
        return self._flush()

    def hear(self, features: SoundFeatures, now: float) -> list[Effect]:
        """Take what the sound does at this moment."""
        self._sound.hear(features, now)
        self._tempo.follow(BeatClock("sound", features.bpm, None, features.beat_at), now)
        return self._flush()

    def advance(self, now: float) -> list[Effect]:
        """Do what has become due: fire a cue with a timer, show a waiting prompt, return to the attract walk."""
        self._speech.captions.advance(now)
        self._sound.advance(now)
        if self._active.led and now >= self._active.led_until:
            self._active.led = False
            self._active.pause(bool(self.values["pause"] or self.values["master/sleep"]), now)
        if self.in_panic or self.direction.paused or self._active.led:
            return self._flush()
        self._move(self._ramps.advance(self._clock.at(now)), now)
        self._move(self._sound.move(now), now)
        try:
            if self._tempo.go_is_due(now):
                self._cues.go(now, self._clock.at(now))
            self._cues.advance(now, self._clock.at(now))
        except Rejected as error:
            self._reject(CUE, "go", error)
        if not self._intake.advance(now) and self._attract_is_due(now):
            self._active.clear()
        return self._flush()

    def follow(self, leader: Direction, now: float) -> list[Effect]:
        """Show what another show shows; until it has been silent for a while, it alone decides about prompts."""
        self._active.follow(leader, now)
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

    def speech_lost(self, microphone: str = "") -> list[Effect]:
        """Take note that a speech worker is gone: the utterance it had begun will not be finished.

        `microphone`: its name in the show file, where there are several.
        """
        self._speech.worker_lost(microphone)
        return self._flush()

    def load_script(self, text: str, name: str) -> list[Effect]:
        """Replace the script; reading starts at its first line. Raises ShowError, and changes nothing, if invalid."""
        self._script.load(text, name)
        return self._flush()

    def reload(self, show: Show) -> list[Effect]:
        """Take the cue list and the sound map of the show file that has been read again; everything else stays."""
        self._cues.replace(show.cue)
        self._sound.replace(show.sound.map)
        self._speech.set_cues(show.cue)
        return self._flush()

    def load_looks(self, looks: Iterable[Look]) -> list[Effect]:
        """Take the snapshots that are on disk."""
        self._snapshots.load(looks)
        return self._flush()

    def resume(self, saved: SavedState, now: float) -> list[Effect]:
        """Go on where a show was that has ended unexpectedly."""
        self._resumption.restore(saved, now, self._clock.at(now))
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
    def saved_state(self) -> SavedState:
        """Where the show is, for `resume`."""
        return self._resumption.saved

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
        """The queue, the cues and the snapshots, for control surfaces that start now."""
        return self._intake.listing, self._cues.listing, self._snapshots.listing

    @property
    def windows(self) -> tuple[ProjectedWindow, ...]:
        """What every window shows besides the picture, by its number."""
        return self._projection.windows

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
    def reading_position(self) -> ReadingPosition:
        """The lines that are likely to be read next, for the recogniser."""
        return self._script.position

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
        rejected = MessageRejected(origin, name, str(reason), isinstance(reason, Busy))
        self._state.emit(rejected)
        if rejected.of_words:
            self._state.update("queue/refused", f"{origin}: {reason}")
            self._state.update("queue/refusals", int(self.values["queue/refusals"]) + 1)

    def _set(self, message: SetParam, now: float) -> None:
        param = find_value(message.name)
        value = coerce(param, message.value)
        self._speech.check_value(param.name, value)
        if self._mixer.owns(param.name):
            self._mixer.check(param.name, str(value))
        self._state.check_output(param.name)
        if param.name == "script/line":
            value = self._script.seek(int(value))
        elif self._projection.owns(param.name):
            value = self._projection.adjust(param.name, value)
            self._projection.before(param.name, now)
        self._ramps.stop(param.name)
        if message.seconds > 0.0 and param.kind == "float" and param.owner != "stage":
            before, curve = float(self._state.value(param.name)), str(self.values["transition/curve"])
            self._ramps.start(param.name, before, float(value), self._clock.at(now), message.seconds, curve)
            return
        exact = message.exact and value == message.value
        self._store(param, value, message.origin if exact else PROGRAM)
        self._carry_out(param, value, message, now)

    def _store(self, param: Param, value: Value, origin: Origin) -> None:
        self.values[param.name] = value
        self._state.emit(Changed(param.name, value, origin))
        self._speech.value_changed(param.name, value)

    def _carry_out(self, param: Param, value: Value, message: SetParam, now: float) -> None:
        """Do what follows from a value that has been set."""
        if param.name in ("pause", "master/sleep"):
            still = bool(self.values["pause"] or self.values["master/sleep"])
            self._active.pause(still, now)
            self._clock.pause(still, now)
        elif param.name == "transition/curve/index":
            self._state.update("transition/curve", list(CURVES)[int(value)])
            self._active.send_params()
        elif param.name == "tempo/bpm":
            self._tempo.take_over()
            self._tempo.follow_tempo(now)
        elif param.name == "tempo/source":
            self._state.update("tempo/source/index", TEMPO_SOURCES.index(str(value)))
        elif param.name == "tempo/source/index":
            self._state.update("tempo/source", TEMPO_SOURCES[int(value)])
        elif param.name == "transition/curve":
            self._state.update("transition/curve/index", list(CURVES).index(str(value)))
        if self._mixer.owns(param.name):
            self._mixer.changed(param.name, message.origin, now)
        if self._projection.owns(param.name):
            self._projection.changed(param.name, message.origin)
        if param.owner == "stage":
            self._state.emit(SetParam(param.name, value, message.origin, message.seconds))
        elif param.owner == "renderer":
            self._active.send_params()

    def _move(self, moved: Mapping[str, Value], now: float) -> None:
        """Store values that have moved by themselves."""
        params = [find_value(name) for name in moved]
        for param in params:
            self._store(param, moved[param.name], PROGRAM)
        for param in params:
            if self._mixer.owns(param.name):
                self._mixer.changed(param.name, PROGRAM, now)
            elif self._projection.owns(param.name):
                self._projection.changed(param.name, SHOW)
        if any(param.owner == "renderer" for param in params):
            self._active.send_params()

    def _trigger(self, message: Trigger, now: float) -> None:
        param = find_param(message.name)
        if param.kind == "bool" and not message.args and param.arguments == "[i]":
            self._set(SetParam(param.name, True, message.origin), now)
            return
        if param.access != "trigger":
            raise Rejected(f"'{param.name}' is not a trigger: give it a value.")
        subject = param.name.split("/")[0]
        if self._projection.owns(param.name):
            self._projection.fire(message, param, now)
            return
        if subject in self._by_subject:
            self._by_subject[subject](message, now)
            return
        match param.name:
            case "prompt":
                self._intake.submit(" ".join(map(str, message.args)), message.origin, now)
            case "go":
                self._active.check_running()  # before it waits for the beat: the sender is told at once
                if not self._tempo.hold_go(now):
                    self._cues.go(now, self._clock.at(now))
            case "tempo/tap":
                self._tempo.tap(now)
            case "tempo/beat":
                self._tempo.place_beat(number_of(message, "a beat of the bar") if message.args else 1.0, now)
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
            case "record/start" if message.args and number_of(message, "a number of seconds") <= 0:
                raise Rejected("'record/start' takes a number of seconds above 0.")
            case "record/still" | "record/start" | "record/stop" | "script/load" | "system/reload":
                self._state.emit(message)  # main carries these out
            case _:
                raise Rejected(f"'{param.name}' is not implemented.")

    def _panic(self, message: Trigger, now: float) -> None:
        timed = message.name == "panicInTime" and message.args
        seconds = number_of(message, "a number of seconds") if timed else PANIC_FADE_SECONDS
        again = now < self._last_panic + PANIC_CUT_SECONDS
        self._last_panic = now
        self._active.in_panic = True
        self._intake.clear()
        self._ramps.clear()
        self._cues.interrupt()
        self._tempo.drop_go()
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
        self._speech.update_position()
        self._projection.flush()
        self._state.update("mode", self.mode)
        self._state.update("mode/index", MODES.index(self.mode))
        return self._state.take_effects()
