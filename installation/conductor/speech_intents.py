"""What a transcription means for the show: a prompt or its beginning, a line of the script, a voice command.

These rules know what was said, not what is on the stage; `SpeechControl` decides what happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from installation.conductor.script_control import ScriptControl
from installation.core.speech_messages import SpeechRejected, Transcription
from installation.show.voice_commands import Command
from installation.text.disfluencies import remove_disfluencies
from installation.text.tokenization import tokens
from installation.text.word_similarity import similar_sound, similarity

Utterance = tuple[str, int]  # the microphone, and the number that its speech worker gave the utterance

MAX_NEAR_WORDS = 2  # of an utterance that may be a misheard command; a longer one is a sentence
MIN_NEAR_LETTERS = 3  # of a command's word that is compared by itself; shorter ones are in every sentence


@dataclass(frozen=True)
class PartialIntent:
    """The stable beginning of a sentence that is still being spoken."""

    utterance: Utterance
    text: str
    language: str = ""  # two letters; empty: that of the show


@dataclass(frozen=True)
class PromptIntent:
    """A complete sentence."""

    utterance: Utterance
    text: str
    language: str = ""


@dataclass(frozen=True)
class ReportIntent:
    """Words that are not acted upon, and why; for the operator."""

    utterance: Utterance
    reason: str


@dataclass(frozen=True)
class CancelIntent:
    """The utterance is over and is not a prompt."""

    utterance: Utterance


@dataclass(frozen=True)
class ScriptLineIntent:
    """A line of the script has begun; counted from 0."""

    line: int


@dataclass(frozen=True)
class CommandIntent:
    """The whole utterance is a voice command."""

    command: Command


Intent = PartialIntent | PromptIntent | ReportIntent | CancelIntent | ScriptLineIntent | CommandIntent


class SpeechIntents:
    """Interprets what the speech worker reports, in order."""

    def __init__(
        self, language: str, commands: Mapping[tuple[str, ...], Command], script: ScriptControl, reader: str = ""
    ) -> None:
        """Interpret speech in `language` (two letters).

        Args:
            language: Of what is said in a language that the recogniser does not report.
            commands: Keyed by their tokens.
            script: The text that may be followed.
            reader: The microphone by which it is read; the others are not followed.
        """
        self._language, self._commands, self._script, self._reader = language, commands, script, reader

    def interpret(self, message: Transcription | SpeechRejected) -> list[Intent]:
        """Return what the message means. While a script is followed, speech outside it means nothing."""
        if isinstance(message, SpeechRejected):
            return [CancelIntent(utterance_of(message)), *self._taken_back(message)]
        command = self._command(message) if message.final else None
        if command:
            return [CancelIntent(utterance_of(message)), *self._taken_back(message), CommandIntent(command)]
        if self._script.followed and message.microphone != self._reader:
            return []
        if self._script.followed:
            return [ScriptLineIntent(line) for line in self._script.follow(message)]
        return self._final(message) if message.final else self._partial(message)

    def _taken_back(self, message: Transcription | SpeechRejected) -> list[Intent]:
        """The line of the script to show again, if the beginning of the utterance was taken for another one."""
        if not self._script.followed or message.microphone != self._reader:
            return []
        return [ScriptLineIntent(line) for line in self._script.take_back(message)]

    def _command(self, transcription: Transcription) -> Command | None:
        """The command with exactly these words, unless a line of the script has the same words."""
        words = tokens(transcription.text)
        command = self._commands.get(words)
        return None if command and any(tokens(line.text) == words for line in self._script.lines) else command

    def _final(self, transcription: Transcription) -> list[Intent]:
        utterance, language = utterance_of(transcription), transcription.language or self._language
        text = remove_disfluencies(transcription.text, language)
        if not text:
            return [CancelIntent(utterance)]
        doubt = self._doubt(text, transcription.weak)
        if doubt:
            return [CancelIntent(utterance), ReportIntent(utterance, f"not shown: {doubt}")]
        return [PromptIntent(utterance, text, transcription.language)]

    def _doubt(self, text: str, weak: bool) -> str:
        """Why a sentence is not a prompt: it may be a command, or it was heard too uncertainly."""
        near = near_command(tokens(text), self._commands)
        if near:
            return f"'{text}' is near the voice command '{' '.join(near)}'."
        return f"'{text}' was not heard clearly." if weak else ""

    def _partial(self, transcription: Transcription) -> list[Intent]:
        text = remove_disfluencies(_stable_words(transcription), transcription.language or self._language)
        words = tokens(text)
        may_be_command = any(command[: len(words)] == words for command in self._commands)
        if not text or may_be_command or near_command(words, self._commands):
            return []
        return [PartialIntent(utterance_of(transcription), text, transcription.language)]


def utterance_of(message: Transcription | SpeechRejected) -> Utterance:
    """What identifies the utterance of a message."""
    return message.microphone, message.utterance


def near_command(words: tuple[str, ...], commands: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the command that an utterance of one or two words may be, misheard; () if there is none.

    Its words sound like those of a command, or some of them are its words: "lied" is near "light", "stop go" is near
    "stop".
    """
    if len(words) > MAX_NEAR_WORDS:
        return ()
    for command in commands:
        longer = [meant for meant in command if len(meant) >= MIN_NEAR_LETTERS]
        pairs = [("".join(command), "".join(words)), *((meant, said) for said in words for meant in longer)]
        if any(similarity(meant, said) or similar_sound(meant, said) for meant, said in pairs):
            return command
    return ()


def _stable_words(transcription: Transcription) -> str:
    """The stable beginning of a partial, without a word that is not complete yet."""
    text, stable = transcription.text, transcription.stable
    inside_word = len(text) > stable and not text[stable].isspace()
    return text[:stable].rpartition(" ")[0] if inside_word else text[:stable]
