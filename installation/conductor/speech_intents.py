"""What a transcription means for the show: a prompt or its beginning, a line of the script, a voice command.

These rules know what was said, not what is on the stage; `SpeechControl` decides what happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from installation.conductor.script_control import ScriptControl
from installation.core.messages import SpeechRejected, Transcription
from installation.show.voice_commands import Command
from installation.text.disfluencies import remove_disfluencies
from installation.text.tokenization import tokens


@dataclass(frozen=True)
class PartialIntent:
    """The stable beginning of a sentence that is still being spoken."""

    utterance: int
    text: str


@dataclass(frozen=True)
class PromptIntent:
    """A complete sentence."""

    utterance: int
    text: str


@dataclass(frozen=True)
class CancelIntent:
    """The utterance is over and is not a prompt."""

    utterance: int


@dataclass(frozen=True)
class ScriptLineIntent:
    """A line of the script has begun; counted from 0."""

    line: int


@dataclass(frozen=True)
class CommandIntent:
    """The whole utterance is a voice command."""

    command: Command


Intent = PartialIntent | PromptIntent | CancelIntent | ScriptLineIntent | CommandIntent


class SpeechIntents:
    """Interprets what the speech worker reports, in order."""

    def __init__(self, language: str, commands: Mapping[tuple[str, ...], Command], script: ScriptControl) -> None:
        """Interpret speech in `language` (two letters). `commands` are keyed by their tokens."""
        self._language, self._commands, self._script = language, commands, script

    def interpret(self, message: Transcription | SpeechRejected) -> list[Intent]:
        """Return what the message means. While a script is followed, speech outside it means nothing."""
        if isinstance(message, SpeechRejected):
            return [CancelIntent(message.utterance)]
        command = self._command(message) if message.final else None
        if command:
            return [CancelIntent(message.utterance), CommandIntent(command)]
        if self._script.followed:
            return [ScriptLineIntent(line) for line in self._script.follow(message)]
        return self._final(message) if message.final else self._partial(message)

    def _command(self, transcription: Transcription) -> Command | None:
        """The command with exactly these words, unless a line of the script has the same words."""
        words = tokens(transcription.text)
        command = self._commands.get(words)
        return None if command and any(tokens(line.text) == words for line in self._script.lines) else command

    def _final(self, transcription: Transcription) -> list[Intent]:
        text = remove_disfluencies(transcription.text, self._language)
        return [PromptIntent(transcription.utterance, text) if text else CancelIntent(transcription.utterance)]

    def _partial(self, transcription: Transcription) -> list[Intent]:
        text = remove_disfluencies(_stable_words(transcription), self._language)
        words = tokens(text)
        may_be_command = any(command[: len(words)] == words for command in self._commands)
        return [PartialIntent(transcription.utterance, text)] if text and not may_be_command else []


def _stable_words(transcription: Transcription) -> str:
    """The stable beginning of a partial, without a word that is not complete yet."""
    text, stable = transcription.text, transcription.stable
    inside_word = len(text) > stable and not text[stable].isspace()
    return text[:stable].rpartition(" ")[0] if inside_word else text[:stable]
