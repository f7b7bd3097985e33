"""What heard words mean for the show: a sentence or its beginning, a line of the script, a command. Pure.

The Conductor does what is meant. It knows what is on the stage; these rules know what was said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from installation.conductor.script_position import ScriptPosition
from installation.core.messages import SpeechRejected, Transcription
from installation.show.voice_commands import Command
from installation.text.disfluencies import remove_disfluencies
from installation.text.tokenization import tokens

PARTIAL_WORDS = 2  # that will not change any more, before a sentence that is not over means anything


@dataclass(frozen=True)
class PartialIntent:
    """The certain first words of a sentence that goes on."""

    utterance: int
    text: str


@dataclass(frozen=True)
class PromptIntent:
    """A whole sentence."""

    utterance: int
    text: str


@dataclass(frozen=True)
class CancelIntent:
    """It is over, and there are no words for the stage in it: what it began is not wanted."""

    utterance: int


@dataclass(frozen=True)
class ScriptLineIntent:
    """A line of the script begins, counted from 0."""

    line: int


@dataclass(frozen=True)
class CommandIntent:
    """The whole utterance is a command."""

    does: Command


Meaning = PartialIntent | PromptIntent | CancelIntent | ScriptLineIntent | CommandIntent


class SpeechIntents:
    """Fed with what the listener tells, in order."""

    def __init__(self, language: str, commands: Mapping[tuple[str, ...], Command], recital: ScriptPosition) -> None:
        self._language, self._commands, self._recital = language, commands, recital

    def meanings(self, heard: Transcription | SpeechRejected, following: bool) -> list[Meaning]:
        """`following`: the script is looked for in it, and what is not found there means nothing."""
        if isinstance(heard, SpeechRejected):
            return [CancelIntent(heard.utterance)]
        command = self._command(heard) if heard.final else None
        if command:
            return [CancelIntent(heard.utterance), CommandIntent(command)]
        if following:
            return [ScriptLineIntent(line) for line in self._recital.hear(heard)]
        return self._final(heard) if heard.final else self._partial(heard)

    def _command(self, heard: Transcription) -> Command | None:
        """A line of the script is no command, even if it has the same words."""
        said = tokens(heard.text)
        known = self._commands.get(said)
        return None if known and any(tokens(line.text) == said for line in self._recital.lines) else known

    def _final(self, heard: Transcription) -> list[Meaning]:
        text = remove_disfluencies(heard.text, self._language)
        return [PromptIntent(heard.utterance, text) if text else CancelIntent(heard.utterance)]

    def _partial(self, heard: Transcription) -> list[Meaning]:
        certain = heard.text[: heard.stable]
        if len(heard.text) > heard.stable and not heard.text[heard.stable].isspace():
            certain = certain.rpartition(" ")[0]  # its last word is not yet whole
        text = remove_disfluencies(certain, self._language)
        words = tokens(text)
        may_command = any(command[: len(words)] == words for command in self._commands)
        if len(text.split()) < PARTIAL_WORDS or may_command:
            return []
        return [PartialIntent(heard.utterance, text)]
