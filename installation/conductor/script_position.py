"""A text that is read aloud, and how far it has been read: the script, its follower, and the operator's hand."""

from __future__ import annotations

from installation.core.errors import Rejected
from installation.core.messages import Transcription
from installation.show.script_file import Script, ScriptLine
from installation.show.settings import ScriptSettings
from installation.text.script_follower import FollowThresholds, ScriptFollower


class ScriptPosition:
    """Lines are counted from 0; `cursor` is the line last begun, -1 before the first."""

    def __init__(self, settings: ScriptSettings, last: int = 0) -> None:
        """`last`: the line read last, counted from 1; 0: as the settings have it."""
        self._trust = FollowThresholds(settings.evidence_words, settings.margin_words, settings.window_lines)
        self.take_up(settings.text, settings.file)
        self.move((last or settings.start_line - 1) - 1)

    def take_up(self, text: str, name: str = "") -> None:
        """Another text, from its beginning. Raises ShowError, with nothing changed, for what is none."""
        lines = Script.parse(text, name or "the script").lines
        self.lines: tuple[ScriptLine, ...] = lines
        self.name = name
        self._follower = ScriptFollower([line.text for line in lines], self._trust)

    @property
    def cursor(self) -> int:
        """The line last begun."""
        return self._follower.cursor

    @property
    def read_last(self) -> str:
        """The line last begun, as it is read; "" before the first."""
        return self.lines[self.cursor].text if self.cursor >= 0 else ""

    @property
    def over(self) -> bool:
        """Whether no line is left."""
        return self.cursor + 1 >= len(self.lines)

    def move(self, cursor: int) -> None:
        """The operator says which line was the last."""
        self._follower.seek(cursor)

    def step(self, lines: int) -> int:
        """The line so many after the present one, which is from now on the present one. Raises Refusal."""
        number = self.cursor + lines
        if not self.lines:
            raise Rejected("this show has no script.")
        if not 0 <= number < len(self.lines):
            raise Rejected("that was the last line." if lines > 0 else "there is no line before.")
        self.move(number)
        return number

    def hear(self, heard: Transcription) -> list[int]:
        """The lines that begin with these words."""
        return self._follower.update(heard.utterance, heard.text, heard.final)

    def break_off(self) -> None:
        """What is heard next follows nothing: another listener counts its utterances anew."""
        self._follower.restart_utterances()
