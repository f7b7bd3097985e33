"""A text that goes on by itself: when nobody speaks, the show writes its next lines from its own words.

The lines are queued with an origin of their own, so that the journal marks them and the moderation of the show applies.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from installation.conductor.conductor import Conductor
from installation.core.messages import CONTINUATION, SetParam, Trigger
from installation.core.prompt_text import caption
from installation.show.script_file import Script
from installation.show.settings import Show
from installation.text.markov import LineWriter

SILENCE_SECONDS = 8.0  # without any words, before the first line
SPEAKING_MODES = ("attract", "live")


class Continuation:
    """Writes a line whenever the show is idle: nothing is queued, and nothing was said for `SILENCE_SECONDS`."""

    def __init__(self, show: Show, lines: Iterable[str], seed: int, now: float) -> None:
        """Learn the words of the show (script and cues) and `lines`, the texts that were given on the command line."""
        script = [line.text for line in Script.parse(show.script.text).lines]
        cues = [cue.caption or cue.words for cue in show.cue if cue.words]
        self._writer = LineWriter(map(caption, [*script, *cues, *lines]), seed)
        self._due = now + SILENCE_SECONDS

    def note(self, message: Any, now: float) -> None:
        """Take note of a message to the Conductor: somebody who acts silences the show for a while."""
        if not isinstance(message, SetParam) and getattr(message, "origin", None) != CONTINUATION:
            self._due = max(self._due, now + SILENCE_SECONDS)

    def take(self, conductor: Conductor, now: float) -> list[Trigger]:
        """Return the next line as a message, if one is due."""
        values = conductor.values
        if now < self._due or values["mode"] not in SPEAKING_MODES or values["queue/length"] or values["queue/hold"]:
            return []
        self._due = now + max(SILENCE_SECONDS, float(values["queue/seconds"]))
        for prompt in conductor.direction.prompts:
            if prompt.origin != CONTINUATION:  # what people said, once it is on the stage
                self._writer.learn(caption(prompt.text))
        line = self._writer.next_line()
        return [Trigger("queue/add", (line,), CONTINUATION)] if line else []
