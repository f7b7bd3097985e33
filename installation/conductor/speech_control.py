"""What is heard, on its way to the stage: sentences and their beginnings, lines of a script, commands."""

from __future__ import annotations

from collections.abc import Callable

from installation.conductor.active_prompt import ActivePrompt
from installation.conductor.parameter_state import ParameterState
from installation.conductor.prompt_intake import PromptIntake
from installation.conductor.prompt_queue import QueuedPrompt
from installation.conductor.script_position import ScriptPosition
from installation.conductor.speech_intents import (
    CancelIntent,
    CommandIntent,
    Meaning,
    PartialIntent,
    PromptIntent,
    ScriptLineIntent,
    SpeechIntents,
)
from installation.core.errors import Rejected
from installation.core.messages import RecognizerHints, SetParam, SpeechRejected, Transcription
from installation.core.prompt_text import clean
from installation.show.settings import Show
from installation.show.voice_commands import Command, parse_commands


class SpeechControl:
    """Does what HearingRules understand."""

    def __init__(
        self,
        show: Show,
        board: ParameterState,
        staging: ActivePrompt,
        admission: PromptIntake,
        do: Callable[[Command, float], None],
    ) -> None:
        """`do` sets what a line asks for, and does what a command asks for; it never raises."""
        self._board, self._staging, self._admission, self._do = board, staging, admission, do
        self.recital = ScriptPosition(show.script, int(board.values["script/line"]))
        self._commands = parse_commands(show.listen.commands)
        self._rules = SpeechIntents(show.listen.language, self._commands, self.recital)
        self._cues = tuple(cue.words for cue in show.cue if cue.words)
        self._tell_script()

    @property
    def following(self) -> bool:
        """Whether what is heard is looked for in the script."""
        return bool(self.recital.lines and self._board.values["script/follow"])

    @property
    def expected(self) -> RecognizerHints:
        """What is likely to be said from now on, for the recogniser."""
        lines = (line.text for line in self.recital.lines)
        return RecognizerHints((*lines, *self._cues, *map(" ".join, self._commands)), self.following)

    def hear(self, heard: Transcription | SpeechRejected, now: float) -> None:
        """The next words, or why there are none. Raises Refusal."""
        if self._board.values["speech/enabled"]:
            self._tell_heard(heard, now)
            for meaning in self._rules.meanings(heard, self.following):
                self._answer(meaning, now)

    def deaf(self) -> None:
        """The listener is gone: its successor counts utterances anew, and nothing that it heard goes on."""
        self.recital.break_off()
        self._staging.deaf()
        self._board.tell("speech/partial", "")

    # -- the script ---------------------------------------------------------------------------------------------

    def take_up(self, text: str, name: str) -> None:
        """Another script is read from its first line on. Raises ShowError, with nothing changed, for what is none."""
        self.recital.take_up(text, name)
        self._admission.lineup.overtake("script")
        self._tell_script()

    def move(self, last: int) -> int:
        """The operator says which line was the last, counted from 1; returns the one that is."""
        self.recital.move(last - 1)
        self._board.tell("script/text", self.recital.read_last)
        return self.recital.cursor + 1

    def step(self, lines: int, now: float) -> None:
        """The line so many after the present one takes the stage, as if it were read. Raises Refusal."""
        self._staging.check_panic()
        self._begin_line(self.recital.step(lines), now)

    def _begin_line(self, number: int, now: float) -> None:
        """A line of the script is being read; lines before it that still wait have been overtaken."""
        line = self.recital.lines[number]
        prompt = self._staging.prompt(line.words, "script", now, line.text)
        for name, value in line.params.items():
            self._do(SetParam(name, value, "script"), now)
        self._admission.lineup.overtake("script")
        self._admission.say_now(QueuedPrompt(prompt, line.fade_seconds), now)
        self._board.tell("script/line", number + 1)
        self._board.tell("script/text", line.text)

    def _tell_script(self) -> None:
        self._board.tell("script/lines", len(self.recital.lines))
        self._board.tell("script/name", self.recital.name)
        self._board.tell("script/line", self.recital.cursor + 1)
        self._board.tell("script/text", self.recital.read_last)

    # -- sentences ----------------------------------------------------------------------------------------------

    def _answer(self, meaning: Meaning, now: float) -> None:
        match meaning:
            case PartialIntent(utterance, text):
                self._begin_gently(utterance, text, now)
            case PromptIntent(utterance, text):
                self._finish(utterance, text, now)
            case CancelIntent(utterance):
                self._staging.withdraw(utterance)
            case ScriptLineIntent(line):
                if not self._staging.panicked:
                    self._begin_line(line, now)
            case CommandIntent(does):
                self._do(does, now)

    def _begin_gently(self, utterance: int, text: str, now: float) -> None:
        """As soon as there is something to go by; never in the way of other words."""
        wanted = self._board.values["speech/partials"] and not self._staging.panicked
        free = self._staging.free(now) and not self._admission.lineup.said
        if wanted and free and self._admission.acceptable(text):
            self._staging.begin_gently(utterance, text, now)

    def _finish(self, utterance: int, text: str, now: float) -> None:
        if self._staging.confirm(utterance, text):
            return
        if not self._staging.has_begun(utterance):
            self._admission.admit(QueuedPrompt(self._staging.prompt(text, "speech", now)), now)
            return
        try:
            self._admission.moderate(text, "speech", now)
        except Rejected:
            self._staging.withdraw(utterance)
            raise
        self._staging.take(
            QueuedPrompt(self._staging.prompt(text, "speech", now)), now
        )  # nobody need have seen its beginning

    def _tell_heard(self, heard: Transcription | SpeechRejected, now: float) -> None:
        tell = self._board.tell
        if isinstance(heard, SpeechRejected):
            tell("speech/partial", "")
            tell("speech/unheard", heard.reason)
            return
        tell("speech/partial", "" if heard.final else clean(heard.text))
        if heard.final:
            tell("speech/final", clean(heard.text))
            tell("speech/latency", max(0.0, now - heard.ended) if heard.ended else 0.0)
