"""A text that goes on by itself: when nobody speaks, the show writes its next lines.

They are made of the show's own words, or written by a language model where the operator has named one. They are queued
with an origin of their own, so that the journal marks them and the moderation of the show applies.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from installation.conductor.conductor import Conductor
from installation.core.messages import CONTINUATION, LANGUAGE_MODEL, Origin, SetParam, Trigger
from installation.core.prompt_text import caption
from installation.core.speech_messages import LineWritten, WriteLine
from installation.show.script_file import Script
from installation.show.settings import Show
from installation.text.markov import LineWriter

SILENCE_SECONDS = 8.0  # without any words, before the first line
SPEAKING_MODES = ("attract", "live")
CONTEXT_LINES = 12  # that a language model continues
AHEAD_SECONDS = 6.0  # before a line is due, a language model is asked for it
PATIENCE_SECONDS = 6.0  # for the answer, after the line is due; then the show's own words make it


class Continuation:
    """Writes a line whenever the show is idle: nothing is queued, and nothing was said for `SILENCE_SECONDS`."""

    def __init__(
        self,
        show: Show,
        lines: Iterable[str],
        seed: int,
        now: float,
        ask: Callable[[WriteLine], bool] = lambda _message: False,
    ) -> None:
        """Learn the words of the show (script and cues) and `lines`, the texts that were given on the command line.

        `ask` passes a request to a language model and returns whether there is one that can answer.
        """
        script = [line.text for line in Script.parse(show.script.text).lines]
        cues = [cue.caption or cue.words for cue in show.cue if cue.words]
        known = [text for text in map(caption, [*script, *cues, *lines]) if text]
        self._writer = LineWriter(known, seed)
        self._context = deque(known, CONTEXT_LINES)
        self._ask = ask
        self._number = 0  # of the last request
        self._asked = False  # the language model, for the next line
        self._offered: str | None = None  # its answer
        self._due = now + SILENCE_SECONDS

    def note(self, message: Any, now: float) -> None:
        """Take note of a message to the Conductor: somebody who acts silences the show for a while."""
        if not isinstance(message, SetParam) and not _is_own(getattr(message, "origin", None)):
            self._due = max(self._due, now + SILENCE_SECONDS)
            self._asked, self._offered = False, None  # what was written did not know what is said now

    def offer(self, written: LineWritten) -> None:
        """Take what the language model has written; an answer that comes too late is dropped."""
        if self._asked and written.number == self._number:
            self._offered = written.text

    def take(self, conductor: Conductor, now: float) -> list[Trigger]:
        """Return the next line as a message, if one is due."""
        values = conductor.values
        if values["mode"] not in SPEAKING_MODES or values["queue/length"] or values["queue/hold"]:
            return []
        if not self._asked and now >= self._due - AHEAD_SECONDS:
            self._learn(conductor)
            self._asked = self._ask(WriteLine(self._number + 1, tuple(self._context)))
            self._number += self._asked
        if now < self._due or (self._asked and self._offered is None and now < self._due + PATIENCE_SECONDS):
            return []
        self._learn(conductor)
        self._due = now + max(SILENCE_SECONDS, float(values["queue/seconds"]))
        line, origin = (self._offered, LANGUAGE_MODEL) if self._offered else (self._writer.next_line(), CONTINUATION)
        self._asked, self._offered = False, None
        if not line:
            return []
        self._context.append(line)
        return [Trigger("queue/add", (line,), origin)]

    def _learn(self, conductor: Conductor) -> None:
        """Learn what people said, once it is on the stage."""
        for prompt in conductor.direction.prompts:
            text = caption(prompt.text)
            if not _is_own(prompt.origin) and text:
                self._writer.learn(text)
                if text not in self._context:
                    self._context.append(text)


def _is_own(origin: Origin | None) -> bool:
    """Whether the show wrote something itself."""
    return origin is not None and origin.source == CONTINUATION.source
