"""The script: a known text, how far it has been read, and the lines that take the stage while it is read."""

from __future__ import annotations

from collections.abc import Callable

from installation.conductor.active_prompt import ActivePrompt
from installation.conductor.parameter_state import ParameterState
from installation.conductor.prompt_intake import PromptIntake
from installation.core.errors import Rejected
from installation.core.messages import SCRIPT, SetParam
from installation.core.speech_messages import ReadingPosition, SpeechRejected, Transcription
from installation.show.script_file import Script, ScriptLine
from installation.show.settings import ScriptSettings
from installation.text.script_follower import FollowThresholds, ScriptFollower

LINES_BEFORE, LINES_AFTER = 1, 3  # the cursor, that a reader is likely to read next


class ScriptControl:
    """Follows the reader, and shows the lines that begin.

    `cursor` is the line that began last, counted from 0; -1 before the first. The parameter `script/line` counts
    from 1.
    """

    def __init__(
        self,
        settings: ScriptSettings,
        state: ParameterState,
        active: ActivePrompt,
        intake: PromptIntake,
        set_value: Callable[[SetParam, float], None],
    ) -> None:
        """Start at `script/line`, or at the settings' `start_line` where that is 0.

        `set_value` sets a parameter at a time in seconds; it reports a rejection itself and never raises.
        """
        self._thresholds = FollowThresholds(settings.evidence_words, settings.margin_words, settings.window_lines)
        self._state, self._active, self._intake, self._set_value = state, active, intake, set_value
        self._open(settings.text, settings.file)
        self._follower.seek((int(state.values["script/line"]) or settings.start_line - 1) - 1)
        self._update_readings()

    # -- the text ---------------------------------------------------------------------------------------------------

    def load(self, text: str, name: str) -> None:
        """Replace the script; reading starts at its first line. Raises ShowError, and changes nothing, if invalid."""
        self._open(text, name)
        self._intake.waiting.discard_live(SCRIPT)
        self._update_readings()

    def _open(self, text: str, name: str) -> None:
        self.lines: tuple[ScriptLine, ...] = Script.parse(text, name or "the script").lines
        self._name = name
        self._follower = ScriptFollower([line.text for line in self.lines], self._thresholds)

    # -- the position -----------------------------------------------------------------------------------------------

    @property
    def cursor(self) -> int:
        """The line that began last, counted from 0; -1 before the first."""
        return self._follower.cursor

    @property
    def finished(self) -> bool:
        """Whether the last line has begun, or there are no lines."""
        return self.cursor + 1 >= len(self.lines)

    @property
    def followed(self) -> bool:
        """Whether transcriptions are matched against the script."""
        return bool(self.lines and self._state.values["script/follow"])

    @property
    def position(self) -> ReadingPosition:
        """The lines around the cursor, while the script is followed."""
        if not self.followed:
            return ReadingPosition()
        near = self.lines[max(0, self.cursor - LINES_BEFORE) : self.cursor + LINES_AFTER + 1]
        return ReadingPosition(tuple(line.text for line in near))

    def follow(self, transcription: Transcription) -> list[int]:
        """Return the lines to show: those that begin with this, or an earlier one where words are taken back."""
        said = transcription
        lines = self._follower.update(said.utterance, said.text, said.final, said.stable)
        if said.final and not lines:
            self._update_readings()  # a line may have been taken back without one before it
        return lines

    def take_back(self, message: Transcription | SpeechRejected) -> list[int]:
        """Return the line to show again, if the utterance had begun another one, and is not of the text after all."""
        lines = self._follower.reject(message.utterance, message.text)
        self._update_readings()
        return lines

    def speech_lost(self) -> None:
        """Prepare for a new speech worker, which numbers its utterances from 1 again."""
        self._follower.restart_utterances()

    def seek(self, line_number: int) -> int:
        """Set the line that was read last, counted from 1, without showing it. Returns it, limited to the text.

        Raises:
            Rejected: the show has no script.
        """
        self._check_lines()
        self._follower.seek(line_number - 1)
        self._update_texts()
        return self.cursor + 1

    def step(self, lines: int, now: float) -> None:
        """Show the line this many after the current one, as if it had been read.

        Raises:
            Rejected: there is no such line, or the show is in panic.
        """
        self._active.check_panic()
        self._check_lines()
        number = self.cursor + lines
        if not 0 <= number < len(self.lines):
            raise Rejected("that was the last line." if lines > 0 else "there is no line before.")
        self._follower.seek(number)
        self.show_line(number, now)

    def show_line(self, number: int, now: float) -> None:
        """Set a line's parameters and submit its prompt. Raises Rejected."""
        line = self.lines[number]
        fade = self._state.transition_seconds if line.fade_seconds is None else line.fade_seconds
        for name, value in line.params.items():
            self._set_value(SetParam(name, value, SCRIPT, fade), now)
        self._intake.submit(
            line.words,
            SCRIPT,
            now,
            caption=line.text,
            fade_seconds=line.fade_seconds,
            picture=line.picture,
            seed=line.seed,
        )
        self._state.update("script/line", number + 1)
        self._update_texts()

    def _check_lines(self) -> None:
        if not self.lines:
            raise Rejected("this show has no script.")

    def _update_readings(self) -> None:
        self._state.update("script/lines", len(self.lines))
        self._state.update("script/name", self._name)
        self._state.update("script/line", self.cursor + 1)
        self._update_texts()

    def _update_texts(self) -> None:
        current, following = self.cursor, self.cursor + 1
        self._state.update("script/text", self.lines[current].text if current >= 0 else "")
        self._state.update("script/next/text", "" if self.finished else self.lines[following].text)
