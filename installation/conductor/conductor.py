"""The Conductor: the rules of a show as a pure state machine. Messages and time go in, effects come out.

It reads no clock, does no I/O and never blocks, so that a whole performance can be tested in milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from installation.conductor.active_prompt import ActivePrompt
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
from installation.conductor.triggers import TriggerControl
from installation.conductor.value_control import ValueControl
from installation.core.errors import Busy, Rejected
from installation.core.messages import (
    CUE,
    SCRIPT,
    SHOW,
    SPEECH,
    Answer,
    BeatClock,
    Bundle,
    Direction,
    Inbox,
    Listing,
    Look,
    MessageRejected,
    Origin,
    Prompt,
    Query,
    SetParam,
    Trigger,
    Value,
)
from installation.core.params import MODES, default_values
from installation.core.speech_messages import (
    GateMode,
    ReadingPosition,
    RecognizerHints,
    SoundFeatures,
    SpeechRejected,
    Transcription,
)
from installation.show.projection import ProjectedWindow
from installation.show.settings import Show

__all__ = ["Conductor", "Effect"]


class Conductor:
    """Decides what the renderer, the stage and the speech worker do.

    Call `receive` with every message and `advance` once per tick, and carry out the effects they return in order. All
    times are seconds of `clock.now`.

    The rules are divided by subject: `ParameterState` holds the values, `ActivePrompt` the prompt on the stage,
    `PromptIntake` the prompts that wait, `PromptMixer` those that are mixed, `CueList` the cues, `Snapshots` the stored
    looks, `ScriptControl` the script, `Ramps` the values that are moving, `Tempo` the beat, `SoundControl` what sound
    moves, and `ProjectionControl` how the picture lies on the wall. `ValueControl` decides what follows from a value
    that is set, `TriggerControl` what a trigger does, and `SpeechControl` what speech does.
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
        self._value_control = ValueControl(
            state=self._state,
            active=self._active,
            clock=self._clock,
            ramps=self._ramps,
            tempo=self._tempo,
            script=self._script,
            speech=self._speech,
            mixer=self._mixer,
            projection=self._projection,
        )
        self._trigger_control = TriggerControl(
            state=self._state,
            active=self._active,
            intake=self._intake,
            cues=self._cues,
            snapshots=self._snapshots,
            script=self._script,
            clock=self._clock,
            ramps=self._ramps,
            tempo=self._tempo,
            projection=self._projection,
            values=self._value_control,
        )
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
        self._value_control.move(self._ramps.advance(self._clock.at(now)), now)
        self._value_control.move(self._sound.move(now), now)
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
        return self._intake.waiting.room

    @property
    def queued_prompts(self) -> tuple[Prompt, ...]:
        """All waiting prompts, next first."""
        return self._intake.waiting.prompts

    @property
    def pending_approvals(self) -> str:
        """The prompts that wait for approval, as a list for the operator; empty if there are none."""
        return self._intake.waiting.pending_approvals

    @property
    def listings(self) -> tuple[Listing, ...]:
        """The queue, the cues and the snapshots, for control surfaces that start now."""
        return self._intake.waiting.listing, self._cues.listing, self._snapshots.listing

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

    # -- rules ------------------------------------------------------------------------------------------------------

    def _attempt(self, message: SetParam | Trigger | Query, now: float) -> None:
        """Carry out a message, or emit its rejection: one rejected value stops nothing else of its cue or line."""
        try:
            match message:
                case SetParam():
                    self._value_control.set(message, now)
                case Query(name, origin, address):
                    self._state.emit(Answer(name, self._state.value(name), origin, address))
                case Trigger():
                    self._trigger_control.fire(message, now)
        except Rejected as error:
            self._reject(message.origin, message.name, error)

    def _reject(self, origin: Origin, name: str, reason: Rejected) -> None:
        rejected = MessageRejected(origin, name, str(reason), isinstance(reason, Busy))
        self._state.emit(rejected)
        if rejected.of_words:
            self._state.update("queue/refused", f"{origin}: {reason}")
            self._state.update("queue/refusals", int(self.values["queue/refusals"]) + 1)

    def _attract_is_due(self, now: float) -> bool:
        """Whether the prompt has been on the stage for so long that the attract walk resumes."""
        after = self.show.queue.attract_after_seconds
        stays = self._cues.playhead.current or any(each.origin == SCRIPT for each in self.direction.prompts)
        if not after or stays or self._intake.waiting.has_queued:
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
