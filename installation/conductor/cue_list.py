"""Where the list of cues stands, and what GO brings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from installation.conductor.active_prompt import NEVER, ActivePrompt
from installation.conductor.parameter_state import ParameterState
from installation.conductor.prompt_intake import PromptIntake
from installation.conductor.prompt_queue import QueuedPrompt
from installation.conductor.speech_control import SpeechControl
from installation.core.errors import Rejected
from installation.core.messages import SetParam
from installation.core.prompt_text import caption, clean
from installation.show.settings import CueSettings

GO_GUARD_SECONDS = 0.5  # a second GO within this is a double press


@dataclass
class Playhead:
    """`present` counts from 1, 0 before the first."""

    cues: tuple[CueSettings, ...]
    present: int = 0
    follows_at: float | None = None  # when the next cue comes by itself

    def next(self) -> CueSettings | None:
        """The cue that GO brings."""
        return self.cues[self.present] if self.present < len(self.cues) else None

    def advance(self, now: float) -> CueSettings | None:
        """Moves to the next cue and returns it; what had been going to follow by itself does not any more."""
        cue = self.next()
        self.follows_at = None
        if cue is not None:
            self.present += 1
            following = cue.seconds is not None and self.next() is not None
            self.follows_at = now + (cue.seconds or 0.0) if following else None
        return cue

    @property
    def outlook(self) -> str:
        """Where it stands and what GO brings, for the operator; "" for a show without cues."""
        if not self.cues:
            return ""
        cue = self.next()
        if cue is None:
            return f"cue {self.present} of {len(self.cues)} · that was the last"
        words = cue.caption or caption(cue.words) or cue.name or "values only"
        return f"cue {self.present} of {len(self.cues)} · GO brings: {words}"


class CueList:
    """Plays the cues: by GO, and by themselves. GO goes on with the script, then with the words that wait."""

    def __init__(
        self,
        cues: tuple[CueSettings, ...],
        board: ParameterState,
        staging: ActivePrompt,
        admission: PromptIntake,
        ears: SpeechControl,
        set_value: Callable[[SetParam, float], None],
    ) -> None:
        """`set_value` never raises: a value that is refused keeps no words away."""
        self.playhead = Playhead(cues)
        self._board, self._staging, self._admission, self._ears = board, staging, admission, ears
        self._set_value = set_value
        self._last_go = NEVER

    def go(self, now: float) -> None:
        """The next cue, the next line, or the next words. Raises Refusal."""
        if now < self._last_go + GO_GUARD_SECONDS:
            return
        self._staging.check_panic()
        if self.playhead.next():
            self._play(now)
        elif not self._ears.recital.over:
            self._ears.step(1, now)
        elif self._admission.lineup.queued:
            self._staging.take(self._admission.lineup.queued.popleft(), now)
        else:
            raise Rejected("there is no next cue, and no words wait.")
        self._last_go = now

    def advance(self, now: float) -> None:
        """The next cue by itself, if its time has come. Raises Refusal."""
        follows = self.playhead.follows_at
        if follows is not None and now >= follows:
            self._play(now)

    def hold(self) -> None:
        """Nothing follows by itself any more."""
        self.playhead.follows_at = None

    def _play(self, now: float) -> None:
        cue = self.playhead.advance(now)
        if cue is None:
            return
        self._board.tell("cue/current/index", self.playhead.present)
        self._board.tell("cue/current/name", cue.name or f"cue {self.playhead.present}")
        for name, value in cue.params.items():
            self._set_value(SetParam(name, value, "cue"), now)
        if cue.words:
            prompt = self._staging.prompt(cue.words, "cue", now, clean(cue.caption))
            self._staging.take(QueuedPrompt(prompt, cue.fade_seconds), now)
