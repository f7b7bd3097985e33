"""What speech does to the show. All rules of when it is listened to, and when it moves the picture, are here.

- A partial transcription moves the picture gently, with `PARTIAL_WEIGHT`, once `MIN_PARTIAL_WORDS` of its words are
  stable: at most once in an utterance, only while `speech/partials` is on, and only if it interrupts nothing.
- A final with the same words gives that prompt its full weight. A final with other words replaces it at once.
- The prompts before it are restored if the utterance leads to nothing: it is rejected, is a voice command, has no words
  or words that are not allowed, or speech is switched off, or the speech worker is lost.
- Without a partial on the stage, a final is a live prompt like a typed one.
- The microphone is shut while `speech/enabled` is off. Otherwise `speech/talk` opens it, and everything is speech.
  Without that it is shut by `speech/gate`, and in shows with push to talk, which alone accept `speech/talk`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from installation.conductor.active_prompt import ActivePrompt, StageSnapshot
from installation.conductor.parameter_state import ParameterState
from installation.conductor.prompt_intake import PromptIntake
from installation.conductor.prompt_queue import Urgency
from installation.conductor.script_control import ScriptControl
from installation.conductor.speech_intents import (
    CancelIntent,
    CommandIntent,
    Intent,
    PartialIntent,
    PromptIntent,
    ScriptLineIntent,
    SpeechIntents,
)
from installation.core.errors import Rejected
from installation.core.messages import (
    SPEECH,
    GateMode,
    MicrophoneGate,
    RecognizerHints,
    SpeechRejected,
    Transcription,
    Value,
)
from installation.core.prompt_text import clean
from installation.show.settings import CueSettings, Show
from installation.show.voice_commands import Command, parse_commands
from installation.text.tokenization import tokens

PARTIAL_WEIGHT = 0.4  # of a prompt whose sentence is not complete; 1 is the weight of a complete one
MIN_PARTIAL_WORDS = 2  # stable words before a partial moves the picture


@dataclass(frozen=True)
class _PartialPrompt:
    """A partial that has taken the stage, and what to restore if its utterance leads to nothing."""

    utterance: int
    prompt_id: int
    before: StageSnapshot


class SpeechControl:
    """Carries out what `SpeechIntents` makes of the speech worker's reports."""

    def __init__(
        self,
        show: Show,
        state: ParameterState,
        active: ActivePrompt,
        intake: PromptIntake,
        script: ScriptControl,
        run_command: Callable[[Command, float], None],
    ) -> None:
        """`run_command` carries out a voice command; it reports a rejection itself and never raises."""
        self._state, self._active, self._intake, self._script = state, active, intake, script
        self._run_command = run_command
        self._push_to_talk = show.listen.push_to_talk
        self._commands = parse_commands(show.listen.commands)
        self._intents = SpeechIntents(show.listen.language, self._commands, script)
        self.set_cues(show.cue)
        self._partial: _PartialPrompt | None = None
        self._last_partial = 0  # the last utterance with a partial that took the stage
        self._sent_gate = self.gate

    def set_cues(self, cues: Iterable[CueSettings]) -> None:
        """Take the cues whose words are likely to be said."""
        self._cue_texts = tuple(cue.words for cue in cues if cue.words)

    @property
    def gate(self) -> GateMode:
        """What the speech worker listens to."""
        values = self._state.values
        if not values["speech/enabled"]:
            return "shut"
        if values["speech/talk"]:
            return "talk"
        return "shut" if values["speech/gate"] or self._push_to_talk else "auto"

    @property
    def hints(self) -> RecognizerHints:
        """What is likely to be said, for the recogniser."""
        lines = (line.text for line in self._script.lines)
        commands = (" ".join(words) for words in self._commands)
        return RecognizerHints((*lines, *self._cue_texts, *commands), self._script.followed)

    # -- in ---------------------------------------------------------------------------------------------------------

    def receive(self, message: Transcription | SpeechRejected, now: float) -> None:
        """Take a report of the speech worker. Raises Rejected for words that cannot be shown."""
        if self._state.values["speech/enabled"]:
            self._update_readings(message, now)
            for intent in self._intents.interpret(message):
                self._carry_out(intent, now)

    def check_value(self, name: str, value: Value) -> None:
        """Raise Rejected if a parameter cannot have this value in this show."""
        if name == "speech/talk" and value and not self._push_to_talk:
            raise Rejected("this show always listens; set 'push_to_talk = true' under [listen] to talk by a key.")

    def value_changed(self, name: str, value: Value) -> None:
        """Take note that a parameter was set."""
        if name == "speech/enabled" and not value:
            self._restore()
        if self.gate != self._sent_gate:
            self._sent_gate = self.gate
            self._state.emit(MicrophoneGate(self.gate))

    def worker_lost(self) -> None:
        """Take note that the speech worker is gone; the utterance it had begun will not be finished."""
        self._script.speech_lost()
        self._restore()
        self._last_partial = 0  # the next worker numbers its utterances from 1 again
        self._state.update("speech/partial", "")

    # -- intents ----------------------------------------------------------------------------------------------------

    def _carry_out(self, intent: Intent, now: float) -> None:
        match intent:
            case PartialIntent(utterance, text):
                self._show_partial(utterance, text, now)
            case PromptIntent(utterance, text):
                self._finish(utterance, text, now)
            case CancelIntent(utterance):
                if self._has_on_stage(utterance):
                    self._restore()
            case ScriptLineIntent(line):
                if not self._active.in_panic:
                    self._script.show_line(line, now)
            case CommandIntent(command):
                self._run_command(command, now)

    def _show_partial(self, utterance: int, text: str, now: float) -> None:
        enough = len(text.split()) >= MIN_PARTIAL_WORDS
        if not enough or utterance == self._last_partial or not self._state.values["speech/partials"]:
            return
        before = self._active.snapshot()
        prompt = self._intake.submit_partial(text, PARTIAL_WEIGHT, now)
        if prompt:
            self._partial, self._last_partial = _PartialPrompt(utterance, prompt.id, before), utterance

    def _finish(self, utterance: int, text: str, now: float) -> None:
        if not self._has_on_stage(utterance):
            self._intake.submit(text, SPEECH, now)
        elif tokens(self._active.direction.prompts[0].text) == tokens(text):
            self._partial = None
            self._active.reweight(1.0)
        else:
            self._replace_partial(text, now)

    def _replace_partial(self, text: str, now: float) -> None:
        try:
            self._intake.submit(text, SPEECH, now, Urgency.IMMEDIATE)
        except Rejected:
            self._restore()
            raise

    def _has_on_stage(self, utterance: int) -> bool:
        """Whether the prompt on the stage is a partial of this utterance."""
        partial = self._partial
        return partial is not None and partial.utterance == utterance and partial.prompt_id == self._active.id

    def _restore(self) -> None:
        """Restore the prompts before the partial, if that is still on the stage."""
        partial, self._partial = self._partial, None
        if partial and partial.prompt_id == self._active.id:
            self._active.restore(partial.before)

    # -- readings ---------------------------------------------------------------------------------------------------

    def _update_readings(self, message: Transcription | SpeechRejected, now: float) -> None:
        update = self._state.update
        if isinstance(message, SpeechRejected):
            update("speech/partial", "")
            update("speech/unheard", message.reason)
            return
        update("speech/partial", "" if message.final else clean(message.text))
        if message.final:
            update("speech/final", clean(message.text))
            update("speech/latency", max(0.0, now - message.ended) if message.ended else 0.0)
