"""The cue list and its playhead, and what GO does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from installation.conductor.active_prompt import NEVER, ActivePrompt
from installation.conductor.parameter_state import ParameterState
from installation.conductor.prompt_intake import PromptIntake
from installation.conductor.prompt_queue import Urgency
from installation.conductor.script_control import ScriptControl
from installation.core.errors import Rejected
from installation.core.messages import CUE, SetParam
from installation.core.prompt_text import caption, clean
from installation.show.settings import CueSettings

GO_GUARD_SECONDS = 0.5  # a second GO within this time is taken for a double press and ignored


@dataclass
class Playhead:
    """The position in the cue list. `current` counts from 1; 0 before the first cue."""

    cues: tuple[CueSettings, ...]
    current: int = 0
    follows_at: float | None = None  # when the next cue fires by itself, in seconds of clock.now

    @property
    def next(self) -> CueSettings | None:
        """The cue that GO fires; None after the last."""
        return self.cues[self.current] if self.current < len(self.cues) else None

    def advance(self, now: float) -> CueSettings | None:
        """Move to the next cue and return it; None after the last. Restarts the timer of `follows_at`."""
        cue = self.next
        if cue is not None:
            self.current += 1
            follows = cue.seconds is not None and self.next is not None
            self.follows_at = now + (cue.seconds or 0.0) if follows else None
        return cue

    @property
    def summary(self) -> str:
        """The current cue and what GO brings, for the operator; empty for a show without cues."""
        if not self.cues:
            return ""
        cue = self.next
        if cue is None:
            return f"cue {self.current} of {len(self.cues)} · that was the last"
        content = cue.caption or caption(cue.words) or cue.name or "values only"
        return f"cue {self.current} of {len(self.cues)} · GO brings: {content}"


class CueList:
    """Fires cues, by GO and by their timers. After the last cue, GO moves on to the script and then to the queue."""

    def __init__(
        self,
        cues: tuple[CueSettings, ...],
        state: ParameterState,
        active: ActivePrompt,
        intake: PromptIntake,
        script: ScriptControl,
        set_value: Callable[[SetParam, float], None],
    ) -> None:
        """`set_value` sets a parameter at a time in seconds; it reports a rejection itself and never raises."""
        self.playhead = Playhead(cues)
        self._state, self._active, self._intake, self._script = state, active, intake, script
        self._set_value = set_value
        self._last_go = NEVER

    def go(self, now: float) -> None:
        """Fire the next cue, or show the next script line, or the next queued prompt.

        Raises:
            Rejected: none of these is left, or the show is in panic.
        """
        if now < self._last_go + GO_GUARD_SECONDS:
            return
        self._active.check_panic()
        if self.playhead.next:
            self._fire_next(now)
        elif not self._script.finished:
            self._script.step(1, now)
        elif self._intake.has_queued:
            self._intake.show_next(now, queued_only=True)
        else:
            raise Rejected("there is no next cue, and no prompts are waiting.")
        self._last_go = now

    def advance(self, now: float) -> None:
        """Fire the next cue if its timer has run out. Raises Rejected."""
        follows_at = self.playhead.follows_at
        if follows_at is not None and now >= follows_at:
            self._fire_next(now)

    def stop_timer(self) -> None:
        """Let the next cue wait for GO."""
        self.playhead.follows_at = None

    def _fire_next(self, now: float) -> None:
        cue = self.playhead.advance(now)
        if cue is None:
            return
        self._state.update("cue/current/index", self.playhead.current)
        self._state.update("cue/current/name", cue.name or f"cue {self.playhead.current}")
        for name, value in cue.params.items():
            self._set_value(SetParam(name, value, CUE), now)
        if cue.words:
            caption_text, fade = clean(cue.caption), cue.fade_seconds
            self._intake.submit(cue.words, CUE, now, Urgency.IMMEDIATE, caption=caption_text, fade_seconds=fade)
