"""What speech does to the show. All rules of when it is listened to, and when it moves the picture, are here.

- A partial transcription moves the picture gently, with `PARTIAL_WEIGHT`, once `MIN_PARTIAL_WORDS` of its words are
  stable: at most once in an utterance, only while `speech/partials` is on, and only if it interrupts nothing.
- A final with the same words gives that prompt its full weight. A final with other words replaces it at once.
- The prompts before it are restored if the utterance leads to nothing: it is rejected, is a voice command, has no words
  or words that are not allowed, or speech is switched off, or the speech worker is lost.
- Without a partial on the stage, a final is a live prompt like a typed one.
- Words that name nothing, and weak finals, do not move the picture; nor do one or two words near a voice command.
- The microphone is shut while `speech/enabled` is off. Otherwise `speech/talk` opens it, and everything is speech.
  Without that it is shut by `speech/gate`, and in shows with push to talk, which alone accept `speech/talk`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from installation.conductor.active_prompt import ActivePrompt, StageSnapshot
from installation.conductor.live_captions import LiveCaptions
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
    ReportIntent,
    ScriptLineIntent,
    SpeechIntents,
    Utterance,
)
from installation.core.errors import Rejected
from installation.core.messages import SPEECH, Notice, Origin, Value
from installation.core.prompt_text import clean
from installation.core.speech_messages import GateMode, MicrophoneGate, RecognizerHints, SpeechRejected, Transcription
from installation.show.settings import CueSettings, Show
from installation.show.voice_commands import Command, parse_commands
from installation.text.tokenization import tokens

PARTIAL_WEIGHT = 0.4  # of a prompt whose sentence is not complete; 1 is the weight of a complete one
MIN_PARTIAL_WORDS = 2  # stable words before a partial moves the picture


@dataclass(frozen=True)
class _PartialPrompt:
    """A partial that has taken the stage, and what to restore if its utterance leads to nothing."""

    utterance: Utterance
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
        self._listens, self._push_to_talk = show.listen.enabled, show.listen.push_to_talk
        self._commands = parse_commands(show.listen.commands, show.listen.languages)
        microphones = show.listen.devices
        self._reader = microphones[0] if len(microphones) > 1 else ""  # the microphone that reads the script
        self._intents = SpeechIntents(show.listen.main_language, self._commands, script, self._reader)
        self.set_cues(show.cue)
        self.captions = LiveCaptions(show, state, intake.allows)
        self._partial: _PartialPrompt | None = None
        self._last_partial: Utterance | None = None  # the last one with a partial that took the stage
        self._sent_gate, self._sent_position = self.gate, script.position

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
        commands = tuple(" ".join(words) for words in self._commands)
        return RecognizerHints((*lines, *self._cue_texts, *commands), self._script.followed, commands)

    # -- in ---------------------------------------------------------------------------------------------------------

    def receive(self, message: Transcription | SpeechRejected, now: float) -> None:
        """Take a report of the speech worker. Raises Rejected for words that cannot be shown."""
        if self._state.values["speech/enabled"]:
            self._update_readings(message, now)
            self.captions.receive(message, self._script.followed, now)
            for intent in self._intents.interpret(message):
                self._carry_out(intent, now)

    def check_value(self, name: str, value: Value) -> None:
        """Raise Rejected if a parameter cannot have this value in this show."""
        if name != "speech/talk" or not value or self._push_to_talk:
            return
        if not self._listens:
            raise Rejected("this show does not listen; set 'enabled = true' under [listen], or start it with --mic.")
        raise Rejected("this show always listens; set 'push_to_talk = true' under [listen] to talk by a key.")

    def value_changed(self, name: str, value: Value) -> None:
        """Take note that a parameter was set."""
        if name == "speech/enabled" and not value:
            self._restore()
            self.captions.clear()
        if self.gate != self._sent_gate:
            self._sent_gate = self.gate
            self._state.emit(MicrophoneGate(self.gate))

    def update_position(self) -> None:
        """Tell the recogniser where the reader is, if that has changed."""
        position = self._script.position
        if position != self._sent_position:
            self._sent_position = position
            self._state.emit(position)

    def worker_lost(self, microphone: str = "") -> None:
        """Take note that the worker of a microphone is gone; the utterance it had begun will not be finished."""
        if microphone == self._reader:
            self._script.speech_lost()
        if self._partial and self._partial.utterance[0] == microphone:
            self._restore()
        self.captions.clear()
        self._last_partial = None  # the next worker numbers its utterances from 1 again
        self._state.update("speech/partial", "")

    # -- intents ----------------------------------------------------------------------------------------------------

    def _carry_out(self, intent: Intent, now: float) -> None:
        match intent:
            case PartialIntent():
                self._show_partial(intent, now)
            case PromptIntent():
                self._finish(intent, now)
            case ReportIntent(_, reason):
                self._state.update("speech/unheard", reason)
                self._state.emit(Notice("speech", reason[:1].upper() + reason[1:]))
            case CancelIntent(utterance):
                if self._has_on_stage(utterance):
                    self._restore()
            case ScriptLineIntent(line):
                if not self._active.in_panic:
                    self._script.show_line(line, now)
            case CommandIntent(command):
                self._run_command(command, now)

    def _show_partial(self, partial: PartialIntent, now: float) -> None:
        utterance, enough = partial.utterance, len(partial.text.split()) >= MIN_PARTIAL_WORDS
        if not enough or utterance == self._last_partial or not self._state.values["speech/partials"]:
            return
        before = self._active.snapshot()
        prompt = self._intake.submit_partial(partial.text, PARTIAL_WEIGHT, now, _origin(utterance), partial.language)
        if prompt:
            self._partial, self._last_partial = _PartialPrompt(utterance, prompt.id, before), utterance

    def _finish(self, said: PromptIntent, now: float) -> None:
        wanted = self._intake.gist(said.text, said.language).prompt
        if not self._has_on_stage(said.utterance):
            self._intake.submit(said.text, _origin(said.utterance), now, language=said.language)
        elif tokens(self._active.direction.prompts[0].text) == tokens(wanted):
            self._partial = None
            self._active.reweight(1.0)
        else:
            self._replace_partial(said, now)

    def _replace_partial(self, said: PromptIntent, now: float) -> None:
        try:
            self._intake.submit(said.text, _origin(said.utterance), now, Urgency.IMMEDIATE, language=said.language)
        except Rejected:
            self._restore()
            raise

    def _has_on_stage(self, utterance: Utterance) -> bool:
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


def _origin(utterance: Utterance) -> Origin:
    """The origin of what a microphone hears: each is a sender of its own for moderation and the queue."""
    microphone, _ = utterance
    return replace(SPEECH, peer=microphone)
